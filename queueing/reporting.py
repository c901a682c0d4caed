"""What came of these days, from what was counted?

Everything here is read from the half hours that `counting.py` left, never from the log or the
numbers: what a report costs depends on the days that it is about, and on nothing before them.
"""

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db import connection

from agencies.models import Agency, Hall, Service
from queueing.models import HalfHour

MOST_DAYS = 366
A_MINUTE = 60

# A letter that belongs to no agency any more stands for itself.
_ASKED = """
    WITH asked AS (
        SELECT half.*, coalesce(agency.code, half.queue) AS agency,
               CASE WHEN %(by_day)s THEN half.date END AS day
        FROM queueing_halfhour half
        LEFT JOIN agencies_queue letter
               ON letter.hall_id = half.hall_id AND letter.code = half.queue
        LEFT JOIN agencies_agency agency ON agency.id = letter.agency_id
        WHERE half.hall_id = %(hall)s AND half.date BETWEEN %(first)s AND %(last)s
          AND (%(agency)s = '' OR coalesce(agency.code, half.queue) = %(agency)s)
    )
"""
_BY = "GROUP BY GROUPING SETS ((), (agency), (day, agency, service))"
_SUMS = f"""
    {_ASKED}
    SELECT day, agency, service, sum(visits), sum(issued), sum(priority), sum(called),
           sum(finished), sum(no_shows), sum(transferred), sum(cancelled), sum(expired)
    FROM asked {_BY}
"""  # noqa: S608 - no outside text
# Each percentile is what one of the people really waited, or took; of all half hours together.
_SPREAD = """
    day, agency, service, count(*), avg(seconds)::float,
    percentile_disc(0.5) WITHIN GROUP (ORDER BY seconds),
    percentile_disc(0.8) WITHIN GROUP (ORDER BY seconds),
    percentile_disc(0.95) WITHIN GROUP (ORDER BY seconds)
"""
_WAITS = f"""
    {_ASKED}
    SELECT {_SPREAD}, count(*), count(*) FILTER (WHERE seconds <= %(limit)s)
    FROM asked, unnest(waits) AS seconds {_BY} HAVING count(*) > 0
"""  # noqa: S608 - no outside text
_SERVED = f"""
    {_ASKED}
    SELECT {_SPREAD}, count(promise), count(*) FILTER (WHERE seconds <= promise)
    FROM asked LEFT JOIN unnest(%(services)s::text[], %(promises)s::int[])
         AS promised (service, promise) USING (service), unnest(served) AS seconds {_BY}
    HAVING count(*) > 0
"""  # noqa: S608 - no outside text
_LOAD = f"""
    {_ASKED}
    SELECT slot, sum(issued), sum(called),
           count(DISTINCT (date, counter)) FILTER (WHERE called > 0)
    FROM asked GROUP BY slot HAVING sum(issued) + sum(called) > 0 ORDER BY slot
"""  # noqa: S608 - no outside text
_HEAT = f"""
    {_ASKED}
    SELECT extract(isodow FROM date)::int, slot, sum(issued)
    FROM asked GROUP BY 1, 2 HAVING sum(issued) > 0
"""  # noqa: S608 - no outside text
_DAYS = """
    SELECT day::date FROM generate_series(%(first)s::date, %(last)s::date, interval '1 day') AS day
    WHERE EXISTS (SELECT FROM queueing_halfhour WHERE hall_id = %(hall)s AND date = day::date)
    ORDER BY day
"""


@dataclass(frozen=True)
class Asked:
    """Which days of a hall, both ends included, and of which agency; "" is the whole hall."""

    hall: Hall
    first: dt.date
    last: dt.date
    agency: str = ""


class Sums(NamedTuple):
    """How many; `visits` are people, each where the first number was given, `issued` numbers."""

    visits: int = 0
    issued: int = 0
    priority: int = 0
    called: int = 0
    finished: int = 0
    no_shows: int = 0
    transferred: int = 0
    cancelled: int = 0
    expired: int = 0

    @property
    def priority_percent(self) -> float | None:
        return percent(self.priority, self.issued)


class Spread(NamedTuple):
    """How long it took, in seconds: of all these people together, never a mean of means.

    To `promised` of them something is promised; it was kept to `kept`.
    """

    people: int = 0
    mean: float | None = None
    median: int | None = None
    p80: int | None = None
    p95: int | None = None
    promised: int = 0
    kept: int = 0

    @property
    def minutes(self) -> list[float | None]:
        """Mean, median, p80 and p95."""
        return [None if each is None else each / A_MINUTE for each in self[1:5]]

    @property
    def kept_percent(self) -> float | None:
        return percent(self.kept, self.promised)


class Row(NamedTuple):
    """What came of all asked for (without codes), of an agency, or of one of its services."""

    day: dt.date | None
    agency: str | None
    service: str | None  # of a number for several services their codes, with commas
    agency_name: str
    service_name: str
    promise: int | None  # minutes, as published today
    sums: Sums
    waits: Spread
    served: Spread


class Report(NamedTuple):
    whole: Row
    agencies: list[Row]
    services: list[Row]


