"""When will it be my turn? A range, never a promise.

What is told is the middle and the late end (p50 and p80) of what may come, as clock times rounded
outward to 5 minutes, and nothing where that would not be honest (domain section 8).
"""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Value
from django.db.models.expressions import CombinedExpression

from agencies.clock import HallNow, on_the_wall
from agencies.models import Hall
from agencies.ready import Ready
from queueing.models import Estimate, Expectation, Forecast, Ticket
from queueing.times import SHARE_OF_TARGET

LATE = 1.3  # how much later than the middle the late end of the range lies, by the simple method
STEP = dt.timedelta(minutes=5)
SOON = dt.timedelta(minutes=5)
WIDEST = 30.0  # minutes
LEAST_LEARNED = 30  # services
FRESH = dt.timedelta(seconds=60)  # older than that nothing is told any more

# What the holders of new numbers `t` are told: what was forecast for their queues. Priority is
# called earlier than that; its own estimate comes with the next renewal.
TELL = """
    INSERT INTO queueing_estimate
        (ticket_id, at, ahead, middle, late, why, simple, stretch)
    SELECT t.id, t.issued_at, f.ahead, f.middle, f.late, f.why, f.simple, f.stretch
    FROM t JOIN queueing_forecast f ON f.queue_id = t.queue_id
    WHERE t.priority = '' AND f.at > t.issued_at - %(fresh)s::interval
    RETURNING ticket_id, middle, late, why
"""


def simple_minutes(ahead: int, mean: float, counters_open: int) -> float | None:
    """Return in how many minutes somebody is called, by those ahead and the open counters alone.

    None without an open counter: then nobody knows.
    """
    return (ahead + 1) * mean / counters_open if counters_open else None


def simply_late(
    moment: dt.datetime, ahead: int, target_minutes: float, counters_open: int
) -> dt.datetime | None:
    """Return the late end by the simple method, for where nothing is learned yet."""
    middle = simple_minutes(ahead, target_minutes * SHARE_OF_TARGET, counters_open)
    return middle if middle is None else moment + dt.timedelta(minutes=middle * LATE)


def served_today(closes_at: dt.datetime | None, late: dt.datetime | None) -> str:
    """Return whether who comes now is served before closing: likely, unlikely or unknown."""
    if late is None:
        return "unknown"
    return "unlikely" if closes_at and late > closes_at else "likely"


def is_same(one: Expectation | None, other: Expectation) -> bool:
    """Whether two expectations are told in the same words."""
    if one is None or one.why != other.why:
        return False
    return _steps(one) == _steps(other)


def _steps(expected: Expectation) -> tuple[dt.datetime, dt.datetime] | None:
    if expected.middle is None or expected.late is None:
        return None
    return _down(expected.middle), _up(expected.late)


def _down(moment: dt.datetime) -> dt.datetime:
    return moment - dt.timedelta(seconds=moment.timestamp()) % STEP


def _up(moment: dt.datetime) -> dt.datetime:
    return moment + -dt.timedelta(seconds=moment.timestamp()) % STEP


def shown(hall: Hall, expected: Expectation | None, now: dt.datetime) -> dict[str, Any] | None:
    """Return what people are told of an expectation, or None when it cannot be said honestly."""
    return between(hall, expected.middle, expected.late, now) if expected else None


def between(
    hall: Hall, middle: dt.datetime | None, late: dt.datetime | None, now: dt.datetime
) -> dict[str, Any] | None:
    """Return what people are told of this range.

    `from` and `to` are clock times in steps of 5 minutes; `soon` that it may be any moment.
    """
    if middle is None or late is None:
        return None
    earliest = max(middle, now)
    latest = max(late, earliest)
    return {
        "from": on_the_wall(hall, _down(earliest)),
        "to": on_the_wall(hall, _up(latest)),
        "soon": _up(latest) - now <= SOON,
    }


def told(ticket: Ticket) -> Expectation | None:
    """Return what the holder of a waiting number is told; None while nobody works it out."""
    return told_of([ticket]).get(ticket.pk)


def _still_fresh() -> CombinedExpression:
    return HallNow() - Value(FRESH)


_latest: Ready[Estimate] = Ready(
    lambda tickets: (
        Estimate.objects.filter(ticket__in=tickets, ticket__queue__forecast__at__gt=_still_fresh())
        .order_by("ticket", "-at", "-pk")
        .distinct("ticket")
    )
)


def told_of(tickets: Iterable[Ticket]) -> dict[int, Estimate]:
    """Return what the holders of those of the numbers that wait are told, where somebody knows."""
    waiting = [ticket.pk for ticket in tickets if ticket.is_waiting]
    return {estimate.ticket_id: estimate for estimate in _latest.of_all(waiting)}


def forecasts(queue_ids: Collection[int]) -> dict[int, Forecast]:
    """Return what whoever takes a number of these queues now is told, where somebody knows."""
    fresh = Forecast.objects.filter(queue__in=queue_ids, at__gt=_still_fresh())
    return {forecast.queue_id: forecast for forecast in fresh}
