"""When will it be my turn? A range, never a promise.

For now the fallback of domain section 8 alone: those ahead, at the mean service time, shared by the
open counters. Until service times are learned, a service takes six tenths of its target.
"""

import datetime as dt

SHARE_OF_TARGET = 0.6
LATE = 1.3  # how much later than the middle the late end of the range lies


def turn(
    ahead: int, target_minutes: float, counters_open: int
) -> tuple[dt.timedelta, dt.timedelta] | None:
    """Return in how long somebody with so many ahead is probably called: middle and late end.

    None without an open counter: then nobody knows.
    """
    if not counters_open:
        return None
    middle = (ahead + 1) * target_minutes * SHARE_OF_TARGET / counters_open
    return dt.timedelta(minutes=middle), dt.timedelta(minutes=middle * LATE)


def served_today(
    moment: dt.datetime,
    closes_at: dt.datetime | None,
    expected: tuple[dt.timedelta, dt.timedelta] | None,
) -> str:
    """Return whether who comes now is served before closing: likely, unlikely or unknown."""
    if expected is None:
        return "unknown"
    return "unlikely" if closes_at and moment + expected[1] > closes_at else "likely"
