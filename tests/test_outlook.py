"""How long is it still open, and will it be served today? Asked before a number is taken."""

import datetime as dt

import pytest

from queueing import estimating
from queueing.shapes import Outlook
from tests.calendars import at, holiday, quota, with_hours
from tests.programs import Program, refusal


def told(cast, code: str = "A01", language: str = "") -> dict:
    answer = Program(cast, language=language).get(f"services/{code}/outlook").json()
    assert set(answer) == set(Outlook.model_fields)
    Outlook.model_validate(answer)
    return answer


@pytest.fixture
def hall(cast, clock):
    return with_hours(cast.hall)


def test_an_open_service_says_how_long_and_what_is_ahead(cast, hall):
    cast.ticket()
    assert told(cast) == {
        "service": "A01",
        "open": True,
        "state": "open",
        "sentence": "",
        "opens_at": None,
        "last_issue_at": "2026-11-24T14:30:00.000+07:00",
        "closes_at": "2026-11-24T15:00:00.000+07:00",
        "minutes_left": 330,
        "quota_left": None,
        "waiting": 1,
        "counters_open": 2,
        "served_today": "likely",
        "estimate": None,
    }


def test_a_closed_service_says_why_and_when_it_opens(cast, hall, clock):
    holiday(cast.hall, dt.date(2026, 11, 24), "Hari Jadi", name_en="City Day")
    closed = told(cast, language="en")
    assert (closed["open"], closed["state"], closed["minutes_left"]) == (False, "closed", None)
    assert closed["sentence"] == (
        "Today is a holiday: City Day. Opens again Wednesday, 25 November, 08.00."
    )
    assert closed["opens_at"] == "2026-11-25T08:00:00.000+07:00"
    assert closed["served_today"] == "unlikely"


def test_what_is_left_of_the_quota_is_told(cast, clock):
    quota(cast.queue("A"), 3, [cast.service("A01")])
    cast.ticket("A01")
    assert told(cast)["quota_left"] == 2


def test_before_it_opens_nobody_knows_whether_it_will_be_served(cast, hall, clock):
    clock.set(at(1, "07:00"))
    assert told(cast)["served_today"] == "unknown"


def test_without_an_open_counter_nobody_knows(cast, hall):
    cast.hall.counters.update(status="closed")
    assert told(cast)["served_today"] == "unknown"


def test_late_in_the_day_a_long_line_is_unlikely_to_be_served(cast, hall, clock):
    clock.set(at(1, "14:20"))
    assert told(cast)["served_today"] == "likely"
    for _ in range(12):
        cast.ticket()
    assert told(cast)["served_today"] == "unlikely"


def test_a_service_of_another_hall_has_no_outlook_here(cast):
    assert refusal(Program(cast).get("services/Z99/outlook")) == (404, "not_found")


@pytest.mark.parametrize("crowd", [1, 3])
def test_more_people_take_no_more_queries(cast, clock, crowd, django_assert_num_queries):
    quota(cast.queue("A"), 9, [cast.service("A01")])
    for _ in range(crowd):
        cast.ticket("A01")
    told(cast)
    with django_assert_num_queries(7):
        told(cast)


# --- The fallback of domain section 8 -----------------------------------------------------------


def test_the_turn_is_those_ahead_at_the_mean_shared_by_the_open_counters():
    assert estimating.simple_minutes(3, 6, 2) == 12
    assert estimating.simple_minutes(3, 6, 0) is None
    assert estimating.simply_late(at(1, "10:00"), 3, 10, 2) == at(1, "10:15:36")


def test_a_turn_that_may_come_after_closing_is_unlikely():
    closing = at(1, "15:00")
    for moment, told in (("14:52", "likely"), ("14:52:13", "unlikely")):
        late = estimating.simply_late(at(1, moment), 0, 10, 1)  # in 7.8 minutes
        assert estimating.served_today(closing, late) == told
    assert estimating.served_today(None, at(1, "23:00")) == "likely"
    assert estimating.served_today(closing, None) == "unknown"
