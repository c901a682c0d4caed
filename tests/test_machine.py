"""T08: whatever is pressed, in any order, the hall does what the paper says, and refuses the rest.

The real hall is the lifecycle against PostgreSQL, each press with its key; the paper is
`tests/paper.py`. After every press rows, log, versions and board must be those of the paper, so a
refused press that changed anything is found at once.
"""

import datetime as dt
import uuid
from collections import Counter as Tally
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Value
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from agencies.models import Counter, Hall, Queue
from agencies.ready import Ready
from queueing import commands, lifecycle, waiting
from queueing.board import board
from queueing.lifecycle import Way, moves
from queueing.models import Ticket, TicketEvent
from queueing.refusals import KeyReused, Refusal
from tests.cast import Cast, make_service, refused
from tests.checker import Evidence, TicketRow, judge
from tests.paper import PaperHall, Refused, Slip

pytestmark = pytest.mark.long

BY = {"actor": "operator:officer"}
WIB = dt.timezone(dt.timedelta(hours=7))
SERVES = {1: ("A",), 2: ("A", "AA"), 3: ("B",)}
SERVICES = {"A01": "A", "A02": "A", "AA01": "AA", "B01": "B"}
BREAK = {"reason": "Salat", "until": None}
STATUS_VERBS: dict[str, tuple[str, Callable[..., Counter]]] = {
    "open": ("open", lifecycle.open_counter),
    "break": ("break", partial(lifecycle.break_counter, **BREAK)),
    "close": ("closed", lifecycle.close_counter),
}
VERBS = {
    *("issue", "call_next", "call", "recall", "start", "finish", "no_show", "hold", "resume"),
    *("reinstate", "prioritise", "transfer", "change_service", "cancel"),
    *("open", "break", "close", "close_day", "undo", "call_back", "add_service", "walk_in"),
    *("begin_incident", "clear_incident", "assign", "postpone", "step_away", "be_back"),
}
NEVER_REFUSED = {f"{verb} refused" for verb in ("open", "begin_incident", "clear_incident")}
ERRANDS = [["A01"], ["AA01"], ["B01"], ["A01", "B01"], ["A01", "A02", "AA01", "B01"]]
counters = st.sampled_from([*SERVES])
services = st.sampled_from([*SERVICES])
queues = st.sampled_from(["A", "AA", "B"])


