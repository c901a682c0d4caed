"""Which days are played, in which hall? One season: a preset, a seed, and what is different.

Played in the database of this process, which must be a stage (`stage.py`): the hall there is a copy
of the catalogue's, and its clock is ours.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.db import connection

from agencies import clock, holidays
from agencies.clock import zone_of
from agencies.models import Hall, Quota
from queueing import lifecycle
from queueing.models import ServiceTime
from queueing.simulating import plan, record, recorded, service_times, staffing
from queueing.simulating.assumptions import PRESETS, Assumptions, as_in_the_reference
from queueing.simulating.clockwork import RunningClock, StandingClock
from queueing.simulating.day import Day
from queueing.simulating.streams import Lot

PARALLEL, SEQUENTIAL = "parallel", "sequential"
EARLY, AFTER_MIDNIGHT = dt.time(7, 55), dt.time(0, 5)
Hook = Callable[[Hall], object] | None
_IN_A_HURRY = "SET synchronous_commit = off"  # a stage may forget what it wrote last


@dataclass(frozen=True)
class Season:
    preset: str = "biasa"
    visits: int = 0  # 0: as many as the preset has
    counters: str = ""  # more or fewer, as in "F+1@10.00"
    priority_credit: int = 30
    errands: str = PARALLEL
    reference: bool = False
    always_open: bool = False
    seed: int = 1
    date: str = "2026-11-23"
    estimates: bool = False  # work out when everybody is called, and learn from it each night
    speed: float = 0  # times as fast as a real day; 0: as fast as it goes
    again: recorded.Words | None = None  # a day that was (`recorded.read`), instead of drawn ones

    @property
    def has_no_hours(self) -> bool:
        """Whoever was given a number once is given one again, whatever the calendar says now."""
        return self.always_open or self.reference or self.again is not None

    def assumptions(self) -> Assumptions:
        found = PRESETS[self.preset]
        found = replace(found, visits=self.visits or found.visits)
        return as_in_the_reference(found) if self.reference else found


def play(
    season: Season,
    days: Sequence[int],
    *,
    on_open: Hook = None,
    on_tick: Hook = None,
    on_night: Hook = None,
) -> Iterator[record.Record]:
    """Play these days of the season, counted from its first, in this process's database.

    `on_open` is called once, before anybody comes; `on_tick` at most every 15 seconds of the day;
    `on_night` when a day is closed.
    """
    hall = set_up(season)
    last = max(days, default=0)
    dates = plan.open_days(hall, dt.date.fromisoformat(season.date), last + 1)
    how = {"is_sequential": season.errands == SEQUENTIAL, "is_shown": season.speed > 0}
    hands = _clock(season, _at(hall, dates[0], EARLY))
    if on_open:
        on_open(hall)
    for day in days:
        hall = Hall.objects.get(pk=hall.pk)
        drawn = _plan(season, hall, day, dates[day])
        hands.jump(min(_at(hall, dates[day], EARLY), drawn.begins_at))
        yield _played(Day(hall, hands, drawn, season.assumptions(), on_tick=on_tick, **how))
        hands.jump(_at(hall, dates[day] + dt.timedelta(days=1), AFTER_MIDNIGHT))
        lifecycle.close_day(Hall.objects.get(pk=hall.pk), dates[day])
        if on_night:
            on_night(hall)


def _plan(season: Season, hall: Hall, day: int, date: dt.date) -> plan.Plan:
    if season.again:
        return recorded.plan(season.again, hall)
    changes = staffing.read_changes(season.counters)
    return plan.draw(hall, date, season.assumptions(), Lot(season.seed, day), changes)


def _played(day: Day) -> record.Record:
    began = time.monotonic()
    day.play()
    return record.read(day, time.monotonic() - began)


def set_up(season: Season) -> Hall:
    """Make the hall of the catalogue what the season wants."""
    hall = Hall.objects.get()
    hall.always_open = season.has_no_hours
    hall.priority_credit = season.priority_credit
    hall.save(update_fields=["always_open", "priority_credit"])
    holidays.fill_coming(hall, dt.date.fromisoformat(season.date))
    assumptions = season.assumptions()
    hall.quotas.all().delete()
    quotas = {} if season.again else assumptions.quotas
    for letter, amount in quotas.items():
        Quota.objects.create(hall=hall, queue=hall.queues.get(code=letter), amount=amount)
    for _ in range(assumptions.counters - 1):
        for counter in list(hall.counters.order_by("number")):
            plan.one_more(hall, counter)
    return Hall.objects.get(pk=hall.pk)


def teach(hall: Hall) -> None:
    """Let the hall know how long its services take, as one that has been open for months."""
    usual, now = Assumptions(), clock.now()
    between = usual.between / dt.timedelta(minutes=1)
    known = []
    for service in hall.services.all():
        each = service_times.mean(service.target_minutes, usual) + between
        mean, spread = service_times.law(each, usual)
        known.append(
            ServiceTime(service=service, count=100, log_mean=mean, log_sd=spread, learned_at=now)
        )
    ServiceTime.objects.bulk_create(known, ignore_conflicts=True)


def _clock(season: Season, moment: dt.datetime) -> StandingClock | RunningClock:
    if season.speed:
        return RunningClock(moment, season.speed)
    with connection.cursor() as cursor:
        cursor.execute(_IN_A_HURRY)
    return StandingClock(moment)


def _at(hall: Hall, date: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(date, time, zone_of(hall))
