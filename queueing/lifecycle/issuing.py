"""How does a person come in? With a number in each queue that the wanted services belong to."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from agencies import hours
from agencies.models import Hall, OpeningHours, Queue, Service
from queueing import numbering, waiting
from queueing.journal import write_down
from queueing.lifecycle.moves import act, describe
from queueing.models import Device, Ticket, Visit
from queueing.refusals import Closed


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
    """Give one person a number in each queue that the wanted services belong to.

    Services of one queue share a ticket; all tickets share a visit, and come whole. Raises Closed
    when a service, its queue or the hall is.
    """
    by_queue: dict[Queue, list[Service]] = {}
    for service in sorted(services, key=lambda wanted: (wanted.queue_id, wanted.code)):
        _require_service_open(service)
        by_queue.setdefault(service.queue, []).append(service)
    draws = [(queue, numbering.draw(hall, queue)) for queue in by_queue]
    first = draws[0][1]
    _require_issuing(hall, first.at)
    visit = Visit.objects.create(
        hall=hall,
        date=first.date,
        language=language,
        channel=channel,
        device=device,
        arrived_at=first.at,
        help=help_wanted,
        companion=companion,
    )
    tickets = [
        new_ticket(visit, queue, drawn, priority, services=by_queue[queue])
        for queue, drawn in draws
    ]
    write_down(hall, [describe("issue", ticket, ticket.issued_at, actor) for ticket in tickets])
    return tickets


def _require_service_open(service: Service) -> None:
    if not service.is_open or service.queue.status == Queue.Status.CLOSED:
        raise Closed(_("Layanan ini sedang tutup. Silakan ke resepsionis."))
    if service.queue.status == Queue.Status.PAUSED:
        raise Closed(_("Antrean ini sedang dijeda. Silakan ke resepsionis."))


def _require_issuing(hall: Hall, moment: dt.datetime) -> None:
    if hours.is_issuing(hall, moment):
        return
    opening = hours.next_opening(hall, moment)
    if opening is None:
        raise Closed(_("Mal Pelayanan Publik sedang tutup."))
    when = f"{OpeningHours.Weekday(opening.weekday()).label} {opening:%H.%M}"
    raise Closed(_("Mal Pelayanan Publik sedang tutup. Buka lagi %(when)s.") % {"when": when})


def new_ticket(
    visit: Visit,
    queue: Queue,
    drawn: numbering.Draw,
    priority: str,
    *,
    services: list[Service],
    **leg: Any,
) -> Ticket:
    ticket = Ticket.objects.create(
        hall=visit.hall,
        visit=visit,
        queue=queue,
        date=drawn.date,
        number=drawn.number,
        priority=priority,
        issued_at=drawn.at,
        **{"effective_time": waiting.effective_time(drawn.since, priority), **leg},
    )
    ticket.services.add(*services)
    ticket.wanted = services
    return ticket