class HallMachine(RuleBasedStateMachine):
    """Two agencies, three counters, one of them for two queues. Undone after each example."""

    slips = Bundle("slips")

    def __init__(self, cast: Cast, clock: Any, tried: Tally[str]) -> None:
        super().__init__()
        self.cast, self.clock, self.tried = cast, clock, tried
        self.day = transaction.atomic()
        self.day.__enter__()
        self.clock.set(dt.datetime(2026, 11, 24, 2, 0, tzinfo=dt.UTC))
        self.paper = PaperHall(SERVES, self.clock.moment, WIB)
        self.ids: dict[Slip, int] = {}
        self.pressed: list[tuple[str, str, str]] = []
        self.read = 0

    def teardown(self) -> None:
        try:
            judge(self.evidence())
        finally:
            transaction.set_rollback(True)
            self.day.__exit__(None, None, None)

    # --- A press in both halls ------------------------------------------------------------------

    def press(self, verb: str, on_paper: Callable[[], Any], act: Callable[[], Any]) -> Any:
        """Press here and there: both do it and give the same, or both refuse."""
        key = uuid.uuid4().hex
        try:
            expected = on_paper()
        except Refused:
            self.tried[f"{verb} refused"] += 1
            with refused(Refusal):
                commands.once("machine", key, verb, lambda: commands.answer(200, said(act())))
            return None
        self.tried[f"{verb} done"] += 1
        answer = commands.once("machine", key, verb, lambda: commands.answer(200, said(act())))
        assert answer.text == commands.answer(200, said(expected)).text
        self.pressed.append((key, verb, answer.text))
        return expected

    def at(self, verb: str, counter: int, **options: Any) -> None:
        act = getattr(lifecycle, verb)
        on_paper = partial(getattr(self.paper, verb), counter, **options)
        self.press(verb, on_paper, lambda: act(self.cast.counter(counter), **options, **BY))
        self.take_note()  # who comes back from an errand has a new number

    def to(self, verb: str, slip: Slip) -> None:
        act = getattr(lifecycle, verb)
        on_paper = partial(getattr(self.paper, verb), slip)
        self.press(verb, on_paper, lambda: act(self.ticket(slip), **BY))

    def ticket(self, slip: Slip) -> Ticket:
        return Ticket.objects.whole().get(pk=self.ids[slip])

    @property
    def hall(self) -> Hall:
        return Hall.objects.get(pk=self.cast.hall.pk)

    def take_note(self) -> list[Slip]:
        """Write down which row is which slip; return the new slips."""
        new = self.paper.slips[len(self.ids) :]
        rows = Ticket.objects.filter(hall=self.hall).order_by("pk").values_list("pk", flat=True)
        self.ids |= dict(zip(new, rows[len(self.ids) :], strict=True))
        return new

    # --- Coming in ------------------------------------------------------------------------------

    @initialize(target=slips, first=st.lists(st.sampled_from(ERRANDS), min_size=2, max_size=6))
    def a_morning(self, first):
        arrivals = [self.arrive(codes, is_first=False) for codes in first]
        return multiple(*[slip for slips in arrivals for slip in slips])

    @rule(
        target=slips,
        codes=st.lists(services, min_size=1, max_size=3, unique=True),
        is_first=st.booleans(),
    )
    def somebody_comes(self, codes, is_first):
        return multiple(*self.arrive(codes, is_first=is_first))

    def arrive(self, codes: list[str], *, is_first: bool) -> list[Slip]:
        queues = sorted({SERVICES[code] for code in codes}, key=["A", "B", "AA"].index)
        on_paper = partial(self.paper.issue, queues, priority=is_first)
        priority = "elderly" if is_first else ""
        self.press("issue", on_paper, lambda: self.cast.visit(*codes, priority=priority))
        return self.take_note()

    # --- At a counter ---------------------------------------------------------------------------

    @rule(counter=counters, finish_current=st.booleans())
    def call_next(self, counter, finish_current):
        self.at("call_next", counter, finish_current=finish_current)

    @rule(counter=counters, slip=slips)
    def call(self, counter, slip):
        act = partial(lifecycle.call, reason="asked", **BY)
        on_paper = partial(self.paper.call, counter, slip)
        self.press("call", on_paper, lambda: act(self.cast.counter(counter), self.ticket(slip)))

    @rule(counter=counters, verb=st.sampled_from(["recall", "start", "finish", "hold"]))
    def work(self, counter, verb):
        self.at(verb, counter)

    @rule(counter=counters, said_so=st.booleans())
    def no_show(self, counter, said_so):
        self.at("no_show", counter, said_so=said_so)

    @rule(target=slips, counter=counters, code=services, is_first=st.booleans())
    def walk_in(self, counter, code, is_first):
        act = partial(lifecycle.walk_in, priority="elderly" if is_first else "", **BY)
        on_paper = partial(self.paper.walk_in, counter, SERVICES[code], priority=is_first)
        wanted = [self.cast.service(code)]
        self.press("walk_in", on_paper, lambda: act(self.cast.counter(counter), wanted))
        return multiple(*self.take_note())

    @rule(counter=counters, slip=slips)
    def call_back(self, counter, slip):
        self.back_to(counter, slip)

    @rule(counter=counters)
    def the_last_one_is_called_back(self, counter):
        gone = [slip for slip in self.ids if slip.state in {"done", "no_show", "on_hold"}]
        for slip in gone[-1:]:
            self.back_to(counter, slip)

    def back_to(self, counter, slip):
        act = partial(lifecycle.call_back, reason="a paper was missing", **BY)
        on_paper = partial(self.paper.call_back, counter, slip)
        self.press(
            "call_back", on_paper, lambda: act(self.cast.counter(counter), self.ticket(slip))
        )

    @rule(
        counter=counters,
        ending=st.sampled_from(["finish", "no_show"]),
        seconds=st.sampled_from([0, 9, 10]),
    )
    def undo(self, counter, ending, seconds):
        """Mostly the wrong button, seen at once; with finish the next one may be here already."""
        if ending == "no_show":
            self.at("no_show", counter, said_so=True)
        self.at("call_next", counter, finish_current=True)
        self.pass_time(seconds=seconds)
        self.at("undo", counter)

    @rule(counter=counters, ending=st.sampled_from(["finish", "hold", "no_show", "recall"]))
    def a_turn(self, counter, ending):
        """What happens most: the next one is called, comes or not, and the counter is free."""
        self.at("call_next", counter, finish_current=True)
        if ending == "no_show":
            self.at("no_show", counter, said_so=True)
        elif ending == "recall":
            self.pass_time(seconds=31)
            self.at("recall", counter)
        else:
            self.at("start", counter)
            self.at(ending, counter)

    @rule(code=queues, status=st.sampled_from(Queue.Status.values))
    def a_manager_sets_a_queue(self, code, status):
        Queue.objects.filter(hall=self.hall, code=code).update(status=status)
        self.paper.queue_status[code] = status

    @rule(code=queues, verb=st.sampled_from(["begin_incident", "clear_incident"]))
    def a_system_goes_down_or_comes_back(self, code, verb):
        act, queue = getattr(lifecycle, verb), self.queue(code)
        on_paper = partial(getattr(self.paper, verb), code)
        self.press(verb, on_paper, lambda: act(queue, **BY) and None)

    @rule(
        counter=counters,
        codes=st.lists(queues, max_size=3, unique=True),
        weights=st.dictionaries(queues, st.integers(1, 3), max_size=2),
        is_all=st.booleans(),
    )
    def a_supervisor_assigns_a_counter(self, counter, codes, weights, is_all):
        codes = sorted({*codes, *weights}) if is_all else codes
        act = partial(lifecycle.assign, weights=weights, **BY)
        served = [self.queue(code) for code in codes]
        on_paper = partial(self.paper.assign, counter, codes, weights)
        self.press("assign", on_paper, lambda: act(self.cast.counter(counter), served) and None)

    @rule(counter=counters, verb=st.sampled_from(["open"] * 3 + ["break"] * 2 + ["close"] * 2))
    def set_status(self, counter, verb):
        status, act = STATUS_VERBS[verb]
        on_paper = partial(self.paper.set_status, counter, verb, status)
        self.press(verb, on_paper, lambda: act(self.cast.counter(counter), **BY) and None)

    # --- Away from the counter ------------------------------------------------------------------

    @rule(slip=slips, verb=st.sampled_from(["resume", "reinstate", "cancel"]))
    def come_back_or_go(self, slip, verb):
        self.to(verb, slip)

    @rule(verb=st.sampled_from(["resume", "reinstate"]))
    def all_come_back(self, verb):
        gone = {"resume": "on_hold", "reinstate": "no_show"}[verb]
        for slip in [slip for slip in self.ids if slip.state == gone]:
            self.to(verb, slip)

    @rule(slip=slips, wish=st.sampled_from(["postpone", "be_back", 5, 30]))
    def let_others_go_first(self, slip, wish):
        if isinstance(wish, str):
            return self.to(wish, slip)
        act = partial(lifecycle.step_away, reason="prayer", minutes=wish, **BY)
        on_paper = partial(self.paper.step_away, slip, wish)
        return self.press("step_away", on_paper, lambda: act(self.ticket(slip))) and None

    @rule(slip=slips, is_first=st.booleans())
    def prioritise(self, slip, is_first):
        act = partial(lifecycle.prioritise, priority="elderly" if is_first else "", **BY)
        on_paper = partial(self.paper.prioritise, slip, priority=is_first)
        self.press("prioritise", on_paper, lambda: act(self.ticket(slip)))

    @rule(target=slips, slip=slips, code=services)
    def transfer(self, slip, code):
        return self.send_on(slip, code, is_whole_queue=True)

    @rule(target=slips, counter=counters, code=services, is_whole_queue=st.booleans())
    def serve_and_send_on(self, counter, code, is_whole_queue):
        self.at("start", counter)
        slip = self.paper.at(counter)
        return self.send_on(slip, code, is_whole_queue) if slip else multiple()

    def send_on(self, slip: Slip, code: str, is_whole_queue: bool) -> Any:
        queue, service = self.queue(SERVICES[code]), self.cast.service(code)
        act = partial(lifecycle.transfer, way=Way(None if is_whole_queue else service), **BY)
        on_paper = partial(self.paper.transfer, slip, queue.code)
        self.press("transfer", on_paper, lambda: act(self.ticket(slip), queue))
        return multiple(*self.take_note())

    @rule(
        target=slips,
        counter=counters,
        code=st.sampled_from(["A", "AA", "B"]),
        only_at=st.sampled_from([None, 1, 2, 3]),
        front=st.booleans(),
        comes_back=st.booleans(),
    )
    def serve_and_send_on_with_wishes(self, counter, code, only_at, front, comes_back):
        self.at("start", counter)
        slip = self.paper.at(counter)
        if slip is None:
            return multiple()
        there = self.cast.counter(only_at) if only_at else None
        way = Way(counter=there, front_reason="sick" if front else "", comes_back=comes_back)
        act = partial(lifecycle.transfer, way=way, **BY)
        wishes = {"only_at": only_at, "front": front, "comes_back": comes_back}
        on_paper = partial(self.paper.transfer, slip, code, **wishes)
        self.press("transfer", on_paper, lambda: act(self.ticket(slip), self.queue(code)))
        return multiple(*self.take_note())

    @rule(target=slips, counter=counters, code=services)
    def add_service(self, counter, code):
        slip = self.paper.at(counter)
        if slip is None:
            return multiple()
        wanted = self.ticket(slip).services.values_list("code", flat=True)
        is_new = code not in wanted
        on_paper = partial(self.paper.add_service, slip, SERVICES[code], is_new=is_new)
        act = partial(lifecycle.add_service, **BY)
        self.press("add_service", on_paper, lambda: act(self.ticket(slip), self.cast.service(code)))
        return multiple(*self.take_note())

    @rule(target=slips, slip=slips, code=services)
    def change_service(self, slip, code):
        act, service = partial(lifecycle.change_service, **BY), self.cast.service(code)
        on_paper = partial(self.paper.change_service, slip, SERVICES[code])
        self.press("change_service", on_paper, lambda: act(self.ticket(slip), service))
        return multiple(*self.take_note())

    def queue(self, code: str) -> Queue:
        return self.cast.queue(code)

    # --- Keys and time --------------------------------------------------------------------------

    @rule(data=st.data(), is_other=st.booleans())
    def press_again(self, data, is_other):
        """The same key: the same answer and no change; with another body: refused."""
        if not self.pressed:
            return
        key, verb, text = data.draw(st.sampled_from(self.pressed))
        if is_other:
            with refused(KeyReused):
                commands.once("machine", key, "another", pytest.fail)
        else:
            again = commands.once("machine", key, verb, pytest.fail)
            assert (again.text, again.replayed) == (text, True)

    @rule(seconds=st.sampled_from([1, 31, 91, 181, 1200, 3600]))
    def time_passes(self, seconds):
        self.pass_time(seconds=seconds)

    @rule(hours=st.sampled_from([-15, -1, 1, 14, 24]))
    def the_clock_jumps(self, hours):
        self.pass_time(hours=hours)

    def pass_time(self, **span: float) -> None:
        self.clock.forward(**span)
        self.paper.moment = self.clock.moment

    @rule(days_ago=st.integers(0, 2))
    def close_day(self, days_ago):
        date = self.paper.today - dt.timedelta(days=days_ago)
        on_paper = partial(self.paper.close_day, date)
        self.press("close_day", on_paper, lambda: lifecycle.close_day(self.hall, date))

    # --- What must be so after every press ------------------------------------------------------

    @invariant()
    def the_rows_are_those_of_the_paper(self):
        rows = Ticket.objects.values_list(
            "pk",
            "number",
            "date",
            "state",
            "counter__number",
            "calls",
            "returns",
            "effective_time",
            "postponed",
            "away_until",
            "away_minutes",
        )
        assert list(rows.order_by("pk")) == [
            (pk, s.number, s.date, s.state, s.counter, s.calls, s.returns, s.effective, *s.wishes)
            for s, pk in self.ids.items()
        ]

    @invariant()
    def the_log_has_one_event_a_move_and_no_holes(self):
        assert self.hall.version == len(self.paper.log)
        events = TicketEvent.objects.filter(hall=self.hall, version__gt=self.read)
        rows = list(events.order_by("version").values_list("version", "kind", "label", "counter"))
        wanted = self.paper.log[self.read :]
        assert rows == [(number, *each) for number, each in enumerate(wanted, self.read + 1)]
        self.read = len(self.paper.log)

    @invariant()
    def the_board_shows_the_paper(self):
        shown, paper = board(self.hall), self.paper
        assert shown["date"] == paper.today.isoformat()
        assert {q["code"]: (q["waiting"], q["status"]) for q in shown["queues"]} == {
            code: (len(paper.line(code)), paper.shown_status(code)) for code in paper.queue_status
        }
        down = {q["code"] for q in shown["queues"] if q["incident_since"]}
        assert down == paper.down
        assert {c["number"]: (c["status"], c["ticket"]) for c in shown["counters"]} == {
            number: (paper.status[number], as_shown(paper.at(number))) for number in SERVES
        }

    @invariant()
    def everybody_knows_how_many_are_ahead(self):
        if self.ids:
            slip = max(self.ids, key=lambda each: (each.state == "waiting", each.place))
            assert waiting.ahead_of(self.ticket(slip)) == self.paper.ahead_of(slip)

    def evidence(self) -> Evidence:
        fields = ("version", "kind", "ticket", "label", "queue", "counter", "detail", "at")
        events = TicketEvent.objects.filter(hall=self.hall).order_by("version").values(*fields)
        serves = {number: set(queues) for number, queues in SERVES.items()}
        rows = [as_row(slip, pk) for slip, pk in self.ids.items()]
        told = [{**each, "at": each["at"].isoformat()} for each in events]
        return Evidence(told, rows, serves=serves, one_by_one=True)


