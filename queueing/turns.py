"""Whose turn is it, when a counter's queues have weights?

A counter without weights calls whoever came first in all its queues. With weights its turns are
shared: of as many calls in a row as all weights together, each queue gets as many as its weight,
while somebody waits in each. Inside a queue the order stays that of the line.

Only the counter's last calls of the day count, one less than all weights together: a queue that was
empty for an hour gets no hour in return, and nobody waits longer than that for a turn of the queue.
"""

import datetime as dt
from collections import Counter as Tally
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection

from agencies.models import Counter
from queueing.models import Ticket

# A call that was undone is as if it had not been.
_LAST_CALLS = """
    SELECT t.queue_id FROM queueing_ticketevent c JOIN queueing_ticket t ON t.id = c.ticket_id
    WHERE c.hall_id = %s AND c.date = %s AND c.kind = 'call' AND c.counter = %s AND NOT EXISTS (
        SELECT 1 FROM queueing_ticketevent u WHERE u.ticket_id = c.ticket_id
        AND u.kind = 'undo_call' AND (u.detail->>'call')::bigint = c.version)
    ORDER BY c.version DESC LIMIT %s
"""


def in_full(weights: Mapping[int, int | None]) -> dict[int, int]:
    """Return the weight of each queue, a queue without one counting once; {} when none has any."""
    if not any(weights.values()):
        return {}
    return {queue: weight or 1 for queue, weight in weights.items()}


def last_calls(counter: Counter, date: dt.date, weights: Mapping[int, int]) -> list[int]:
    """Return the queues of the counter's last calls that count for its next one."""
    last: list[Any] = [counter.hall_id, date, counter.number, sum(weights.values()) - 1]
    with connection.cursor() as cursor:
        cursor.execute(_LAST_CALLS, last)
        return [queue for (queue,) in cursor.fetchall()]


def behind(queue: int, weights: Mapping[int, int], last: Sequence[int]) -> float:
    """Return what a queue has still to get of its share: 1 for all of it, 0 or less for nothing."""
    return 1 - Tally(last)[queue] / weights[queue]


def whose(heads: Sequence[Ticket], weights: Mapping[int, int], last: Sequence[int]) -> Ticket:
    """Return which of the first in line of each queue is called: of the queue most behind.

    Of equals it is who came first.
    """
    return min(heads, key=lambda head: (-behind(head.queue_id, weights, last), *place(head)))


def in_turn(
    lines: Sequence[Sequence[Ticket]],
    weights: Mapping[int, int],
    last: Sequence[int],
    passed_by: Collection[int],
) -> list[Ticket]:
    """Return who waits in the order of the counter's turns, from the line of each queue.

    Those whose ids are `passed_by` stand before whoever is behind them, and take no turn.
    """
    left, last, order = [list(line) for line in lines], list(last), list[Ticket]()
    while left := [line for line in left if line]:
        skipped = next((line for line in left if line[0].pk in passed_by), None)
        if skipped:
            order.append(skipped.pop(0))
            continue
        following = whose([line[0] for line in left], weights, last)
        next(line for line in left if line[0] is following).pop(0)
        order.append(following)
        last = [following.queue_id, *last][: sum(weights.values()) - 1]
    return order


def place(ticket: Ticket) -> tuple[dt.datetime, int]:
    return ticket.effective_time, ticket.pk
