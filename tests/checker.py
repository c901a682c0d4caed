"""Judges what came of a day: the one checker of every history (claims C1-C11).

    judge(hall.evidence(history.calls, screens))

What clients were told, the log, the rows and the screens' frames are held against each other;
nothing of the product is asked but its table of moves. Each claim may also be asked alone.
"""

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from queueing.lifecycle import MOVES

CLOSING = {"finish", "no_show", "hold", "transfer", "cancel", "undo_call", "pass_on"}
BACK_AT_THE_COUNTER = {"undo_finish", "undo_no_show", "undo_transfer"}
BACK_IN_LINE = {"reinstate", "resume", "reopen", "undo_call", "pass_on"}
SENT_ON = {"leg_of", "added_to", "back_from"}  # the number of somebody who is here already
AFTER_RETURN = 3
CREDIT = dt.timedelta(minutes=30)
TICK = dt.timedelta(microseconds=1)


class Call(Protocol):
    """One request of a client: what was asked, and what it was told; see `faults.history`."""

    path: str
    key: str
    outcome: str  # ok, fail or unknown
    text: str


class TicketRow(NamedTuple):
    """A ticket as the database has it."""

    ticket: str
    label: str
    queue: str
    date: dt.date
    number: int
    visit: str  # its token
    first_place: tuple[dt.datetime, int]  # where it stood in line when it was issued
    last_place: tuple[dt.datetime, int]  # and after its last return
    returns: int


@dataclass(frozen=True)
class Evidence:
    """All that is known of a day."""

    events: Sequence[dict[str, Any]]
    tickets: Sequence[TicketRow]
    calls: Sequence[Call] = ()
    screens: Sequence[Sequence[dict[str, Any]]] = ()  # the frames of each, in order
    board: dict[str, Any] | None = None  # what the server shows at the end
    serves: dict[int, set[str]] = field(default_factory=dict)  # each counter's queues, begin or end
    one_by_one: bool = False  # nothing happened at the same time, so the order must be exact

    def of_tickets(self) -> Iterator[dict[str, Any]]:
        return (event for event in self.events if event["ticket"])

    def rows(self) -> dict[str, TicketRow]:
        return {row.ticket: row for row in self.tickets}


# --- What clients were told ---------------------------------------------------------------------


def by_key(calls: Iterable[Call]) -> dict[str, list[Call]]:
    keys: dict[str, list[Call]] = defaultdict(list)
    for call in calls:
        keys[call.key].append(call)
    return keys


def issued_by(calls: Iterable[Call]) -> tuple[list[dict[str, Any]], int]:
    """Return the answer of each key that was told of a number, and how many keys never knew."""
    answers, unknown = [], 0
    for tries in by_key(call for call in calls if call.path == "visits").values():
        told = [call for call in tries if call.outcome == "ok"]
        answers += [json.loads(call.text) for call in told[:1]]
        unknown += not told and any(call.outcome == "unknown" for call in tries)
    return answers, unknown


def check_issues(evidence: Evidence) -> None:
    """C1: every number that was told is there exactly once, a press without answer 0 or 1 times."""
    if not evidence.calls:
        return
    answers, unknown = issued_by(evidence.calls)
    stored: dict[str, set[str]] = defaultdict(set)
    for row in evidence.tickets:
        stored[row.visit].add(row.label)
    tokens = [answer["visit"]["token"] for answer in answers]
    assert len(tokens) == len(set(tokens)), "two keys were told of one visit"
    for answer in answers:
        labels = {ticket["label"] for ticket in answer["tickets"]}
        missing = labels - stored[answer["visit"]["token"]]
        assert not missing, f"{missing} told, but not there"
    more = sum(map(bool, stored.values())) - len(tokens)
    assert 0 <= more <= unknown, f"{more} visits nobody was told of, {unknown} unknown"


