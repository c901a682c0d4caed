"""Whose turn is it, when a counter's queues have weights?"""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from agencies.models import Assignment, Queue
from queueing import lifecycle, turns
from queueing.desk import desk_state
from queueing.models import Ticket
from tests.cast import make_service

BY = {"actor": "operator:officer"}
NINE = dt.datetime(2026, 11, 24, 2, 0, tzinfo=dt.UTC)

weights = st.dictionaries(st.integers(1, 6), st.integers(1, 9), min_size=1, max_size=5)


def head(queue: int, minute: int = 0):
    """Who is first in line of a queue."""
    came = NINE + dt.timedelta(minutes=minute)
    return SimpleNamespace(queue_id=queue, effective_time=came, pk=queue)


def turn(shares: dict[int, int], calls: list[int], waiting: set[int]) -> int:
    last = calls[::-1][: sum(shares.values()) - 1]
    return turns.whose([head(queue) for queue in waiting], shares, last).queue_id


# --- The rule alone -------------------------------------------------------------------------------


@given(shares=weights)
def test_while_all_wait_each_gets_its_weight_of_every_round(shares):
    calls, size = [], sum(shares.values())
    for _ in range(4 * size):
        calls.append(turn(shares, calls, set(shares)))
    for begin in range(3 * size):
        part = calls[begin : begin + size]
        assert {queue: part.count(queue) for queue in shares} == shares


@given(shares=weights, data=st.data())
def test_whatever_was_called_before_the_shares_are_right_one_round_later(shares, data):
    size = sum(shares.values())
    calls = data.draw(st.lists(st.sampled_from([*shares, 99]), max_size=30))
    for _ in range(2 * size):
        calls.append(turn(shares, calls, set(shares)))
    assert {queue: calls[-size:].count(queue) for queue in shares} == shares


@given(shares=weights, data=st.data())
def test_nobody_starves(shares, data):
    """Who is first in line of a queue is called within one round, and a turn of each other queue,
    whoever else comes and goes, and whatever was called before."""
    patient = data.draw(st.sampled_from([*shares]))
    calls = data.draw(st.lists(st.sampled_from([*shares]), max_size=30))
    waited = 0
    while turn(shares, calls, {patient, *(others := a_crowd(data, shares))}) != patient:
        calls.append(turn(shares, calls, {patient, *others}))
        waited += 1
    assert waited <= sum(shares.values()) + len(shares) - 2


def a_crowd(data, shares: dict[int, int]) -> set[int]:
    return data.draw(st.sets(st.sampled_from([*shares])))


@given(shares=weights, data=st.data())
def test_the_same_day_has_the_same_turns(shares, data):
    calls = data.draw(st.lists(st.sampled_from([*shares]), max_size=30))
    waiting = data.draw(st.sets(st.sampled_from([*shares]), min_size=1))
    assert turn(shares, calls, waiting) == turn(shares, calls, waiting)


def test_an_empty_hour_is_not_made_up_for():
    shares, calls = {1: 1, 2: 1}, [1] * 40
    for _ in range(4):
        calls.append(turn(shares, calls, {1, 2}))
    assert calls[-4:] == [2, 1, 2, 1]


def test_two_for_one_are_not_called_in_a_row_where_it_can_be_helped():
    shares, calls = {1: 2, 2: 2, 3: 1}, []
    for _ in range(10):
        calls.append(turn(shares, calls, {1, 2, 3}))
    assert calls[:5] == calls[5:]
    assert sorted(calls[:5]) == [1, 1, 2, 2, 3]


def test_of_equals_it_is_who_came_first():
    heads = [head(1, minute=5), head(2, minute=3)]
    assert turns.whose(heads, {1: 1, 2: 1}, []).queue_id == 2


