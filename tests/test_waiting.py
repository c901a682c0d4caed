"""Who is next? Ascending effective time, then id; priority counts 30 minutes, and no more."""

import datetime as dt

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies.models import Hall
from queueing import lifecycle, waiting
from queueing.models import QueueDay, Ticket
from tests.cast import fresh

MINUTE = dt.timedelta(minutes=1)


def test_priority_overtakes_who_came_at_most_30_minutes_before(cast, clock):
    long_ago = cast.ticket()
    clock.forward(minutes=31)
    lately = cast.ticket()
    clock.forward(minutes=5)
    elderly = cast.ticket(priority="elderly")
    order = [cast.call(1, finish_current=True) for _ in range(3)]
    assert order == [long_ago, elderly, lately]


@pytest.mark.parametrize(("credit", "first"), [(0, "regular"), (6, "priority"), (4, "regular")])
def test_a_hall_says_how_many_minutes_priority_counts(cast, clock, credit, first):
    Hall.objects.update(priority_credit=credit)
    regular = cast.ticket()
    clock.forward(minutes=5)
    elderly = cast.ticket(priority="elderly")
    assert cast.call(1) == (elderly if first == "priority" else regular)


def test_a_priority_that_is_taken_back_gives_back_its_minutes(cast, clock):
    Hall.objects.update(priority_credit=10)
    elderly = cast.ticket(priority="elderly")
    lifecycle.prioritise(fresh(elderly), actor="greeter", priority="")
    assert fresh(elderly).effective_time == elderly.issued_at


def test_at_the_same_instant_the_lower_number_is_next(cast, clock):
    tickets = [cast.ticket() for _ in range(3)]
    assert [cast.call(1, finish_current=True) for _ in range(3)] == tickets


def test_a_counter_of_two_queues_takes_the_longest_wait_of_both(cast, clock):
    cast.hall.counters.get(number=1).queues.add(cast.queue("B"))
    tickets = []
    for code in ["B01", "A01", "B02"]:
        tickets.append(cast.ticket(code))
        clock.forward(seconds=1)
    assert [cast.call(1, finish_current=True) for _ in range(3)] == tickets


def test_ahead_counts_who_is_called_before(cast, clock):
    first = cast.ticket()
    clock.forward(minutes=1)
    second, elderly = cast.ticket(), cast.ticket(priority="elderly")
    assert [waiting.ahead_of(fresh(each)) for each in (first, second, elderly)] == [1, 2, 0]


def test_who_does_not_wait_has_nobody_ahead(cast):
    ticket = cast.ticket()
    cast.call(1)
    assert waiting.ahead_of(fresh(ticket)) is None


def test_the_other_queue_and_the_other_hall_are_not_ahead(cast, next_door, clock):
    cast.ticket("B01"), next_door.ticket("A01")
    assert waiting.ahead_of(cast.ticket("A01")) == 0


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, 90), st.booleans()), min_size=2, max_size=12))
def test_nobody_is_overtaken_by_who_came_more_than_30_minutes_later(cast, clock, arrivals):
    Ticket.objects.all().update(state="expired")
    QueueDay.objects.all().update(last_at=None)  # each example is a morning of its own
    morning = clock.moment
    for minutes, is_priority in sorted(arrivals):
        clock.set(morning + minutes * MINUTE)
        cast.ticket(priority="elderly" if is_priority else "")
    clock.set(morning)
    line = list(waiting.line([cast.queue("A").pk], cast.ticket("B01").date))
    for place, ticket in enumerate(line):
        for later in line[:place]:
            assert later.issued_at - ticket.issued_at <= 30 * MINUTE
            assert later.priority or later.issued_at <= ticket.issued_at


def test_who_is_next_is_asked_of_one_ticket_after_the_other(cast):
    """In joined tables all who wait on that day would be read before the first is found."""
    counter, queue = cast.counter(1), cast.queue("A")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")  # PostgreSQL joins otherwise if it can
    line = waiting.callable_line([queue.pk], cast.ticket().date, counter)
    assert "Anti Join" not in line[:1].explain()


def test_who_is_first_is_known_before_all_about_it_is_read(cast):
    counter, queue = cast.counter(1), cast.queue("A")
    head = waiting._head([queue.pk], cast.ticket().date, counter.pk, [])  # noqa: SLF001
    before, _, first = head.explain().partition("InitPlan")
    assert "Limit" in first
    assert "Limit" not in before
