"""How does a person come in? With a number in each queue that the wanted services belong to."""

import datetime as dt
from typing import Any

from agencies import hours, notices
from agencies.models import Hall, Queue, Service
from queueing import numbering, quotas, waiting
from queueing.journal import write_down
from queueing.lifecycle.arriving import arrive
from queueing.lifecycle.moves import act, describe
from queueing.models import Device, Ticket, Visit
from queueing.refusals import Closed, QuotaExhausted

Draws = list[tuple[Queue, numbering.Draw]]


@act
def issue(
    hall: Hall,
    services: list[Service],
    *,
    actor: str,
    channel: str,
    priority: str = "",
    language: str = "id",
    device: Device | None = None,
    help_wanted: str = "",
    companion: bool = False,
) -> list[Ticket]:
    """Give one person a number in each queue that the wanted services belong to."""
    tickets = come_in(
        hall,
        services,
        priority=priority,
        language=language,
        channel=channel,
        device=device,
        help=help_wanted,
        companion=companion,
    )
    write_down(hall, [describe("issue", ticket, ticket.issued_at, actor) for ticket in tickets])
    return tickets


def come_in(
    hall: Hall, services: list[Service], *, priority: str = "", **about: Any
) -> list[Ticket]:
    """Make a visit and its tickets, and write nothing down yet; `about` is said of the visit.

    Services of one queue share a ticket; all tickets share a visit, and come whole. Raises Closed
    when a service, its queue, agency or the hall is, and QuotaExhausted when too many came before.
    """
    services = sorted(services, key=lambda wanted: (wanted.queue_id, wanted.code))
    queues = {service.queue_id: service.queue for service in services}.values()
    draws = [(queue, numbering.draw(hall, queue)) for queue in queues]
    first = draws[0][1]
    _require_given(hall, services, draws)
    about = {"date": first.date, "arrived_at": first.at, "help": "", "companion": False, **about}
    visit = Visit.begun(hall=hall, **about)
    tickets = [_ticket(visit, queue, drawn, priority) for queue, drawn in draws]
    arrive(visit, tickets, services)
    return tickets


def _note_incidents(services: list[Service], draws: Draws) -> None:
    """Let the services know of incidents as they are now, not as they were read."""
    since = {queue.pk: drawn.incident_since for queue, drawn in draws}
    for service in services:
        service.queue.incident_since = since[service.queue_id]


def _require_given(hall: Hall, services: list[Service], draws: Draws) -> None:
    """Make sure that each service can be had now; raises Closed or QuotaExhausted, and says why.

    The days of the queues must be locked. Of several services the sentence names the one meant.
    """
    moment, date = draws[0][1].at, draws[0][1].date
    _note_incidents(services, draws)
    tally = quotas.tally(hall, date, services)
    for service in services:
        standing = hours.standing(hall, service, moment, tally.used(service))
        if not standing.is_open:
            refusal = QuotaExhausted if standing.state == hours.QUOTA else Closed
            told = notices.sentence(hall, standing, moment)
            raise refusal(told if len(services) == 1 else f"{service.name}: {told}")
        tally.take(service)


def require_left(hall: Hall, service: Service, moment: dt.datetime, tally: quotas.Tally) -> None:
    """Make sure that the quota has room for one more, whatever the hours; raises QuotaExhausted."""
    standing = hours.standing(hall, service, moment, tally.used(service))
    if standing.quota_left == 0:
        told = standing._replace(state=hours.QUOTA, holiday=None)
        raise QuotaExhausted(notices.sentence(hall, told, moment))


def new_ticket(
    visit: Visit,
    queue: Queue,
    drawn: numbering.Draw,
    priority: str,
    *,
    services: list[Service],
    **leg: Any,
) -> Ticket:
    """Give somebody who is here already one more number: another errand, or a leg elsewhere."""
    ticket = _ticket(visit, queue, drawn, priority, **leg)
    Ticket.objects.bulk_create([ticket])
    ticket.services.add(*services)
    ticket.wanted = services
    return ticket


def _ticket(visit: Visit, queue: Queue, drawn: numbering.Draw, priority: str, **leg: Any) -> Ticket:
    place = waiting.effective_time(drawn.since, priority, visit.hall)
    return Ticket.begun(
        hall=visit.hall,
        visit=visit,
        queue=queue,
        date=drawn.date,
        number=drawn.number,
        priority=priority,
        issued_at=drawn.at,
        away_reason="",
        **{"effective_time": place, **leg},
    )
