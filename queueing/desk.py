"""What does the officer at this counter need to see? Plain data, for the page and for JSON."""

import datetime as dt
from typing import Any

from django.db.models import Count, Q, Subquery
from django.utils.translation import gettext as _

from agencies import clock
from agencies.clock import on_the_wall
from agencies.models import Counter, Queue
from queueing import estimating, lifecycle, turns, waiting
from queueing.board import counter_data
from queueing.journal import CALLS
from queueing.lifecycle.at_counter import (
    BETWEEN_CALLS,
    NO_SHOW_AFTER,
    NO_SHOW_AFTER_PRIORITY,
    RECALLS,
)
from queueing.lifecycle.in_line import RETURNS
from queueing.lifecycle.undoing import UNDO_WITHIN
from queueing.models import Device, Ticket, TicketEvent

NEXT = 5
HISTORY = 20
A_MOMENT = dt.timedelta(minutes=1)
ENDED = ("done", "no_show", "transferred", "cancelled")
UNHEARD = (Device.SoundState.BLOCKED, Device.SoundState.BROKEN)
S = Ticket.State


def desk_state(counter: Counter) -> dict[str, Any]:
    """Return the state of one desk. The version is read first: what comes later is told later."""
    hall = counter.hall
    hall.refresh_from_db(fields=["version", "epoch", "business_date", "offer_after"])
    moment = clock.now()
    date = clock.day_of(hall, moment)
    served = list(counter.assignments.select_related("queue").order_by("queue__code"))
    queues, queue_ids = [each.queue for each in served], [each.queue_id for each in served]
    current = lifecycle.open_ticket(counter)
    return {
        "epoch": str(hall.epoch),
        "version": hall.version,
        "at": on_the_wall(hall, moment),
        "counter": counter_data(counter),
        "current": _current(current) if current else None,
        "next": _next(counter, {each.queue_id: each.weight for each in served}, date),
        "held": _lines(_of(counter, date, queue_ids, S.ON_HOLD)),
        "no_shows": _lines(_of(counter, date, queue_ids, S.NO_SHOW).filter(returns__lt=RETURNS)),
        "history": _lines(_ended_here(counter, date)),
        "undo": _undo(counter, moment),
        "queues": _queues(counter, queues, moment),
        "shown": _shown(current) if current else None,
        "offer_after": hall.offer_after,
        "served_today": Ticket.objects.filter(counter=counter, date=date, state=S.DONE).count(),
    }


def _next(counter: Counter, serves: dict[int, int | None], date: dt.date) -> list[dict[str, Any]]:
    """Return who waits, in order; each line says why it is there, or why not yet.

    Those whom this counter may call come with "callable": they are called in this order.
    """
    if weights := turns.in_full(serves):
        return _next_by_turns(counter, date, weights)
    line = waiting.line(serves, date).annotate(**waiting.reasons(counter))[:NEXT]
    return [{**_line(ticket), **why(ticket, counter)} for ticket in _whole(line)]


def _next_by_turns(
    counter: Counter, date: dt.date, weights: dict[int, int]
) -> list[dict[str, Any]]:
    columns = waiting.reasons(counter)
    lines = [
        list(_whole(waiting.line([queue], date).annotate(**columns)[:NEXT])) for queue in weights
    ]
    reasons = {ticket.pk: why(ticket, counter) for line in lines for ticket in line}
    passed_by = {pk for pk, reason in reasons.items() if not reason["callable"]}
    last = turns.last_calls(counter, date, weights)
    order = turns.in_turn(lines, weights, last, passed_by)
    for place, ticket in enumerate(order):
        if ticket.pk not in passed_by and _overtakes(ticket, order[place + 1 :], passed_by):
            turn = _("Giliran antrean %(queue)s.") % {"queue": ticket.queue.code}
            reasons[ticket.pk] = {**reasons[ticket.pk], "why": turn}
    return [{**_line(ticket), **reasons[ticket.pk]} for ticket in order[:NEXT]]


