"""How is every queue and counter doing? What supervisors and the manager see beside the board."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db.models import Count, Func, IntegerField, Min
from django.db.models.functions import ExtractHour, ExtractMinute

from agencies import clock
from agencies.clock import on_the_wall
from agencies.models import Agency, Assignment, Hall, Operator, Queue
from queueing import waiting
from queueing.breaks import staggered
from queueing.journal import CALLS
from queueing.models import Ticket, TicketEvent
from queueing.telling import wish_of

LINE = 50
NOON, AFTERNOON = dt.time(11, 45), dt.time(14, 0)
BREAK = dt.timedelta(minutes=45)


def overview(hall: Hall, agencies: Collection[Agency]) -> dict[str, Any]:
    """Return how these agencies do. The version is read first: what comes later is told later."""
    hall.refresh_from_db(fields=["version", "epoch", "business_date"])
    moment = clock.now()
    date = clock.day_of(hall, moment)
    return {
        "epoch": str(hall.epoch),
        "version": hall.version,
        "at": on_the_wall(hall, moment),
        "longest_wait": hall.longest_wait,
        "queues": _queues(hall, agencies, date),
        "counters": _counters(hall, agencies, date),
        "half_hours": half_hours(hall, agencies, date),
    }


def waits(hall: Hall, date: dt.date) -> dict[int, dt.datetime]:
    """Return for each queue in which somebody waits since when the longest does."""
    line = Ticket.objects.waiting().filter(hall=hall, date=date).order_by()
    return dict(line.values_list("queue").annotate(Min("issued_at")))


def _queues(hall: Hall, agencies: Collection[Agency], date: dt.date) -> list[dict[str, Any]]:
    since = waits(hall, date)
    queues = hall.queues.filter(agency__in=agencies).order_by("code")
    return [
        {
            "code": queue.code,
            "longest_since": on_the_wall(hall, since.get(queue.pk)),
            "incident_reason": queue.incident_reason,
        }
        for queue in queues
    ]


def _counters(hall: Hall, agencies: Collection[Agency], date: dt.date) -> list[dict[str, Any]]:
    counters = hall.counters.filter(agency__in=agencies).order_by("number")
    officers, callers = _officers(hall), _last_callers(hall, date)
    serves: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = Assignment.objects.filter(counter__in=counters).order_by("queue__code")
    for counter, code, weight in rows.values_list("counter", "queue__code", "weight"):
        serves[counter].append({"code": code, "weight": weight})
    return [
        {
            "number": counter.number,
            "officers": officers[counter.pk] or callers.get(counter.number, []),
            "reason": counter.break_reason,
            "until": on_the_wall(hall, counter.break_until),
            "serves": serves[counter.pk],
        }
        for counter in counters
    ]


def _officers(hall: Hall) -> dict[int, list[str]]:
    """Return who is assigned to each counter."""
    found: dict[int, list[str]] = defaultdict(list)
    people = Operator.objects.filter(hall=hall, is_active=True, counter__isnull=False)
    for counter, name in people.order_by("username").values_list("counter", "username"):
        found[counter].append(name)
    return found


def _last_callers(hall: Hall, date: dt.date) -> dict[int, list[str]]:
    """Return who called last at each counter today, for those that nobody is assigned to."""
    calls = TicketEvent.objects.filter(hall=hall, date=date, kind__in=CALLS)
    last = calls.order_by("counter", "-version").distinct("counter").values("counter", "actor")
    return {row["counter"] or 0: [row["actor"].removeprefix("operator:")] for row in last}


def half_hours(hall: Hall, agencies: Collection[Agency], date: dt.date) -> list[dict[str, Any]]:
    """Return how many numbers were given and called in each half hour since the first of today."""
    codes = [queue.code for queue in Queue.objects.filter(agency__in=agencies)]
    issued = Ticket.objects.filter(hall=hall, date=date, queue__code__in=codes, leg_of=None)
    calls = TicketEvent.objects.filter(hall=hall, date=date, kind="call", queue__in=codes)
    given, called = _by_half_hour(hall, issued, "issued_at"), _by_half_hour(hall, calls, "at")
    slots = given.keys() | called.keys()
    return (
        [
            {
                "from": f"{slot // 2:02d}.{slot % 2 * 30:02d}",
                "issued": given.get(slot, 0),
                "called": called.get(slot, 0),
            }
            for slot in range(min(slots), max(slots) + 1)
        ]
        if slots
        else []
    )


def _by_half_hour(hall: Hall, rows: Any, moment: str) -> dict[int, int]:
    zone = clock.zone_of(hall)
    minute = ExtractMinute(moment, tzinfo=zone)
    half = Func(minute, 30, function="div", output_field=IntegerField())
    slot = ExtractHour(moment, tzinfo=zone) * 2 + half
    return dict(rows.order_by().annotate(slot=slot).values_list("slot").annotate(Count("pk")))


# --- One queue ----------------------------------------------------------------------------------


def line_of(queue: Queue) -> dict[str, Any]:
    """Return who waits in a queue, in order, and when its counters could rest in turn."""
    hall = queue.hall
    moment = clock.now()
    date = clock.day_of(hall, moment)
    line = waiting.line([queue.pk], date).select_related("queue", "hall")
    return {
        "code": queue.code,
        "line": [
            _in_line(hall, ticket, moment) for ticket in line.prefetch_related("services")[:LINE]
        ],
        "breaks": breaks_of(queue, date),
    }


def _in_line(hall: Hall, ticket: Ticket, moment: dt.datetime) -> dict[str, Any]:
    return {
        "id": str(ticket.public_id),
        "label": ticket.label,
        "services": [service.name for service in ticket.wanted],
        "codes": [service.code for service in ticket.wanted],
        "priority": bool(ticket.priority),
        "wish": wish_of(ticket, moment),
        "issued_at": on_the_wall(hall, ticket.issued_at),
    }


def breaks_of(queue: Queue, date: dt.date) -> list[dict[str, Any]]:
    """Propose when the queue's counters rest around noon, so that none of their queues is alone."""
    counters = queue.counters.values_list("number", "queues__code")
    serves: dict[int, set[str]] = defaultdict(set)
    for number, code in counters:
        serves[number].add(code)
    zone = clock.zone_of(queue.hall)
    noon, after = (dt.datetime.combine(date, each, zone) for each in (NOON, AFTERNOON))
    return [
        {
            "counter": rest.counter,
            "from": on_the_wall(queue.hall, rest.begins),
            "until": on_the_wall(queue.hall, rest.ends),
        }
        for rest in staggered(serves, noon, after, BREAK)
    ]