def check_answers(evidence: Evidence) -> None:
    """C3: one key has one answer."""
    for key, tries in by_key(evidence.calls).items():
        texts = {call.text for call in tries if call.outcome == "ok"}
        assert len(texts) <= 1, f"{key} has {len(texts)} answers"


# --- The numbers and the log --------------------------------------------------------------------


def check_numbers(evidence: Evidence) -> None:
    """C2: the numbers of each queue and date are exactly 1..n."""
    series: dict[tuple[str, Any], list[int]] = defaultdict(list)
    for row in evidence.tickets:
        series[row.queue, row.date].append(row.number)
    for place, numbers in series.items():
        assert sorted(numbers) == list(range(1, len(numbers) + 1)), place


def check_paths(evidence: Evidence) -> None:
    """C4: what happened to each ticket is a path of the table of moves."""
    states: dict[str, str] = {}
    for event in evidence.of_tickets():
        kind, ticket = event["kind"], event["ticket"]
        if kind == "issue":
            assert ticket not in states, f"{event['label']} was issued twice"
            states[ticket] = "waiting"
            continue
        kind = "reroute" if event["detail"].get("reason") == "wrong_service" else kind
        assert ticket in states, f"{event['label']} was never issued"
        assert states[ticket] in MOVES[kind].sources, f"{event} from {states[ticket]}"
        states[ticket] = MOVES[kind].target or states[ticket]
    assert states.keys() == evidence.rows().keys(), "log and rows tell of different tickets"


def leave(at: dict[int, str], who: str) -> None:
    """Take somebody from the counter where they are; who was passed on is at none any more."""
    for counter in [counter for counter, here in at.items() if here == who]:
        del at[counter]


def check_counters(evidence: Evidence) -> None:
    """C5: at no moment is a ticket, or a visit, at two counters, or are two tickets at one."""
    visit_of = {row.ticket: row.visit for row in evidence.tickets}
    at: dict[int, str] = {}
    for event in evidence.of_tickets():
        counter, ticket = event["counter"], event["ticket"]
        if event["kind"] in {"call", *BACK_AT_THE_COUNTER}:
            assert counter not in at, f"counter {counter} still has {at[counter]}"
            visits = {visit_of[other] for other in at.values()}
            assert visit_of[ticket] not in visits, f"{event['label']} is at another counter"
            at[counter] = ticket
        elif event["kind"] in CLOSING:
            leave(at, ticket)


def check_versions(evidence: Evidence) -> None:
    """C7: the versions of the hall are 1..v without holes."""
    versions = [event["version"] for event in evidence.events]
    assert versions == list(range(1, len(versions) + 1)), "the log has holes or twins"


class Duties:
    """Which queues each counter serves, and which of them by weight, as the log tells it."""

    def __init__(self, evidence: Evidence) -> None:
        self.queues = dict(evidence.serves)
        self.weighted: set[int] = set()
        for event in reversed(evidence.events):
            if event["kind"] == "assign":
                self.take(event["counter"], event["detail"]["was"])

    def take(self, counter: int, weights: dict[str, int | None]) -> None:
        self.queues[counter] = set(weights)
        self.weighted -= {counter}
        self.weighted |= {counter} if any(weights.values()) else set()

    def follow(self, event: dict[str, Any]) -> None:
        if event["kind"] == "assign":
            self.take(event["counter"], event["detail"]["queues"])

    def one_line(self, event: dict[str, Any]) -> set[str]:
        """Return the queues among which the order of this call must be that of one line."""
        own = {event["queue"]}
        return own if event["counter"] in self.weighted else self.queues.get(event["counter"], own)


def check_agencies(evidence: Evidence) -> None:
    """C10: every call stays inside the counter's agency: the queues that it serves."""
    duties = Duties(evidence)
    for event in evidence.events:
        duties.follow(event)
        if event["kind"] == "call" and evidence.serves:
            queues = duties.queues[event["counter"]]
            assert event["queue"] in queues, f"{event['label']} at counter {event['counter']}"


