"""Which button of the API is which verb? Two tables, and what their orders mean."""

from collections.abc import Callable
from typing import Any

from agencies.models import Counter, Hall, Queue, Service
from queueing import lifecycle
from queueing.access import Caller, find_services, find_ticket
from queueing.board import counter_data, ticket_data
from queueing.models import Ticket
from queueing.orders import CounterOrder, TicketOrder
from queueing.refusals import Invalid, UnknownService


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
