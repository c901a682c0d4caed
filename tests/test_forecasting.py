"""What is everybody told about their turn? The same everywhere, stored, and nothing dishonest."""

import datetime as dt
import math

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import Counter, Hall
from queueing import estimating, forecasting, lifecycle
from queueing.board import board, ticket_data
from queueing.models import Accuracy, Estimate, Forecast, Habit, ServiceTime
from tests.cast import fresh

MINUTE = dt.timedelta(minutes=1)


def renew(cast) -> None:
    forecasting.renew(Hall.objects.get(pk=cast.hall.pk))


def teach(cast, minutes: float = 6, spread: float = 0.05, count: int = 1000) -> None:
    """Let every service be well known, and take about the same each time."""
    ServiceTime.objects.all().delete()
    ServiceTime.objects.bulk_create(
        ServiceTime(
            service=service,
            count=count,
            log_mean=math.log(minutes),
            log_sd=spread,
            learned_at=dt.datetime.now(dt.UTC),
        )
        for service in cast.hall.services.all()
    )


@pytest.fixture(autouse=True)
def _same_futures(db) -> None:
    """Number the rows from 1 on: a hall's futures are drawn by its id and those of its tickets."""
    with connection.cursor() as cursor:
        for table in ("agencies_hall", "agencies_queue", "queueing_ticket"):
            cursor.execute(f"ALTER SEQUENCE {table}_id_seq RESTART")


@pytest.fixture
def known(cast, clock):
    teach(cast)
    return cast


def of(ticket) -> Estimate | None:
    return Estimate.objects.filter(ticket=ticket).order_by("-at", "-pk").first()


def in_minutes(cast, clock, ticket) -> tuple[float, float]:
    told = of(ticket)
    return (told.middle - clock.moment) / MINUTE, (told.late - clock.moment) / MINUTE


def shown(cast, code: str = "A") -> dict:
    return next(queue for queue in board(cast.hall)["queues"] if queue["code"] == code)


# --- Who is called when -------------------------------------------------------------------------


def test_two_counters_of_six_minutes_call_two_people_every_six_and_a_half(known, clock):
    for number in (1, 2):
        known.ticket()
        known.call(number)
    waiting = [known.ticket() for _ in range(4)]
    renew(known)
    middles = [round(in_minutes(known, clock, ticket)[0] * 2) / 2 for ticket in waiting]
    assert middles == pytest.approx([6.5, 6.5, 13, 13], abs=0.6)


def test_the_board_the_ticket_and_the_outlook_say_the_same(known, clock, client):
    for _ in range(6):
        known.ticket()
    renew(known)
    told = shown(known)["estimate"]
    ticket = known.ticket()  # told what was forecast for its queue
    assert ticket_data(fresh(ticket))["estimate"] == told
    outlook = client.get(f"/api/v1/halls/{known.hall.slug}/services/A01/outlook").json()
    assert outlook["estimate"] == told
    assert dt.datetime.fromisoformat(told["from"]).minute % 5 == 0


def test_whoever_could_be_called_now_is_told_so(known, clock):
    ticket = known.ticket()
    renew(known)
    assert ticket_data(fresh(ticket))["estimate"]["soon"]


def test_who_is_called_at_another_counter_comes_after_that(known, clock):
    (a, b) = known.visit("A01", "B01")
    known.serve(1)
    assert fresh(a).state == "serving"
    renew(known)
    assert in_minutes(known, clock, b)[0] == pytest.approx(6, abs=1)


def test_a_counter_that_usually_rests_now_is_not_counted_on(known, clock):
    known.ticket("B01")
    known.serve(3)
    ticket = known.ticket("B01")
    renew(known)
    before = in_minutes(known, clock, ticket)[0]
    Habit.objects.create(counter=known.counter(3), rests=9 * 60 + 2, rest_minutes=20)
    renew(known)
    assert in_minutes(known, clock, ticket)[0] - before == pytest.approx(20, abs=0.5)


def test_a_slow_day_makes_later_estimates(known, clock):
    def expected() -> float:
        renew(known)
        middle = Forecast.objects.get(queue=known.queue("A")).middle
        return (middle - clock.moment) / MINUTE

    for _ in range(20):
        known.ticket()
    usual = expected()
    for _ in range(40):
        known.ticket("B01")
        known.serve(3)
        clock.forward(minutes=9)
        lifecycle.finish(known.counter(3), actor="operator:officer")
    assert expected() > usual * 1.05


# --- When it cannot be said ---------------------------------------------------------------------


def why(known, code: str = "A") -> str:
    renew(known)
    queue = shown(known, code)
    assert queue["estimate"] is None
    return queue["estimate_why"]


def test_without_an_open_counter_nobody_knows(known):
    Counter.objects.filter(hall=known.hall, agency=known.a).update(status="closed")
    assert why(known) == "no_counter"