def _overtakes(ticket: Ticket, later: list[Ticket], passed_by: set[int]) -> bool:
    return any(
        turns.place(other) < turns.place(ticket) for other in later if other.pk not in passed_by
    )


def why(ticket: Any, counter: Counter) -> dict[str, Any]:
    """Return in words why a waiting ticket has its place, or why it is passed by for now."""
    if ticket.is_away_now:
        until = clock.local(ticket.hall, ticket.away_until)
        words = {"time": f"{until:%H.%M}", "reason": ticket.get_away_reason_display()}
        reason = _("Pergi sampai %(time)s (%(reason)s); tempatnya tetap.") % words
    elif ticket.busy_at:
        reason = _("Sedang di loket %(counter)s; tempatnya tetap.") % {"counter": ticket.busy_at}
    elif ticket.is_for_another:
        number = ticket.for_counter.number
        reason = _("Menunggu loket %(counter)s.") % {"counter": number}
    else:
        return {"callable": True, "why": str(_reason(ticket, counter))}
    return {"callable": False, "why": reason}


def _reason(ticket: Ticket, counter: Counter) -> Any:
    """Return the strongest reason of a place in line, empty for somebody who just waits."""
    if ticket.for_counter_id == counter.pk:
        return _("Dialihkan ke loket ini.")
    if ticket.returns:
        return _("Kembali setelah terlewat: sesudah 3 nomor.")
    if ticket.postponed:
        return _("Minta diundur: sesudah 3 nomor.")
    if ticket.priority:
        credit = {"minutes": ticket.hall.priority_credit}
        return _("Prioritas: dihitung datang %(minutes)s menit lebih awal.") % credit
    if ticket.issued_at - ticket.effective_time > A_MOMENT:
        came = clock.local(ticket.hall, ticket.visit.arrived_at)
        return _("Datang pukul %(time)s; waktu itu tetap berlaku.") % {"time": f"{came:%H.%M}"}
    return ""


def _current(ticket: Ticket) -> dict[str, Any]:
    """Return who is at the counter, and from when each of the impatient buttons may be pressed."""
    hall = ticket.hall
    patience = NO_SHOW_AFTER_PRIORITY if ticket.priority else NO_SHOW_AFTER
    return {
        **_line(ticket),
        "state": ticket.state,
        "note": ticket.note,
        "calls": ticket.calls,
        "queue": ticket.queue.code,
        "wanted": [{"code": service.code, "name": service.name} for service in ticket.wanted],
        "last_call_at": on_the_wall(hall, ticket.last_call_at),
        "called_at": on_the_wall(hall, ticket.called_at),
        "started_at": on_the_wall(hall, ticket.started_at),
        "target_minutes": sum(service.target_minutes for service in ticket.wanted),
        "recall_from": _recall_from(ticket),
        "no_show_from": on_the_wall(hall, ticket.called_at and ticket.called_at + patience),
        "others": _others_of(ticket),
    }


def _shown(ticket: Ticket) -> dict[str, Any] | None:
    """Return how many of the screens that were here today have shown the latest call.

    None when nobody is being called. `spoken` is None while no screen has said it to its end,
    and False where the screens that have shown it tell that they cannot be heard.
    """
    if ticket.state != S.CALLED or ticket.last_call_at is None:
        return None
    calls = TicketEvent.objects.filter(ticket=ticket, kind__in=CALLS)
    version = calls.order_by("-version").values("version")[:1]
    midnight = clock.local(ticket.hall, ticket.last_call_at).replace(hour=0, minute=0, second=0)
    screens = Device.objects.filter(
        hall=ticket.hall, kind=Device.Kind.DISPLAY, is_active=True, seen_at__gte=midnight
    )
    has_shown = Q(shown_version__gte=Subquery(version), shown_at__gte=ticket.last_call_at)
    has_spoken = has_shown & Q(spoken_version__gte=Subquery(version))
    told = screens.aggregate(
        of=Count("pk"),
        screens=Count("pk", filter=has_shown),
        spoken=Count("pk", filter=has_spoken),
        unheard=Count("pk", filter=has_shown & Q(sound_state__in=UNHEARD)),
    )
    unheard, spoken = told.pop("unheard"), told.pop("spoken")
    is_mute = told["screens"] and unheard == told["screens"]
    return {**told, "spoken": True if spoken else False if is_mute else None}