def check_incidents(evidence: Evidence) -> None:
    """C11: nobody who comes in is given a number of a queue whose system is down."""
    down: set[str] = set()
    for event in evidence.events:
        if event["kind"] == "incident":
            down |= {event["queue"]}
        elif event["kind"] == "clear":
            down -= {event["queue"]}
        elif event["kind"] == "issue" and not SENT_ON & event["detail"].keys():
            assert event["queue"] not in down, f"{event['label']} was given while that was down"


# --- The order of calls -------------------------------------------------------------------------


class Line:
    """Who waits, as the log tells it, each with the place in line of that moment."""

    def __init__(self, evidence: Evidence) -> None:
        self.rows = evidence.rows()
        self.size_of = Counter(row.visit for row in evidence.tickets)
        self.one_by_one = evidence.one_by_one
        self.places: dict[str, tuple[dt.datetime, int]] = {}
        self.waiting: set[str] = set()
        self.busy: dict[str, str] = {}  # visit to its ticket at a counter
        self.returns: Counter[str] = Counter()
        self.unsure: set[str] = set()  # came back without the queue's lock
        self.only_at: dict[str, int | None] = {}  # sent to one counter: the others may pass by

    def follow(self, event: dict[str, Any]) -> None:
        kind, ticket = event["kind"], event["ticket"]
        row = self.rows[ticket]
        if kind == "issue":
            self.places[ticket] = row.first_place
            self.only_at[ticket] = event["detail"].get("counter")
        elif kind == "reinstate":
            self.places[ticket] = self.place_after_return(event, row)
        elif kind in {"resume", "reopen"}:
            self.unsure.add(ticket)
        elif kind == "pass_on":
            self.only_at[ticket] = event["detail"]["counter"]
            self.places[ticket] = self.place_passed_on(event, row)
        elif kind == "prioritise":
            self.places[ticket] = self.place_with_priority(event)
        if kind in {"issue", *BACK_IN_LINE}:
            self.waiting.add(ticket)
        elif kind in {"call", "cancel", "expire", "transfer"}:
            self.waiting.discard(ticket)
        if kind in {"call", *BACK_AT_THE_COUNTER}:
            self.busy[row.visit] = ticket
        elif kind in CLOSING and self.busy.get(row.visit) == ticket:
            del self.busy[row.visit]

    def place_after_return(self, event: dict[str, Any], row: TicketRow) -> tuple[Any, int]:
        self.returns[row.ticket] += 1
        if self.returns[row.ticket] == row.returns:
            return row.last_place
        ahead = sorted(self.places[each] for each in self.before({row.queue}, row.date))
        last = ahead[:AFTER_RETURN][-1][0] + TICK if ahead else None
        return last or dt.datetime.fromisoformat(event["at"]), row.first_place[1]

    def place_passed_on(self, event: dict[str, Any], row: TicketRow) -> tuple[Any, int]:
        """The same place, or with a reason the front of the line."""
        since, key = self.places[row.ticket]
        ahead = [self.places[each][0] for each in self.before({row.queue}, row.date)]
        if "front" in event["detail"] and ahead:
            since = min(since, min(ahead) - TICK)
        return since, key

    def place_with_priority(self, event: dict[str, Any]) -> tuple[Any, int]:
        """Half an hour is given or taken back, once; who came back late keeps that place."""
        since, key = self.places[event["ticket"]]
        steps = event["detail"]["was"] - event["detail"]["priority"]
        return since + CREDIT * (0 if self.returns[event["ticket"]] else steps), key

    def before(self, queues: set[str], date: dt.date) -> list[str]:
        rows = (self.rows[ticket] for ticket in self.waiting)
        return [row.ticket for row in rows if row.queue in queues and row.date == date]

    def may_be_called(self, ticket: str, counter: int) -> bool:
        """Whether this one was surely there to be called, at whatever instant the press looked."""
        if self.only_at.get(ticket) not in {None, counter}:
            return False
        visit = self.rows[ticket].visit
        is_alone = self.size_of[visit] == 1 and ticket not in self.unsure
        return (is_alone or self.one_by_one) and visit not in self.busy


