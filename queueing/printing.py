"""What came of a slip, and who has it printed again?"""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Body, Router

from queueing import care
from queueing.access import R, find_hall, find_ticket_to_print, require_role
from queueing.board import ticket_data, visit_key
from queueing.commands import Answer, answer
from queueing.orders import ReprintOrder, SlipReport
from queueing.presses import ANYBODY, KIOSK, caller_at, pressed
from queueing.shapes import PRESS, REFUSED, Reprint, SlipShape

router = Router()

HERE = Body(default_factory=ReprintOrder)


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
