"""How many of today's quota are left? Twenty a day are twenty, whatever becomes of the numbers."""

import datetime as dt

import pytest

from agencies.models import Hall
from queueing import lifecycle
from queueing.lifecycle import Way
from queueing.models import Ticket
from queueing.refusals import QuotaExhausted
from tests.calendars import at, quota, timetable, with_hours
from tests.cast import fresh, refused
from tests.programs import Program, refusal


@pytest.fixture(autouse=True)
def _three_a_day(cast, clock):
    """A quota of three numbers for A01, on Tuesday, 24 November 2026."""
    quota(cast.queue("A"), 3, [cast.service("A01")])


@pytest.fixture
def kiosk(cast) -> Program:
    return Program(cast, "kiosk")


def take(kiosk: Program, *codes: str) -> int:
    return kiosk.take(*codes).status_code


def left(cast) -> dict[str, int | None]:
    agencies = Program(cast).get("catalogue").json()["agencies"]
    services = [each for agency in agencies for each in agency["queues"][0]["services"]]
    return {service["code"]: service["quota_left"] for service in services}


# --- Taking -------------------------------------------------------------------------------------


def test_three_numbers_are_given_and_the_fourth_is_refused(cast, kiosk):
    assert [take(kiosk, "A01") for _ in range(4)] == [201, 201, 201, 409]
    assert refusal(kiosk.take("A01")) == (409, "quota_exhausted")
    assert list(Ticket.objects.values_list("number", flat=True)) == [1, 2, 3]


def test_a_refused_number_leaves_no_gap(cast, kiosk):
    for _ in range(4):
        take(kiosk, "A01")
    assert kiosk.take("A02").json()["tickets"][0]["label"] == "A-004"


def test_the_refusal_says_when_it_opens_again(cast, kiosk):
    with_hours(cast.hall)
    for _ in range(3):
        take(kiosk, "A01")
    said = kiosk.take("A01").json()["message"]
    assert said == "Kuota hari ini habis. Buka lagi Rabu, 25 November, 08.00."


def test_other_services_are_not_touched(cast, kiosk):
    for _ in range(3):
        take(kiosk, "A01")
    assert [take(kiosk, code) for code in ("A02", "B01")] == [201, 201]


def test_tomorrow_it_begins_anew(cast, kiosk, clock):
    for _ in range(3):
        take(kiosk, "A01")
    clock.set(at(1, "23:59:59"))
    assert take(kiosk, "A01") == 409
    clock.set(at(2, "00:00"))
    assert take(kiosk, "A01") == 201


def test_a_hall_that_is_always_open_still_keeps_its_quotas(cast, kiosk):
    assert Hall.objects.get(pk=cast.hall.pk).always_open
    assert [take(kiosk, "A01") for _ in range(4)][-1] == 409


def test_the_greeter_gives_no_more_than_the_kiosk(cast):
    greeter = Program(cast, "greeter")
    assert [take(greeter, "A01") for _ in range(4)] == [201, 201, 201, 409]


def test_what_is_left_is_told_in_the_catalogue(cast, kiosk):
    assert left(cast) == {"A01": 3, "A02": None, "B01": None, "B02": None}
    take(kiosk, "A01")
    assert left(cast)["A01"] == 2


def test_a_used_quota_is_told_with_its_sentence(cast, kiosk):
    for _ in range(3):
        take(kiosk, "A01")
    service = Program(cast).get("catalogue").json()["agencies"][0]["queues"][0]["services"][0]
    assert (service["open"], service["state"], service["quota_left"]) == (False, "quota", 0)
    assert service["sentence"]["id"].startswith("Kuota hari ini habis.")


# --- All or nothing -----------------------------------------------------------------------------


def test_of_two_services_none_is_given_when_one_has_no_quota_left(cast, kiosk):
    for _ in range(3):
        take(kiosk, "A01")
    response = kiosk.take("B01", "A01")
    assert refusal(response) == (409, "quota_exhausted")
    assert response.json()["message"].startswith("Layanan A01: Kuota hari ini habis.")
    assert not Ticket.objects.filter(queue__code="B").exists()


def test_services_that_share_a_quota_use_it_up_together(cast, kiosk):
    cast.hall.quotas.get().services.add(cast.service("A02"))
    assert take(kiosk, "A01", "A02") == 201
    assert left(cast)["A01"] == left(cast)["A02"] == 1
    assert take(kiosk, "A01", "A02") == 409
    assert take(kiosk, "A02") == 201


def test_a_quota_without_services_is_that_of_the_whole_queue(cast, kiosk):
    cast.hall.quotas.get().services.clear()
    assert [take(kiosk, code) for code in ("A01", "A02", "A01", "A02")] == [201, 201, 201, 409]
    assert take(kiosk, "B01") == 201


# --- From when, on which days -------------------------------------------------------------------


def test_a_new_quota_counts_from_its_first_day(cast, kiosk, clock):
    quota(cast.queue("A"), 5, [cast.service("A01")], first_date=dt.date(2026, 11, 25))
    assert left(cast)["A01"] == 3
    clock.set(at(2, "09:00"))
    assert left(cast)["A01"] == 5


