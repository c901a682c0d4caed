"""What may happen to a ticket? Every verb from every state, then the rules one by one."""

import datetime as dt

import pytest

from agencies.models import Counter, Hall
from queueing import lifecycle
from queueing.lifecycle import MOVES, Way
from queueing.models import DayClose, Ticket, TicketEvent
from queueing.refusals import Busy, Closed, IllegalMove, Invalid
from tests.cast import fresh, refused

S = Ticket.State
BY = {"actor": "operator:officer"}


# --- The table ----------------------------------------------------------------------------------


def bring_to(cast, clock, state: str) -> Ticket:
    """A ticket of A01 in this state, brought there by the verbs alone."""
    ticket = cast.ticket("A01")
    clock.forward(seconds=1)
    cast.ticket("A02")  # whom one may let go first
    if state in {"called", "serving", "done", "no_show", "on_hold", "transferred"}:
        cast.call(1)
        clock.forward(seconds=200)
    if state in {"serving", "done", "on_hold", "transferred"}:
        lifecycle.start(cast.counter(1), **BY)
    match state:
        case "done":
            lifecycle.finish(cast.counter(1), **BY)
        case "no_show":
            lifecycle.no_show(cast.counter(1), **BY)
        case "on_hold":
            lifecycle.hold(cast.counter(1), **BY)
        case "transferred":
            lifecycle.transfer(fresh(ticket), cast.queue("B"), **BY)
        case "cancelled":
            lifecycle.cancel(fresh(ticket), **BY)
        case "expired":
            clock.forward(days=1)
            lifecycle.close_day(Hall.objects.get(pk=cast.hall.pk), ticket.date)
    return fresh(ticket)


def to_counter(cast, number: int) -> Way:
    return Way(counter=cast.counter(number))


def gone_for_a_while(ticket: Ticket) -> Ticket:
    until = ticket.issued_at + dt.timedelta(hours=1)
    Ticket.objects.filter(pk=ticket.pk).update(away_until=until)
    return fresh(ticket)


VERBS = {
    "call": lambda cast, t: lifecycle.call(cast.counter(2), t, reason="asked", **BY),
    "recall": lambda cast, t: lifecycle.recall(cast.counter(1), **BY),
    "start": lambda cast, t: lifecycle.start(cast.counter(1), **BY),
    "finish": lambda cast, t: lifecycle.finish(cast.counter(1), **BY),
    "no_show": lambda cast, t: lifecycle.no_show(cast.counter(1), **BY),
    "hold": lambda cast, t: lifecycle.hold(cast.counter(1), **BY),
    "reinstate": lambda cast, t: lifecycle.reinstate(t, **BY),
    "resume": lambda cast, t: lifecycle.resume(t, **BY),
    "prioritise": lambda cast, t: lifecycle.prioritise(t, priority="elderly", **BY),
    "postpone": lambda cast, t: lifecycle.postpone(t, **BY),
    "step_away": lambda cast, t: lifecycle.step_away(t, reason="prayer", minutes=15, **BY),
    "be_back": lambda cast, t: lifecycle.be_back(gone_for_a_while(t), **BY),
    "transfer": lambda cast, t: lifecycle.transfer(t, cast.queue("B"), **BY),
    "reroute": lambda cast, t: lifecycle.change_service(t, cast.service("B01"), **BY),
    "change_service": lambda cast, t: lifecycle.change_service(t, cast.service("A02"), **BY),
    "add_service": lambda cast, t: lifecycle.add_service(t, cast.service("A02"), **BY),
    "pass_on": lambda cast, t: lifecycle.transfer(t, t.queue, way=to_counter(cast, 2), **BY),
    "cancel": lambda cast, t: lifecycle.cancel(t, **BY),
}


