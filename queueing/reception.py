"""What does the reception ask of the API? Calls for help, alerts, a number by its label."""

import uuid
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from ninja import Router
from ninja.params import Query

from agencies import clock
from agencies.clock import on_the_wall
from agencies.models import Hall
from queueing import helping
from queueing.access import Caller, R, find_hall, require_role
from queueing.alerts import alerts
from queueing.commands import Answer, answer
from queueing.finding import find_by_label, found_data
from queueing.models import Device, HelpCall
from queueing.orders import HelpOrder
from queueing.presses import ANYBODY, KIOSK, caller_at, pressed
from queueing.refusals import NotFound
from queueing.shapes import PRESS, REFUSED, AlertList, FoundTicket, HelpState

router = Router()


@router.post(
    "/halls/{slug:hall}/help",
    tags=["reception"],
    auth=KIOSK,
    response={201: HelpState, **REFUSED},
    openapi_extra=PRESS,
)
def post_help(request: HttpRequest, hall: str, order: HelpOrder) -> Any:
    """Call somebody to this kiosk. While a call is open, a second press is the same call."""
    caller = caller_at(request)
    require_role(caller, find_hall(hall), Device.Kind.KIOSK)
    kiosk: Device = caller.device  # type: ignore[assignment]
    helping.require_pace(kiosk)

    def press() -> Answer:
        return answer(201, helping.help_data(helping.ask(kiosk, order.kind)))

    return pressed(request, caller, press)


@router.get(
    "/halls/{slug:hall}/help/{uuid:call_id}",
    tags=["reception"],
    auth=KIOSK,
    response={200: HelpState, **REFUSED},
)
def get_help(request: HttpRequest, hall: str, call_id: uuid.UUID) -> Any:
    """Whether somebody is on the way (the kiosk that called, greeter, manager)."""
    caller, found = caller_at(request), find_hall(hall)
    require_role(caller, found, Device.Kind.KIOSK, R.GREETER, R.MANAGER)
    return JsonResponse(helping.help_data(find_call(found, call_id, caller)))


@router.post(
    "/halls/{slug:hall}/help/{uuid:call_id}/answer",
    tags=["reception"],
    auth=ANYBODY,
    response={200: HelpState, **REFUSED},
    openapi_extra=PRESS,
)
def post_help_answer(request: HttpRequest, hall: str, call_id: uuid.UUID) -> Any:
    """Say that one is on the way (greeter, manager)."""
    caller, found = caller_at(request), find_hall(hall)
    require_role(caller, found, R.GREETER, R.MANAGER)

    def press() -> Answer:
        call = helping.answer(find_call(found, call_id, caller), caller.operator)  # type: ignore[arg-type]
        return answer(200, helping.help_data(call))

    return pressed(request, caller, press)


def find_call(hall: Hall, call_id: uuid.UUID, caller: Caller) -> HelpCall:
    """Return a call for help of this hall; of another kiosk's a kiosk knows nothing."""
    call = get_object_or_404(HelpCall.objects.select_related("hall"), hall=hall, public_id=call_id)
    if caller.device and call.device_id != caller.device.pk:
        raise NotFound
    return call


@router.get(
    "/halls/{slug:hall}/alerts",
    tags=["reception"],
    auth=ANYBODY,
    response={200: AlertList, **REFUSED},
)
def get_alerts(request: HttpRequest, hall: str) -> Any:
    """What needs a person now (greeter, manager; a supervisor what concerns the own agency)."""
    caller, found = caller_at(request), find_hall(hall)
    require_role(caller, found, R.GREETER, R.SUPERVISOR, R.MANAGER)
    told = alerts(found, alerts_of(caller))
    return JsonResponse({"at": on_the_wall(found, clock.now()), "alerts": told})


def alerts_of(caller: Caller) -> Any:
    """Return the one agency whose alerts a supervisor sees; None for those who see the hall."""
    return caller.operator.agency if caller.operator and caller.role == R.SUPERVISOR else None


@router.get(
    "/halls/{slug:hall}/tickets",
    tags=["reception"],
    auth=ANYBODY,
    response={200: FoundTicket, **REFUSED},
)
def get_ticket(
    request: HttpRequest, hall: str, label: str = Query(..., min_length=1, max_length=20)
) -> Any:
    """A number of today by its label, with its visit (greeter, manager)."""
    caller, found = caller_at(request), find_hall(hall)
    require_role(caller, found, R.GREETER, R.MANAGER)
    ticket = find_by_label(found, label)
    return JsonResponse(found_data(ticket, request.build_absolute_uri("/")[:-1]))
