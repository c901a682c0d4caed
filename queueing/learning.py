"""What has the hall learned about its own time, and how good were its estimates?

Learned each hour from the log and judged once after each day: how long services take, when counters
usually open and rest, and by how much the late end of estimates has to be stretched so that 80 of
100 are called by then (domain section 8).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from statistics import median
from typing import Any, NamedTuple

import numpy as np
from django.db import connection
from django.db.models import Max

from agencies import clock
from agencies.models import Hall
from queueing import times
from queueing.models import Accuracy, DayClose, Habit, ServiceTime, TicketEvent

TIMES_OF = dt.timedelta(days=60)
HABITS_OF = dt.timedelta(days=20)
JUDGED_BY = dt.timedelta(days=20)
EACH = dt.timedelta(hours=1)
KEPT_SHARE = 0.8
LEAST_JUDGED = 50  # numbers, before an agency's own stretch is trusted
NARROWEST = 0.5  # minutes from middle to late end
STRETCHES = (0.5, 4.0)
LEAST_DAYS = 2

_LEARN_TIMES = f"""
    INSERT INTO queueing_servicetime (service_id, count, log_mean, log_sd, learned_at)
    SELECT service_id, count(*), avg(ln(minutes)), coalesce(stddev_samp(ln(minutes)), 0), %(now)s
    FROM (SELECT min(w.service_id) AS service_id,
                 extract(epoch FROM min(t.ended_at) - min(t.called_at)) / 60 AS minutes
          FROM queueing_ticket t JOIN queueing_ticket_services w ON w.ticket_id = t.id
          WHERE t.hall_id = %(hall)s AND t.date >= %(since)s AND t.state = 'done'
          AND {times.TEACHES}
          GROUP BY t.id HAVING count(*) = 1) served
    GROUP BY service_id
    ON CONFLICT (service_id) DO UPDATE SET count = EXCLUDED.count, log_mean = EXCLUDED.log_mean,
        log_sd = EXCLUDED.log_sd, learned_at = EXCLUDED.learned_at
"""  # noqa: S608 - no outside text
# What was told first, and when the call came; not of those who wished to be called later.
_TOLD = """
    SELECT t.date, q.agency_id, t.issued_at, e.middle, e.late, e.simple, e.stretch, c.at
    FROM queueing_ticket t
    JOIN agencies_queue q ON q.id = t.queue_id
    JOIN queueing_visit v ON v.id = t.visit_id AND NOT v.is_ordered
    JOIN LATERAL (SELECT * FROM queueing_estimate e WHERE e.ticket_id = t.id
                  ORDER BY e.at, e.id LIMIT 1) e ON true
    JOIN (SELECT ticket_id, min(at) AS at FROM queueing_ticketevent
          WHERE hall_id = %(hall)s AND date BETWEEN %(since)s AND %(until)s AND kind = 'call'
          GROUP BY ticket_id) c ON c.ticket_id = t.id
    WHERE t.hall_id = %(hall)s AND t.date BETWEEN %(since)s AND %(until)s AND t.leg_of_id IS NULL
    AND t.postponed = 0 AND NOT EXISTS (
        SELECT 1 FROM queueing_ticketevent w WHERE w.ticket_id = t.id AND w.kind = 'step_away')
    AND e.middle IS NOT NULL AND e.ahead > 0
    AND e.at < t.issued_at + interval '1 minute'