def as_row(slip: Slip, pk: int) -> TicketRow:
    places = (slip.first, pk), (slip.effective, pk)
    known = (slip.label, slip.queue, slip.date, slip.number, str(slip.visit))
    return TicketRow(pk, *known, *places, slip.returns, slip.postponed)


def said(answer: Any) -> Any:
    """What both halls can say of a ticket: its label and its state."""
    if isinstance(answer, list):
        return [said(each) for each in answer]
    return f"{answer.label} {answer.state}" if hasattr(answer, "label") else answer


def as_shown(slip: Slip | None) -> dict[str, Any] | None:
    return slip and {"label": slip.label, "state": slip.state, "calls": slip.calls}


@pytest.fixture
def machine(cast, clock):
    """Makes halls of two queues in the first agency and one in the second."""
    queue = Queue.objects.create(hall=cast.hall, agency=cast.a, code="AA")
    make_service(queue, "AA01")
    cast.counter(2).queues.add(queue)
    return partial(HallMachine, cast, clock, Tally())


def run(machine: Callable[[], HallMachine], examples: int, steps: int, **options: Any) -> None:
    limits = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        **options,
    )
    run_state_machine_as_test(machine, settings=limits)


def test_whatever_is_pressed_the_hall_does_what_the_paper_says(machine):
    run(machine, examples=15, steps=20, phases=[Phase.generate])  # to shorten takes minutes


