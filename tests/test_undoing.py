"""The wrong button: taken back within ten seconds, the exact place restored, a trace left."""

import pytest

from agencies.models import Counter
from queueing import lifecycle
from queueing.board import board
from queueing.lifecycle import MOVES
from queueing.lifecycle.at_counter import BETWEEN_CALLS
from queueing.models import Ticket, TicketEvent
from queueing.refusals import Busy, Closed, IllegalMove, Invalid
from tests.cast import fresh, refused
from tests.test_lifecycle import BY, bring_to

S = Ticket.State
UNDONE = {"done": "undo_finish", "no_show": "undo_no_show", "transferred": "undo_transfer"}
CALLED_BACK = MOVES["reopen"].sources


def undo(cast, counter: int = 1) -> Ticket:
    return lifecycle.undo(cast.counter(counter), **BY)


def kinds(ticket: Ticket) -> list[str]:
    events = TicketEvent.objects.filter(ticket=ticket).order_by("version")
    return list(events.values_list("kind", flat=True))


def finish_and_call_next(cast) -> tuple[Ticket, Ticket]:
    """One press that finishes the first and calls the second."""
    first, second = cast.ticket("A01"), cast.ticket("A01")
    cast.serve(1)
    assert cast.call(1, finish_current=True) == second
    return fresh(first), fresh(second)


# --- What can be undone -------------------------------------------------------------------------


@pytest.mark.parametrize("state", S.values)
def test_undo_takes_back_a_finish_a_no_show_and_a_transfer_and_nothing_else(cast, clock, state):
    ticket = bring_to(cast, clock, state)
    if state in UNDONE:
        undo(cast)
        assert fresh(ticket).state == MOVES[UNDONE[state]].target
        assert kinds(ticket)[-1] == UNDONE[state]
    else:
        with refused(IllegalMove, Busy):
            undo(cast)
        assert fresh(ticket).state == state


def test_what_is_undone_is_as_it_was(cast, clock):
    cast.ticket()
    before = cast.serve(1)
    clock.forward(seconds=60)
    lifecycle.finish(cast.counter(1), **BY)
    undo(cast)
    now = fresh(before)
    for name in ("state", "started_at", "called_at", "counter", "calls", "ended_at"):
        assert getattr(now, name) == getattr(before, name), name


@pytest.mark.parametrize(("seconds", "is_time"), [(9.9, True), (10, False)])
def test_ten_seconds_are_the_limit(cast, clock, seconds, is_time):
    ticket = bring_to(cast, clock, "done")
    clock.forward(seconds=seconds)
    if is_time:
        assert undo(cast) == ticket
    else:
        with refused(IllegalMove):
            undo(cast)


def test_an_undo_is_not_undone_by_another(cast, clock):
    bring_to(cast, clock, "done")
    undo(cast)
    with refused(IllegalMove):
        undo(cast)


def test_a_counter_undoes_its_own_press_only(cast, clock):
    bring_to(cast, clock, "done")
    with refused(IllegalMove):
        undo(cast, counter=2)


# --- Who was called meanwhile -------------------------------------------------------------------


def test_whoever_the_same_press_called_is_back_at_the_very_same_place(cast, clock):
    first, second = finish_and_call_next(cast)
    third = cast.ticket("A01")
    place = second.effective_time
    undo(cast)
    assert (fresh(first).state, fresh(second).state) == ("serving", "waiting")
    assert fresh(second).effective_time == place
    assert (fresh(second).calls, fresh(second).counter, fresh(second).called_at) == (0, None, None)
    lifecycle.finish(cast.counter(1), **BY)
    assert [cast.call(1), cast.call(1, finish_current=True)] == [second, third]


def test_a_call_that_was_taken_back_is_on_no_screen_any_more(cast, clock):
    first, second = finish_and_call_next(cast)
    undo(cast)
    assert [call["label"] for call in board(cast.hall)["calls"]] == [first.label]
    lifecycle.finish(cast.counter(1), **BY)
    cast.call(1)
    assert [call["label"] for call in board(cast.hall)["calls"]] == [second.label, first.label]


@pytest.mark.parametrize("act", [lifecycle.start, lifecycle.recall])
def test_whoever_has_come_or_was_called_twice_is_not_sent_back(cast, clock, act):
    _, second = finish_and_call_next(cast)
    long_ago = clock.moment - BETWEEN_CALLS
    Ticket.objects.filter(pk=second.pk).update(last_call_at=long_ago)
    act(cast.counter(1), **BY)
    before = fresh(second).state
    with refused(Busy):
        undo(cast)
    assert fresh(second).state == before


def test_a_person_who_is_at_another_counter_now_is_not_called_back_from_it(cast, clock):
    here, elsewhere = cast.visit("A01", "B01")
    cast.serve(1)
    lifecycle.finish(cast.counter(1), **BY)
    assert cast.call(3) == elsewhere
    with refused(Busy):
        undo(cast)
    assert fresh(here).state == "done"


def test_a_counter_that_went_on_a_break_is_opened_first(cast, clock):
    bring_to(cast, clock, "done")
    Counter.objects.filter(number=1).update(status="break")
    with refused(Closed):
        undo(cast)


# --- A transfer ---------------------------------------------------------------------------------


def test_the_number_of_an_undone_transfer_is_cancelled_and_stays_used(cast, clock):
    ticket = bring_to(cast, clock, "transferred")
    leg = Ticket.objects.get(leg_of=ticket)
    undo(cast)
    assert (fresh(ticket).state, fresh(leg).state) == ("serving", "cancelled")
    assert TicketEvent.objects.get(ticket=leg, kind="cancel").detail == {"reason": "undo"}
    assert cast.ticket("B01").number == leg.number + 1


def test_a_transfer_whose_number_was_called_stays(cast, clock):
    ticket = bring_to(cast, clock, "transferred")
    cast.call(3)
    with refused(Busy, IllegalMove):
        undo(cast)
    assert fresh(ticket).state == "transferred"


def test_a_transfer_can_be_made_again_after_it_was_undone(cast, clock):
    ticket = bring_to(cast, clock, "transferred")
    undo(cast)
    lifecycle.transfer(fresh(ticket), cast.queue("B"), **BY)
    clock.forward(seconds=1)
    assert undo(cast) == ticket
    assert list(ticket.legs.values_list("state", flat=True)) == ["cancelled", "cancelled"]


# --- Called back later --------------------------------------------------------------------------


def call_back(cast, ticket: Ticket) -> Ticket:
    return lifecycle.call_back(cast.counter(2), fresh(ticket), reason="KTP tertinggal", **BY)


@pytest.mark.parametrize("state", S.values)
def test_only_who_was_here_or_missed_the_call_is_called_back(cast, clock, state):
    ticket = bring_to(cast, clock, state)
    if state in CALLED_BACK:
        call_back(cast, ticket)
        assert (fresh(ticket).state, fresh(ticket).counter.number) == ("called", 2)
        assert kinds(ticket)[-2:] == ["reopen", "call"]
    else:
        with refused(IllegalMove, Busy):
            call_back(cast, ticket)
        assert fresh(ticket).state == state


def test_calling_back_needs_a_reason_that_stays_in_the_log(cast, clock):
    ticket = bring_to(cast, clock, "done")
    with refused(Invalid):
        lifecycle.call_back(cast.counter(1), ticket, reason=" ", **BY)
    lifecycle.call_back(cast.counter(1), ticket, reason="KTP tertinggal", **BY)
    last = TicketEvent.objects.filter(ticket=ticket, kind="call").last()
    assert last.detail["reason"] == "KTP tertinggal"
