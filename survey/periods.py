"""Of which months? A month, a quarter or a year, by the name that stands in the address."""

import datetime as dt
import re
from typing import NamedTuple

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

NAME = re.compile(r"(20\d\d)(?:-(?:(0[1-9]|1[0-2])|Q([1-4])))?", re.ASCII)
ROMAN = ("I", "II", "III", "IV")
A_QUARTER, A_YEAR = 3, 12


class Period(NamedTuple):
    """So many months from the first one on: `2026-11`, `2026-Q4`, `2026`."""

    first: dt.date
    months: int

    @property
    def last(self) -> dt.date:
        return add_months(self.first, self.months) - dt.timedelta(days=1)

    @property
    def name(self) -> str:
        if self.months == A_YEAR:
            return f"{self.first.year}"
        if self.months == A_QUARTER:
            return f"{self.first.year}-Q{self._quarter + 1}"
        return f"{self.first:%Y-%m}"

    @property
    def title(self) -> str:
        year = str(self.first.year)
        if self.months == A_YEAR:
            return _("Tahun %(year)s") % {"year": year}
        if self.months == A_QUARTER:
            return _("Triwulan %(quarter)s %(year)s") % {
                "quarter": ROMAN[self._quarter],
                "year": year,
            }
        return f"{MONTHS[self.first.month]} {year}"

    @property
    def _quarter(self) -> int:
        return (self.first.month - 1) // A_QUARTER


def read(name: str) -> Period | None:
    """Return the period of this name; none for what is no name of one."""
    found = NAME.fullmatch(name)
    if found is None:
        return None
    year, month, quarter = found.groups()
    if quarter:
        return Period(dt.date(int(year), int(quarter) * A_QUARTER - 2, 1), A_QUARTER)
    return Period(dt.date(int(year), int(month or 1), 1), 1 if month else A_YEAR)


def month_of(date: dt.date) -> Period:
    return Period(date.replace(day=1), 1)


def month_before(date: dt.date) -> Period:
    return Period(add_months(date.replace(day=1), -1), 1)


def add_months(first: dt.date, months: int) -> dt.date:
    """Return the first day of the month that is so many months away."""
    years, month = divmod(first.month - 1 + months, 12)
    return dt.date(first.year + years, month + 1, 1)


def offered(first: dt.date, last: dt.date) -> list[Period]:
    """Return what may be chosen of the months between two days: each kind newest first."""
    found = []
    for months in (1, A_QUARTER, A_YEAR):
        start = dt.date(last.year, (last.month - 1) // months * months + 1, 1)
        while add_months(start, months) > first:
            found.append(Period(start, months))
            start = add_months(start, -months)
    return found