def test_every_verb_of_the_table_is_tried():
    undone = {verb for verb in MOVES if verb.startswith("undo")}
    with_a_test_of_their_own = {"expire", "reopen", "reorder"} | undone
    assert VERBS.keys() == MOVES.keys() - with_a_test_of_their_own


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", S.values)
def test_a_verb_moves_from_its_states_and_from_no_other(cast, clock, state, verb):
    ticket = bring_to(cast, clock, state)
    before = TicketEvent.objects.count()
    if state in MOVES[verb].sources:
        VERBS[verb](cast, ticket)
        assert fresh(ticket).state == (MOVES[verb].target or state)
        assert TicketEvent.objects.count() == before + (1 + (verb in {"transfer", "reroute"}))
    else:
        with refused(IllegalMove, Busy):
            VERBS[verb](cast, ticket)
        assert fresh(ticket).state == state
        assert TicketEvent.objects.count() == before


def test_expiry_takes_who_waits_or_is_on_hold_and_nobody_else():
    assert MOVES["expire"] == (("waiting", "on_hold"), "expired")


# --- Coming in ----------------------------------------------------------------------------------


def test_numbers_of_a_queue_count_from_one_and_share_the_series(cast):
    assert [cast.ticket(code).label for code in ["A01", "A02", "B01", "A01"]] == [
        "A-001",
        "A-002",
        "B-001",
        "A-003",
    ]


def test_after_999_the_numbers_go_on_with_1000(cast):
    cast.ticket()
    cast.queue("A").days.update(last_number=999)
    assert cast.ticket().label == "A-1000"


def test_services_of_one_queue_make_one_ticket(cast):
    (ticket,) = cast.visit("A02", "A01")
    assert [service.code for service in ticket.services.all()] == ["A01", "A02"]


def test_services_of_two_queues_make_two_tickets_of_one_visit(cast):
    first, second = cast.visit("B01", "A01")
    assert (first.label, second.label) == ("A-001", "B-001")
    assert first.visit == second.visit


def test_the_issue_is_an_event_with_who_and_what(cast):
    ticket = cast.ticket("A02")
    event = TicketEvent.objects.get(ticket=ticket)
    told = (event.kind, event.label, event.queue, event.service, event.actor, event.version)
    assert told == ("issue", "A-001", "A", "A02", "kiosk:kiosk 1", 1)


def test_a_closed_service_issues_nothing_and_uses_no_number(cast):
    cast.a.queues.get().services.filter(code="A01").update(is_open=False)
    with refused(Closed):
        cast.ticket("A01")
    assert cast.ticket("A02").number == 1


@pytest.mark.parametrize("status", ["paused", "closed"])
def test_a_queue_that_is_not_open_issues_nothing(cast, status):
    cast.hall.queues.filter(code="A").update(status=status)
    with refused(Closed):
        cast.ticket("A01")


# --- At the counter -----------------------------------------------------------------------------


def test_a_clock_that_is_set_back_lets_nobody_in_front(cast, clock):
    first = cast.ticket()
    clock.forward(hours=-1)
    assert cast.ticket("A02").issued_at < first.issued_at
    assert cast.call(1) == first


def test_the_longest_wait_is_called_first(cast, clock):
    first = cast.ticket()
    clock.forward(seconds=5)
    cast.ticket()
    assert cast.call(1) == first


def test_nobody_waiting_is_no_error_and_no_event(cast):
    assert cast.call(1) is None
    assert TicketEvent.objects.count() == 0


def test_a_counter_serves_one_person_at_a_time(cast):
    cast.ticket(), cast.ticket()
    cast.call(1)
    with refused(Busy):
        cast.call(1)


def test_finish_current_finishes_first_and_calls_then(cast):
    first, second = cast.ticket(), cast.ticket()
    cast.serve(1)
    assert cast.call(1, finish_current=True) == second
    assert fresh(first).state == S.DONE


def test_one_press_a_citizen_counts_the_called_one_as_served(cast):
    ticket = cast.ticket()
    cast.call(1)
    assert cast.call(1, finish_current=True) is None
    kinds = list(ticket.events.order_by("version").values_list("kind", flat=True))
    assert kinds == ["issue", "call", "start", "finish"]


