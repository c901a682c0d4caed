"""Who knocks at the API, and was this press done once? What every route of it begins with."""

import json
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja.security.base import AuthBase

from queueing.access import Caller, caller_of
from queueing.commands import Answer, check_key, fingerprint, once
from queueing.models import Device
from queueing.refusals import Invalid
from queueing.seating import SENT, require_newest


class Knock(AuthBase):
    """A key, the cookie of a kind of device, or a signed-in person; see `access.caller_of`.

    `?as=person` asks for the signed-in person, though the browser may be a device as well.
    """

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __init__(self, device_kind: str = "") -> None:
        super().__init__()
        self.device_kind = device_kind

    def __call__(self, request: HttpRequest) -> Caller:
        is_person = request.GET.get("as") == "person"
        return caller_of(request, "" if is_person else self.device_kind)


ANYBODY, KIOSK, DISPLAY = Knock(), Knock(Device.Kind.KIOSK), Knock(Device.Kind.DISPLAY)


def caller_at(request: HttpRequest) -> Caller:
    """Return whom the knock at this route was answered for."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    return caller


def whole_body(request: HttpRequest) -> bytes:
    """Return the body; raises Invalid for one that broke off: half an order is another one."""
    if len(request.body) < int(request.META.get("CONTENT_LENGTH") or 0):
        raise Invalid(_("Permintaan tidak sampai seluruhnya. Kirim lagi."))
    return request.body


def pressed(request: HttpRequest, caller: Caller, press: Callable[[], Answer]) -> HttpResponse:
    """Do a press once for its Idempotency-Key, and tell whether this was a repeat.

    The press may be tried twice: it reads for itself what it changes.
    """
    key = check_key(request.META.get("HTTP_IDEMPOTENCY_KEY", ""))
    mark = fingerprint(request.path, json.loads(whole_body(request) or b"{}"))
    seat = request.META.get(SENT)

    def from_the_seat() -> Answer:
        require_newest(caller.operator, seat)
        return press()

    given = once(caller.scope, key, mark, from_the_seat)
    response = HttpResponse(given.text, status=given.status, content_type="application/json")
    if given.replayed:
        response["Idempotency-Replayed"] = "true"
    return response
