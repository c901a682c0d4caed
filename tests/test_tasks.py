"""What happens by the clock? Days are closed, birds sing, old presses are forgotten: at any time,
and as often as wanted."""

import datetime as dt

import pytest
from django.conf import settings as ours

from agencies.models import Counter, Hall
from mpp.celery import app
from queueing import lifecycle, tasks
from queueing.models import Command, DayClose, Ticket, TicketEvent
from tests.cast import Cast, fresh
from tests.programs import Program


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """Return this moment of November 2026, in UTC."""
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=dt.UTC)


@pytest.fixture
def east(next_door, clock) -> Cast:
    """The hall next door, in Papua: two hours ahead of the hall in Sumatra."""
    next_door.hall.timezone = "Asia/Jayapura"
    next_door.hall.save()
    return next_door


def whole_day(cast: Cast) -> list[Ticket]:
    """One ticket left in every state that a day may leave behind."""
    tickets = [cast.ticket() for _ in range(3)]
    cast.serve(1)
    lifecycle.hold(cast.counter(1), actor="operator:officer")
    cast.serve(1)
    cast.call(2)
    return [*tickets, cast.ticket()]


# --- The end of a day ---------------------------------------------------------------------------


def test_a_day_that_still_lasts_is_not_closed(cast, clock):
    cast.ticket()
    clock.set(at(24, 16, 59))
    assert tasks.close_days() == 0
    assert Ticket.objects.get().state == "waiting"


def test_a_past_day_is_closed_by_the_verbs_of_the_table(cast, clock):
    tickets = whole_day(cast)
    clock.set(at(24, 17))
    assert tasks.close_days() == 1
    assert [fresh(each).state for each in tickets] == ["expired", "done", "no_show", "expired"]
    closing = TicketEvent.objects.filter(detail={"day": "closed"}).order_by("ticket")
    assert list(closing.values_list("kind", "actor")) == [
        ("expire", "system"),
        ("finish", "system"),
        ("no_show", "system"),
        ("expire", "system"),
    ]


def test_the_close_of_a_day_says_how_many_expired(cast, clock):
    whole_day(cast)
    clock.set(at(25, 1))
    tasks.close_days()
    assert list(DayClose.objects.values_list("date", "expired")) == [(dt.date(2026, 11, 24), 2)]


def test_closing_the_days_twice_does_no_harm(cast, clock):
    whole_day(cast)
    clock.set(at(25, 1))
    told = [tasks.close_days() for _ in range(3)]
    assert told == [1, 0, 0]
    assert DayClose.objects.count() == 1
    assert TicketEvent.objects.filter(kind="expire").count() == 2


def test_every_day_that_was_left_open_is_closed(cast, clock):
    for day in (24, 25, 27):
        clock.set(at(day, 2))
        cast.ticket()
    clock.set(at(30, 2))
    assert tasks.close_days() == 3
    assert set(Ticket.objects.values_list("state", flat=True)) == {"expired"}


def test_a_day_on_which_nobody_came_needs_no_closing(cast, clock):
    clock.set(at(30, 2))
    assert tasks.close_days() == 0


def test_todays_tickets_wait_on_while_yesterday_is_closed(cast, clock):
    old = cast.ticket()
    clock.set(at(25, 1))
    new = cast.ticket()
    tasks.close_days()
    assert [fresh(each).state for each in (old, new)] == ["expired", "waiting"]


def test_the_log_has_no_hole_after_a_day_was_closed(cast, clock):
    whole_day(cast)
    clock.set(at(25, 1))
    tasks.close_days()
    versions = TicketEvent.objects.order_by("version").values_list("version", flat=True)
    cast.hall.refresh_from_db()
    assert list(versions) == list(range(1, cast.hall.version + 1))


def test_a_hall_with_opening_hours_starts_the_next_day_with_closed_counters(cast, clock):
    cast.ticket()
    cast.hall.always_open = False
    cast.hall.save()
    clock.set(at(25, 1))
    tasks.close_days()
    assert set(Counter.objects.values_list("status", flat=True)) == {"closed"}
    assert TicketEvent.objects.filter(kind="close", actor="system").count() == 3


def test_a_hall_that_is_always_open_keeps_its_counters_open(cast, clock):
    cast.ticket()
    clock.set(at(25, 1))
    tasks.close_days()
    assert set(Counter.objects.values_list("status", flat=True)) == {"open"}


# --- Two halls in two time zones ----------------------------------------------------------------


def test_midnight_comes_to_each_hall_by_its_own_clock(cast, east, clock):
    west, papua = cast.ticket(), east.ticket()
    clock.set(at(24, 15))
    assert tasks.close_days() == 1
    assert [fresh(each).state for each in (west, papua)] == ["waiting", "expired"]
    clock.set(at(24, 17))
    assert tasks.close_days() == 1
    assert [fresh(each).state for each in (west, papua)] == ["expired", "expired"]


def test_the_same_moment_may_be_two_dates(cast, east, clock):
    clock.set(at(24, 16))
    assert (cast.ticket().date, east.ticket().date) == (
        dt.date(2026, 11, 24),
        dt.date(2026, 11, 25),
    )


def test_the_trouble_of_one_hall_keeps_no_other_open(cast, east, clock):
    cast.ticket()
    fine = east.ticket()
    Hall.objects.filter(pk=cast.hall.pk).update(timezone="Asia/Atlantis")
    clock.set(at(25, 1))
    assert tasks.close_days() == 1
    assert fresh(fine).state == "expired"


# --- Birds and old presses ----------------------------------------------------------------------


def test_presses_are_forgotten_after_a_week(cast, clock):
    kiosk = Program(cast, "kiosk")
    for key, age in (("8-days", 8), ("6-days", 6), ("1-day", 1)):
        kiosk.take("A01", once=key)
        Command.objects.filter(key=key).update(at=clock.moment - dt.timedelta(days=age))
    assert [tasks.forget_old_commands() for _ in range(2)] == [1, 0]
    assert set(Command.objects.values_list("key", flat=True)) == {"6-days", "1-day"}


def test_a_press_is_kept_by_the_halls_clock(cast, clock):
    Program(cast, "kiosk").take("A01", once="x")
    assert Command.objects.get().at == clock.moment


# --- The beat -----------------------------------------------------------------------------------


def test_everything_that_is_due_is_a_task_that_exists():
    app.loader.import_default_modules()
    due = {entry["task"] for entry in ours.CELERY_BEAT_SCHEDULE.values()}
    ours_alone = ("queueing.", "voice.", "survey.")
    assert due == {name for name in app.tasks if name.startswith(ours_alone)}


def test_days_are_closed_within_a_minute_of_midnight():
    assert ours.CELERY_BEAT_SCHEDULE["close-days"]["schedule"] == 60
