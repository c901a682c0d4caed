"""Which number? The locked row of a queue's day says; it is also the lock for calling.

Numbers come from that row in the same transaction as the ticket: no gaps, no twins
(docs/locking.md has the measurements and the alternatives that failed).
"""

import datetime as dt
from typing import Any, NamedTuple

from django.db import connection

from agencies.models import Counter, Hall, Queue
from agencies.ready import Often
from queueing.models import QueueDay

_HALL_DATE = "GREATEST((hall_now() AT TIME ZONE %(zone)s)::date, %(date)s)"
_DRAW = Often.named(f"""
    WITH queue AS (SELECT id, incident_since FROM agencies_queue WHERE id = %(queue)s FOR SHARE)
    INSERT INTO queueing_queueday AS day (queue_id, date, last_number, last_at)
    SELECT id, {_HALL_DATE}, 1, hall_now() FROM queue
    ON CONFLICT (queue_id, date) DO UPDATE
    SET last_number = day.last_number + 1, last_at = GREATEST(day.last_at, hall_now())
    RETURNING day.last_number, day.date, LEAST(day.last_at, hall_now()), day.last_at,
              (SELECT incident_since FROM queue)
""")  # noqa: S608 - no outside text
# The date is asked for once, as a question of its own, so that the index finds today's row among
# those of years. The moment is asked for when all days are locked, of which the count makes sure.
_LOCK = f"""
    SELECT id FROM queueing_queueday
    WHERE queue_id = ANY(%(queues)s) AND date = (SELECT {_HALL_DATE})
    ORDER BY id FOR UPDATE
"""  # noqa: S608 - no outside text
_LOCK_COUNTER = Often.named(f"""
    WITH serves AS (SELECT queue_id, weight FROM agencies_counter_queues
                    WHERE counter_id = %(counter)s),
    back AS (SELECT returns_to_id FROM queueing_ticket
             WHERE counter_id = %(counter)s AND state IN ('called', 'serving')),
    days AS (SELECT id FROM queueing_queueday
             WHERE queue_id IN (SELECT queue_id FROM serves UNION SELECT returns_to_id FROM back)
             AND date = (SELECT {_HALL_DATE})
             ORDER BY id FOR UPDATE)
    SELECT queue_id, weight, hall_now()
    FROM (SELECT count(*) FROM days) AS locked LEFT JOIN serves ON true
""")  # noqa: S608 - no outside text


def _today(hall: Hall) -> dict[str, Any]:
    """Return what `_HALL_DATE` asks for."""
    return {"zone": hall.timezone, "date": hall.business_date}


class Draw(NamedTuple):
    number: int
    date: dt.date
    at: dt.datetime
    since: dt.datetime  # for the place in line: never before the number drawn last
    incident_since: dt.datetime | None = None  # of the queue; none begins before the commit


def draw(hall: Hall, queue: Queue) -> Draw:
    """Take the next number of the queue's day and keep that day locked until the commit.

    The queue itself is locked so far that no incident begins or ends meanwhile.
    """
    (drawn,) = _DRAW.ask(_today(hall) | {"queue": queue.pk})
    return Draw(*drawn)


def lock_days(hall: Hall, queue_ids: list[int]) -> None:
    """Lock today's row of each queue, in the order of their ids, until the commit."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, _today(hall) | {"queues": queue_ids})


class Turn(NamedTuple):
    serves: dict[int, int | None]  # the counter's queues, with their weights
    at: dt.datetime  # when they were locked


def lock_counter_days(counter: Counter, statement: Often = _LOCK_COUNTER) -> Turn:
    """Lock today's rows of all queues that the counter serves, in the order of their ids.

    Beside them, that of the queue to which whoever is here goes back afterwards.
    """
    rows = statement.ask(_today(counter.hall) | {"counter": counter.pk})
    return Turn({queue: weight for queue, weight, _ in rows if queue}, rows[0][2])


def lock_days_of(hall: Hall, date: dt.date) -> None:
    """Lock every queue's row of that date, in the order of their ids, until the commit."""
    days = QueueDay.objects.filter(queue__hall=hall, date=date).order_by("pk")
    list(days.select_for_update(of=("self",)).values_list("pk", flat=True))
