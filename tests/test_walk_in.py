"""Somebody stands at the counter without a number: one press gives it and begins to serve."""

import uuid

import pytest

from agencies.models import Queue, Service
from queueing import lifecycle
from queueing.board import board
from queueing.models import Ticket, TicketEvent, Visit
from queueing.refusals import Busy, Closed, IllegalMove, Invalid, QuotaExhausted
from tests.calendars import at, quota, with_hours
from tests.cast import refused
from tests.programs import Program, refusal

BY = {"actor": "operator:officer"}


def walk_in(cast, counter: int = 1, *codes: str, **said) -> Ticket:
    services = [cast.service(code) for code in codes or ("A01",)]
    return lifecycle.walk_in(cast.counter(counter), services, **said, **BY)


# --- What it does -------------------------------------------------------------------------------


def test_a_number_is_given_called_and_served_at_once(cast):
    cast.ticket("A01")
    ticket = walk_in(cast)
    assert (ticket.label, ticket.state, ticket.counter.number) == ("A-002", "serving", 1)
    assert ticket.visit.channel == Visit.Channel.COUNTER
    kinds = TicketEvent.objects.filter(ticket=ticket).order_by("version")
    assert list(kinds.values_list("kind", "counter")) == [
        ("issue", None),
        ("call", 1),
        ("start", 1),
    ]


def test_it_is_counted_and_finished_like_any_other(cast):
    ticket = walk_in(cast, 1, "A01", "A02", priority="elderly")
    done = lifecycle.finish(cast.counter(1), **BY)
    assert (done.pk, done.state, done.priority) == (ticket.pk, "done", "elderly")
    assert cast.ticket("A01").label == "A-002"


def test_the_log_says_that_it_was_out_of_turn_and_no_screen_calls_it(cast):
    ticket = walk_in(cast)
    called = TicketEvent.objects.get(ticket=ticket, kind="call")
    assert called.detail == {"calls": 1, "reason": "walk_in", "quiet": True}
    assert board(cast.hall)["calls"] == []


def test_whoever_waits_keeps_the_place(cast):
    first = cast.ticket("A01")
    walk_in(cast)
    lifecycle.finish(cast.counter(1), **BY)
    assert cast.call(1) == first


# --- When it is not possible --------------------------------------------------------------------


def assert_refused(cast, *kinds: type[Exception], codes=("A01",)) -> None:
    numbers = Ticket.objects.count()
    with refused(*kinds):
        walk_in(cast, 1, *codes)
    assert Ticket.objects.count() == numbers


def test_a_counter_that_has_somebody_is_busy(cast):
    cast.ticket("A01")
    cast.call(1)
    assert_refused(cast, Busy)


@pytest.mark.parametrize("verb", [lifecycle.close_counter, None])
def test_a_counter_that_is_not_open_serves_nobody(cast, verb):
    lifecycle.break_counter(cast.counter(1), reason="Salat", until=None, **BY)
    if verb:
        verb(cast.counter(1), **BY)
    assert_refused(cast, Closed)


def test_a_counter_gives_no_number_of_a_queue_that_it_does_not_serve(cast):
    assert_refused(cast, IllegalMove, codes=["B01"])


def test_a_number_is_of_one_queue(cast):
    cast.counter(1).queues.add(cast.queue("B"))
    assert_refused(cast, Invalid, codes=["A01", "B01"])


def test_a_closed_service_or_queue_gives_no_number(cast):
    Service.objects.filter(code="A01").update(is_open=False)
    assert_refused(cast, Closed)
    Queue.objects.filter(code="A").update(status=Queue.Status.PAUSED)
    assert_refused(cast, Closed, codes=["A02"])


def test_after_the_hours_nobody_comes_in(cast, clock):
    with_hours(cast.hall)
    clock.set(at(1, "20:00"))
    assert_refused(cast, Closed)


def test_a_quota_counts_them_and_leaves_no_gap(cast, clock):
    quota(cast.queue("A"), 1, [cast.service("A01")])
    walk_in(cast)
    lifecycle.finish(cast.counter(1), **BY)
    assert_refused(cast, QuotaExhausted)
    assert cast.ticket("A02").label == "A-002"


# --- By the API ---------------------------------------------------------------------------------


def test_a_program_presses_it(cast):
    officer, once = Program(cast, "officer"), uuid.uuid4().hex
    order = {"services": ["A01"], "priority": "lansia"}
    told = officer.post("counters/1/walk-in", order, once=once).json()
    assert (told["ticket"]["label"], told["ticket"]["state"]) == ("A-001", "serving")
    assert officer.post("counters/1/walk-in", order, once=once).json() == told
    assert refusal(officer.post("counters/1/walk-in", order)) == (409, "busy")


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ({}, (422, "unknown_service")),
        ({"services": ["Z99"]}, (422, "unknown_service")),
        ({"services": "A01"}, (422, "invalid")),
        ({"services": ["A01"], "priority": "raja"}, (422, "invalid")),
        ({"services": ["B01"]}, (409, "illegal_move")),
    ],
)
def test_what_makes_no_sense_is_refused(cast, order, told):
    assert refusal(Program(cast, "officer").post("counters/1/walk-in", order)) == told
    assert not Ticket.objects.exists()


def test_a_number_can_be_called_by_what_its_slip_says(cast):
    cast.ticket("A01"), cast.ticket("A01")
    officer = Program(cast, "officer")
    told = officer.post("counters/1/call", {"label": "a2", "reason": "Sakit"}).json()
    assert told["ticket"]["label"] == "A-002"
    wrong = officer.post("counters/2/call", {"label": "A-099", "reason": "Sakit"})
    assert refusal(wrong) == (404, "not_found")
    assert refusal(officer.post("counters/2/call", {"label": "?", "reason": "x"}))[0] == 422
