"""Calendars for the cast's halls: timetables, holidays and quotas in few words."""

import datetime as dt
from zoneinfo import ZoneInfo

from agencies.models import Hall, Holiday, Queue, Quota, Timetable, Window

MONDAY = dt.date(2026, 11, 23)
MON, TUE, WED, THU, FRI = range(5)
L = Timetable.Level


def at(days: int, time: str, zone: str = "Asia/Jakarta") -> dt.datetime:
    """Return the moment at which a wall clock of the zone shows this time, days after Monday."""
    return on(MONDAY + dt.timedelta(days=days), time, zone)


def on(date: dt.date | str, time: str, zone: str = "Asia/Jakarta") -> dt.datetime:
    date = dt.date.fromisoformat(date) if isinstance(date, str) else date
    return dt.datetime.combine(date, dt.time.fromisoformat(time), ZoneInfo(zone))


def timetable(hall: Hall, *windows: tuple, **values) -> Timetable:
    """Make a timetable of these windows: a weekday or several, opening, last number, closing.

    It is the hall's, or that of the `agency`, or of the `services`; `dates` is its first and last.
    """
    services, agency = values.get("services", []), values.get("agency")
    first, last = values.get("dates", (None, None))
    made = Timetable.objects.create(
        hall=hall,
        level=L.SERVICE if services else L.AGENCY if agency else L.HALL,
        agency=agency,
        name=values.get("name", "Jam biasa"),
        first_date=first,
        last_date=last,
        is_closed=not windows,
    )
    made.services.set(services)
    for days, *times in windows:
        opens, last_issue, closes = map(dt.time.fromisoformat, times)
        for weekday in days if isinstance(days, list | range) else [days]:
            Window.objects.create(
                timetable=made,
                weekday=weekday,
                opens_at=opens,
                last_issue_at=last_issue,
                closes_at=closes,
            )
    hall.refresh_from_db()
    return made


def with_hours(hall: Hall, days: range = range(5)) -> Hall:
    """Give the hall the hours of the launch: working days from 08.00, the last number at 14.30."""
    Hall.objects.filter(pk=hall.pk).update(always_open=False)
    timetable(hall, (days, "08:00", "14:30", "15:00"))
    return hall


def holiday(hall: Hall, date: dt.date, name: str = "Hari Raya", **values) -> Holiday:
    made = Holiday.objects.create(hall=hall, date=date, name_id=name, **values)
    hall.refresh_from_db()
    return made


def quota(queue: Queue, amount: int, services=(), **values) -> Quota:
    made = Quota.objects.create(hall=queue.hall, queue=queue, amount=amount, **values)
    made.services.set(services)
    return made
