"""When may each counter rest, so that no queue is ever left alone?"""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queueing.breaks import staggered

NOON = dt.datetime(2026, 11, 24, 11, 45)  # noqa: DTZ001 - the rule knows no zone
TWO_HOURS, BREAK = dt.timedelta(hours=2), dt.timedelta(minutes=45)

halls = st.dictionaries(
    st.integers(1, 27), st.sets(st.sampled_from(["A", "AA", "B"]), min_size=1), max_size=9
)


def proposal(serves, window=TWO_HOURS, length=BREAK) -> dict[int, str]:
    rests = staggered(serves, NOON, NOON + window, length)
    return {each.counter: f"{each.begins:%H.%M}" if each.begins else "" for each in rests}


@given(serves=halls, hours=st.integers(0, 4), minutes=st.sampled_from([15, 30, 45, 60]))
def test_at_no_moment_is_a_queue_without_a_counter(serves, hours, minutes):
    length = dt.timedelta(minutes=minutes)
    rests = staggered(serves, NOON, NOON + dt.timedelta(hours=hours), length)
    for begins in {rest.begins for rest in rests if rest.begins}:
        away = {rest.counter for rest in rests if rest.begins == begins}
        left = {queue for counter in serves.keys() - away for queue in serves[counter]}
        assert left == {queue for own in serves.values() for queue in own}


@given(serves=halls, hours=st.integers(0, 4))
def test_every_rest_has_its_length_and_is_inside_the_window(serves, hours):
    ends = NOON + dt.timedelta(hours=hours)
    rests = staggered(serves, NOON, ends, BREAK)
    assert [rest.counter for rest in rests] == sorted(serves)
    for rest in (rest for rest in rests if rest.begins and rest.ends):
        assert rest.begins >= NOON
        assert rest.ends <= ends
        assert rest.ends - rest.begins == BREAK


@given(count=st.integers(2, 9))
def test_of_several_counters_of_one_queue_all_rest_when_there_are_two_turns(count):
    assert all(proposal(dict.fromkeys(range(1, count + 1), ("A",))).values())


@pytest.mark.parametrize(
    ("serves", "told"),
    [
        ({1: ["A"]}, {1: ""}),
        ({1: ["A"], 2: ["A"]}, {1: "11.45", 2: "12.30"}),
        ({1: ["A"], 2: ["A"], 3: ["B"]}, {1: "11.45", 2: "12.30", 3: ""}),
        ({1: ["A"], 2: ["A", "B"], 3: ["B"]}, {1: "12.30", 2: "11.45", 3: "12.30"}),
        ({}, {}),
    ],
)
def test_a_proposal(serves, told):
    assert proposal(serves) == told


def test_a_window_shorter_than_a_break_has_none():
    assert proposal({1: ["A"], 2: ["A"]}, window=dt.timedelta(minutes=30)) == {1: "", 2: ""}
