"""What stands in a hall's calendar? Timetables, holidays and quotas, read once and remembered.

Taking a number must not read a calendar that changes once a month: each process keeps the calendar
of each hall, together with the mark under which it was read. The mark comes with the hall's row,
and every change gives the hall a new one (migration 0004), so an old calendar is never asked.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from django.db import connection

from agencies.models import Hall, Service, Timetable, in_language

MOST_DAYS = 20_000
L = Timetable.Level

_CALENDAR = """
SELECT (SELECT COALESCE(json_agg(json_build_object(
    'id', t.id, 'level', t.level, 'name', t.name, 'agency', t.agency_id,
    'services', (SELECT COALESCE(json_agg(s.service_id), '[]')
                 FROM agencies_timetable_services s WHERE s.timetable_id = t.id),
    'first', t.first_date, 'last', t.last_date,
    'windows', (SELECT COALESCE(json_agg(json_build_array(
                    w.weekday, w.opens_at, w.last_issue_at, w.closes_at) ORDER BY w.opens_at), '[]')
                FROM agencies_window w WHERE w.timetable_id = t.id AND NOT t.is_closed))), '[]')
 FROM agencies_timetable t WHERE t.hall_id = h.id),
(SELECT COALESCE(json_agg(json_build_array(
    d.date, d.name_id, d.name_en, d.kind, d.is_confirmed, d.is_closed) ORDER BY d.date), '[]')
 FROM agencies_holiday d WHERE d.hall_id = h.id),
(SELECT COALESCE(json_agg(json_build_object(
    'id', q.id, 'queue', q.queue_id, 'amount', q.amount, 'weekdays', q.weekdays,
    'services', (SELECT COALESCE(json_agg(s.service_id), '[]')
                 FROM agencies_quota_services s WHERE s.quota_id = q.id),
    'first', q.first_date, 'last', q.last_date)), '[]')
 FROM agencies_quota q WHERE q.hall_id = h.id)
FROM agencies_hall h WHERE h.id = %s
"""


class Span(NamedTuple):
    """From when to when numbers are given, and until when people are served, by the wall clock."""

    opens: dt.time
    last_issue: dt.time
    closes: dt.time

    def gives(self, time: dt.time) -> bool:
        return self.opens <= time < self.last_issue


@dataclass(frozen=True)
class DayOff:
    date: dt.date
    name_id: str
    name_en: str
    kind: str
    is_confirmed: bool
    is_closed: bool

    @property
    def name(self) -> str:
        return in_language(self.name_id, self.name_en)


@dataclass(frozen=True)
class Ranged:
    """Whatever counts from one date to another."""

    id: int
    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class Profile(Ranged):
    """A timetable: its spans for each weekday, and under None for the weekdays it does not name."""

    name: str
    spans: dict[int | None, tuple[Span, ...]]

    @property
    def is_for_a_while(self) -> bool:
        return self.first > dt.date.min or self.last < dt.date.max

    def on(self, date: dt.date) -> tuple[Span, ...]:
        return self.spans.get(date.weekday()) or self.spans.get(None, ())


@dataclass(frozen=True)
class Limit(Ranged):
    """A quota: how many of these services of a queue on one day; of all when it names none."""

    queue: int
    amount: int
    weekdays: frozenset[int]
    services: frozenset[int]

    def covers(self, service: int, queue: int, date: dt.date) -> bool:
        return (
            self.queue == queue
            and (not self.services or service in self.services)
            and (not self.weekdays or date.weekday() in self.weekdays)
        )

    def counts_on(self, date: dt.date) -> bool:
        is_day = not self.weekdays or date.weekday() in self.weekdays
        return is_day and self.first <= date <= self.last


R = TypeVar("R", bound=Ranged)


def narrowest(rows: Iterable[R], date: dt.date) -> R | None:
    """Return what counts on this date: the shortest range, then the later one, then the newer."""
    counting = [row for row in rows if row.first <= date <= row.last]
    return min(counting, key=_narrowness, default=None)


def _narrowness(row: Ranged) -> tuple[dt.timedelta, int, int]:
    return row.last - row.first, -row.first.toordinal(), -row.id


def meet(some: tuple[Span, ...], others: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return when both are open: each pair of spans that has a moment to give numbers in."""
    pairs = (Span(max(a[0], b[0]), min(a[1], b[1]), min(a[2], b[2])) for a in some for b in others)
    return tuple(sorted(pair for pair in pairs if pair.opens < pair.last_issue))


