"""What has become of a visit? The one object that its page, the API and its socket tell."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from agencies import clock
from agencies.models import Hall
from queueing.board import on_the_wall, ticket_data
from queueing.lifecycle.aside import AWAY_AT_MOST, MINUTES, POSTPONED_AT_MOST
from queueing.models import Ticket, Visit

S = Ticket.State
# Errands that are under way come first, then those that wait, then those that are over.
RANK = {S.CALLED: 0, S.SERVING: 0, S.WAITING: 1, S.ON_HOLD: 2, S.NO_SHOW: 2}
OVER = 3


def visit_state(visit: Visit) -> dict[str, Any]:
    """Return what became of a visit. The hall was read first: what comes later is told later."""
    moment = clock.now()
    return visit_told(visit.hall, moment, tickets_of([visit.pk]))


def tickets_of(visit_ids: Collection[int]) -> list[Ticket]:
    """Return the tickets of these visits with all that telling them needs, in three queries."""
    tickets = Ticket.objects.whole().select_related("queue__agency")
    rows = list(tickets.filter(visit_id__in=visit_ids).order_by("pk"))
    places = places_in_line(rows)
    for ticket in rows:
        ticket.place = places.get(ticket.pk)  # type: ignore[attr-defined]
    return rows


def places_in_line(tickets: Iterable[Ticket]) -> Mapping[int, int]:
    """Return how many are ahead of each that waits in the lines of these tickets: one query."""
    lines = {(ticket.queue_id, ticket.date) for ticket in tickets if ticket.is_waiting}
    if not lines:
        return {}
    queues, dates = zip(*lines, strict=True)
    waiting = Ticket.objects.waiting().filter(queue_id__in=queues, date__in=set(dates))
    order = [F("effective_time").asc(), F("pk").asc()]
    place = Window(RowNumber(), partition_by=[F("queue_id"), F("date")], order_by=order) - 1
    return dict(waiting.annotate(place=place).values_list("pk", "place"))


def visit_told(hall: Hall, moment: dt.datetime, rows: Iterable[Ticket]) -> dict[str, Any]:
    """Return the visit of these tickets as it is told."""
    rows = list(rows)
    return {
        "type": "visit",
        "hall": hall.slug,
        "epoch": str(hall.epoch),
        "version": hall.version,
        "at": on_the_wall(hall, moment),
        "tickets": [_told(ticket, moment) for ticket in rows],
        "plan": plan_of(rows),
    }


def _told(ticket: Ticket, moment: dt.datetime) -> dict[str, Any]:
    """Return a ticket, and beside what anybody is told what only its holder may ask for."""
    is_away = ticket.is_away(moment)
    return {
        **ticket_data(ticket, ahead=ticket.place),  # type: ignore[attr-defined]
        "incident_since": on_the_wall(ticket.hall, ticket.queue.incident_since),
        "away_until": on_the_wall(ticket.hall, ticket.away_until) if is_away else None,
        "away_reason": ticket.away_reason if is_away else "",
        "away_left": AWAY_AT_MOST - ticket.away_minutes,
        "postpones_left": POSTPONED_AT_MOST - ticket.postponed,
        "may": list(_may(ticket, moment)),
    }


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


def plan_of(rows: list[Ticket]) -> dict[str, Any]:
    """Return in which order the errands come: by wish where there is one, else by their places."""
    is_ordered = any(ticket.visit.is_ordered for ticket in rows)

    def rank(ticket: Ticket) -> tuple[int, ...]:
        turn = ticket.turn if is_ordered and ticket.turn is not None else 0
        place = ticket.place  # type: ignore[attr-defined]
        return RANK.get(S(ticket.state), OVER), turn, place or 0, ticket.pk

    order = [str(ticket.public_id) for ticket in sorted(rows, key=rank)]
    return {"is_ordered": is_ordered, "order": order}
