"""The JSON API, version 1 (read it at /api/v1/docs): find, call one verb, answer."""

import uuid
from typing import Any

from django.http import HttpRequest, JsonResponse
from ninja import NinjaAPI
from ninja.params import Query

from agencies.clock import on_the_wall
from agencies.models import Hall
from queueing import helping, lifecycle
from queueing.access import (
    R,
    by_token,
    find_hall,
    find_service,
    find_services,
    find_visit,
    hall_at,
    require_role,
)
from queueing.answers import answer_refusals
from queueing.api_page import ApiPage
from queueing.board import board, ticket_data, visit_data
from queueing.buttons import router as buttons
from queueing.catalogue import catalogue
from queueing.commands import Answer, answer
from queueing.models import Device, TicketEvent, Visit
from queueing.orders import VisitOrder
from queueing.outlook import outlook
from queueing.pace import require_pace
from queueing.presses import ANYBODY, KIOSK, caller_at, pressed
from queueing.printing import router as printing
from queueing.reception import router as reception
from queueing.refusals import Locked, NotFound
from queueing.shapes import (
    NOT_FOUND,
    PRESS,
    REFUSED,
    Board,
    Catalogue,
    EventPage,
    NewVisit,
    Outlook,
    TicketShape,
)
from queueing.signs import router as signs
from queueing.subscribing import router as subscribing
from queueing.visit_shapes import VisitState
from queueing.visits import visit_state
from queueing.wishes import router as wishes

api = NinjaAPI(
    title="Antrean MPP",
    version="1",
    description="Queue numbers for a one-stop public service hall.",
    urls_namespace="api",
    docs=ApiPage(),
)
answer_refusals(api)
api.add_router("", reception)
api.add_router("", printing)
api.add_router("", signs)
api.add_router("", buttons)  # after all that is named: a verb may be any word

# --- Anyone -------------------------------------------------------------------------------------


@api.get("/halls/{slug:hall}/catalogue", tags=["hall"], response={200: Catalogue, **NOT_FOUND})
def get_catalogue(request: HttpRequest, hall: str) -> Any:
    """All agencies, queues and services of the hall."""
    return JsonResponse(catalogue(find_hall(hall)))


@api.get("/halls/{slug:hall}/board", tags=["hall"], response={200: Board, **NOT_FOUND})
def get_board(request: HttpRequest, hall: str) -> Any:
    """What the lobby screens show now; the socket `/ws/{hall}/board` sends the same object."""
    return JsonResponse(board(find_hall(hall)))


@api.get(
    "/halls/{slug:hall}/services/{slug:code}/outlook",
    tags=["hall"],
    response={200: Outlook, **NOT_FOUND},
)
def get_outlook(request: HttpRequest, hall: str, code: str) -> Any:
    """How long a service is still open, and whether who comes now will be served today."""
    found = find_hall(hall)
    return JsonResponse(outlook(found, find_service(found, code)))


# --- A visit ------------------------------------------------------------------------------------


@api.post(
    "/halls/{slug:hall}/visits",
    tags=["visit"],
    auth=KIOSK,
    response={201: NewVisit, **REFUSED},
    openapi_extra=PRESS,
)
def post_visit(request: HttpRequest, hall: str, order: VisitOrder) -> Any:
    """Take a number for each queue of the wanted services (kiosk, greeter)."""
    caller = caller_at(request)
    found = hall_at(caller, hall)
    require_role(caller, found, Device.Kind.KIOSK, R.GREETER, R.MANAGER)
    services = find_services(found, order.services)

    def press() -> Answer:
        if caller.device:
            require_unlocked(caller.device)
            require_pace(caller.device, len({service.queue_id for service in services}))
        tickets = lifecycle.issue(
            found,
            services,
            actor=caller.actor,
            channel=Visit.Channel.KIOSK if caller.device else Visit.Channel.GREETER,
            priority=str(order.priority or ""),
            language=order.language,
            device=caller.device,
            help_wanted=order.help or "",
            companion=order.companion,
        )
        if caller.device and order.help:
            helping.ask(caller.device, order.help, tickets[0].visit)
        return answer(201, visit_data(tickets, request.build_absolute_uri("/")[:-1]))

    return pressed(request, caller, press)


def require_unlocked(kiosk: Device) -> None:
    if kiosk.locked:
        raise Locked


@api.get("/visits/{slug:token}", tags=["visit"], response={200: VisitState, **NOT_FOUND})
def get_visit(request: HttpRequest, token: str) -> Any:
    """What has become of a visit, for whoever holds its token."""
    visit = find_visit(token)
    return JsonResponse(visit_state(visit))


@api.post(
    "/visits/{slug:token}/tickets/{uuid:ticket_id}/cancel",
    tags=["visit"],
    response={200: TicketShape, **REFUSED},
    openapi_extra=PRESS,
)
def post_visit_cancel(request: HttpRequest, token: str, ticket_id: uuid.UUID) -> Any:
    """Give the place up."""
    caller, visit = by_token(token), find_visit(token)

    def press() -> Answer:
        ticket = visit.tickets.whole().filter(public_id=ticket_id).first()
        if ticket is None:
            raise NotFound
        return answer(200, ticket_data(lifecycle.cancel(ticket, actor=caller.actor)))

    return pressed(request, caller, press)


api.add_router("", wishes)  # after the one that is named
api.add_router("", subscribing)

# --- The log and the screens --------------------------------------------------------------------


@api.get(
    "/halls/{slug:hall}/events",
    tags=["log"],
    auth=ANYBODY,
    response={200: EventPage, **REFUSED},
)
def get_events(
    request: HttpRequest,
    hall: str,
    after: int = Query(0, ge=0, lt=2**62),
    limit: int = Query(100, ge=1, le=1000),
) -> Any:
    """The event log after a version, ascending, none missing (manager)."""
    caller, found = caller_at(request), find_hall(hall)
    require_role(caller, found, R.MANAGER)
    events = TicketEvent.objects.filter(hall=found, version__gt=after).select_related("ticket")
    rows = [event_data(found, event) for event in events.order_by("version")[:limit]]
    return JsonResponse({"epoch": str(found.epoch), "version": found.version, "events": rows})


def event_data(hall: Hall, event: TicketEvent) -> dict[str, Any]:
    return {
        "version": event.version,
        "at": on_the_wall(hall, event.at),
        "kind": event.kind,
        "ticket": str(event.ticket.public_id) if event.ticket else None,
        "label": event.label or None,
        "queue": event.queue or None,
        "service": event.service or None,
        "counter": event.counter,
        "actor": event.actor,
        "detail": event.detail,
    }
