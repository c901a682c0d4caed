"""What must the hall forget, and when? And what it keeps counting."""

import pytest

from queueing import forgetting, helping, tasks
from queueing.models import (
    Estimate,
    HelpCall,
    PrintJob,
    SlipPrint,
    Ticket,
    TicketEvent,
    Visit,
)
from queueing.priority import shares
from tests.cast import fresh
from tests.programs import Program


@pytest.fixture
def pregnant(cast, clock):
    """Somebody who took a number with a group and with help, 30 days ago by the clock."""
    ticket = cast.ticket(priority="pregnant")
    Visit.objects.update(help="wheelchair")
    helping.ask(cast.kiosk, "sign", ticket.visit)
    clock.forward(days=30)
    return ticket


def known_of(ticket) -> tuple[str, str, str]:
    visit = Visit.objects.get(pk=ticket.visit_id)
    return fresh(ticket).priority, visit.help, HelpCall.objects.get().kind


def test_for_30_days_the_group_is_known(pregnant):
    assert tasks.forget_groups() == 0
    assert known_of(pregnant) == ("pregnant", "wheelchair", "sign")


def test_after_30_days_it_is_forgotten_and_still_counts_as_priority(cast, pregnant, clock):
    clock.forward(days=1)
    assert [tasks.forget_groups() for _ in range(2)] == [3, 0]
    assert known_of(pregnant) == ("unsaid", "other", "other")
    assert [row["priority"] for row in shares(cast.hall, pregnant.date)] == [1]


def test_who_had_no_priority_and_no_help_is_given_none_by_forgetting(cast, clock):
    ticket = cast.ticket()
    clock.forward(days=60)
    assert tasks.forget_groups() == 0
    assert (fresh(ticket).priority, Visit.objects.get().help) == ("", "")


def test_nothing_of_a_group_stands_in_the_log_or_in_an_answer(cast):
    kiosk = Program(cast, "kiosk")
    told = kiosk.take("A01", priority="pregnant", help="wheelchair").content.decode()
    log = str(list(TicketEvent.objects.values()))
    assert not [word for word in ("pregnant", "wheelchair") if word in log + told]


# --- The share of priority ----------------------------------------------------------------------


def test_the_share_of_priority_is_told_kiosk_by_kiosk(cast, clock):
    for place, priorities in (("kiosk", ["lansia", None, None]), ("greeter", ["hamil", None])):
        for priority in priorities:
            Program(cast, place).take("A01", priority=priority)
    told = {row["place"]: (row["numbers"], row["percent"]) for row in told_today(cast, clock)}
    assert told == {"kiosk 1": (3, 33), "Resepsionis": (2, 50)}


def told_today(cast, clock):
    return shares(cast.hall, clock.moment.date())


@pytest.mark.parametrize(("first", "unusual"), [(3, False), (4, True)])
def test_a_share_over_15_of_100_is_unusual_once_there_are_20_numbers(cast, clock, first, unusual):
    for number in range(20):
        cast.ticket(priority="elderly" if number < first else "")
    assert [row["is_unusual"] for row in told_today(cast, clock)] == [unusual]


def test_of_a_few_numbers_a_share_says_nothing(cast, clock):
    cast.ticket(priority="elderly")
    assert [row["is_unusual"] for row in told_today(cast, clock)] == [False]


def test_a_transfer_is_counted_where_the_person_came_in_once(cast, clock):
    cast.ticket(priority="elderly")
    served = cast.serve(1)
    Program(cast, "officer").post("counters/1/transfer", {"queue": "B"})
    assert served.legs.exists()
    assert [row["numbers"] for row in told_today(cast, clock)] == [1]


# --- What was told and printed ------------------------------------------------------------------


@pytest.fixture
def told(cast, clock):
    """Three numbers that were told an estimate and printed, 10 days apart; the last one today."""
    for days in (10, 10, 0):
        ticket, at = cast.ticket(), clock.moment
        ticket.estimates.create(at=at, ahead=0)
        ticket.slips.create(at=at, outcome="printed")
        cast.kiosk.jobs.create(kind="test", asked_at=at)
        clock.forward(days=days)


def left() -> list[int]:
    return [model.objects.count() for model in (Estimate, SlipPrint, PrintJob)]


def test_for_60_days_it_is_kept_and_then_forgotten(told, clock):
    clock.forward(days=40)
    assert (tasks.forget_details(), left()) == (0, [3, 3, 3])
    clock.forward(days=5)
    assert [tasks.forget_details() for _ in range(2)] == [3, 0]
    assert left() == [2, 2, 2]


def test_it_is_forgotten_in_small_parts(told, clock, monkeypatch):
    monkeypatch.setattr(forgetting, "AT_ONCE", 1)
    clock.forward(days=90)
    assert tasks.forget_details() == 9
    assert Ticket.objects.count() == 3


def test_how_long_is_a_setting(told, clock, settings):
    settings.DETAILS_KEEP = 30
    clock.forward(days=15)
    assert tasks.forget_details() == 3
