"""What has the hall learned about its own time? Times, habits, and how good the estimates were."""

import datetime as dt
import math

import pytest

from agencies.models import Hall
from queueing import learning, lifecycle
from queueing.models import Accuracy, DayClose, Estimate, Habit, ServiceTime

BY = {"actor": "operator:officer"}
DAY = dt.date(2026, 11, 24)


def serve(cast, clock, minutes: float, code: str = "A01", counter: int = 1):
    """Somebody comes, is called, and is served for so long."""
    ticket = cast.ticket(code)
    cast.serve(counter)
    clock.forward(minutes=minutes)
    lifecycle.finish(cast.counter(counter), **BY)
    return ticket


def learned(cast, code: str = "A01") -> ServiceTime:
    learning.learn_times(cast.hall)
    return ServiceTime.objects.get(service=cast.service(code))


# --- Times --------------------------------------------------------------------------------------


def test_the_time_of_a_service_is_learned_from_call_to_end(cast, clock):
    for minutes in (4, 16):
        serve(cast, clock, minutes)
    time = learned(cast)
    assert (time.count, time.log_mean) == (2, pytest.approx(math.log(8)))
    assert time.log_sd == pytest.approx(math.log(4) / math.sqrt(2))


def test_one_service_alone_has_no_spread_yet(cast, clock):
    serve(cast, clock, 4)
    assert learned(cast).log_sd == 0


def test_learning_again_replaces_what_was_learned(cast, clock):
    serve(cast, clock, 4)
    assert learned(cast).count == 1
    serve(cast, clock, 9)
    assert learned(cast).count == 2


def test_nothing_is_learned_from_several_services_on_one_number_nor_from_who_did_not_come(
    cast, clock
):
    cast.visit("A01", "A02")
    cast.serve(1)
    clock.forward(minutes=5)
    lifecycle.finish(cast.counter(1), **BY)
    cast.ticket("A01")
    cast.call(1)
    clock.forward(minutes=5)
    lifecycle.no_show(cast.counter(1), **BY)
    learning.learn_times(cast.hall)
    assert not ServiceTime.objects.exists()


def test_a_number_that_was_forgotten_over_lunch_teaches_nothing(cast, clock):
    serve(cast, clock, 5 * 60)
    learning.learn_times(cast.hall)
    assert not ServiceTime.objects.exists()


def test_halls_learn_apart(cast, next_door, clock):
    serve(cast, clock, 4)
    learning.learn_times(next_door.hall)
    assert not ServiceTime.objects.exists()


# --- Habits -------------------------------------------------------------------------------------


def work_a_day(cast, clock, day: int, *, opens: str, rests: str = "", back: str = "") -> None:
    lifecycle.close_counter(cast.counter(1), **BY)
    for time, verb in ((opens, "open"), (rests, "break"), (back, "open")):
        if not time:
            continue
        clock.set(dt.datetime.fromisoformat(f"2026-11-{day}T{time}+07:00"))
        if verb == "break":
            lifecycle.break_counter(cast.counter(1), reason="istirahat", until=None, **BY)
        else:
            lifecycle.open_counter(cast.counter(1), **BY)


def habit(cast, clock) -> Habit:
    clock.set(dt.datetime(2026, 11, 28, 0, 0, tzinfo=dt.UTC))
    learning.learn_habits(Hall.objects.get(pk=cast.hall.pk))
    return Habit.objects.get(counter=cast.counter(1))


def test_when_a_counter_opens_and_rests_is_learned(cast, clock):
    work_a_day(cast, clock, 24, opens="08:00", rests="11:45", back="12:30")
    work_a_day(cast, clock, 25, opens="08:04", rests="11:55", back="12:40")
    learned = habit(cast, clock)
    assert (learned.opens, learned.rests, learned.rest_minutes) == (482, 710, 45)


