"""What time is it in the hall? The only place that asks.

The database is the one clock: the SQL function `hall_now()` of migration `agencies.0002_clock`.
Tests and simulations replace that function in their own database; nothing in the code changes.
"""

import datetime as dt
from typing import cast
from zoneinfo import ZoneInfo

from django.db.models import DateTimeField, Func

from agencies.models import Hall
from agencies.ready import Often

_NOW = Often.named("SELECT hall_now()")


def now() -> dt.datetime:
    """Return the present moment, in UTC, by the database's clock."""
    ((moment,),) = _NOW.ask()
    return cast(dt.datetime, moment)


def local(hall: Hall, moment: dt.datetime) -> dt.datetime:
    """Return the moment as the clock on the hall's wall shows it."""
    return moment.astimezone(zone_of(hall))


def on_the_wall(hall: Hall, moment: dt.datetime | None) -> str | None:
    """Return the moment as ISO 8601 in the hall's zone, to the millisecond."""
    return local(hall, moment).isoformat(timespec="milliseconds") if moment else None


def zone_of(hall: Hall) -> ZoneInfo:
    return ZoneInfo(hall.timezone)


def day_of(hall: Hall, moment: dt.datetime) -> dt.date:
    """Return the business date of a moment: the date on the hall's wall.

    A day never re-opens: when the clock is set back, the hall stays on the latest day it has seen.
    """
    date = local(hall, moment).date()
    return max(date, hall.business_date) if hall.business_date else date


def today(hall: Hall) -> dt.date:
    """Return the hall's present business date."""
    return day_of(hall, now())


class HallNow(Func):
    """`hall_now()` inside a query."""

    function = "hall_now"
    output_field = DateTimeField()
