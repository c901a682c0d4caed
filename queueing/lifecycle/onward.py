"""Where does somebody go from here? To another queue, on with a second errand, and back again.

Every way on keeps the time at which the person came: a leg elsewhere is ordered by the first issue
of the visit (domain section 3). The front of a line needs a reason, which stays in the log.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from agencies import clock
from agencies.models import Counter, Queue, Service
from queueing import numbering, quotas, waiting
from queueing.journal import Happening, write_down
from queueing.lifecycle.issuing import new_ticket, require_left
from queueing.lifecycle.moves import BACK_IN_LINE, act, describe, guard, make, require_today
from queueing.models import Ticket, Visit
from queueing.refusals import Closed, Invalid


@dataclass(frozen=True)
class Way:
    """What an officer says when sending somebody on."""

    service: Service | None = None
    counter: Counter | None = None  # only this counter calls the number, while it is open
    note: str = ""
    front_reason: str = ""  # at the front of the line, and why
    comes_back: bool = False  # with a new number of this queue, when that errand is done

    def detail(self) -> dict[str, Any]:
        said = {
            "note": self.note,
            "front": self.front_reason,
            "counter": self.counter.number if self.counter else None,
            "comes_back": self.comes_back,
        }
        return {name: value for name, value in said.items() if value}


STRAIGHT_ON = Way()
STILL_HERE = ("waiting", "called", "serving", "on_hold")


@act
def transfer(ticket: Ticket, queue: Queue, *, actor: str, way: Way = STRAIGHT_ON) -> Ticket:
    """Send a served person on to another queue: this leg ends, a new one waits there.

    Within the queue one can be sent to another counter only, and keeps the number. Returns the
    ticket that now stands for the person. Raises Closed when nobody is served there.
    """
    if queue.pk != ticket.queue_id:
        return _send_on("transfer", ticket, queue, actor, way)
    if way.counter is None or way.counter == ticket.counter:
        raise Invalid(_("Nomor ini sudah berada di antrean itu."))
    return _pass_on(ticket, way, actor)


def _require_served_at(way: Way, queue: Queue) -> None:
    """Make sure that the counter serves the queue, whose day is locked: so it will stay."""
    if way.counter and not way.counter.assignments.filter(queue=queue).exists():
        raise Invalid(_("Loket tujuan tidak melayani antrean itu."))


def _pass_on(ticket: Ticket, way: Way, actor: str) -> Ticket:
    numbering.lock_days(ticket.hall, [ticket.queue_id])
    _require_served_at(way, ticket.queue)
    moment = clock.now()
    require_today(ticket, moment)
    guard("pass_on", ticket)
    place = ticket.effective_time
    if way.front_reason:
        place = min(place, waiting.front_of(ticket.queue_id, ticket.date) or place)
    changes = {**BACK_IN_LINE, "effective_time": place, "note": way.note or ticket.note}
    detail = way.detail()
    passed = make("pass_on", ticket, moment, actor, detail, for_counter=way.counter, **changes)
    write_down(ticket.hall, [passed])
    return ticket


@act
def change_service(ticket: Ticket, service: Service, *, actor: str, note: str = "") -> Ticket:
    """Mend a wrong choice at the kiosk without losing the place.

    Within the queue the ticket stays; to another queue it goes on as a new leg. Returns the ticket
    that now stands for the person.
    """
    if service.queue_id != ticket.queue_id:
        return _send_on("reroute", ticket, service.queue, actor, Way(service=service, note=note))
    _require_quota(ticket, service, instead=True)
    moment = clock.now()
    require_today(ticket, moment)
    old = [service.code for service in ticket.wanted]
    detail = {"from": old, **({"note": note} if note else {})}
    happening = make("change_service", ticket, moment, actor, detail)
    ticket.services.set([service])
    ticket.wanted = [service]
    write_down(ticket.hall, [happening])
    return ticket


@act
def add_service(ticket: Ticket, service: Service, *, actor: str) -> Ticket:
    """Add an errand to somebody who is at a counter; returns the ticket that stands for it.

    One of the same queue is served here and now; any other waits as a further number of the visit.
    """
    if service.queue_id != ticket.queue_id:
        return _add_number(ticket, service, actor)
    moment = clock.now()
    require_today(ticket, moment)
    if service in ticket.wanted:
        raise Invalid(_("Layanan itu sudah tercatat pada nomor ini."))
    _require_quota(ticket, service)
    happening = make("add_service", ticket, moment, actor, {"added": service.code})
    ticket.services.add(service)
    ticket.wanted = [*ticket.wanted, service]
    write_down(ticket.hall, [happening])
    return ticket


def _require_quota(ticket: Ticket, service: Service, *, instead: bool = False) -> None:
    """Make sure, with the day locked, that the quota has room: besides this ticket, or instead."""
    if not quotas.is_limited(ticket.hall, ticket.date, service):
        return
    numbering.lock_days(ticket.hall, [ticket.queue_id])
    tally = quotas.tally(ticket.hall, ticket.date, [service])
    used = tally.used(service)
    for mine in Service.objects.filter(tickets=ticket) if instead else []:
        tally.take(mine, -1)
    if tally.used(service) == used:
        require_left(ticket.hall, service, clock.now(), tally)


def _add_number(ticket: Ticket, service: Service, actor: str) -> Ticket:
    guard("add_service", ticket)
    _require_served(service.queue, service)
    drawn = numbering.draw(ticket.hall, service.queue)
    require_today(ticket, drawn.at)
    _require_left_there(ticket, service, drawn)
    visit = _locked_visit(ticket)
    there = visit.tickets.filter(queue=service.queue, state__in=STILL_HERE)
    if there.exists():
        raise Invalid(_("Orang ini sudah punya nomor di antrean itu."))
    since = waiting.effective_time(visit.arrived_at, ticket.priority, visit.hall)
    added = new_ticket(
        visit, service.queue, drawn, ticket.priority, services=[service], effective_time=since
    )
    detail = {"added_to": ticket.label}
    write_down(ticket.hall, [describe("issue", added, drawn.at, actor, detail)])
    return added


def _send_on(verb: str, ticket: Ticket, queue: Queue, actor: str, way: Way) -> Ticket:
    guard(verb, ticket)
    _require_served(queue, way.service)
    drawn = numbering.draw(ticket.hall, queue)
    require_today(ticket, drawn.at)
    _require_served_at(way, queue)
    if way.service:
        _require_left_there(ticket, way.service, drawn)
    visit = _locked_visit(ticket)
    leg = new_ticket(
        visit,
        queue,
        drawn,
        ticket.priority,
        services=[way.service] if way.service else [],
        effective_time=_place(visit, ticket, queue, drawn, way),
        leg_of=ticket,
        note=way.note,
        for_counter=way.counter,
        returns_to=ticket.queue if way.comes_back else None,
    )
    detail = {"to": leg.label, **way.detail()}
    ended = make(verb, ticket, drawn.at, actor, detail, ended_at=drawn.at)
    begun = describe("issue", leg, drawn.at, actor, {"leg_of": ticket.label, **_only_at(way)})
    write_down(ticket.hall, [ended, begun])
    return leg


def _only_at(way: Way) -> dict[str, int]:
    return {"counter": way.counter.number} if way.counter else {}


def _require_served(queue: Queue, service: Service | None) -> None:
    if queue.status == Queue.Status.CLOSED or (service and not service.is_open):
        raise Closed(_("Antrean tujuan sedang tutup."))


def _require_left_there(ticket: Ticket, service: Service, drawn: numbering.Draw) -> None:
    tally = quotas.tally(ticket.hall, drawn.date, [service])
    require_left(ticket.hall, service, drawn.at, tally)


def _locked_visit(ticket: Ticket) -> Visit:
    return Visit.objects.select_for_update().select_related("hall").get(pk=ticket.visit_id)


def _place(
    visit: Visit, ticket: Ticket, queue: Queue, drawn: numbering.Draw, way: Way
) -> dt.datetime:
    """Return the place in the other line, whose day is locked: by the visit, or at its front."""
    place = waiting.effective_time(visit.arrived_at, ticket.priority, visit.hall)
    if not way.front_reason:
        return place
    return min(place, waiting.front_of(queue.pk, drawn.date) or place)


def come_back(ended: Ticket, moment: dt.datetime, actor: str) -> list[Happening]:
    """After an errand elsewhere: a new number of the queue that sent the person, by the visit.

    Without one (the queue is closed meanwhile) the visit simply ends here. The queue's day must be
    locked in its order (`numbering.lock_counter_days` does).
    """
    queue = ended.returns_to
    if queue is None or queue.status == Queue.Status.CLOSED:
        return []
    drawn = numbering.draw(ended.hall, queue)
    since = waiting.effective_time(ended.visit.arrived_at, ended.priority, ended.hall)
    back = new_ticket(
        ended.visit,
        queue,
        drawn,
        ended.priority,
        services=_errands_before(ended),
        effective_time=since,
        leg_of=ended,
        note=ended.note,
    )
    return [describe("issue", back, moment, actor, {"back_from": ended.label})]


def _errands_before(ended: Ticket) -> list[Service]:
    return ended.leg_of.wanted if ended.leg_of else []