def test_in_an_incident_estimates_are_withdrawn(known):
    ticket = known.ticket()
    renew(known)
    assert ticket_data(fresh(ticket))["estimate"]
    lifecycle.begin_incident(known.queue("A"), actor="operator:officer", reason="SIAK")
    assert why(known) == "incident"
    told = ticket_data(fresh(ticket))
    assert (told["estimate"], told["estimate_why"]) == (None, "incident")


def test_a_hall_that_has_not_learned_30_services_says_nothing(known):
    teach(known, count=14)  # two services of each queue
    assert why(known) == "too_few"
    teach(known, count=15)
    renew(known)
    assert shown(known)["estimate"]


def test_behind_an_errand_that_nobody_calls_nothing_is_told(known, clock):
    a, b = known.visit("A01", "B01")
    lifecycle.reorder([b], actor="visit:phone")
    renew(known)
    assert ticket_data(fresh(a))["estimate"]
    for status, why_not in (("break", "held_back"), ("closed", "")):  # shut, it holds nobody back
        Counter.objects.filter(number=3).update(status=status)
        renew(known)
        told = ticket_data(fresh(a))
        assert (told["estimate"] is None, told["estimate_why"]) == (bool(why_not), why_not)


def test_too_wide_a_range_is_not_told(known):
    teach(known, minutes=60, spread=1.2)
    known.ticket()
    known.ticket()
    known.serve(1)
    known.serve(2)
    known.ticket()
    assert why(known) == "too_wide"


def test_what_nobody_renews_is_withdrawn_after_a_minute(known, clock):
    ticket = known.ticket()
    renew(known)
    clock.forward(seconds=61)
    assert shown(known)["estimate"] is None
    assert ticket_data(fresh(ticket))["estimate"] is None


# --- What is kept -------------------------------------------------------------------------------


def test_what_is_told_is_kept_once_and_again_when_it_changes(known, clock):
    for _ in range(8):
        known.ticket()
    renew(known)
    told = Estimate.objects.filter(ticket=known.ticket())
    assert told.count() == 1
    renew(known)
    count = told.count()
    renew(known)
    assert told.count() == count
    Counter.objects.filter(number=2).update(status="closed")
    renew(known)
    assert told.count() == count + 1


def test_priority_is_not_told_what_others_are_told(known):
    renew(known)
    ticket = known.ticket(priority="elderly")
    assert of(ticket) is None
    renew(known)
    assert of(ticket).middle


def test_a_stretch_moves_the_late_end_and_not_the_middle(known, clock):
    teach(known, spread=0.4)
    for _ in range(10):
        known.ticket()
    renew(known)
    before = Forecast.objects.get(queue=known.queue("A"))
    about = {"told": 9, "kept": 7, "bias": 0, "error": 0, "simple_error": 0, "stretch": 2}
    Accuracy.objects.create(hall=known.hall, date=clock.moment.date(), **about)
    renew(known)
    after = Forecast.objects.get(queue=known.queue("A"))
    assert after.middle == before.middle
    assert (after.late - after.middle) / (before.late - before.middle) == pytest.approx(2)


def test_only_halls_in_which_something_changed_are_renewed(known, next_door, clock):
    Counter.objects.filter(hall=next_door.hall).update(status="closed")
    assert len(forecasting.renew_due()) == 2
    assert forecasting.renew_due() == []
    known.ticket()
    assert [scene.hall for scene in forecasting.renew_due()] == [known.hall]
    clock.forward(seconds=30)  # open counters: time alone changes what is told
    assert [scene.hall for scene in forecasting.renew_due()] == [known.hall]


def test_where_something_changes_everywhere_each_hall_has_its_turn(known, next_door, monkeypatch):
    monkeypatch.setattr(forecasting, "A_ROUND", 1)
    monkeypatch.setattr(forecasting, "ROUNDS", 2)
    rounds = [forecasting.renew_due() for _ in range(2)]
    assert [len(scenes) for scenes in rounds] == [1, 1]
    assert {scene.hall for scenes in rounds for scene in scenes} == {known.hall, next_door.hall}


@pytest.mark.parametrize("count", [1, 3])
def test_a_longer_line_costs_no_more_questions(known, count):
    for _ in range(count):
        known.ticket()
    renew(known)
    for _ in range(count):
        known.ticket(priority="elderly")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        renew(known)
    assert len(asked) == 15


@pytest.mark.parametrize(
    ("middle", "late", "told"),
    [
        ("09:41:00", "09:56:00", ("09:40", "10:00", False)),
        ("09:40:00", "10:00:00", ("09:40", "10:00", False)),
        ("09:01:00", "09:04:59", ("09:00", "09:05", True)),
        ("08:50:00", "08:58:00", ("09:00", "09:00", True)),  # overdue is not told as past
    ],
)
def test_a_range_is_rounded_outward_to_five_minutes(known, clock, middle, late, told):
    def at(time: str) -> dt.datetime:
        return dt.datetime.fromisoformat(f"2026-11-24T{time}+07:00")

    said = estimating.shown(known.hall, Estimate(middle=at(middle), late=at(late)), at("09:00:00"))
    assert (said["from"][11:16], said["to"][11:16], said["soon"]) == told
