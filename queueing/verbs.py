"""Which button of the API is which verb? Three tables, and what their orders mean."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from agencies import clock
from agencies.models import Counter, Queue
from queueing import lifecycle, waiting
from queueing.access import (
    Caller,
    find_officer,
    find_queues_to_assign,
    find_services,
    find_ticket,
)
from queueing.board import counter_data, ticket_data
from queueing.finding import find_by_label
from queueing.models import Ticket
from queueing.orders import CounterOrder, Onward, QueueOrder, TicketOrder
from queueing.refusals import Invalid, UnknownService


def told(ticket: Ticket | None) -> dict[str, Any]:
    return {"ticket": ticket_data(ticket) if ticket else None}


def press_call(counter: Counter, order: CounterOrder, caller: Caller) -> dict[str, Any]:
    ticket = chosen(counter, order, caller, "call")
    return told(lifecycle.call(counter, ticket, actor=caller.actor, reason=order.reason))


def press_call_back(counter: Counter, order: CounterOrder, caller: Caller) -> dict[str, Any]:
    ticket = chosen(counter, order, caller, "call-back")
    return told(lifecycle.call_back(counter, ticket, actor=caller.actor, reason=order.reason))


def chosen(counter: Counter, order: CounterOrder, caller: Caller, verb: str) -> Ticket:
    """Return the ticket that an order names: by its id, or by its label as on the slip."""
    if order.ticket is None and not order.label:
        raise Invalid
    public_id = order.ticket or find_by_label(counter.hall, order.label).public_id
    return find_ticket(caller, counter.hall, public_id, verb)


def press_walk_in(counter: Counter, order: CounterOrder, caller: Caller) -> dict[str, Any]:
    if not order.services:
        raise UnknownService
    services = find_services(counter.hall, order.services)
    priority = str(order.priority or "")
    return told(lifecycle.walk_in(counter, services, actor=caller.actor, priority=priority))


def press_transfer(counter: Counter, order: CounterOrder, caller: Caller) -> dict[str, Any]:
    """Answer the ticket that ended here and, beside it, the leg that now waits elsewhere."""
    ticket = lifecycle.current_ticket(counter)
    leg = sent_on(ticket, order, caller)
    return {**told(ticket), "leg": ticket_data(leg)}


def sent_on(ticket: Ticket, order: CounterOrder | TicketOrder, caller: Caller) -> Ticket:
    queue, way = destination(ticket, order)
    return lifecycle.transfer(ticket, queue, way=way, actor=caller.actor)


def destination(ticket: Ticket, order: Onward) -> tuple[Queue, lifecycle.Way]:
    """Return where an order sends somebody: to a service's queue, or to a queue by its letter.

    A counter alone means the queue in which the person is.
    """
    service = find_services(ticket.hall, [order.service])[0] if order.service else None
    queue = service.queue if service else find_queue(ticket, order)
    counter = find_destination(ticket, order.counter) if order.counter else None
    said = {"note": order.note, "front_reason": order.front_reason, "comes_back": order.comes_back}
    return queue, lifecycle.Way(service=service, counter=counter, **said)  # type: ignore[arg-type]


def find_destination(ticket: Ticket, number: int) -> Counter:
    counter = ticket.hall.counters.filter(number=number).first()
    if counter is None:
        raise Invalid(_("Loket tujuan tidak ada."))
    return counter


def find_queue(ticket: Ticket, order: Onward) -> Queue:
    if order.counter and not order.queue:
        return ticket.queue
    queue = Queue.objects.filter(hall=ticket.hall, code=order.queue or "").first()
    if queue is None:
        raise Invalid
    return queue


def press_add_service(counter: Counter, order: CounterOrder, caller: Caller) -> dict[str, Any]:
    """Answer who is at the counter and, beside it, the number that stands for the new errand."""
    if not order.service:
        raise UnknownService
    ticket = lifecycle.current_ticket(counter)
    service = find_services(counter.hall, [order.service])[0]
    added = lifecycle.add_service(ticket, service, actor=caller.actor)
    return {**told(ticket), "added": ticket_data(added)}


def press_finish(counter: Counter, order: CounterOrder, caller: Caller) -> dict[str, Any]:
    outcome = outcome_of(counter, order)
    return told(lifecycle.finish(counter, actor=caller.actor, outcome=outcome))


def press_call_next(counter: Counter, order: CounterOrder, caller: Caller) -> dict[str, Any]:
    called = lifecycle.call_next(
        counter,
        actor=caller.actor,
        finish_current=order.finish_current,
        outcome=outcome_of(counter, order),
    )
    return told(called)


def outcome_of(counter: Counter, order: CounterOrder) -> dict[str, Any]:
    """Return what the officer says of a service that ends: what was delivered, and a note.

    That nothing was delivered is said by an empty list; who does not name it has not said it.
    """
    said: dict[str, Any] = {"note": order.note} if order.note else {}
    if "delivered" in order.model_fields_set:
        delivered = find_services(counter.hall, order.delivered)
        said["delivered"] = sorted(service.code for service in delivered)
    return said


def status_verb(verb: Callable[..., Counter]) -> Callable[..., dict[str, Any]]:
    """A verb of the counter itself answers with what it is now, and whoever is there.

    One that takes the counter away also says which queues are left alone with people waiting.
    """

    def press(counter: Counter, order: CounterOrder, caller: Caller) -> dict[str, Any]:
        extra = {"reason": order.reason, "until": order.until} if verb is BREAK else {}
        changed = verb(counter, actor=caller.actor, **extra)
        body = {"counter": counter_data(changed), **told(lifecycle.open_ticket(counter))}
        if verb is not lifecycle.open_counter:
            body["alone"] = waiting.left_alone(counter, clock.today(counter.hall))
        return body

    return press


def press_assign(counter: Counter, order: CounterOrder, caller: Caller) -> dict[str, Any]:
    queues = find_queues_to_assign(caller, counter, order.queues)
    lifecycle.assign(counter, queues, actor=caller.actor, weights=order.weights)
    return told(lifecycle.open_ticket(counter))


def press_hand_over(counter: Counter, order: CounterOrder, caller: Caller) -> dict[str, Any]:
    officer = find_officer(caller, counter, order.operator)
    lifecycle.hand_over(counter, officer, actor=caller.actor)
    return told(lifecycle.open_ticket(counter))


BREAK = lifecycle.break_counter
COUNTER_VERBS: dict[str, Callable[[Counter, CounterOrder, Caller], dict[str, Any]]] = {
    "open": status_verb(lifecycle.open_counter),
    "break": status_verb(BREAK),
    "close": status_verb(lifecycle.close_counter),
    "call-next": press_call_next,
    "call": press_call,
    "call-back": press_call_back,
    "undo": lambda counter, order, caller: told(lifecycle.undo(counter, actor=caller.actor)),
    "recall": lambda counter, order, caller: told(lifecycle.recall(counter, actor=caller.actor)),
    "start": lambda counter, order, caller: told(lifecycle.start(counter, actor=caller.actor)),
    "finish": press_finish,
    "no-show": lambda counter, order, caller: told(
        lifecycle.no_show(counter, actor=caller.actor, said_so=order.said_so)
    ),
    "hold": lambda counter, order, caller: told(lifecycle.hold(counter, actor=caller.actor)),
    "transfer": press_transfer,
    "add-service": press_add_service,
    "assign": press_assign,
    "hand-over": press_hand_over,
    "walk-in": press_walk_in,
}


QUEUE_VERBS: dict[str, Callable[[Queue, QueueOrder, Caller], Queue]] = {
    "incident": lambda queue, order, caller: lifecycle.begin_incident(
        queue, actor=caller.actor, reason=order.reason.strip()
    ),
    "clear": lambda queue, order, caller: lifecycle.clear_incident(queue, actor=caller.actor),
}


def change_service(ticket: Ticket, order: TicketOrder, caller: Caller) -> Ticket:
    if not order.service:
        raise UnknownService
    service = find_services(ticket.hall, [order.service])[0]
    return lifecycle.change_service(ticket, service, actor=caller.actor, note=order.note)


def prioritise(ticket: Ticket, order: TicketOrder, caller: Caller) -> Ticket:
    """An order that does not say which priority must not take one away."""
    if "priority" not in order.model_fields_set:
        raise Invalid(_("Sebutkan prioritasnya, atau null untuk tanpa prioritas."))
    return lifecycle.prioritise(ticket, actor=caller.actor, priority=str(order.priority or ""))


TICKET_VERBS: dict[str, Callable[[Ticket, TicketOrder, Caller], Ticket]] = {
    "resume": lambda ticket, order, caller: lifecycle.resume(ticket, actor=caller.actor),
    "reinstate": lambda ticket, order, caller: lifecycle.reinstate(ticket, actor=caller.actor),
    "cancel": lambda ticket, order, caller: lifecycle.cancel(
        ticket, actor=caller.actor, reason=order.reason
    ),
    "transfer": sent_on,
    "prioritise": prioritise,
    "first": lambda ticket, order, caller: lifecycle.reorder([ticket], actor=caller.actor)[0],
    "change-service": change_service,
}