"""


class Told(NamedTuple):
    """One number that had somebody ahead: what its holder was told first, and what came."""

    date: dt.date
    agency: int
    issued_at: dt.datetime
    middle: dt.datetime
    late: dt.datetime
    simple: float
    stretch: float
    called_at: dt.datetime

    @property
    def bias(self) -> float:
        """Minutes by which the call came after the middle."""
        return (self.called_at - self.middle) / dt.timedelta(minutes=1)

    @property
    def simple_error(self) -> float:
        return abs((self.called_at - self.issued_at) / dt.timedelta(minutes=1) - self.simple)

    @property
    def needed(self) -> float:
        """By what the unstretched way to the late end had to be multiplied to reach the call."""
        way = (self.late - self.middle) / dt.timedelta(minutes=1) / self.stretch
        return self.bias / max(way, NARROWEST)


def learn(hall: Hall) -> None:
    """Learn what is due: times and habits each hour, and a verdict on each day that was closed."""
    newest = ServiceTime.objects.filter(service__hall=hall).aggregate(at=Max("learned_at"))["at"]
    if newest is None or newest < clock.now() - EACH:
        learn_times(hall)
        learn_habits(hall)
    judged = Accuracy.objects.filter(hall=hall, agency=None).values("date")
    closed = DayClose.objects.filter(hall=hall, date__gte=clock.today(hall) - JUDGED_BY)
    for date in closed.exclude(date__in=judged).order_by("date").values_list("date", flat=True):
        judge(hall, date)


def learn_times(hall: Hall) -> None:
    """Learn how long each service takes at the counter, from the call to the end."""
    about: dict[str, Any] = {
        "hall": hall.pk,
        "now": clock.now(),
        "since": clock.today(hall) - TIMES_OF,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LEARN_TIMES, about)


# --- Habits -------------------------------------------------------------------------------------


class CounterDay(NamedTuple):
    """When a counter opened first on a day, rested first and came back, in minutes of the day."""

    opened: float | None
    rested: float | None
    came_back: float | None


def learn_habits(hall: Hall) -> None:
    """Learn when each counter opens and rests, where it did so on most of the days it was seen."""
    counters = dict(hall.counters.values_list("number", "pk"))
    habits = [
        _habit(counters[number], days)
        for number, days in _days_of_counters(hall).items()
        if number in counters
    ]
    fields = ["opens", "rests", "rest_minutes"]
    Habit.objects.bulk_create(
        habits, update_conflicts=True, unique_fields=["counter"], update_fields=fields
    )


def _days_of_counters(hall: Hall) -> dict[int, list[CounterDay]]:
    """Return the days on which each counter, by its number, opened or rested."""
    today = clock.today(hall)
    events = TicketEvent.objects.filter(
        hall=hall,
        date__gte=today - HABITS_OF,
        date__lt=today,
        counter__gt=0,
        kind__in=("open", "break", "close"),
    )
    days: dict[tuple[int, dt.date], list[tuple[str, float]]] = defaultdict(list)
    rows = events.order_by("version").values_list("counter", "date", "kind", "at")
    for counter, date, kind, at in rows:
        here = clock.local(hall, at)
        days[counter or 0, date].append((kind, here.hour * 60 + here.minute + here.second / 60))
    found: dict[int, list[CounterDay]] = defaultdict(list)
    for (counter, _date), changes in days.items():
        found[counter].append(_day(changes))
    return found


def _day(changes: list[tuple[str, float]]) -> CounterDay:
    opened = next((at for kind, at in changes if kind == "open"), None)
    rested = next((at for kind, at in changes if kind == "break"), None)
    after = (at for kind, at in changes if kind == "open" and rested is not None and at > rested)
    return CounterDay(opened, rested, next(after, None))


def _habit(counter: int, days: list[CounterDay]) -> Habit:
    rests = [
        (day.rested, day.came_back - day.rested)
        for day in days
        if day.rested is not None and day.came_back is not None
    ]
    is_used = 2 * len(rests) >= len(days) and len(rests) >= LEAST_DAYS
    return Habit(
        counter_id=counter,
        opens=_usual(day.opened for day in days),
        rests=_usual(at for at, _length in rests) if is_used else None,
        rest_minutes=_usual(length for _at, length in rests) if is_used else None,
    )


def _usual(seen: Iterable[float | None]) -> float | None:
    """Return the middle of what was seen; None of what was seen too rarely."""
    known = [each for each in seen if each is not None]
    return median(known) if len(known) >= LEAST_DAYS else None


# --- How good they were -------------------------------------------------------------------------


def told_of(hall: Hall, since: dt.date, until: dt.date) -> list[Told]:
    """Return what was told of the numbers of these days that had somebody ahead and were called."""
    about: dict[str, Any] = {"hall": hall.pk, "since": since, "until": until}
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, about)
        return [Told(*row) for row in cursor.fetchall()]


def judge(hall: Hall, date: dt.date) -> None:
    """Write down how good the estimates of a day were, and what the last 20 days ask for."""
    told = told_of(hall, date - JUDGED_BY + dt.timedelta(days=1), date)
    verdicts = [
        _verdict(hall, agency, date, [each for each in told if agency in {None, each.agency}])
        for agency in (None, *sorted({each.agency for each in told}))
    ]
    fields = ["told", "kept", "bias", "error", "simple_error", "stretch"]
    Accuracy.objects.bulk_create(
        (verdict for verdict in verdicts if verdict is not None),
        update_conflicts=True,
        unique_fields=["hall", "agency", "date"],
        update_fields=fields,
    )


def _verdict(hall: Hall, agency: int | None, date: dt.date, told: list[Told]) -> Accuracy | None:
    """Return the verdict on a day; None for an agency of which too little is known."""
    if agency is not None and len(told) < LEAST_JUDGED:
        return None
    today = [each for each in told if each.date == date]
    return Accuracy(
        hall=hall,
        agency_id=agency,
        date=date,
        told=len(today),
        kept=sum(each.called_at <= each.late for each in today),
        bias=_mean(each.bias for each in today),
        error=_mean(abs(each.bias) for each in today),
        simple_error=_mean(each.simple_error for each in today),
        stretch=_stretch(told),
    )


def _mean(figures: Iterator[float]) -> float:
    known = list(figures)
    return sum(known) / len(known) if known else 0.0


def _stretch(told: list[Told]) -> float:
    if len(told) < LEAST_JUDGED:
        return 1.0
    needed = float(np.quantile([each.needed for each in told], KEPT_SHARE))
    return min(max(needed, STRETCHES[0]), STRETCHES[1])