@pytest.mark.parametrize("status", ["break", "closed"])
def test_a_counter_that_is_not_open_calls_nobody(cast, status):
    ticket = cast.ticket()
    Counter.objects.filter(number=1).update(status=status)
    with refused(Closed):
        cast.call(1)
    assert fresh(ticket).state == S.WAITING


def test_a_recall_waits_30_seconds_after_the_last_call(cast, clock):
    cast.ticket()
    cast.call(1)
    clock.forward(seconds=29)
    with refused(IllegalMove) as refusal:
        lifecycle.recall(cast.counter(1), **BY)
    assert refusal.value.retry_after == 1
    clock.forward(seconds=1)
    assert lifecycle.recall(cast.counter(1), **BY).calls == 2


def test_a_number_is_called_three_times_and_not_a_fourth(cast, clock):
    cast.ticket()
    cast.call(1)
    for _ in range(2):
        clock.forward(seconds=30)
        lifecycle.recall(cast.counter(1), **BY)
    clock.forward(minutes=5)
    with refused(IllegalMove):
        lifecycle.recall(cast.counter(1), **BY)


@pytest.mark.parametrize(("priority", "patience"), [("", 90), ("elderly", 180)])
def test_a_no_show_waits_longer_for_priority(cast, clock, priority, patience):
    ticket = cast.ticket(priority=priority)
    cast.call(1)
    clock.forward(seconds=patience - 1)
    with refused(IllegalMove):
        lifecycle.no_show(cast.counter(1), **BY)
    clock.forward(seconds=1)
    lifecycle.no_show(cast.counter(1), **BY)
    assert fresh(ticket).state == S.NO_SHOW


def test_a_no_show_is_at_once_when_the_person_said_so(cast):
    cast.ticket()
    cast.call(1)
    assert lifecycle.no_show(cast.counter(1), said_so=True, **BY).state == S.NO_SHOW


def test_calling_a_chosen_number_needs_a_reason_that_stays(cast):
    cast.ticket()
    second = cast.ticket()
    with refused(Invalid):
        lifecycle.call(cast.counter(1), second, reason=" ", **BY)
    lifecycle.call(cast.counter(1), second, reason="sakit", **BY)
    assert second.events.get(kind="call").detail == {"reason": "sakit", "calls": 1}


def test_a_chosen_number_must_be_of_the_counters_queues(cast):
    with refused(IllegalMove):
        lifecycle.call(cast.counter(1), cast.ticket("B01"), reason="sakit", **BY)


# --- Away from the counter ----------------------------------------------------------------------


def no_show(cast, clock, number=1) -> Ticket:
    cast.call(number)
    clock.forward(seconds=180)
    return lifecycle.no_show(cast.counter(number), **BY)


def test_who_returns_late_comes_after_the_next_three(cast, clock):
    late = cast.ticket()
    no_show(cast, clock)
    others = []
    for _ in range(5):
        clock.forward(seconds=1)
        others.append(cast.ticket())
    lifecycle.reinstate(fresh(late), **BY)
    order = [cast.call(1, finish_current=True) for _ in range(6)]
    assert order == [*others[:3], late, *others[3:]]


def test_who_returns_to_an_empty_line_is_next(cast, clock):
    late = cast.ticket()
    no_show(cast, clock)
    lifecycle.reinstate(fresh(late), **BY)
    clock.forward(seconds=1)
    cast.ticket()
    assert cast.call(1) == late


def test_one_may_return_twice_and_not_a_third_time(cast, clock):
    late = cast.ticket()
    for _ in range(2):
        no_show(cast, clock)
        lifecycle.reinstate(fresh(late), **BY)
    no_show(cast, clock)
    with refused(IllegalMove):
        lifecycle.reinstate(fresh(late), **BY)