def _others_of(ticket: Ticket) -> list[dict[str, Any]]:
    """Return the visit's other numbers, without the ids by which another agency acts on them."""
    others = _lines(ticket.visit.tickets.exclude(pk=ticket.pk).order_by("pk"))
    return [{name: line[name] for name in line if name != "id"} for line in others]


def _ended_here(counter: Counter, date: dt.date) -> Any:
    """Return the counter's last 20 numbers of the day, newest first."""
    ended = Ticket.objects.filter(counter=counter, date=date, state__in=ENDED)
    return ended.order_by("-ended_at", "-last_call_at")[:HISTORY]


def _undo(counter: Counter, moment: dt.datetime) -> dict[str, Any] | None:
    """Return what the counter may still take back, and until when."""
    ticket = lifecycle.undoable(counter, moment)
    if ticket is None or ticket.ended_at is None:
        return None
    until = on_the_wall(counter.hall, ticket.ended_at + UNDO_WITHIN)
    return {"label": ticket.label, "state": ticket.state, "until": until}


def _recall_from(ticket: Ticket) -> str | None:
    if ticket.calls > RECALLS or ticket.last_call_at is None:
        return None
    return on_the_wall(ticket.hall, ticket.last_call_at + BETWEEN_CALLS)


def _of(counter: Counter, date: dt.date, queue_ids: list[int], state: str) -> Any:
    tickets = Ticket.objects.filter(hall=counter.hall, date=date, queue_id__in=queue_ids)
    return tickets.filter(state=state).order_by("-last_call_at", "-pk")


def _lines(tickets: Any) -> list[dict[str, Any]]:
    return [_line(ticket) for ticket in _whole(tickets)]


def _whole(tickets: Any) -> Any:
    related = ("hall", "visit", "queue", "queue__agency", "counter", "for_counter")
    return tickets.select_related(*related).prefetch_related("services")


def _line(ticket: Ticket) -> dict[str, Any]:
    return {
        "id": str(ticket.public_id),
        "label": ticket.label,
        "agency": ticket.queue.agency.short_name,
        "services": [service.name for service in ticket.wanted],
        "priority": ticket.get_priority_display() if ticket.priority else "",
        "help": ticket.visit.get_help_display() if ticket.visit.help else "",
        "issued_at": on_the_wall(ticket.hall, ticket.issued_at),
        "state": ticket.state,
        "state_name": ticket.get_state_display(),
        "counter": ticket.counter.number if ticket.counter else None,
        "note": ticket.note,
    }


def _queues(counter: Counter, queues: list[Queue], moment: dt.datetime) -> list[dict[str, Any]]:
    """Return the counter's queues with who waits, and how many other counters would remain."""
    date = clock.day_of(counter.hall, moment)
    ids = [queue.pk for queue in queues]
    line = waiting.line(ids, date).order_by()
    waits = dict(line.values_list("queue").annotate(Count("pk")))
    open_ones = Counter.objects.filter(status=Counter.Status.OPEN, queues__in=ids)
    others = dict(open_ones.exclude(pk=counter.pk).values_list("queues").annotate(Count("pk")))
    forecasts = estimating.forecasts(ids)
    return [
        {
            "code": queue.code,
            "waiting": waits.get(queue.pk, 0),
            "other_counters": others.get(queue.pk, 0),
            "incident_since": on_the_wall(counter.hall, queue.incident_since),
            "estimate": estimating.shown(counter.hall, forecasts.get(queue.pk), moment),
        }
        for queue in queues
    ]
