"""Judges what came of a day, from the event log and the rows alone (claims C1-C7)."""

from collections import defaultdict
from typing import Any

from queueing.lifecycle import MOVES

CLOSING = {"finish", "no_show", "hold", "transfer", "cancel"}


def check_numbers(rows: list[tuple[str, Any, int]]) -> None:
    """C2: the numbers of each queue and date are exactly 1..n. Rows: queue, date, number."""
    series: dict[tuple[str, Any], list[int]] = defaultdict(list)
    for queue, date, number in rows:
        series[queue, date].append(number)
    for place, numbers in series.items():
        assert sorted(numbers) == list(range(1, len(numbers) + 1)), place


def check_versions(events: list[dict[str, Any]]) -> None:
    """C7: the versions of the hall are 1..v without holes."""
    assert [event["version"] for event in events] == list(range(1, len(events) + 1))


def check_paths(events: list[dict[str, Any]]) -> None:
    """C4: what happened to each ticket is a path of the table of moves."""
    states: dict[str, str] = {}
    for event in (event for event in events if event["ticket"]):
        kind, ticket = event["kind"], event["ticket"]
        if kind == "issue":
            assert ticket not in states, f"{event['label']} was issued twice"
            states[ticket] = "waiting"
            continue
        kind = "reroute" if event["detail"].get("reason") == "wrong_service" else kind
        assert states[ticket] in MOVES[kind].sources, f"{event} from {states[ticket]}"
        states[ticket] = MOVES[kind].target or states[ticket]


def check_counters(events: list[dict[str, Any]]) -> None:
    """C5: at no moment is a ticket at two counters, or are two tickets at one."""
    at: dict[int, str] = {}
    for event in events:
        counter, label = event["counter"], event["label"]
        if event["kind"] == "call":
            assert at.get(counter) is None, f"counter {counter} still has {at[counter]}"
            assert label not in at.values(), f"{label} is at another counter"
            at[counter] = label
        elif event["kind"] in CLOSING and at.get(counter) == label:
            del at[counter]


def check_visits(events: list[dict[str, Any]], visit_of: dict[str, int]) -> None:
    """C5, for people: at no moment is a visit at two counters. `visit_of`: label to visit."""
    at: dict[int, str] = {}
    for event in (event for event in events if event["label"]):
        visit, label = visit_of[event["label"]], event["label"]
        if event["kind"] == "call":
            assert visit not in at, f"{label} and {at[visit]} are one person"
            at[visit] = label
        elif event["kind"] in CLOSING and at.get(visit) == label:
            del at[visit]


def check_order(events: list[dict[str, Any]], place_of: dict[str, tuple[Any, int]]) -> None:
    """C6: whoever was called was the first of the queue's line at that moment.

    `place_of`: label to effective time and id. Holds where each visit has one ticket.
    """
    lines: dict[str, set[str]] = defaultdict(set)
    for event in (event for event in events if event["label"]):
        line, label = lines[event["queue"]], event["label"]
        if event["kind"] in {"issue", "resume", "reinstate"}:
            line.add(label)
        elif event["kind"] == "call":
            assert label == min(line, key=place_of.__getitem__), f"{label} was called too early"
            line.remove(label)
        elif event["kind"] in {"cancel", "expire"}:
            line.discard(label)


def check_log(events: list[dict[str, Any]]) -> None:
    check_versions(events)
    check_paths(events)
    check_counters(events)
