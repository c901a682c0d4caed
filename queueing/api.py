"""The JSON API, version 1 (read it at /api/v1/docs): find, call one verb, answer."""

import datetime as dt
import json
import uuid
from collections.abc import Callable
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Body, NinjaAPI
from ninja.params import Query

from agencies import clock
from agencies.models import Counter, Hall, Queue, Service
from queueing import lifecycle
from queueing.access import (
    Caller,
    R,
    by_token,
    caller_of,
    find_counter,
    find_hall,
    find_ticket,
    require_role,
)
from queueing.answers import answer_refusals
from queueing.board import board, on_the_wall, ticket_data, tickets_data, visit_data
from queueing.catalogue import catalogue
from queueing.commands import Answer, answer, check_key, fingerprint, once
from queueing.models import Device, Ticket, TicketEvent, Visit
from queueing.orders import CounterOrder, ShownReport, TicketOrder, VisitOrder
from queueing.refusals import Invalid, NotFound, TooMany, UnknownService

api = NinjaAPI(
    title="Antrean MPP",
    version="1",
    description="Queue numbers for a one-stop public service hall.",
    urls_namespace="api",
)
answer_refusals(api)

CounterVerb = Literal[
    "open",
    "break",
    "close",
    "call-next",
    "recall",
    "start",
    "finish",
    "no-show",
    "hold",
    "transfer",
    "call",
]
TicketVerb = Literal["resume", "reinstate", "cancel", "transfer", "change-service"]
AT_THE_COUNTER = Body(default_factory=CounterOrder)  # a press with nothing to say needs no body
IN_THE_LINE = Body(default_factory=TicketOrder)


# --- Anyone -------------------------------------------------------------------------------------


@api.get("/halls/{slug:hall}/catalogue", tags=["hall"])
def get_catalogue(request: HttpRequest, hall: str) -> Any:
    """All agencies, queues and services of the hall."""
    return JsonResponse(catalogue(find_hall(hall)))


@api.get("/halls/{slug:hall}/board", tags=["hall"])
def get_board(request: HttpRequest, hall: str) -> Any:
    """What the lobby screens show now; the socket `/ws/{hall}/board` sends the same object."""
    return JsonResponse(board(find_hall(hall)))


# --- A visit ------------------------------------------------------------------------------------


@api.post("/halls/{slug:hall}/visits", tags=["visit"])
def post_visit(request: HttpRequest, hall: str, order: VisitOrder) -> Any:
    """Take a number for each queue of the wanted services (kiosk, greeter)."""
    caller, found = caller_of(request, Device.Kind.KIOSK), find_hall(hall)
    require_role(caller, found, Device.Kind.KIOSK, R.GREETER, R.MANAGER)
    services = find_services(found, order.services)

    def press() -> Answer:
        if caller.device:
            require_pace(caller.device, len({service.queue_id for service in services}))
        tickets = lifecycle.issue(
            found,
            services,
            actor=caller.actor,
            channel=Visit.Channel.KIOSK if caller.device else Visit.Channel.GREETER,
            priority=str(order.priority or ""),
            language=order.language,
            device=caller.device,
        )
        return answer(201, visit_data(tickets, request.build_absolute_uri("/")[:-1]))

    return pressed(request, caller, press)


def find_services(hall: Hall, codes: list[str]) -> list[Service]:
    """Return the services in the hall with these codes; raises UnknownService."""
    wanted = set(codes)
    services = list(Service.objects.select_related("queue").filter(hall=hall, code__in=wanted))
    if len(services) < len(wanted):
        raise UnknownService
    return services


def require_pace(kiosk: Device, wanted: int) -> None:
    """Let one kiosk issue at most KIOSK_RATE tickets in any minute; raises TooMany.

    The kiosk's row is locked first, so simultaneous presses are counted one after another. A visit
    of more tickets than that is let through after a minute without any.
    """
    if not settings.KIOSK_RATE:
        return
    Device.objects.select_for_update(no_key=True).get(pk=kiosk.pk)
    now = clock.now()
    since = now - dt.timedelta(minutes=1)
    minute = Ticket.objects.filter(visit__device=kiosk, visit__arrived_at__gt=since, leg_of=None)
    issued = list(minute.order_by("issued_at").values_list("issued_at", flat=True))
    too_many = min(len(issued) + wanted - settings.KIOSK_RATE, len(issued))
    if too_many > 0:
        age = now - issued[too_many - 1]
        raise TooMany(retry_after=max(1, 60 - int(age.total_seconds())))