def test_who_was_on_hold_is_next_again(cast, clock):
    held = cast.ticket()
    clock.forward(seconds=5)
    cast.ticket()
    cast.serve(1)
    lifecycle.hold(cast.counter(1), **BY)
    lifecycle.resume(fresh(held), **BY)
    assert fresh(held).counter is None
    assert cast.call(1) == held


def test_the_service_time_of_an_earlier_turn_ends_with_the_next_call(cast, clock):
    held = cast.ticket()
    cast.serve(1)
    lifecycle.hold(cast.counter(1), **BY)
    lifecycle.resume(fresh(held), **BY)
    clock.forward(minutes=5)
    assert cast.call(1).started_at is None
    assert fresh(held).started_at is None


def test_a_transfer_is_a_new_leg_with_the_place_of_the_first(cast, clock):
    moved = cast.ticket("A01")
    clock.forward(minutes=10)
    other = cast.ticket("B01")
    cast.serve(1)
    leg = lifecycle.transfer(fresh(moved), cast.queue("B"), way=Way(note="foto dulu"), **BY)
    assert (leg.label, leg.leg_of, leg.note) == ("B-002", moved, "foto dulu")
    assert cast.call(3) == leg
    assert cast.call(3, finish_current=True) == other


def test_a_transferred_priority_keeps_its_credit(cast):
    moved = cast.ticket("A01", priority="pregnant")
    cast.serve(1)
    leg = lifecycle.transfer(fresh(moved), cast.queue("B"), **BY)
    assert leg.priority == "pregnant"
    assert leg.effective_time == moved.visit.arrived_at - dt.timedelta(minutes=30)


def test_a_transfer_to_the_own_queue_is_refused(cast):
    ticket = cast.ticket("A01")
    cast.serve(1)
    with refused(Invalid):
        lifecycle.transfer(fresh(ticket), cast.queue("A"), **BY)


def test_a_transfer_to_a_closed_queue_is_refused_and_uses_no_number(cast):
    ticket = cast.ticket("A01")
    cast.serve(1)
    cast.hall.queues.filter(code="B").update(status="closed")
    with refused(Closed):
        lifecycle.transfer(fresh(ticket), cast.queue("B"), **BY)
    assert not cast.queue("B").days.exists()


def test_a_transfer_to_a_closed_service_is_refused(cast):
    ticket = cast.ticket("A01")
    cast.serve(1)
    service = cast.service("B01")
    service.is_open = False
    with refused(Closed):
        lifecycle.transfer(fresh(ticket), service.queue, way=Way(service=service), **BY)


def test_a_wrong_service_within_the_queue_keeps_number_and_place(cast):
    ticket = cast.ticket("A01")
    changed = lifecycle.change_service(fresh(ticket), cast.service("A02"), **BY)
    assert (changed.pk, changed.label, changed.state) == (ticket.pk, "A-001", S.WAITING)
    assert ticket.events.get(kind="change_service").detail == {"from": ["A01"]}


def test_a_wrong_service_of_another_queue_goes_on_there_without_losing_the_place(cast, clock):
    ticket = cast.ticket("A01")
    clock.forward(minutes=3)
    cast.ticket("B02")
    leg = lifecycle.change_service(fresh(ticket), cast.service("B01"), **BY)
    assert cast.call(3) == leg
    assert ticket.events.get(kind="transfer").detail["reason"] == "wrong_service"


def test_yesterdays_number_does_nothing_today(cast, clock):
    ticket = cast.ticket()
    clock.forward(days=1)
    for verb in ("cancel", "reroute", "change_service"):
        with refused(IllegalMove):
            VERBS[verb](cast, fresh(ticket))
    with refused(IllegalMove):
        lifecycle.call(cast.counter(1), fresh(ticket), reason="sakit", **BY)
    assert cast.call(1) is None


def test_who_was_left_in_service_yesterday_can_still_be_finished(cast, clock):
    cast.ticket()
    cast.serve(1)
    clock.forward(days=1)
    assert lifecycle.finish(cast.counter(1), **BY).state == S.DONE


