"""What would simpler methods say to somebody who takes a number? Six of them (domain section 8).

Asked when the number is given, of what the hall knows then; in minutes until the call.
"""

from typing import NamedTuple

from django.db import connection

from queueing.models import Ticket

METHODS = {
    "position": "position x average",
    "configured": "the same / configured counters",
    "last_hour": "average wait of the last hour",
    "les": "last person's wait (LES)",
    "hol": "head-of-line wait (HOL)",
    "ql": "queue length / open counters (QL)",
}

_SEEN = """
    SELECT
    (SELECT count(*) FROM queueing_ticket w
     WHERE w.queue_id = t.queue_id AND w.date = t.date AND w.state = 'waiting'
     AND (w.effective_time, w.id) < (t.effective_time, t.id)),
    (SELECT extract(epoch FROM t.issued_at - min(w.issued_at)) / 60 FROM queueing_ticket w
     WHERE w.queue_id = t.queue_id AND w.date = t.date AND w.state = 'waiting'),
    (SELECT extract(epoch FROM avg(c.called_at - c.issued_at)) / 60 FROM queueing_ticket c
     WHERE c.queue_id = t.queue_id AND c.date = t.date
     AND c.called_at > t.issued_at - interval '1 hour'),
    (SELECT extract(epoch FROM c.called_at - c.issued_at) / 60 FROM queueing_ticket c
     WHERE c.queue_id = t.queue_id AND c.date = t.date AND c.called_at IS NOT NULL
     ORDER BY c.called_at DESC LIMIT 1),
    count(*), count(*) FILTER (WHERE c.status = 'open')
    FROM queueing_ticket t JOIN agencies_counter_queues s ON s.queue_id = t.queue_id
    JOIN agencies_counter c ON c.id = s.counter_id WHERE t.id = %s GROUP BY t.id
"""


class Seen(NamedTuple):
    """What the hall knows when it gives a number; minutes where it is a time."""

    ahead: int
    head_waits: float
    last_hour: float | None
    last_wait: float | None
    counters: int
    counters_open: int


def look(ticket: Ticket) -> Seen:
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, [ticket.pk])
        return Seen(*(None if value is None else float(value) for value in cursor.fetchone()))  # type: ignore[arg-type]


def said(seen: Seen, each: float) -> dict[str, float]:
    """Return what each method would say, when a person takes `each` minutes at the counter.

    A method that has seen nobody yet says that there is no wait.
    """
    work = (seen.ahead + 1) * each
    return {
        "position": work,
        "configured": work / seen.counters,
        "last_hour": seen.last_hour or 0.0,
        "les": seen.last_wait or 0.0,
        "hol": seen.head_waits,
        "ql": work / max(seen.counters_open, 1),
    }