@pytest.mark.slow
@pytest.mark.fault(
    "T08",
    "10,000 presses of all verbs in any order, 3 counters, 2 agencies, day change",
    "rows, log and board are those of the paper after each; a refusal changes nothing",
)
def test_ten_thousand_presses_find_no_difference_either(machine, row):
    run(machine, examples=200, steps=50)
    tried = machine.args[-1]
    row.update(presses=tried.total())
    outcomes = {f"{verb} {how}" for verb in VERBS for how in ("done", "refused")}
    assert outcomes - tried.keys() == NEVER_REFUSED


# --- The twin that must fail --------------------------------------------------------------------


def look_at_no_visit(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(waiting, "_HAS_SIBLINGS", Value(value=False))
    patch.setattr(waiting, "callable_line", lambda ids, date, counter: whole_line(ids, date))


FAULTS = {
    "no guard": lambda patch: patch.setattr(moves, "guard", lambda verb, ticket: None),
    "last come first": lambda patch: patch.setattr(
        waiting, "line", lambda ids, date: whole_line(ids, date).reverse()
    ),
    "no credit": lambda patch: patch.setattr(
        waiting, "effective_time", lambda since, first, hall: since
    ),
    "no look at the visit": look_at_no_visit,
}
whole_line = waiting.line


@pytest.mark.parametrize("fault", FAULTS)  # the same presses each time: no chance in it
def test_a_hall_with_a_broken_rule_is_found_out(machine, monkeypatch, fault):
    FAULTS[fault](monkeypatch)
    rule = Ready(waiting._first.build)  # noqa: SLF001 - the SQL of the other one is written
    monkeypatch.setattr(waiting, "_first", rule)
    with pytest.raises((AssertionError, IntegrityError, pytest.fail.Exception)):
        run(machine, examples=400, steps=30, phases=[Phase.generate], derandomize=True)