# --- Priority, given and taken back while one waits ---------------------------------------------


def test_a_priority_counts_as_having_come_half_an_hour_earlier(cast, clock):
    cast.ticket()
    clock.forward(minutes=29)
    later = lifecycle.prioritise(cast.ticket(), priority="elderly", **BY)
    assert later.effective_time == later.issued_at - dt.timedelta(minutes=30)
    assert cast.call(1) == later


def test_nobody_is_overtaken_by_who_came_more_than_half_an_hour_later(cast, clock):
    first = cast.ticket()
    clock.forward(minutes=31)
    lifecycle.prioritise(cast.ticket(), priority="elderly", **BY)
    assert cast.call(1) == first


def test_a_priority_that_is_taken_back_leaves_the_place_that_was_earned(cast, clock):
    ticket = cast.ticket(priority="pregnant")
    lifecycle.prioritise(ticket, priority="", **BY)
    assert (fresh(ticket).priority, fresh(ticket).effective_time) == ("", ticket.issued_at)


def test_another_group_moves_nobody_and_the_same_group_is_no_event(cast):
    ticket = cast.ticket(priority="pregnant")
    place = ticket.effective_time
    lifecycle.prioritise(ticket, priority="nursing", **BY)
    lifecycle.prioritise(ticket, priority="nursing", **BY)
    assert (fresh(ticket).priority, fresh(ticket).effective_time) == ("nursing", place)
    assert ticket.events.filter(kind="prioritise").count() == 1


def test_the_log_tells_a_priority_and_never_which(cast):
    ticket = cast.ticket(priority="pregnant")
    lifecycle.prioritise(ticket, priority="nursing", **BY)
    lifecycle.prioritise(ticket, priority="", **BY)
    details = list(ticket.events.order_by("version").values_list("kind", "detail"))
    assert details == [
        ("issue", {}),
        ("prioritise", {"priority": True, "was": True}),
        ("prioritise", {"priority": False, "was": True}),
    ]


def test_no_group_moves_who_came_back_late(cast, clock):
    late = cast.ticket()
    no_show(cast, clock)
    others = [cast.ticket() for _ in range(3)]
    back = lifecycle.reinstate(fresh(late), **BY)
    lifecycle.prioritise(fresh(back), priority="elderly", **BY)
    assert [cast.call(1, finish_current=True) for _ in range(4)] == [*others, late]


def test_a_press_that_read_an_older_row_reckons_with_the_newer(cast, clock):
    ticket = cast.ticket()
    as_read = fresh(ticket)
    lifecycle.prioritise(ticket, priority="elderly", **BY)
    lifecycle.prioritise(as_read, priority="", **BY)
    assert fresh(ticket).effective_time == ticket.issued_at


# --- A visit with several tickets ---------------------------------------------------------------


def test_a_visit_is_never_called_to_two_counters(cast):
    at_a, _ = cast.visit("A01", "B01")
    assert cast.call(1) == at_a
    assert cast.call(3) is None


def test_who_is_served_elsewhere_is_skipped_and_keeps_the_place(cast, clock):
    _, at_b = cast.visit("A01", "B01")
    clock.forward(minutes=1)
    other = cast.ticket("B01")
    cast.serve(1)
    assert cast.call(3) == other
    lifecycle.finish(cast.counter(1), **BY)
    assert cast.call(3, finish_current=True) == at_b


def test_the_next_errand_of_a_visit_is_callable_in_the_press_that_ends_the_first(cast):
    cast.hall.counters.get(number=1).queues.add(cast.queue("B"))
    _, at_b = cast.visit("A01", "B01")
    cast.serve(1)
    assert cast.call(1, finish_current=True) == at_b


def test_a_chosen_number_of_somebody_at_another_counter_is_refused(cast):
    _, at_b = cast.visit("A01", "B01")
    cast.call(1)
    with refused(Busy):
        lifecycle.call(cast.counter(3), at_b, reason="sakit", **BY)