def check_order(evidence: Evidence) -> None:
    """C6: whoever was called was the first in line of the counter's queues at that moment."""
    line, duties = Line(evidence), Duties(evidence)
    for event in evidence.events:
        duties.follow(event)
        if not (ticket := event["ticket"]):
            continue
        if event["kind"] == "call" and "reason" not in event["detail"]:
            row = line.rows[ticket]
            waiting = line.before(duties.one_line(event), row.date)
            others = [each for each in waiting if line.may_be_called(each, event["counter"])]
            first = min([ticket, *others], key=line.places.__getitem__)
            assert first == ticket, f"{event['label']} was called before {line.rows[first].label}"
        line.follow(event)


# --- The screens --------------------------------------------------------------------------------


def without_clock(board: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in board.items() if name != "at"}


def check_screens(evidence: Evidence) -> None:
    """C8: a screen's version never falls in an epoch; at the end it shows what the server does."""
    for frames in evidence.screens:
        newest: dict[str, int] = {}
        for frame in frames:
            epoch, version = frame["epoch"], frame["version"]
            assert version >= newest.get(epoch, 0), f"version {version} after {newest[epoch]}"
            newest[epoch] = version
        boards = [frame for frame in frames if frame["type"] == "board"]
        if evidence.board:
            assert boards, "a screen never saw a board"
            assert without_clock(boards[-1]) == without_clock(evidence.board)


def counters_at_versions(events: Iterable[dict[str, Any]]) -> dict[int, dict[int, str]]:
    """Return which label stands at which counter after each version."""
    at: dict[int, str] = {}
    shown: dict[int, dict[int, str]] = {0: {}}
    for event in events:
        counter, label = event["counter"], event["label"]
        if event["kind"] in {"call", *BACK_AT_THE_COUNTER}:
            at[counter] = label
        elif event["kind"] in CLOSING:
            leave(at, label)
        shown[event["version"]] = dict(at)
    return shown


def check_frames(evidence: Evidence) -> None:
    """C9: nothing stands on a screen that is not in the log."""
    shown = counters_at_versions(evidence.events)
    log = {event["version"]: event for event in evidence.events}
    frames = (frame for frames in evidence.screens for frame in frames)
    for frame in (frame for frame in frames if frame["type"] == "board"):
        on_counters = {
            counter["number"]: counter["ticket"]["label"]
            for counter in frame["counters"]
            if counter["ticket"]
        }
        assert on_counters == shown.get(frame["version"]), f"version {frame['version']}"
        for call in frame["calls"]:
            event = log.get(call["version"], {})
            told = {name: event.get(name) for name in ("label", "queue", "counter", "at")}
            assert told.items() <= call.items(), f"{call} is not in the log"


# --- All of them --------------------------------------------------------------------------------

CLAIMS: dict[str, Callable[[Evidence], None]] = {
    "C1": check_issues,
    "C2": check_numbers,
    "C3": check_answers,
    "C4": check_paths,
    "C5": check_counters,
    "C6": check_order,
    "C7": check_versions,
    "C8": check_screens,
    "C9": check_frames,
    "C10": check_agencies,
    "C11": check_incidents,
}


def broken_claims(evidence: Evidence) -> dict[str, str]:
    """Return each claim that does not hold, and why."""
    broken = {}
    for name, check in CLAIMS.items():
        try:
            check(evidence)
        except (AssertionError, KeyError) as error:
            broken[name] = str(error)
    return broken


def judge(evidence: Evidence) -> None:
    """Hold every claim against the evidence."""
    broken = broken_claims(evidence)
    assert not broken, broken
