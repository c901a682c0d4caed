"""Somebody who waits lets others go first: after the next three numbers, or away for a while."""

import datetime as dt

import pytest

from queueing import desk, lifecycle
from queueing.models import Ticket
from queueing.overview import line_of
from queueing.refusals import IllegalMove, Invalid
from tests.cast import fresh, refused
from tests.programs import Program

BY = {"actor": "visitor"}


@pytest.fixture
def line(cast, clock) -> list[Ticket]:
    """Five people who came one after the other."""
    tickets = []
    for _ in range(5):
        tickets.append(cast.ticket())
        clock.forward(seconds=1)
    return tickets


def away(ticket: Ticket, minutes: int = 15, reason: str = "prayer") -> Ticket:
    return lifecycle.step_away(fresh(ticket), reason=reason, minutes=minutes, **BY)


def order(cast) -> list[Ticket | None]:
    return [cast.call(1, finish_current=True) for _ in range(5)]


# --- After the next three ------------------------------------------------------------------------


def test_who_asks_for_it_is_called_after_the_next_three(cast, line):
    lifecycle.postpone(line[0], **BY)
    assert order(cast) == [*line[1:4], line[0], line[4]]


def test_with_fewer_behind_one_is_the_last(cast, line):
    lifecycle.postpone(line[3], **BY)
    assert order(cast) == [*line[:3], line[4], line[3]]


def test_the_last_one_has_nobody_to_let_go_first_and_keeps_the_wish(line):
    with refused(IllegalMove):
        lifecycle.postpone(line[4], **BY)
    assert fresh(line[4]).postponed == 0


def test_one_may_ask_twice_and_not_a_third_time(cast, clock, line):
    for _ in range(6):
        cast.ticket()
        clock.forward(seconds=1)
    for _ in range(2):
        lifecycle.postpone(fresh(line[0]), **BY)
    with refused(IllegalMove):
        lifecycle.postpone(fresh(line[0]), **BY)


def test_the_log_says_behind_whom(line):
    lifecycle.postpone(line[0], **BY)
    event = line[0].events.get(kind="postpone")
    assert (event.detail, event.actor) == ({"after": "A-004"}, "visitor")


# --- Away ----------------------------------------------------------------------------------------


def test_who_is_away_is_passed_by_and_then_first_again(cast, clock, line):
    away(line[0], 15)
    assert cast.call(1) == line[1]
    clock.forward(minutes=15)
    assert cast.call(1, finish_current=True) == line[0]


def test_who_is_back_before_the_time_is_first_again_at_once(cast, clock, line):
    away(line[0], 15)
    clock.forward(minutes=4, seconds=30)
    lifecycle.be_back(fresh(line[0]), **BY)
    assert cast.call(1) == line[0]


def test_minutes_that_were_not_needed_are_given_back(clock, line):
    away(line[0], 15)
    clock.forward(minutes=4, seconds=30)
    assert lifecycle.be_back(fresh(line[0]), **BY).away_minutes == 5


def test_who_was_never_away_is_back_without_a_word_in_the_log(line):
    lifecycle.be_back(line[0], **BY)
    assert not line[0].events.filter(kind="be_back").exists()


def test_asked_again_while_away_it_is_longer(clock, line):
    until = away(line[0], 10).away_until
    clock.forward(minutes=4)
    assert away(line[0], 5).away_until == until + dt.timedelta(minutes=5)


def test_one_may_be_away_for_an_hour_in_all(clock, line):
    away(line[0], 30)
    away(line[0], 20)
    with refused(IllegalMove) as refusal:
        away(line[0], 15)
    assert "10 menit lagi" in str(refusal.value)
    assert away(line[0], 10).away_minutes == 60


@pytest.mark.parametrize(("minutes", "reason"), [(7, "prayer"), (0, "prayer"), (15, "shopping")])
def test_minutes_and_reason_are_of_the_list(line, minutes, reason):
    with refused(Invalid):
        away(line[0], minutes, reason)


def test_who_comes_back_in_line_is_there(cast, clock, line):
    """Whoever missed the call and reports to the counter is not away any more."""
    away(line[0], 30)
    lifecycle.call(cast.counter(1), fresh(line[0]), reason="asked", actor="operator:officer")
    lifecycle.no_show(cast.counter(1), said_so=True, actor="operator:officer")
    assert lifecycle.reinstate(fresh(line[0]), actor="operator:officer").away_until is None


# --- What the officer sees -----------------------------------------------------------------------


def reasons(cast) -> dict[str, tuple[bool, str]]:
    lines = desk.desk_state(cast.counter(1))["next"]
    return {line["label"]: (line["callable"], line["why"]) for line in lines}


def test_the_desk_says_who_is_away_until_when_and_why(cast, line):
    away(line[0], 15)
    assert reasons(cast)["A-001"] == (False, "Pergi sampai 09.15 (salat); tempatnya tetap.")


def test_the_desk_says_who_asked_to_come_later(cast, line):
    lifecycle.postpone(line[0], **BY)
    assert reasons(cast)["A-001"] == (True, "Minta diundur: sesudah 3 nomor.")


def test_reception_and_manager_see_it_beside_the_number(cast, line):
    away(line[0], 15)
    lifecycle.postpone(line[1], **BY)
    found = Program(cast, "greeter").get("tickets?label=A-001").json()
    assert found["wish"] == "Pergi sampai 09.15 (salat)"
    wishes = {each["label"]: each["wish"] for each in line_of(cast.queue("A"))["line"]}
    told = [wishes[label] for label in ("A-001", "A-002", "A-003")]
    assert told == ["Pergi sampai 09.15 (salat)", "Minta diundur", ""]
