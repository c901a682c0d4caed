"""Who waits for a hand? Calls for help from the kiosks, until somebody of the reception goes there.

A call is no move of a ticket: the board and its version know nothing of it.
"""

import datetime as dt
from typing import Any

from agencies import clock
from agencies.clock import on_the_wall
from agencies.models import Hall, Operator
from queueing.models import Device, HelpCall, Visit
from queueing.pace import helps
from queueing.refusals import TooManyCalls

SHIFT = dt.timedelta(hours=12)  # whom nobody went to in this time has left


def ask(device: Device, kind: str, visit: Visit | None = None) -> HelpCall:
    """Call somebody to this kiosk; a second press is the same call, and may say better why.

    Whoever called first and then took a number with the same wish is one person.
    """
    moment = clock.now()
    over = HelpCall.objects.filter(device=device, answered_at=None, asked_at__lt=moment - SHIFT)
    over.update(answered_at=moment)
    if visit:
        earlier = HelpCall.objects.filter(device=device, visit=None, answered_at=None)
        earlier.update(visit=visit)
    call, _ = HelpCall.objects.update_or_create(
        device=device,
        visit=visit,
        answered_at=None,
        defaults={"kind": kind},
        create_defaults={"hall": device.hall, "kind": kind, "asked_at": moment},
    )
    return call


def require_pace(device: Device) -> None:
    """Let a kiosk call a few times a minute; raises TooManyCalls, which says that it was heard."""
    if seconds := helps.wait(str(device.pk)):
        raise TooManyCalls(retry_after=seconds)


def answer(call: HelpCall, person: Operator) -> HelpCall:
    """Somebody goes there. Whoever presses second changes nothing: one is on the way."""
    is_open = HelpCall.objects.filter(pk=call.pk, answered_at=None)
    is_open.update(answered_at=clock.now(), answered_by=person)
    call.refresh_from_db(fields=["answered_at", "answered_by"])
    return call


def open_calls(hall: Hall, moment: dt.datetime) -> Any:
    """Return the calls that nobody has answered yet, longest wait first."""
    calls = HelpCall.objects.filter(hall=hall, answered_at=None, asked_at__gt=moment - SHIFT)
    return calls.select_related("device").order_by("asked_at", "pk")


def help_data(call: HelpCall) -> dict[str, Any]:
    """Return a call as the API tells it."""
    return {
        "id": str(call.public_id),
        "kind": call.kind,
        "asked_at": on_the_wall(call.hall, call.asked_at),
        "answered_at": on_the_wall(call.hall, call.answered_at),
        "state": "answered" if call.answered_at else "asked",
    }
