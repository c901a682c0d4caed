"""When may one come? The hall's opening hours; the full calendar builds on this."""

import datetime as dt

from agencies.clock import local
from agencies.models import Hall, OpeningHours


def hours_on(hall: Hall, weekday: int) -> OpeningHours | None:
    """Return the hall's hours of a weekday (0 = Monday), or None when it stays closed."""
    return next((row for row in hall.opening_hours.all() if row.weekday == weekday), None)


def is_issuing(hall: Hall, moment: dt.datetime) -> bool:
    """Return whether the hall gives out numbers at this moment."""
    if hall.always_open:
        return True
    wall = local(hall, moment)
    hours = hours_on(hall, wall.weekday())
    return hours is not None and hours.opens_at <= wall.time() < hours.last_issue_at


def next_opening(hall: Hall, moment: dt.datetime) -> dt.datetime | None:
    """Return when the hall next starts to give out numbers, looking a week ahead."""
    wall = local(hall, moment)
    for days in range(8):
        date = wall.date() + dt.timedelta(days=days)
        hours = hours_on(hall, date.weekday())
        if hours is None:
            continue
        opens = dt.datetime.combine(date, hours.opens_at, wall.tzinfo)
        if opens > wall:
            return opens
    return None