@api.get("/visits/{slug:token}", tags=["visit"])
def get_visit(request: HttpRequest, token: str) -> Any:
    """What has become of a visit, for whoever holds its token."""
    visit = find_visit(token)
    tickets = tickets_data(visit.tickets.whole().order_by("pk"))
    return JsonResponse(
        {"hall": visit.hall.slug, "version": visit.hall.version, "tickets": tickets}
    )


@api.post("/visits/{slug:token}/tickets/{uuid:ticket_id}/cancel", tags=["visit"])
def post_visit_cancel(request: HttpRequest, token: str, ticket_id: uuid.UUID) -> Any:
    """Give the place up."""
    caller, visit = by_token(token), find_visit(token)

    def press() -> Answer:
        ticket = visit.tickets.whole().filter(public_id=ticket_id).first()
        if ticket is None:
            raise NotFound
        return answer(200, ticket_data(lifecycle.cancel(ticket, actor=caller.actor)))

    return pressed(request, caller, press)


def find_visit(token: str) -> Visit:
    """Return a visit of today or yesterday; older ones are gone, as the citizen was told."""
    visit = Visit.objects.select_related("hall").filter(token=token).first()
    if visit is None or visit.date < clock.today(visit.hall) - dt.timedelta(days=1):
        raise NotFound
    return visit


# --- The counter --------------------------------------------------------------------------------


@api.post("/halls/{slug:hall}/counters/{int:number}/{verb}", tags=["counter"])
def post_counter(
    request: HttpRequest,
    hall: str,
    number: int,
    verb: CounterVerb,
    order: CounterOrder = AT_THE_COUNTER,
) -> Any:
    """Press one of the counter's buttons (its officers, the agency's supervisor, the manager)."""
    caller = caller_of(request)
    counter = find_counter(caller, find_hall(hall), number)

    def press() -> Answer:
        body = COUNTER_VERBS[verb](counter, order, caller)
        return answer(200, {"counter": counter_data(counter), **body})

    return pressed(request, caller, press)


def counter_data(counter: Counter) -> dict[str, Any]:
    return {
        "number": counter.number,
        "status": counter.status,
        "reason": counter.break_reason,
        "until": on_the_wall(counter.hall, counter.break_until),
    }


def told(ticket: Ticket | None) -> dict[str, Any]:
    return {"ticket": ticket_data(ticket) if ticket else None}


def press_call(counter: Counter, order: CounterOrder, caller: Caller) -> dict[str, Any]:
    if order.ticket is None:
        raise Invalid
    ticket = find_ticket(caller, counter.hall, order.ticket, "call")
    return told(lifecycle.call(counter, ticket, actor=caller.actor, reason=order.reason))


def press_transfer(counter: Counter, order: CounterOrder, caller: Caller) -> dict[str, Any]:
    """Answer the ticket that ended here and, beside it, the leg that now waits elsewhere."""
    ticket = lifecycle.current_ticket(counter)
    leg = sent_on(ticket, order, caller)
    return {**told(ticket), "leg": ticket_data(leg)}


def sent_on(ticket: Ticket, order: CounterOrder | TicketOrder, caller: Caller) -> Ticket:
    queue, service = destination(ticket.hall, order)
    return lifecycle.transfer(ticket, queue, service=service, note=order.note, actor=caller.actor)


def destination(hall: Hall, order: CounterOrder | TicketOrder) -> tuple[Queue, Service | None]:
    """Return where an order sends somebody: to a service's queue, or to a queue by its letter."""
    if order.service:
        service = find_services(hall, [order.service])[0]
        return service.queue, service
    queue = Queue.objects.filter(hall=hall, code=order.queue or "").first()
    if queue is None:
        raise Invalid
    return queue, None


def status_verb(verb: Callable[..., Counter]) -> Callable[..., dict[str, Any]]:
    """A verb of the counter itself answers with what it is now, and whoever is there."""

    def press(counter: Counter, order: CounterOrder, caller: Caller) -> dict[str, Any]:
        extra = {"reason": order.reason, "until": order.until} if verb is BREAK else {}
        changed = verb(counter, actor=caller.actor, **extra)
        return {"counter": counter_data(changed), **told(lifecycle.open_ticket(counter))}

    return press