def test_a_quota_of_some_weekdays_limits_no_other_day(cast, kiosk, clock):
    cast.hall.quotas.update(weekdays=[1])
    assert left(cast)["A01"] == 3
    clock.set(at(2, "09:00"))
    assert left(cast)["A01"] is None


# --- What counts --------------------------------------------------------------------------------


def test_a_cancelled_number_does_not_come_back_that_day(cast, kiosk):
    tickets = [cast.ticket("A01") for _ in range(3)]
    lifecycle.cancel(tickets[0], actor="visitor")
    assert take(kiosk, "A01") == 409


def test_a_missed_number_does_not_come_back_that_day(cast, clock, kiosk):
    for _ in range(3):
        cast.ticket("A01")
    cast.call(1)
    lifecycle.no_show(cast.counter(1), actor="operator:officer", said_so=True)
    assert take(kiosk, "A01") == 409


def test_a_wrong_choice_within_the_queue_frees_its_place(cast, kiosk):
    tickets = [cast.ticket("A01") for _ in range(3)]
    lifecycle.change_service(fresh(tickets[0]), cast.service("A02"), actor="greeter")
    assert left(cast)["A01"] == 1
    assert take(kiosk, "A01") == 201


def test_a_wrong_choice_of_another_queue_frees_its_place(cast, kiosk):
    tickets = [cast.ticket("A01") for _ in range(3)]
    lifecycle.change_service(fresh(tickets[0]), cast.service("B01"), actor="greeter")
    assert left(cast)["A01"] == 1
    assert take(kiosk, "A01") == 201


def test_who_was_served_and_sent_on_has_used_the_quota(cast, kiosk):
    for _ in range(3):
        cast.ticket("A01")
    served = cast.serve(1)
    lifecycle.transfer(served, cast.queue("B"), actor="operator:officer")
    assert left(cast)["A01"] == 0


@pytest.mark.parametrize("code", ["A02", "B01"])
def test_nobody_slips_in_by_changing_the_service(cast, code):
    other = cast.ticket(code)
    for _ in range(3):
        cast.ticket("A01")
    with refused(QuotaExhausted):
        lifecycle.change_service(fresh(other), cast.service("A01"), actor="greeter")
    assert fresh(other).state == "waiting"


@pytest.mark.parametrize("code", ["A02", "B01"])
def test_who_changes_to_the_service_uses_its_quota(cast, code):
    lifecycle.change_service(cast.ticket(code), cast.service("A01"), actor="greeter")
    assert left(cast)["A01"] == 2


def test_two_services_of_one_quota_may_be_swapped_when_it_is_full(cast):
    cast.hall.quotas.get().services.add(cast.service("A02"))
    tickets = [cast.ticket("A01") for _ in range(3)]
    lifecycle.change_service(fresh(tickets[0]), cast.service("A02"), actor="greeter")
    assert left(cast)["A02"] == 0


def test_a_quota_that_was_lowered_hinders_no_swap_within_it(cast):
    cast.hall.quotas.get().services.add(cast.service("A02"))
    tickets = [cast.ticket("A01") for _ in range(3)]
    cast.hall.quotas.update(amount=1)
    lifecycle.change_service(fresh(tickets[0]), cast.service("A02"), actor="greeter")
    assert [each.code for each in fresh(tickets[0]).wanted] == ["A02"]


def test_nobody_is_sent_on_to_a_service_without_quota(cast):
    for _ in range(3):
        cast.ticket("A01")
    cast.ticket("B01")
    served = cast.serve(3)
    with refused(QuotaExhausted):
        lifecycle.transfer(
            served,
            cast.queue("A"),
            way=Way(service=cast.service("A01")),
            actor="operator:colleague",
        )
    assert fresh(served).state == "serving"


def test_whoever_has_a_number_is_served_though_the_quota_is_used_up(cast):
    for _ in range(3):
        cast.ticket("A01")
    assert cast.serve(1).label == "A-001"


# --- How much it asks ---------------------------------------------------------------------------


def test_a_quota_costs_one_query_and_only_where_it_is(cast, kiosk, django_assert_num_queries):
    take(kiosk, "A01")
    with django_assert_num_queries(9):
        take(kiosk, "A01")
    take(kiosk, "B01")
    with django_assert_num_queries(8):
        take(kiosk, "B01")


def test_three_quotas_cost_the_catalogue_no_more_than_one(cast, django_assert_num_queries):
    left(cast)
    with django_assert_num_queries(6):
        left(cast)
    quota(cast.queue("A"), 7, [cast.service("A02")])
    quota(cast.queue("B"), 9)
    timetable(cast.hall, ([1], "08:00", "09:00", "09:00"), services=[cast.service("B02")])
    left(cast)
    with django_assert_num_queries(6):
        assert left(cast) == {"A01": 3, "A02": 7, "B01": 9, "B02": 9}
