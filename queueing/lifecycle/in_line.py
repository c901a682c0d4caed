"""What happens to a ticket away from the counter? Back in line, on to another queue, or gone."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from agencies import clock
from agencies.models import Queue, Service
from queueing import numbering, waiting
from queueing.journal import write_down
from queueing.lifecycle.issuing import new_ticket
from queueing.lifecycle.moves import act, describe, guard, make, require_today
from queueing.models import Ticket, Visit
from queueing.refusals import Closed, IllegalMove, Invalid

RETURNS = 2
_BACK_IN_LINE: dict[str, Any] = {"counter": None, "calls": 0, "ended_at": None}


@act
def resume(ticket: Ticket, *, actor: str) -> Ticket:
    """Somebody on hold is back and waits at the old place."""
    moment = clock.now()
    require_today(ticket, moment)
    write_down(ticket.hall, [make("resume", ticket, moment, actor, **_BACK_IN_LINE)])
    return ticket


@act
def reinstate(ticket: Ticket, *, actor: str) -> Ticket:
    """Somebody who missed the call is back: waits after the next 3 numbers, at most twice."""
    numbering.lock_days(ticket.hall, [ticket.queue_id])
    moment = clock.now()
    require_today(ticket, moment)
    guard("reinstate", ticket)
    if ticket.returns >= RETURNS:
        raise IllegalMove(_("Nomor ini sudah dua kali kembali. Silakan ambil nomor baru."))
    place = waiting.place_after_return(ticket.queue_id, ticket.date, moment)
    changes = {"effective_time": place, "returns": ticket.returns + 1, **_BACK_IN_LINE}
    write_down(ticket.hall, [make("reinstate", ticket, moment, actor, **changes)])
    return ticket


@act
def cancel(ticket: Ticket, *, actor: str, reason: str = "") -> Ticket:
    moment = clock.now()
    require_today(ticket, moment)
    detail = {"reason": reason} if reason else {}
    write_down(ticket.hall, [make("cancel", ticket, moment, actor, detail, ended_at=moment)])
    return ticket


@act
def transfer(
    ticket: Ticket, queue: Queue, *, actor: str, service: Service | None = None, note: str = ""
) -> Ticket:
    """Send a served person on to another queue: this leg ends, a new one waits there.

    The new leg is ordered by the first issue of the visit, so no place is lost. Returns it.
    """
    services = [service] if service else []
    return _send_on("transfer", ticket, queue, actor=actor, services=services, note=note)


@act
def change_service(ticket: Ticket, service: Service, *, actor: str) -> Ticket:
    """Mend a wrong choice at the kiosk without losing the place.

    Within the queue the ticket stays; to another queue it goes on as a new leg. Returns the ticket
    that now stands for the person.
    """
    if service.queue_id != ticket.queue_id:
        return _send_on("reroute", ticket, service.queue, actor=actor, services=[service])
    moment = clock.now()
    require_today(ticket, moment)
    old = [service.code for service in ticket.wanted]
    happening = make("change_service", ticket, moment, actor, {"from": old})
    ticket.services.set([service])
    ticket.wanted = [service]
    write_down(ticket.hall, [happening])
    return ticket


def _send_on(
    verb: str,
    ticket: Ticket,
    queue: Queue,
    *,
    actor: str,
    services: list[Service],
    note: str = "",
) -> Ticket:
    guard(verb, ticket)
    if queue.pk == ticket.queue_id:
        raise Invalid(_("Nomor ini sudah berada di antrean itu."))
    if queue.status == Queue.Status.CLOSED or not all(service.is_open for service in services):
        raise Closed(_("Antrean tujuan sedang tutup."))
    drawn = numbering.draw(ticket.hall, queue)
    require_today(ticket, drawn.at)
    visit = Visit.objects.select_for_update().select_related("hall").get(pk=ticket.visit_id)
    since = waiting.effective_time(visit.arrived_at, ticket.priority)
    leg = new_ticket(
        visit,
        queue,
        drawn,
        ticket.priority,
        services=services,
        effective_time=since,
        leg_of=ticket,
        note=note,
    )
    detail = {"to": leg.label, "note": note} if note else {"to": leg.label}
    ended = make(verb, ticket, drawn.at, actor, detail, ended_at=drawn.at)
    begun = describe("issue", leg, drawn.at, actor, {"leg_of": ticket.label})
    write_down(ticket.hall, [ended, begun])
    return leg
