"""With which calendar does a hall begin? That of its files, until a manager has changed it.

Loading is repeated at every start, so from a manager's first change on the files stay out of it.
"""

from itertools import groupby
from typing import Any

from agencies import clock, holidays
from agencies.models import Hall, Quota, Service, Timetable, Window
from agencies.reading import HallFiles, Row

USUAL = "Jam biasa"
L = Timetable.Level


def load_calendar(hall: Hall, files: HallFiles) -> None:
    """Make timetables and quotas what the files say; enter this year's holidays and the next."""
    holidays.fill_coming(hall, clock.today(hall))
    if hall.calendar_is_edited or _kept(hall) == _wanted(files):
        return
    hall.timetables.all().delete()
    hall.quotas.all().delete()
    services = {service.code: service for service in hall.services.select_related("queue")}
    for (name, codes), rows in groupby(_windows(files), key=lambda row: row[:2]):
        level = L.SERVICE if codes else L.HALL
        timetable = Timetable.objects.create(hall=hall, level=level, name=name)
        timetable.services.set([services[code] for code in codes])
        Window.objects.bulk_create(_window(timetable, *times) for _, _, *times in rows)
    for row in files.quotas:
        _load_quota(hall, row, [services[code] for code in row["services"]])


def _window(timetable: Timetable, weekday: int, opens: Any, last_issue: Any, closes: Any) -> Window:
    return Window(
        timetable=timetable,
        weekday=weekday,
        opens_at=opens,
        last_issue_at=last_issue,
        closes_at=closes,
    )


def _load_quota(hall: Hall, row: Row, services: list[Service]) -> None:
    quota = Quota.objects.create(hall=hall, queue=services[0].queue, amount=row["amount"])
    quota.services.set(services)


def _windows(files: HallFiles) -> list[tuple[Any, ...]]:
    """Return every window of the files: the timetable's name and services, weekday, times."""
    times = ("weekday", "opens_at", "last_issue_at", "closes_at")
    rows = [(USUAL, (), *(row[name] for name in times)) for row in files.hours]
    rows += [
        (row["name"], tuple(sorted(row["services"])), *(row[name] for name in times))
        for row in files.windows
    ]
    return sorted(rows, key=str)


def _wanted(files: HallFiles) -> tuple[list[Any], list[Any]]:
    quotas = [(row["amount"], tuple(sorted(row["services"]))) for row in files.quotas]
    return _windows(files), sorted(quotas, key=str)


def _kept(hall: Hall) -> tuple[list[Any], list[Any]]:
    """Return what the hall has, in the shape of `_wanted`."""
    windows = [
        (table.name, _codes(table), each.weekday, each.opens_at, each.last_issue_at, each.closes_at)
        for table in hall.timetables.prefetch_related("windows", "services")
        for each in table.windows.all()
    ]
    quotas = [(each.amount, _codes(each)) for each in hall.quotas.prefetch_related("services")]
    return sorted(windows, key=str), sorted(quotas, key=str)


def _codes(thing: Timetable | Quota) -> tuple[str, ...]:
    return tuple(sorted(service.code for service in thing.services.all()))