@pytest.mark.parametrize(
    ("told", "meant"),
    [({1: None, 2: None}, {}), ({1: 3, 2: None}, {1: 3, 2: 1}), ({1: 1}, {1: 1}), ({}, {})],
)
def test_a_queue_without_a_weight_counts_once_beside_one_that_has(told, meant):
    assert turns.in_full(told) == meant


# --- In the hall ----------------------------------------------------------------------------------


@pytest.fixture
def shared(cast, clock):
    """Counter 1 serves A twice as often as AA; four people wait in each, those of A first."""
    queue = Queue.objects.create(hall=cast.hall, agency=cast.a, code="AA")
    make_service(queue, "AA01")
    Assignment.objects.filter(counter=cast.counter(1)).update(weight=2)
    cast.counter(1).queues.add(queue)
    for code in ["A01"] * 4 + ["AA01"] * 4:
        cast.ticket(code)
        clock.forward(seconds=1)
    return cast


def called(cast, times: int) -> list[str]:
    labels = []
    for _ in range(times):
        ticket = cast.call(1, finish_current=True)
        labels.append(ticket.label if ticket else "")
    return labels


def test_a_counter_shares_its_turns_and_keeps_the_order_inside_each_queue(shared):
    assert called(shared, 9) == [
        *("A-001", "AA-001", "A-002"),
        *("A-003", "AA-002", "A-004"),
        *("AA-003", "AA-004", ""),
    ]


def test_without_weights_it_calls_whoever_came_first(shared):
    Assignment.objects.update(weight=None)
    assert called(shared, 5) == ["A-001", "A-002", "A-003", "A-004", "AA-001"]


def test_a_call_that_was_undone_took_no_turn(shared, clock):
    called(shared, 2)
    clock.forward(seconds=1)
    lifecycle.undo(shared.counter(1), **BY)
    lifecycle.finish(shared.counter(1), **BY)
    assert called(shared, 2) == ["AA-001", "A-002"]


def test_calls_of_another_counter_and_of_yesterday_do_not_count(shared, clock):
    called(shared, 1)
    clock.forward(days=1)
    for code in ("A01", "A01", "AA01"):
        shared.ticket(code)
        clock.forward(seconds=1)
    shared.call(2)
    assert called(shared, 2) == ["A-002", "AA-001"]


def test_weights_cost_one_query_and_only_where_they_are(shared, django_assert_num_queries):
    called(shared, 1)
    with CaptureQueriesContext(connection) as weighted:
        called(shared, 1)
    Assignment.objects.update(weight=None)
    with django_assert_num_queries(len(weighted) - 1):
        called(shared, 1)


# --- At the desk ----------------------------------------------------------------------------------


def told(cast) -> list[str]:
    return [each["label"] for each in desk_state(cast.counter(1))["next"] if each["callable"]]


def test_the_desk_lists_who_waits_in_the_order_in_which_they_are_called(shared):
    for _ in range(5):
        before = told(shared)
        assert called(shared, 1) == before[:1]
    assert told(shared) == ["AA-002", "A-004", "AA-003", "AA-004"][1:]


def test_the_desk_says_that_it_is_the_turn_of_a_queue(shared):
    lines = desk_state(shared.counter(1))["next"]
    assert [(each["label"], each["why"]) for each in lines] == [
        ("A-001", ""),
        ("AA-001", "Giliran antrean AA."),
        ("A-002", ""),
        ("A-003", ""),
        ("AA-002", "Giliran antrean AA."),
    ]


def test_who_is_passed_by_takes_no_turn_at_the_desk_either(shared):
    first = Ticket.objects.get(queue__code="AA", number=1)
    Ticket.objects.filter(pk=first.pk).update(for_counter=shared.counter(2))
    lines = desk_state(shared.counter(1))["next"]
    assert [each["label"] for each in lines if each["callable"]] == told(shared)
    assert ("AA-001", False) in [(each["label"], each["callable"]) for each in lines]
    assert called(shared, 3) == ["A-001", "AA-002", "A-002"]
