"""Would the checker find it? A day without fault, and for each claim the same day with one."""

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest

from tests.checker import Evidence, TicketRow, broken_claims, judge
from tests.faults.history import Call

MORNING = dt.datetime(2026, 11, 24, 8, 0, tzinfo=dt.UTC)


def a_ticket(number: int, visit: str = "", queue: str = "A") -> TicketRow:
    place = (MORNING + dt.timedelta(minutes=number), number)
    label = f"{queue}-{number:03d}"
    return TicketRow(label, label, queue, MORNING.date(), number, visit or label, place, place, 0)


def an_event(version: int, kind: str, label: str, counter: int | None = None) -> dict[str, Any]:
    at = (MORNING + dt.timedelta(hours=1, seconds=version)).isoformat()
    queue, detail = label[0], {}
    return {
        "version": version,
        "kind": kind,
        "ticket": label,
        "label": label,
        "queue": queue,
        "counter": counter,
        "at": at,
        "detail": detail,
    }


def a_change(version: int, kind: str, **more: Any) -> dict[str, Any]:
    """What is said of queue A, or of a counter, and of no ticket."""
    event = an_event(version, kind, "A-001")
    return {**event, "ticket": None, "label": None, **more}


def an_assignment(version: int, was: dict, queues: dict) -> dict[str, Any]:
    detail = {"was": was, "queues": queues}
    return a_change(version, "assign", queue=None, counter=1, detail=detail)


def a_call(key: str, label: str = "", outcome: str = "ok") -> Call:
    told = {"visit": {"token": label}, "tickets": [{"label": label}]} if label else {}
    text = json.dumps(told) if label else ""
    return Call("kiosk", "visits", key, {}, 0.0, 0.1, outcome, 201, text)


def a_board(version: int, label: str | None, *calls: dict[str, Any]) -> dict[str, Any]:
    fields = ("version", "label", "queue", "counter", "at")
    told = [{name: call[name] for name in fields} for call in calls]
    ticket = {"label": label} if label else None
    frame = {"type": "board", "epoch": "e", "version": version, "calls": told}
    return {**frame, "counters": [{"number": 1, "ticket": ticket}]}


LOG = [
    an_event(1, "issue", "A-001"),
    an_event(2, "issue", "A-002"),
    an_event(3, "call", "A-001", 1),
    an_event(4, "start", "A-001", 1),
    an_event(5, "finish", "A-001", 1),
    an_event(6, "call", "A-002", 1),
]
SHOWN = [a_board(2, None), a_board(3, "A-001", LOG[2]), a_board(6, "A-002", LOG[5], LOG[2])]
DAY = Evidence(
    events=LOG,
    tickets=[a_ticket(1), a_ticket(2)],
    calls=[a_call("k1", "A-001"), a_call("k2", outcome="unknown"), a_call("k2", "A-002")],
    screens=[SHOWN],
    board=SHOWN[-1],
    serves={1: {"A"}, 2: {"A"}},
)


def with_log(*events: dict[str, Any]) -> Evidence:
    return replace(DAY, events=list(events), screens=[], board=None)


FAULTS = {
    "a number that was told is not there": ("C1", replace(DAY, tickets=[a_ticket(1)])),
    "a number that nobody was told of": ("C1", replace(DAY, calls=DAY.calls[:2][:1])),
    "two keys are told of one number": (
        "C1",
        replace(DAY, calls=[*DAY.calls, a_call("k3", "A-001")]),
    ),
    "a gap": ("C2", replace(DAY, tickets=[a_ticket(1), a_ticket(3)])),
    "a twin": ("C2", replace(DAY, tickets=[a_ticket(1), a_ticket(2), a_ticket(2)])),
    "one key, two answers": (
        "C3",
        replace(DAY, calls=[a_call("k", "A-001"), a_call("k", "A-002")]),
    ),
    "finished, never started": ("C4", with_log(*LOG[:3], an_event(4, "finish", "A-001", 1))),
    "issued twice": ("C4", with_log(*LOG[:2], an_event(3, "issue", "A-001"))),
    "a row that the log does not know": ("C4", with_log(LOG[0])),
    "two at a counter": ("C5", with_log(*LOG[:3], an_event(4, "call", "A-002", 1))),
    "one person at two counters": (
        "C5",
        replace(
            with_log(*LOG[:3], an_event(4, "call", "A-002", 2)),
            tickets=[a_ticket(1, "v"), a_ticket(2, "v")],
        ),
    ),
    "the second before the first": ("C6", with_log(*LOG[:2], an_event(3, "call", "A-002", 1))),
    "a hole in the log": ("C7", with_log(*LOG[:2], *LOG[3:])),
    "a version twice": ("C7", with_log(*LOG, LOG[-1])),
    "a version that falls": ("C8", replace(DAY, screens=[[SHOWN[1], SHOWN[0], SHOWN[2]]])),
    "an old board at the end": ("C8", replace(DAY, screens=[SHOWN[:2]])),
    "a deaf screen": ("C8", replace(DAY, screens=[[]])),
    "somebody on a screen who is not at the counter": (
        "C9",
        replace(DAY, screens=[[a_board(2, "A-001"), SHOWN[2]]]),
    ),
    "a call on a screen that was never made": (
        "C9",
        replace(DAY, screens=[[a_board(2, None, an_event(2, "call", "A-002", 1)), SHOWN[2]]]),
    ),
    "a call at another agency's counter": ("C10", replace(DAY, serves={1: {"B"}})),
    "a call of a queue that was taken from the counter": (
        "C10",
        with_log(*LOG[:5], an_assignment(6, {"A": None}, {"B": None}), LOG[5]),
    ),
    "a number while the system is down": ("C11", with_log(a_change(1, "incident"), *LOG[:1])),
}


