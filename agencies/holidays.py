"""On which days is the whole country at home? The yearly list, and what the manager must confirm.

The days come from the package `holidays`: national holidays and joint leave (cuti bersama) of
Indonesia. A year of which it only estimates days is entered as not confirmed; such days close the
hall as well, and the manager is warned until they are confirmed.
"""

import datetime as dt
from typing import NamedTuple

import holidays
from django.db import transaction

from agencies.models import Hall, Holiday

K = Holiday.Kind
CATEGORIES = {"government": K.JOINT_LEAVE, "public": K.NATIONAL}
ESTIMATED = "(perkiraan)"
WARN_AHEAD = dt.timedelta(days=60)


class Listed(NamedTuple):
    kind: str
    name_id: str
    name_en: str


def listed(year: int) -> tuple[dict[dt.date, Listed], bool]:
    """Return the year's days off, and whether they are decreed rather than estimated."""
    days: dict[dt.date, Listed] = {}
    is_decreed = True
    for category, kind in CATEGORIES.items():
        named = holidays.ID(years=year, categories=(category,), language="id")
        english = holidays.ID(years=year, categories=(category,), language="en_US")
        for date, name in named.items():
            is_decreed = is_decreed and ESTIMATED not in name
            days[date] = Listed(kind, _plain(name), _plain(english[date]))
    return dict(sorted(days.items())), is_decreed


def _plain(name: str) -> str:
    return name.replace(ESTIMATED, "").replace("(estimated)", "").strip()[:120]


@transaction.atomic
def fill(hall: Hall, year: int) -> int:
    """Enter a year's days off; return how many are new. What people entered or confirmed stays.

    Filled again, a year loses the estimates that have moved since.
    """
    days, is_decreed = listed(year)
    of_year = hall.holidays.filter(date__year=year)
    of_year.exclude(kind=K.LOCAL).filter(is_confirmed=False).exclude(date__in=days).delete()
    known = set(of_year.values_list("date", flat=True))
    new = [
        Holiday(hall=hall, date=date, is_confirmed=is_decreed, **day._asdict())
        for date, day in days.items()
        if date not in known
    ]
    return len(Holiday.objects.bulk_create(new, ignore_conflicts=True))


def fill_coming(hall: Hall, today: dt.date) -> int:
    """Enter this year and the next, each once; what a manager has changed since stays as it is."""
    years = (today.year, today.year + 1)
    return sum(fill(hall, year) for year in years if not _is_entered(hall, year))


def _is_entered(hall: Hall, year: int) -> bool:
    return hall.holidays.filter(date__year=year).exclude(kind=K.LOCAL).exists()


def to_confirm(hall: Hall, today: dt.date) -> list[Holiday]:
    """Return the days of the next 60 that close the hall by an estimate only."""
    coming = hall.holidays.filter(date__range=(today, today + WARN_AHEAD))
    return list(coming.filter(is_confirmed=False, is_closed=True))


def is_filled(hall: Hall, today: dt.date) -> bool:
    """Return whether the days off of the next 60 days have been entered at all."""
    return _is_entered(hall, (today + WARN_AHEAD).year)
