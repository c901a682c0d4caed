"""What does a week of the calendar look like? Every day with who is open when, and the quotas.

It shows what comes out of all timetables together: an agency that is open until 16.00, in a hall
that closes at 15.00, is shown until 15.00.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from agencies import clock
from agencies.calendar import Calendar, DayOff, Limit, Profile, Span, calendar_of, narrowest
from agencies.models import Hall, Service
from queueing.quotas import Tally

DAYS = 7
RUN = 3  # so many codes in a row are told by the first and the last
FIRST_HOUR, LAST_HOUR = 7, 17  # of the picture, wider when somebody is open outside of them


@dataclass(frozen=True)
class Place:
    """The hall, an agency, or some services that open together; `timetables` are its own."""

    name: str
    level: str
    timetables: list[Profile]
    agency: int = 0
    services: tuple[Service, ...] = ()

    @property
    def codes(self) -> str:
        """The codes of its services; a run of them by its two ends."""
        codes = [service.code for service in self.services]
        first, last = codes[0], codes[-1]
        is_run = int(last[1:]) - int(first[1:]) == len(codes) - 1 >= RUN - 1
        return f"{first}-{last}" if is_run else ", ".join(codes)


@dataclass(frozen=True)
class Bar:
    """A span as a picture, in minutes from the left: giving numbers, then only serving."""

    opens: int
    last_issue: int
    giving: int
    serving: int


@dataclass(frozen=True)
class Line:
    """One place on one day."""

    place: Place
    spans: tuple[Span, ...]
    bars: list[Bar]
    why: str  # the timetable of these dates that counts today
    limit: Limit | None
    used: int | None


@dataclass(frozen=True)
class Day:
    """A date, what is open on it, and what is not."""

    date: dt.date
    is_today: bool
    day_off: DayOff | None
    lines: list[Line]  # of the hall, and of those that are open
    shut: list[Line]  # of those that are closed while the hall is open

    @property
    def rows(self) -> int:
        """How many rows the day takes in a table; the closed ones share one."""
        return len(self.lines) + bool(self.shut)


@dataclass(frozen=True)
class Week:
    days: list[Day]
    hours: list[tuple[int, int]]  # the hour, and where it stands in the picture
    width: int


def week(hall: Hall, monday: dt.date) -> Week:
    """Return the seven days from this Monday on."""
    calendar, today = calendar_of(hall), clock.today(hall)
    places = _places(hall, calendar)
    dates = [monday + dt.timedelta(days=days) for days in range(DAYS)]
    spans = [span for date in dates for place in places for span in _spans(calendar, date, place)]
    first = min([FIRST_HOUR, *(span.opens.hour for span in spans)])
    last = max([LAST_HOUR, *(span.closes.hour + 1 for span in spans)])
    days = [_day(hall, date, places, first, today) for date in dates]
    hours = [(hour, (hour - first) * 60) for hour in range(first, last + 1)]
    return Week(days, hours, (last - first) * 60)


def _places(hall: Hall, calendar: Calendar) -> list[Place]:
    """Return who has hours or a quota of their own: the hall, agencies, then services by theirs."""
    places = [Place("", "hall", calendar.hall)]
    for agency in hall.agencies.filter(pk__in=calendar.agencies).order_by("code"):
        timetables = calendar.agencies[agency.pk]
        places.append(Place(f"{agency.code} {agency.short_name}", "agency", timetables, agency.pk))
    alike: dict[Any, list[Service]] = defaultdict(list)
    for service in hall.services.select_related("queue__agency").order_by("code"):
        own = tuple(row.id for row in calendar.services.get(service.pk, []))
        limits = tuple(each.id for each in calendar.limits if _covers(each, service))
        if own or limits:
            alike[service.queue_id, own, limits].append(service)
    return places + [_of_services(calendar, services) for services in alike.values()]


def _covers(limit: Limit, service: Service) -> bool:
    return limit.queue == service.queue_id and (not limit.services or service.pk in limit.services)


def _of_services(calendar: Calendar, services: list[Service]) -> Place:
    first = services[0]
    timetables = calendar.services.get(first.pk, [])
    usual = next((row.name for row in timetables if not row.is_for_a_while), first.name)
    agency = first.queue.agency
    name = f"{agency.short_name}: {usual}"
    return Place(name, "service", timetables, agency.pk, tuple(services))


def _spans(calendar: Calendar, date: dt.date, place: Place) -> tuple[Span, ...]:
    service = place.services[0].pk if place.services else 0
    return calendar.spans(date, place.agency, service)


def _day(hall: Hall, date: dt.date, places: Iterable[Place], first: int, today: dt.date) -> Day:
    calendar = calendar_of(hall)
    tally = Tally(hall, date) if date <= today else None
    lines = []
    for place in places:
        spans = _spans(calendar, date, place)
        counting = narrowest(place.timetables, date)
        why = counting.name if counting and counting.is_for_a_while else ""
        counts = place.services and (spans or hall.always_open)
        limit = calendar.limit(date, place.services[0]) if counts else None
        used = tally.used(place.services[0]) if tally and limit else None
        lines.append(Line(place, spans, _bars(spans, first), why, limit, used))
    kept = [line for line in lines if line.spans or line.limit or line is lines[0]]
    shut = [line for line in lines if line not in kept] if lines[0].spans else []
    return Day(date, date == today, calendar.holidays.get(date), kept, shut)


def _bars(spans: Iterable[Span], first: int) -> list[Bar]:
    bars = []
    for span in spans:
        opens, last_issue, closes = (time.hour * 60 + time.minute - first * 60 for time in span)
        bars.append(Bar(opens, last_issue, last_issue - opens, closes - last_issue))
    return bars
