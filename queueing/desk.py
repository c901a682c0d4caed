"""What does the officer at this counter need to see? Plain data, for the page and for JSON."""

import datetime as dt
from typing import Any

from django.db.models import Count

from agencies import clock
from agencies.models import Counter, Queue
from queueing import lifecycle, waiting
from queueing.board import counter_data, on_the_wall
from queueing.lifecycle.at_counter import (
    BETWEEN_CALLS,
    NO_SHOW_AFTER,
    NO_SHOW_AFTER_PRIORITY,
    RECALLS,
)
from queueing.lifecycle.in_line import RETURNS
from queueing.models import Ticket

NEXT = 5
S = Ticket.State


def desk_state(counter: Counter) -> dict[str, Any]:
    """Return the state of one desk. The version is read first: what comes later is told later."""
    hall = counter.hall
    hall.refresh_from_db(fields=["version", "epoch", "business_date"])
    moment = clock.now()
    date = clock.day_of(hall, moment)
    queues = list(counter.queues.all())
    queue_ids = [queue.pk for queue in queues]
    current = lifecycle.open_ticket(counter)
    return {
        "epoch": str(hall.epoch),
        "version": hall.version,
        "at": on_the_wall(hall, moment),
        "counter": counter_data(counter),
        "current": _current(current) if current else None,
        "next": _lines(waiting.callable_line(queue_ids, date)[:NEXT]),
        "held": _lines(_of(counter, date, queue_ids, S.ON_HOLD)),
        "no_shows": _lines(_of(counter, date, queue_ids, S.NO_SHOW).filter(returns__lt=RETURNS)),
        "queues": _queues(counter, queues, date),
        "served_today": Ticket.objects.filter(counter=counter, date=date, state=S.DONE).count(),
    }


def _current(ticket: Ticket) -> dict[str, Any]:
    """Return who is at the counter, and from when each of the impatient buttons may be pressed."""
    hall = ticket.hall
    patience = NO_SHOW_AFTER_PRIORITY if ticket.priority else NO_SHOW_AFTER
    return {
        **_line(ticket),
        "state": ticket.state,
        "note": ticket.note,
        "calls": ticket.calls,
        "called_at": on_the_wall(hall, ticket.called_at),
        "started_at": on_the_wall(hall, ticket.started_at),
        "target_minutes": sum(service.target_minutes for service in ticket.wanted),
        "recall_from": _recall_from(ticket),
        "no_show_from": on_the_wall(hall, ticket.called_at and ticket.called_at + patience),
        "others": _others_of(ticket),
    }


def _others_of(ticket: Ticket) -> list[dict[str, Any]]:
    """Return the visit's other numbers, without the ids by which another agency acts on them."""
    others = _lines(ticket.visit.tickets.exclude(pk=ticket.pk).order_by("pk"))
    return [{name: line[name] for name in line if name != "id"} for line in others]


def _recall_from(ticket: Ticket) -> str | None:
    if ticket.calls > RECALLS or ticket.last_call_at is None:
        return None
    return on_the_wall(ticket.hall, ticket.last_call_at + BETWEEN_CALLS)


def _of(counter: Counter, date: dt.date, queue_ids: list[int], state: str) -> Any:
    tickets = Ticket.objects.filter(hall=counter.hall, date=date, queue_id__in=queue_ids)
    return tickets.filter(state=state).order_by("-last_call_at", "-pk")


def _lines(tickets: Any) -> list[dict[str, Any]]:
    whole = tickets.select_related("hall", "queue", "queue__agency", "counter")
    whole = whole.prefetch_related("services")
    return [_line(ticket) for ticket in whole]


def _line(ticket: Ticket) -> dict[str, Any]:
    return {
        "id": str(ticket.public_id),
        "label": ticket.label,
        "agency": ticket.queue.agency.short_name,
        "services": [service.name for service in ticket.wanted],
        "priority": ticket.get_priority_display() if ticket.priority else "",
        "issued_at": on_the_wall(ticket.hall, ticket.issued_at),
        "state": ticket.state,
        "state_name": ticket.get_state_display(),
        "counter": ticket.counter.number if ticket.counter else None,
        "note": ticket.note,
    }


def _queues(counter: Counter, queues: list[Queue], date: dt.date) -> list[dict[str, Any]]:
    """Return the counter's queues with who waits, and how many other counters would remain."""
    ids = [queue.pk for queue in queues]
    line = waiting.line(ids, date).order_by()
    waits = dict(line.values_list("queue").annotate(Count("pk")))
    open_ones = Counter.objects.filter(status=Counter.Status.OPEN, queues__in=ids)
    others = dict(open_ones.exclude(pk=counter.pk).values_list("queues").annotate(Count("pk")))
    return [
        {
            "code": queue.code,
            "waiting": waits.get(queue.pk, 0),
            "other_counters": others.get(queue.pk, 0),
        }
        for queue in queues
    ]