BREAK = lifecycle.break_counter
COUNTER_VERBS: dict[str, Callable[[Counter, CounterOrder, Caller], dict[str, Any]]] = {
    "open": status_verb(lifecycle.open_counter),
    "break": status_verb(BREAK),
    "close": status_verb(lifecycle.close_counter),
    "call-next": lambda counter, order, caller: told(
        lifecycle.call_next(counter, actor=caller.actor, finish_current=order.finish_current)
    ),
    "call": press_call,
    "recall": lambda counter, order, caller: told(lifecycle.recall(counter, actor=caller.actor)),
    "start": lambda counter, order, caller: told(lifecycle.start(counter, actor=caller.actor)),
    "finish": lambda counter, order, caller: told(lifecycle.finish(counter, actor=caller.actor)),
    "no-show": lambda counter, order, caller: told(
        lifecycle.no_show(counter, actor=caller.actor, said_so=order.said_so)
    ),
    "hold": lambda counter, order, caller: told(lifecycle.hold(counter, actor=caller.actor)),
    "transfer": press_transfer,
}


# --- The line -----------------------------------------------------------------------------------


@api.post("/halls/{slug:hall}/tickets/{uuid:ticket_id}/{verb}", tags=["ticket"])
def post_ticket(
    request: HttpRequest,
    hall: str,
    ticket_id: uuid.UUID,
    verb: TicketVerb,
    order: TicketOrder = IN_THE_LINE,
) -> Any:
    """Do something to a ticket away from the counter (staff of its agency; the greeter in part)."""
    caller, found = caller_of(request), find_hall(hall)

    def press() -> Answer:
        ticket = find_ticket(caller, found, ticket_id, verb)
        return answer(200, ticket_data(TICKET_VERBS[verb](ticket, order, caller)))

    return pressed(request, caller, press)


def change_service(ticket: Ticket, order: TicketOrder, caller: Caller) -> Ticket:
    if not order.service:
        raise UnknownService
    service = find_services(ticket.hall, [order.service])[0]
    return lifecycle.change_service(ticket, service, actor=caller.actor)


TICKET_VERBS: dict[str, Callable[[Ticket, TicketOrder, Caller], Ticket]] = {
    "resume": lambda ticket, order, caller: lifecycle.resume(ticket, actor=caller.actor),
    "reinstate": lambda ticket, order, caller: lifecycle.reinstate(ticket, actor=caller.actor),
    "cancel": lambda ticket, order, caller: lifecycle.cancel(
        ticket, actor=caller.actor, reason=order.reason
    ),
    "transfer": sent_on,
    "change-service": change_service,
}


# --- The log and the screens --------------------------------------------------------------------


@api.get("/halls/{slug:hall}/events", tags=["log"])
def get_events(
    request: HttpRequest,
    hall: str,
    after: int = Query(0, ge=0, lt=2**62),
    limit: int = Query(100, ge=1, le=1000),
) -> Any:
    """The event log after a version, ascending, none missing (manager)."""
    caller, found = caller_of(request), find_hall(hall)
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


@api.post("/halls/{slug:hall}/displays/shown", tags=["display"])
def post_shown(request: HttpRequest, hall: str, report: ShownReport) -> Any:
    """A display says which version it has shown. A report, not an order: it needs no key."""
    caller, found = caller_of(request, Device.Kind.DISPLAY), find_hall(hall)
    require_role(caller, found, Device.Kind.DISPLAY)
    if report.epoch == str(found.epoch):
        Device.objects.filter(pk=caller.device.pk).update(  # type: ignore[union-attr]
            shown_version=report.version, shown_at=clock.now()
        )
    return JsonResponse({"epoch": report.epoch, "version": report.version})


# --- One press ----------------------------------------------------------------------------------


def pressed(request: HttpRequest, caller: Caller, press: Callable[[], Answer]) -> HttpResponse:
    """Do a press once for its Idempotency-Key, and tell whether this was a repeat.

    The press may be tried twice: it reads for itself what it changes.
    """
    key = check_key(request.headers.get("Idempotency-Key", ""))
    mark = fingerprint(request.path, json.loads(request.body or b"{}"))
    given = once(caller.scope, key, mark, press)
    response = HttpResponse(given.text, status=given.status, content_type="application/json")
    if given.replayed:
        response["Idempotency-Replayed"] = "true"
    return response
