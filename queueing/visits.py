"""What has become of a visit? The one object that its page, the API and its socket tell."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from agencies import clock
from agencies.clock import on_the_wall
from agencies.models import Hall
from agencies.ready import Ready
from queueing import estimating, planning, waiting
from queueing.board import ticket_data
from queueing.lifecycle.aside import AWAY_AT_MOST, MINUTES, POSTPONED_AT_MOST
from queueing.models import OPEN_STATES, Ticket, Visit

S = Ticket.State
_of_visits: Ready[Ticket] = Ready(
    lambda visits: (
        Ticket.objects.whole()
        .select_related("queue__agency")
        .filter(visit_id__in=visits)
        .annotate(has_counters=waiting.has_counters())
    )
)


def visit_state(visit: Visit) -> dict[str, Any]:
    """Return what became of a visit. The hall was read first: what comes later is told later."""
    moment = clock.now()
    return visit_told(visit.hall, moment, tickets_of([visit.pk]))


def tickets_of(
    visit_ids: Collection[int], ahead: Mapping[str, int | None] | None = None
) -> list[Ticket]:
    """Return the tickets of these visits with all that telling them needs, in three queries.

    How many are `ahead` of each, by its public id, where that is known already.
    """
    rows = sorted(_of_visits.of_all(visit_ids), key=lambda ticket: ticket.pk)
    waits = [ticket for ticket in rows if ticket.is_waiting]
    known = ahead or {}
    places: Mapping[int, int | None] = {t.pk: known.get(str(t.public_id)) for t in waits}
    if None in places.values():
        places = places_in_line(waits)
    told = estimating.told_of(waits)
    for ticket in rows:
        ticket.place = places.get(ticket.pk)  # type: ignore[attr-defined]
        ticket.expected = told.get(ticket.pk)  # type: ignore[attr-defined]
    return rows


def places_in_line(tickets: Iterable[Ticket]) -> Mapping[int, int]:
    """Return how many are ahead of each that waits in the lines of these tickets: one query."""
    lines = {(ticket.queue_id, ticket.date) for ticket in tickets if ticket.is_waiting}
    if not lines:
        return {}
    queues, dates = zip(*lines, strict=True)
    in_line = Ticket.objects.waiting().filter(queue_id__in=queues, date__in=set(dates))
    order = [F("effective_time").asc(), F("pk").asc()]
    place = Window(RowNumber(), partition_by=[F("queue_id"), F("date")], order_by=order) - 1
    return dict(in_line.annotate(place=place).values_list("pk", "place"))


def visit_told(hall: Hall, moment: dt.datetime, rows: Iterable[Ticket]) -> dict[str, Any]:
    """Return the visit of these tickets as it is told."""
    rows = list(rows)
    return {
        "type": "visit",
        "hall": hall.slug,
        "epoch": str(hall.epoch),
        "version": hall.version,
        "at": on_the_wall(hall, moment),
        "tickets": [
            _told(ticket, moment) | {"held_by": _held_by(ticket, rows, moment)} for ticket in rows
        ],
        "plan": planning.plan(rows),
    }


def _told(ticket: Ticket, moment: dt.datetime) -> dict[str, Any]:
    """Return a ticket, and beside what anybody is told what only its holder may ask for."""
    is_away = ticket.is_away(moment)
    return {
        **ticket_data(ticket, ahead=ticket.place, at=moment),  # type: ignore[attr-defined]
        "incident_since": on_the_wall(ticket.hall, ticket.queue.incident_since),
        "away_until": on_the_wall(ticket.hall, ticket.away_until) if is_away else None,
        "away_reason": ticket.away_reason if is_away else "",
        "away_left": AWAY_AT_MOST - ticket.away_minutes,
        "postpones_left": POSTPONED_AT_MOST - ticket.postponed,
        "may": list(_may(ticket, moment)),
    }


def _held_by(ticket: Ticket, visit: list[Ticket], moment: dt.datetime) -> str:
    """Return the label of the visit's number that comes before a waiting one; "" when none does."""
    if not ticket.is_waiting:
        return ""
    here = next((each for each in visit if each.state in OPEN_STATES), None)
    return str(here or _before(ticket, visit, moment) or "")


def _before(ticket: Ticket, visit: list[Ticket], moment: dt.datetime) -> Ticket | None:
    """Return the errand that a visit wants done before this one: the rule of `waiting._before`."""
    if not ticket.visit.is_ordered or ticket.turn is None:
        return None
    earlier = (
        each
        for each in visit
        if each.is_waiting and each.turn is not None and each.turn < ticket.turn
        if each.has_counters  # type: ignore[attr-defined]
        and not (each.is_away(moment) or each.queue.incident_since)
    )
    return min(earlier, key=lambda each: each.turn or 0, default=None)


def _may(ticket: Ticket, moment: dt.datetime) -> Iterable[str]:
    if ticket.is_waiting and ticket.postponed < POSTPONED_AT_MOST:
        yield "postpone"
    if ticket.is_waiting and ticket.away_minutes + MINUTES[0] <= AWAY_AT_MOST:
        yield "step-away"
    if ticket.is_away(moment):
        yield "be-back"
    if ticket.is_waiting and ticket.queue.agency.phone_change and len(ticket.wanted) == 1:
        yield "change-service"
    if ticket.state in {S.WAITING, S.CALLED}:
        yield "cancel"