# --- The counter itself -------------------------------------------------------------------------


def test_a_break_has_a_reason_and_a_return(cast, clock):
    until = clock.moment + dt.timedelta(minutes=15)
    with refused(Invalid):
        lifecycle.break_counter(cast.counter(1), reason="", until=until, **BY)
    lifecycle.break_counter(cast.counter(1), reason="rapat", until=until, **BY)
    counter = cast.counter(1)
    assert (counter.status, counter.break_reason, counter.break_until) == ("break", "rapat", until)


def test_a_counter_with_somebody_neither_breaks_nor_closes(cast):
    cast.ticket()
    cast.call(1)
    with refused(Busy):
        lifecycle.close_counter(cast.counter(1), **BY)
    with refused(Busy):
        lifecycle.break_counter(cast.counter(1), reason="rapat", until=None, **BY)


def test_opening_an_open_counter_changes_nothing(cast):
    lifecycle.open_counter(cast.counter(1), **BY)
    assert TicketEvent.objects.count() == 0


def test_closing_and_opening_are_events_of_the_counter(cast):
    lifecycle.close_counter(cast.counter(1), **BY)
    lifecycle.open_counter(cast.counter(1), **BY)
    events = TicketEvent.objects.order_by("version").values_list("kind", "counter", "ticket")
    assert list(events) == [("close", 1, None), ("open", 1, None)]


# --- The end of the day -------------------------------------------------------------------------


def test_nothing_carries_over_to_the_next_day(cast, clock):
    waiting, held, called, served = (cast.ticket() for _ in range(4))
    lifecycle.call(cast.counter(1), held, reason="sakit", **BY)
    lifecycle.start(cast.counter(1), **BY)
    lifecycle.hold(cast.counter(1), **BY)
    lifecycle.call(cast.counter(1), called, reason="sakit", **BY)
    lifecycle.call(cast.counter(2), served, reason="sakit", **BY)
    lifecycle.start(cast.counter(2), **BY)
    clock.forward(days=1)
    assert lifecycle.close_day(Hall.objects.get(pk=cast.hall.pk), waiting.date) == 2
    states = [fresh(ticket).state for ticket in (waiting, held, called, served)]
    assert states == [S.EXPIRED, S.EXPIRED, S.NO_SHOW, S.DONE]


def test_a_day_closes_once(cast, clock):
    ticket = cast.ticket()
    clock.forward(days=1)
    hall = Hall.objects.get(pk=cast.hall.pk)
    assert lifecycle.close_day(hall, ticket.date) == 1
    assert lifecycle.close_day(hall, ticket.date) is None
    assert (DayClose.objects.count(), ticket.events.filter(kind="expire").count()) == (1, 1)


def test_today_cannot_be_closed(cast, clock):
    ticket = cast.ticket()
    with refused(IllegalMove):
        lifecycle.close_day(cast.hall, ticket.date)


def test_a_hall_with_hours_begins_the_next_day_with_closed_counters(cast, clock):
    ticket = cast.ticket()
    cast.hall.always_open = False
    cast.hall.save()
    clock.forward(days=1)
    lifecycle.close_day(Hall.objects.get(pk=cast.hall.pk), ticket.date)
    assert set(cast.hall.counters.values_list("status", flat=True)) == {"closed"}


# --- The log ------------------------------------------------------------------------------------


def test_versions_of_a_hall_have_no_holes(cast, next_door):
    cast.visit("A01", "B01")
    next_door.ticket()
    cast.serve(1)
    versions = TicketEvent.objects.filter(hall=cast.hall).values_list("version", flat=True)
    assert sorted(versions) == [1, 2, 3, 4]
    assert Hall.objects.get(pk=cast.hall.pk).version == 4
    assert Hall.objects.get(pk=next_door.hall.pk).version == 1