class HalfHourOfDay(NamedTuple):
    """A half hour of an average day of those asked for."""

    slot: int
    issued: float
    called: float
    counters: float

    @property
    def at(self) -> dt.time:
        return dt.time(self.slot // 2, self.slot % 2 * 30)

    @property
    def calls_of_a_counter(self) -> float | None:
        return self.called / self.counters if self.counters else None


def last_counted(hall: Hall) -> dt.date | None:
    """Return the latest day that was counted."""
    dates = HalfHour.objects.filter(hall=hall).order_by("-date")
    return dates.values_list("date", flat=True).first()


def is_letter_of_the_past(asked: Asked) -> bool:
    """Whether numbers with this letter were counted then, whosever it is now."""
    counted = HalfHour.objects.filter(hall=asked.hall, date__range=(asked.first, asked.last))
    return asked.agency.isalpha() and counted.filter(queue=asked.agency).exists()


def days(asked: Asked) -> list[dt.date]:
    """Return the days asked for that were counted."""
    return [day for (day,) in _read(_DAYS, asked)]


def report(asked: Asked) -> Report:
    """Return what came of all the days together: whole, by agency, and by service."""
    rows = list(_rows(asked, by_day=False))
    return Report(
        whole=next(row for row in rows if row.agency is None),
        agencies=[row for row in rows if row.agency is not None and row.service is None],
        services=[row for row in rows if row.service is not None],
    )


def by_day(asked: Asked) -> list[Row]:
    """Return what came of each day, agency and service; asked for by the month, for long spans."""
    return [row for month in _months(asked) for row in _rows(month, by_day=True) if row.day]


def load(asked: Asked, count: int) -> list[HalfHourOfDay]:
    """Return from the first to the last busy half hour what came of it, on the mean of the days."""
    found = {slot: figures for slot, *figures in _read(_LOAD, asked)}
    slots = range(min(found), max(found) + 1) if found else range(0)
    return [
        HalfHourOfDay(slot, *(int(each) / count for each in found.get(slot, (0, 0, 0))))
        for slot in slots
    ]


def heat(asked: Asked, counted: list[dt.date]) -> dict[int, dict[int, float]]:
    """Return weekday -> half hour -> the mean of numbers given then, of the weekdays counted."""
    of_weekday = Counter(day.isoweekday() for day in counted)
    found: dict[int, dict[int, float]] = {weekday: {} for weekday in sorted(of_weekday)}
    for weekday, slot, issued in _read(_HEAT, asked):
        found[weekday][slot] = int(issued) / of_weekday[weekday]
    return found


def last_of_month(date: dt.date) -> dt.date:
    return date.replace(day=calendar.monthrange(date.year, date.month)[1])


def percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def _months(asked: Asked) -> Iterator[Asked]:
    first = asked.first
    while first <= asked.last:
        last = min(asked.last, last_of_month(first))
        yield replace(asked, first=first, last=last)
        first = last + dt.timedelta(days=1)


# --- The rows -----------------------------------------------------------------------------------


def _rows(asked: Asked, *, by_day: bool) -> Iterator[Row]:
    """Yield the rows in the order of their codes."""
    sums = {tuple(key): figures for *key, figures in _sums(asked, by_day=by_day)}
    offers = _Offers(asked.hall)
    promises = offers.promises({service for _, _, service in sums if service})
    waits = _spreads(_WAITS, asked, by_day=by_day, limit=asked.hall.longest_wait * A_MINUTE)
    served = _spreads(_SERVED, asked, by_day=by_day, **_in_columns(promises))
    for key in sorted(sums, key=_in_order):
        day, agency, service = key
        yield Row(
            day=day,
            agency=agency,
            service=service,
            agency_name=offers.agency(agency) if agency else "",
            service_name=offers.service(service) if service else "",
            promise=promises.get(service),
            sums=sums[key],
            waits=waits.get(key, Spread()),
            served=served.get(key, Spread()),
        )


def _in_columns(promises: Mapping[str, int]) -> dict[str, list[Any]]:
    seconds = [minutes * A_MINUTE for minutes in promises.values()]
    return {"services": list(promises), "promises": seconds}


def _in_order(key: tuple[Any, ...]) -> tuple[Any, ...]:
    day, agency, service = key
    return day or dt.date.min, agency or "", service or ""


def _sums(asked: Asked, *, by_day: bool) -> Iterator[tuple[Any, ...]]:
    for day, agency, service, *figures in _read(_SUMS, asked, by_day=by_day):
        yield day, agency, service, Sums(*(int(each or 0) for each in figures))


def _spreads(statement: str, asked: Asked, **more: Any) -> dict[tuple[Any, ...], Spread]:
    rows = _read(statement, asked, **more)
    return {(day, agency, service): Spread(*told) for day, agency, service, *told in rows}


class _Offers:
    """What the codes of the log are called today; a code that is gone is called by itself."""

    def __init__(self, hall: Hall) -> None:
        services = Service.objects.filter(hall=hall)
        services = services.only("code", "name_id", "name_en", "target_minutes")
        self._services = {each.code: each for each in services}
        self._agencies = {each.code: each for each in Agency.objects.filter(hall=hall)}

    def agency(self, code: str) -> str:
        return self._agencies[code].short_name if code in self._agencies else code

    def service(self, codes: str) -> str:
        """Return the names of the services that one number was for."""
        found = ((code, self._services.get(code)) for code in codes.split(","))
        return " + ".join(service.name if service else code for code, service in found)

    def promises(self, services: Collection[str]) -> dict[str, int]:
        """Return the minutes promised for each; for several services, when for all of them."""
        found = {codes: list(map(self._services.get, codes.split(","))) for codes in services}
        return {
            codes: sum(each.target_minutes for each in offered if each)
            for codes, offered in found.items()
            if all(offered)
        }


def _read(statement: str, asked: Asked, **more: Any) -> list[tuple[Any, ...]]:
    words: dict[str, Any] = {
        "hall": asked.hall.pk,
        "first": asked.first,
        "last": asked.last,
        "agency": asked.agency,
        "by_day": False,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, words | more)
        return cursor.fetchall()
