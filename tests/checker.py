"""Judges what came of a day: the one checker of every history (claims C1-C11).

    judge(hall.evidence(history.calls, screens))

What clients were told, the log, the rows and the screens' frames are held against each other;
nothing of the product is asked but its table of moves. Each claim may also be asked alone.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from queueing.lifecycle import MOVES
from tests.evidence import BACK_AT_THE_COUNTER, CLOSING, Call, Evidence, TicketRow
from tests.line import Line

__all__ = ["Call", "Evidence", "TicketRow", "broken_claims", "judge"]

SENT_ON = {"leg_of", "added_to", "back_from"}  # the number of somebody who is here already


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
            at = dt.datetime.fromisoformat(event["at"])
            assert not line.is_away(ticket, at), f"{event['label']} was called while away"
            others = [each for each in waiting if line.may_be_called(each, event["counter"], at)]
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