def test_a_day_without_fault_is_let_pass():
    judge(DAY)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(fault):
    claim, evidence = FAULTS[fault]
    assert claim in broken_claims(evidence)


def test_a_press_that_was_never_answered_may_have_come_in():
    calls = [a_call("k1", "A-001"), a_call("k2", outcome="unknown")]
    judge(replace(DAY, calls=calls))


def test_a_press_that_was_never_answered_may_have_been_lost():
    judge(replace(DAY, calls=[*DAY.calls, a_call("k3", outcome="unknown")]))


def test_a_press_that_was_refused_may_not_have_come_in():
    calls = [a_call("k1", "A-001"), a_call("k2", outcome="fail")]
    assert "C1" in broken_claims(replace(DAY, calls=calls))


def test_who_holds_two_numbers_is_skipped_while_at_a_counter():
    log = [*LOG[:3], an_event(4, "issue", "A-003"), an_event(5, "call", "A-003", 2)]
    tickets = [a_ticket(1, "v"), a_ticket(2, "v"), a_ticket(3)]
    evidence = replace(with_log(*log), tickets=tickets, calls=[], one_by_one=True)
    judge(evidence)


def test_who_came_back_late_waits_after_the_next_three():
    numbers = [f"A-{number:03d}" for number in range(1, 6)]
    issued = [an_event(number, "issue", label) for number, label in enumerate(numbers, 1)]
    away = [an_event(6, "call", "A-001", 1), an_event(7, "no_show", "A-001", 1)]
    log = [*issued, *away, an_event(8, "reinstate", "A-001"), an_event(9, "call", "A-001", 1)]
    late = a_ticket(1)._replace(returns=1, last_place=(a_ticket(4).first_place[0], 1))
    tickets = [late, *map(a_ticket, range(2, 6))]
    assert "C6" in broken_claims(replace(with_log(*log), tickets=tickets, calls=[]))


@pytest.mark.parametrize(("was", "given", "first"), [(False, True, "A-002"), (True, True, "A-001")])
def test_who_is_given_priority_goes_before_those_of_the_last_half_hour(was, given, first):
    change = an_event(3, "prioritise", "A-002") | {"detail": {"was": was, "priority": given}}
    for label in ("A-001", "A-002"):
        evidence = with_log(*LOG[:2], change, an_event(4, "call", label, 1))
        broken = broken_claims(replace(evidence, calls=[]))
        assert ("C6" in broken) == (label != first)


def test_numbers_are_given_again_once_the_system_is_back():
    down, back = a_change(1, "incident"), a_change(2, "clear")
    assert "C11" not in broken_claims(with_log(down, back, *LOG))


def test_with_weights_the_order_is_that_of_each_queue():
    """A-001 came before B-002, which is called first; A-003 may not be called before A-001."""
    issued = [an_event(1, "issue", "A-001"), an_event(2, "issue", "B-002")]
    issued.append(an_event(3, "issue", "A-003"))
    shared = an_assignment(4, {"A": None, "B": None}, {"A": 1, "B": 2})
    tickets = [a_ticket(1), a_ticket(2, queue="B"), a_ticket(3)]
    for label, is_right in (("B-002", True), ("A-003", False)):
        log = with_log(*issued, shared, an_event(5, "call", label, 1))
        broken = broken_claims(replace(log, tickets=tickets, calls=[]))
        assert ("C6" not in broken) == is_right


def test_who_was_passed_on_has_left_the_counter():
    passed = an_event(4, "pass_on", "A-001") | {"detail": {"counter": 2}}
    log = with_log(*LOG[:3], passed, an_event(5, "call", "A-002", 1))
    assert "C5" not in broken_claims(log)
