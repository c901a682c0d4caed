"""Who wants to be told when the page is shut, and who no longer? Orders of a phone."""

from typing import Any

from django.http import HttpRequest
from django.utils import translation
from ninja import Router

from queueing import push
from queueing.access import by_token, find_visit
from queueing.commands import Answer, answer
from queueing.orders import PushOrder, StopOrder
from queueing.presses import pressed
from queueing.shapes import PRESS, REFUSED
from queueing.visit_shapes import PushState

router = Router()


@router.post(
    "/visits/{slug:token}/push",
    tags=["visit"],
    response={200: PushState, **REFUSED},
    openapi_extra=PRESS,
)
def post_push(request: HttpRequest, token: str, order: PushOrder) -> Any:
    """Let a phone be told by its maker's push service, until the day after the visit."""
    caller, visit = by_token(token), find_visit(token)

    def press() -> Answer:
        language = translation.get_language() or visit.language
        push.subscribe(visit, order.endpoint, order.keys.p256dh, order.keys.auth, language[:2])
        return answer(200, {"on": True})

    return pressed(request, caller, press)


@router.post(
    "/visits/{slug:token}/push/stop",
    tags=["visit"],
    response={200: PushState, **REFUSED},
    openapi_extra=PRESS,
)
def post_push_stop(request: HttpRequest, token: str, order: StopOrder) -> Any:
    """Forget where this phone could be told."""
    caller, visit = by_token(token), find_visit(token)

    def press() -> Answer:
        push.unsubscribe(visit, order.endpoint)
        return answer(200, {"on": False})

    return pressed(request, caller, press)
