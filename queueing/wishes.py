"""What may a citizen ask for from the phone? To come later, to go for a while, another service.

Whoever holds the visit's token asks for a number of that visit, and for no other.
"""

import uuid
from collections.abc import Callable
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Body, Router

from agencies import clock, hours, notices
from agencies.models import Service
from queueing import lifecycle, quotas
from queueing.access import Caller, by_token, find_services, find_visit
from queueing.board import ticket_data
from queueing.commands import Answer, answer
from queueing.models import Ticket, Visit
from queueing.orders import ErrandsOrder, WishOrder
from queueing.presses import pressed
from queueing.refusals import Closed, IllegalMove, Invalid, NotFound, NotYours, UnknownService
from queueing.shapes import PRESS, REFUSED, TicketShape
from queueing.visit_shapes import VisitState
from queueing.visits import visit_state

router = Router()

Wish = Literal["postpone", "step-away", "be-back", "change-service"]
OF_A_CITIZEN = Body(default_factory=WishOrder)


@router.post(
    "/visits/{slug:token}/tickets/{uuid:ticket_id}/{verb}",
    tags=["visit"],
    response={200: TicketShape, **REFUSED},
    openapi_extra=PRESS,
)
def post_wish(
    request: HttpRequest,
    token: str,
    ticket_id: uuid.UUID,
    verb: Wish,
    order: WishOrder = OF_A_CITIZEN,
) -> Any:
    """Ask to be called after the next 3, to be passed by for a while, or for another service."""
    caller, visit = by_token(token), find_visit(token)

    def press() -> Answer:
        ticket = find_own_ticket(visit, ticket_id)
        return answer(200, ticket_data(WISHES[verb](ticket, order, caller)))

    return pressed(request, caller, press)


@router.post(
    "/visits/{slug:token}/order",
    tags=["visit"],
    response={200: VisitState, **REFUSED},
    openapi_extra=PRESS,
)
def post_order(request: HttpRequest, token: str, order: ErrandsOrder) -> Any:
    """Do these errands first, in this order; all keep their places in line."""
    caller, visit = by_token(token), find_visit(token)

    def press() -> Answer:
        wanted = [find_own_ticket(visit, each) for each in order.tickets]
        lifecycle.reorder(wanted, actor=caller.actor)
        return answer(200, visit_state(find_visit(token)))

    return pressed(request, caller, press)


def find_own_ticket(visit: Visit, ticket_id: uuid.UUID) -> Ticket:
    tickets = visit.tickets.whole().select_related("queue__agency")
    ticket = tickets.filter(public_id=ticket_id).first()
    if ticket is None:
        raise NotFound
    return ticket


def step_away(ticket: Ticket, order: WishOrder, caller: Caller) -> Ticket:
    if not order.reason or not order.minutes:
        raise Invalid(_("Sebutkan alasan dan lamanya."))
    return lifecycle.step_away(
        ticket, actor=caller.actor, reason=order.reason, minutes=order.minutes
    )


def change_service(ticket: Ticket, order: WishOrder, caller: Caller) -> Ticket:
    """Mend a wrong choice while waiting, within the agency and where the agency lets one."""
    if not order.service:
        raise UnknownService
    service = find_services(ticket.hall, [order.service])[0]
    _require_may_change(ticket, service)
    _require_open(ticket, service)
    return lifecycle.change_service(ticket, service, actor=caller.actor)


def _require_may_change(ticket: Ticket, service: Service) -> None:
    if not ticket.queue.agency.phone_change:
        raise NotYours(_("Layanan diganti oleh petugas. Silakan ke resepsionis atau loket."))
    if not ticket.is_waiting:
        raise IllegalMove(_("Layanan hanya dapat diganti selama menunggu."))
    if service.queue.agency_id != ticket.queue.agency_id or len(ticket.wanted) != 1:
        raise IllegalMove(_("Untuk keperluan itu silakan ke resepsionis."))
    if service in ticket.wanted:
        raise IllegalMove(_("Layanan itu sudah tercatat pada nomor ini."))


def _require_open(ticket: Ticket, service: Service) -> None:
    moment = clock.now()
    used = quotas.tally(ticket.hall, ticket.date, [service]).used(service)
    standing = hours.standing(ticket.hall, service, moment, used)
    if not standing.is_open:
        raise Closed(notices.sentence(ticket.hall, standing, moment))


WISHES: dict[str, Callable[[Ticket, WishOrder, Caller], Ticket]] = {
    "postpone": lambda ticket, order, caller: lifecycle.postpone(ticket, actor=caller.actor),
    "step-away": step_away,
    "be-back": lambda ticket, order, caller: lifecycle.be_back(ticket, actor=caller.actor),
    "change-service": change_service,
}