def test_a_rest_on_fewer_than_half_of_the_days_is_no_habit(cast, clock):
    for day in (23, 24, 25, 26, 27):
        rest = {"rests": "11:45", "back": "12:30"} if day < 25 else {}
        work_a_day(cast, clock, day, opens="08:00", **rest)
    learned = habit(cast, clock)
    assert (learned.opens, learned.rests) == (480, None)


def test_one_day_makes_no_habit(cast, clock):
    work_a_day(cast, clock, 24, opens="08:00", rests="11:45", back="12:30")
    learned = habit(cast, clock)
    assert (learned.opens, learned.rests) == (None, None)


# --- How good they were -------------------------------------------------------------------------


def tell(
    cast, clock, *, middle: float, late: float, waits: float, simple: float = 10, ahead: int = 1
):
    """Somebody is told so many minutes, and called after so many."""
    ticket = cast.ticket()
    minute = dt.timedelta(minutes=1)
    Estimate.objects.create(
        ticket=ticket,
        at=clock.moment,
        ahead=ahead,
        middle=clock.moment + middle * minute,
        late=clock.moment + late * minute,
        simple=simple,
    )
    clock.forward(minutes=waits)
    cast.serve(1)
    lifecycle.finish(cast.counter(1), **BY)
    return ticket


def verdict(cast, agency=None) -> Accuracy:
    learning.judge(cast.hall, DAY)
    return Accuracy.objects.get(hall=cast.hall, agency=agency, date=DAY)


def test_a_day_is_judged_by_what_was_told_and_what_came(cast, clock):
    tell(cast, clock, middle=10, late=14, waits=12, simple=20)
    tell(cast, clock, middle=10, late=14, waits=4, simple=5)
    tell(cast, clock, middle=10, late=14, waits=15, simple=15)
    day = verdict(cast)
    assert (day.told, day.kept) == (3, 2)
    assert day.bias == pytest.approx((2 - 6 + 5) / 3)
    assert day.error == pytest.approx((2 + 6 + 5) / 3)
    assert day.simple_error == pytest.approx((8 + 1 + 0) / 3)


def test_only_the_first_that_somebody_was_told_counts(cast, clock):
    ticket = tell(cast, clock, middle=10, late=14, waits=30)
    Estimate.objects.create(
        ticket=ticket, at=clock.moment, ahead=1, middle=clock.moment, late=clock.moment
    )
    assert verdict(cast).kept == 0


def test_who_had_nobody_ahead_or_wished_to_be_later_does_not_count(cast, clock):
    tell(cast, clock, middle=0, late=1, waits=0, ahead=0)
    wished = tell(cast, clock, middle=10, late=14, waits=30)
    type(wished).objects.filter(pk=wished.pk).update(postponed=1)
    assert verdict(cast).told == 0


def test_after_enough_days_the_late_end_is_stretched_so_that_80_of_100_are_called_by_it(
    cast, clock
):
    for number in range(50):
        tell(cast, clock, middle=10, late=12, waits=10 + number / 10)
    day = verdict(cast)
    assert day.kept == 21
    assert 10 + 2 * day.stretch == pytest.approx(13.9, abs=0.15)
    assert verdict(cast, cast.a).stretch == day.stretch


def test_few_numbers_stretch_nothing(cast, clock):
    tell(cast, clock, middle=10, late=12, waits=30)
    assert verdict(cast).stretch == 1
    assert not Accuracy.objects.exclude(agency=None).exists()


def test_each_closed_day_is_judged_once_and_times_are_learned_each_hour(cast, clock):
    serve(cast, clock, 4)
    clock.forward(days=1)
    lifecycle.close_day(cast.hall, DAY)
    assert DayClose.objects.filter(hall=cast.hall).exists()
    learning.learn(cast.hall)
    assert list(Accuracy.objects.values_list("date", flat=True)) == [DAY]
    serve(cast, clock, 4)
    learning.learn(cast.hall)
    assert ServiceTime.objects.get().count == 1
    clock.forward(minutes=61)
    learning.learn(cast.hall)
    assert ServiceTime.objects.get().count == 2
    assert Accuracy.objects.count() == 1
