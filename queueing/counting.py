"""What came of a day, half hour by half hour? Counted once from the log, after the day is closed.

A closed day never changes, so a report of years reads a few hundred rows a day and never the log.
Counting a day again finds the same.
"""

import datetime as dt

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from agencies.models import Hall
from queueing.models import DayClose, HalfHour

COUNTED = ["issue", "call", "no_show", "finish", "transfer", "cancel", "expire"]
# A move is undone when the next of its kind, or undoing, of the same number undoes it. Who was left
# in line expires after midnight: that still belongs to the evening.
_COUNT = """
    WITH moves AS (
        SELECT e.*, lead(kind) OVER (PARTITION BY ticket_id, replace(kind, 'undo_', '')
                                     ORDER BY version) AS following
        FROM queueing_ticketevent e
        WHERE hall_id = %(hall)s AND date = %(date)s AND ticket_id IS NOT NULL
    ), kept AS (
        SELECT moves.*, t.visit_id, t.priority, at AT TIME ZONE h.timezone AS wall,
               row_number() OVER (PARTITION BY ticket_id, moves.kind ORDER BY moves.version) AS nth,
               min(at) FILTER (WHERE kind = 'issue') OVER of_number AS issued_at,
               max(at) FILTER (WHERE kind = 'start') OVER so_far AS started_at
        FROM moves JOIN queueing_ticket t ON t.id = ticket_id
        JOIN agencies_hall h ON h.id = moves.hall_id
        WHERE kind NOT LIKE 'undo%%' AND following IS DISTINCT FROM 'undo_' || kind
        WINDOW of_number AS (PARTITION BY ticket_id),
               so_far AS (PARTITION BY ticket_id ORDER BY moves.version)
    ), placed AS (
        SELECT kept.*, CASE WHEN wall::date > date THEN 47
            ELSE extract(hour FROM wall)::int * 2 + extract(minute FROM wall)::int / 30 END AS slot,
            kind = 'issue' AND NOT detail ?| ARRAY['leg_of', 'back_from'] AS is_given,
            extract(epoch FROM at - issued_at)::int AS waited,
            extract(epoch FROM at - started_at)::int AS took
        FROM kept
    )
    INSERT INTO queueing_halfhour (hall_id, date, slot, queue, service, counter, visits, issued,
        priority, legs, called, no_shows, finished, transferred, cancelled, expired, waits, served)
    SELECT %(hall)s, %(date)s, slot, queue, service, counter,
        count(*) FILTER (WHERE is_given AND NOT EXISTS (
            SELECT FROM queueing_ticket s WHERE s.visit_id = placed.visit_id AND s.id < ticket_id)),
        count(*) FILTER (WHERE is_given),
        count(*) FILTER (WHERE is_given AND priority <> ''),
        count(*) FILTER (WHERE kind = 'issue' AND NOT is_given),
        count(*) FILTER (WHERE kind = 'call'),
        count(*) FILTER (WHERE kind = 'no_show'),
        count(*) FILTER (WHERE kind = 'finish'),
        count(*) FILTER (WHERE kind = 'transfer'),
        count(*) FILTER (WHERE kind = 'cancel'),
        count(*) FILTER (WHERE kind = 'expire'),
        coalesce(array_agg(waited ORDER BY waited) FILTER (WHERE kind = 'call' AND nth = 1), '{}'),
        coalesce(array_agg(took ORDER BY took) FILTER (WHERE kind = 'finish' AND took >= 0), '{}')
    FROM placed WHERE kind = ANY(%(kinds)s) GROUP BY slot, queue, service, counter
"""


def count_day(hall: Hall, date: dt.date) -> int:
    """Count a day anew, in the place of what was counted before; return how many rows it takes."""
    with transaction.atomic(), connection.cursor() as cursor:
        HalfHour.objects.filter(hall=hall, date=date).delete()
        cursor.execute(_COUNT, {"hall": hall.pk, "date": date, "kinds": COUNTED})
        return cursor.rowcount


def days_to_count(hall: Hall) -> list[dt.date]:
    """Return the closed days that were not counted yet, oldest first."""
    counted = HalfHour.objects.filter(hall=hall, date=OuterRef("date"))
    closed = DayClose.objects.filter(hall=hall).exclude(Exists(counted))
    return list(closed.order_by("date").values_list("date", flat=True))
