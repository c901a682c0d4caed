"""What do the kiosks tell the API? A sign of life, and what came of a slip."""

import uuid
from typing import Any

from django.http import HttpRequest, JsonResponse
from ninja import Body, Router

from queueing import care
from queueing.access import R, find_hall, find_ticket_to_print, require_role
from queueing.board import ticket_data, visit_key
from queueing.commands import Answer, answer
from queueing.models import Device
from queueing.orders import ReprintOrder, SeenReport, SlipReport
from queueing.presses import ANYBODY, KIOSK, caller_at, pressed
from queueing.shapes import PRESS, REFUSED, Reprint, Seen, SlipShape

router = Router()

HERE = Body(default_factory=ReprintOrder)


@router.post(
    "/halls/{slug:hall}/kiosks/seen",
    tags=["kiosk"],
    auth=KIOSK,
    response={200: Seen, **REFUSED},
)
def post_seen(request: HttpRequest, hall: str, report: SeenReport) -> Any:
    """A kiosk gives a sign of life and learns what it shall be. A report: it needs no key."""
    caller, found = caller_at(request), find_hall(hall)
    require_role(caller, found, Device.Kind.KIOSK)
    kiosk: Device = caller.device  # type: ignore[assignment]
    for job in report.done:
        care.finish_job(kiosk, job.id, job.outcome)
    care.heard(kiosk, release=report.release, screen=report.screen, printer=report.printer)
    return JsonResponse({"device": care.told(kiosk), "job": care.job_data(care.next_job(kiosk))})


@router.post(
    "/halls/{slug:hall}/tickets/{uuid:ticket_id}/slips",
    tags=["slip"],
    auth=KIOSK,
    response={201: SlipShape, **REFUSED},
    openapi_extra=PRESS,
)
def post_slip(request: HttpRequest, hall: str, ticket_id: uuid.UUID, report: SlipReport) -> Any:
    """Say what came of printing a ticket's slip (the kiosk that has it, greeter, manager)."""
    caller, found = caller_at(request), find_hall(hall)

    def press() -> Answer:
        ticket = find_ticket_to_print(caller, found, ticket_id)
        printed = care.record(
            ticket,
            report.outcome,
            actor=caller.actor,
            device=caller.device,
            is_companion=report.is_companion,
        )
        return answer(201, care.slip_data(printed))

    return pressed(request, caller, press)


@router.post(
    "/halls/{slug:hall}/tickets/{uuid:ticket_id}/reprint",
    tags=["slip"],
    auth=ANYBODY,
    response={201: Reprint, **REFUSED},
    openapi_extra=PRESS,
)
def post_reprint(
    request: HttpRequest, hall: str, ticket_id: uuid.UUID, order: ReprintOrder = HERE
) -> Any:
    """Print a slip again, with the same number: on a kiosk, or with the visit's key (greeter)."""
    caller, found = caller_at(request), find_hall(hall)
    require_role(caller, found, R.GREETER, R.MANAGER)

    def press() -> Answer:
        ticket = find_ticket_to_print(caller, found, ticket_id)
        job = care.ask_again(found, order.kiosk, ticket) if order.kiosk is not None else None
        visit = visit_key(ticket.visit, request.build_absolute_uri("/")[:-1])
        body = {"ticket": ticket_data(ticket), "visit": visit, "job": job and job.pk}
        return answer(201, body)

    return pressed(request, caller, press)
