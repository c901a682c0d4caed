"""Which buttons are there? Of a counter, of a queue, of a ticket: find, do one verb, answer."""

import uuid
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Body, Router

from queueing.access import find_counter, find_queue, find_ticket, hall_at
from queueing.board import counter_data, queue_data, ticket_data
from queueing.commands import Answer, answer
from queueing.orders import CounterOrder, QueueOrder, TicketOrder
from queueing.presses import ANYBODY, caller_at, pressed
from queueing.shapes import PRESS, REFUSED, CounterAnswer, QueueAnswer, TicketShape
from queueing.verbs import COUNTER_VERBS, QUEUE_VERBS, TICKET_VERBS

router = Router()

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
    "call-back",
    "undo",
    "add-service",
    "assign",
    "hand-over",
    "walk-in",
]
QueueVerb = Literal["incident", "clear"]
TicketVerb = Literal[
    "resume", "reinstate", "cancel", "prioritise", "first", "transfer", "change-service"
]
AT_THE_COUNTER = Body(default_factory=CounterOrder)  # a press with nothing to say needs no body
OF_A_QUEUE = Body(default_factory=QueueOrder)
IN_THE_LINE = Body(default_factory=TicketOrder)


@router.post(
    "/halls/{slug:hall}/counters/{int:number}/{verb}",
    tags=["counter"],
    auth=ANYBODY,
    response={200: CounterAnswer, **REFUSED},
    openapi_extra=PRESS,
)
def post_counter(
    request: HttpRequest,
    hall: str,
    number: int,
    verb: CounterVerb,
    order: CounterOrder = AT_THE_COUNTER,
) -> Any:
    """Press one of the counter's buttons (its officers, the agency's supervisor, the manager)."""
    caller = caller_at(request)
    counter = find_counter(caller, hall_at(caller, hall), number)

    def press() -> Answer:
        body = COUNTER_VERBS[verb](counter, order, caller)
        return answer(200, {"counter": counter_data(counter), **body})

    return pressed(request, caller, press)


@router.post(
    "/halls/{slug:hall}/queues/{slug:code}/{verb}",
    tags=["queue"],
    auth=ANYBODY,
    response={200: QueueAnswer, **REFUSED},
    openapi_extra=PRESS,
)
def post_queue(
    request: HttpRequest, hall: str, code: str, verb: QueueVerb, order: QueueOrder = OF_A_QUEUE
) -> Any:
    """Say that a queue's system is down, or works again (who serves it, supervisor, manager)."""
    caller = caller_at(request)
    queue = find_queue(caller, hall_at(caller, hall), code)

    def press() -> Answer:
        return answer(200, {"queue": queue_data(QUEUE_VERBS[verb](queue, order, caller))})

    return pressed(request, caller, press)


@router.post(
    "/halls/{slug:hall}/tickets/{uuid:ticket_id}/{verb}",
    tags=["ticket"],
    auth=ANYBODY,
    response={200: TicketShape, **REFUSED},
    openapi_extra=PRESS,
)
def post_ticket(
    request: HttpRequest,
    hall: str,
    ticket_id: uuid.UUID,
    verb: TicketVerb,
    order: TicketOrder = IN_THE_LINE,
) -> Any:
    """Do something to a ticket away from the counter (staff of its agency; the greeter in part)."""
    caller = caller_at(request)
    found = hall_at(caller, hall)

    def press() -> Answer:
        ticket = find_ticket(caller, found, ticket_id, verb)
        return answer(200, ticket_data(TICKET_VERBS[verb](ticket, order, caller)))

    return pressed(request, caller, press)