@dataclass
class Calendar:
    """One hall's calendar under one mark. Asked for a day, it remembers the answer."""

    mark: uuid.UUID
    hall: list[Profile] = field(default_factory=list)
    agencies: dict[int, list[Profile]] = field(default_factory=dict)
    services: dict[int, list[Profile]] = field(default_factory=dict)
    holidays: dict[dt.date, DayOff] = field(default_factory=dict)
    limits: list[Limit] = field(default_factory=list)
    _days: dict[tuple[dt.date, int, int], tuple[Span, ...]] = field(default_factory=dict)

    def spans(self, date: dt.date, agency: int = 0, service: int = 0) -> tuple[Span, ...]:
        """Return when numbers are given on a day, in the whole hall or for an agency or service."""
        place = (
            date,
            agency if agency in self.agencies else 0,
            service if service in self.services else 0,
        )
        if place not in self._days:
            if len(self._days) > MOST_DAYS:
                self._days.clear()
            self._days[place] = self._spans(*place)
        return self._days[place]

    def _spans(self, date: dt.date, agency: int, service: int) -> tuple[Span, ...]:
        if self.day_off(date):
            return ()
        usual = narrowest(self.hall, date)
        spans = usual.on(date) if usual else ()
        for profiles in (self.agencies.get(agency), self.services.get(service)):
            own = narrowest(profiles or [], date)
            if own:
                spans = meet(spans, own.on(date))
        return spans

    def day_off(self, date: dt.date) -> DayOff | None:
        """Return the holiday that closes the hall on this date."""
        holiday = self.holidays.get(date)
        return holiday if holiday and holiday.is_closed else None

    def limit(self, date: dt.date, service: Service) -> Limit | None:
        """Return the quota of a service on a day; its own before one of its whole queue."""
        return self.limit_of(date, service.pk, service.queue_id)

    def limit_of(self, date: dt.date, service: int, queue: int) -> Limit | None:
        limits = [limit for limit in self.limits if limit.covers(service, queue, date)]
        own = [limit for limit in limits if limit.services]
        return narrowest(own, date) or narrowest(limits, date)


_known: dict[int, Calendar] = {}


def calendar_of(hall: Hall) -> Calendar:
    """Return the hall's calendar, by one query after it has changed and by none otherwise."""
    known = _known.get(hall.pk)
    if known is None or known.mark != hall.calendar_mark:
        known = _known[hall.pk] = _read(hall)
    return known


def _read(hall: Hall) -> Calendar:
    with connection.cursor() as cursor:
        cursor.execute(_CALENDAR, [hall.pk])
        timetables, holidays, quotas = cursor.fetchone()
    calendar = Calendar(hall.calendar_mark)
    for row in timetables:
        _put(calendar, row)
    for date, *rest in holidays:
        day = dt.date.fromisoformat(date)
        calendar.holidays[day] = DayOff(day, *rest)
    calendar.limits = [_limit(row) for row in quotas]
    return calendar


def _put(calendar: Calendar, row: dict[str, Any]) -> None:
    """Enter a timetable at each place that it is for."""
    spans: dict[int | None, tuple[Span, ...]] = {}
    for weekday, *times in row["windows"]:
        span = Span(*map(dt.time.fromisoformat, times))
        spans[weekday] = (*spans.get(weekday, ()), span)
    profile = Profile(row["id"], *_range(row), row["name"], spans)
    if row["level"] == L.HALL:
        calendar.hall.append(profile)
    elif row["level"] == L.AGENCY:
        calendar.agencies.setdefault(row["agency"], []).append(profile)
    for service in row["services"] if row["level"] == L.SERVICE else []:
        calendar.services.setdefault(service, []).append(profile)


def _limit(row: dict[str, Any]) -> Limit:
    weekdays, services = frozenset(row["weekdays"]), frozenset(row["services"])
    return Limit(row["id"], *_range(row), row["queue"], row["amount"], weekdays, services)


def _range(row: dict[str, Any]) -> tuple[dt.date, dt.date]:
    first, last = row["first"], row["last"]
    return (
        dt.date.fromisoformat(first) if first else dt.date.min,
        dt.date.fromisoformat(last) if last else dt.date.max,
    )
