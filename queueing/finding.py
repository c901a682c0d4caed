"""Which number does somebody hold in the hand? A ticket of today by what its slip says."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from agencies import clock
from agencies.models import Hall
from queueing import telling
from queueing.board import ticket_data, visit_key
from queueing.lifecycle.in_line import RETURNS
from queueing.models import Ticket
from queueing.refusals import Invalid, NotFound

SLIP = re.compile(r"\s*([A-Za-z]{1,2})[\s.-]*(\d{1,5})\s*")


def find_by_label(hall: Hall, label: str) -> Ticket:
    """Return today's ticket of this label, however it is typed: A-012, a12, "A 12"."""
    read = SLIP.fullmatch(label)
    if read is None:
        raise Invalid(_("Ketik nomornya seperti di slip, misalnya A-012."))
    queue, number = read[1].upper(), int(read[2])
    today = Ticket.objects.whole().filter(hall=hall, date=clock.today(hall))
    ticket = today.filter(queue__code=queue, number=number).first()
    if ticket is None:
        name = f"{queue}-{number:03d}"
        raise NotFound(_("Nomor %(label)s tidak ada hari ini.") % {"label": name})
    return ticket


def found_data(ticket: Ticket, base_url: str) -> dict[str, Any]:
    """Return all that the reception may want to know of a number and its visit."""
    visit = ticket.visit
    return {
        "ticket": ticket_data(ticket),
        "group": ticket.priority or None,
        "returns_left": RETURNS - ticket.returns,
        "wish": telling.wish_of(ticket, clock.now()),
        "others": others_waiting(ticket),
        "visit": {
            **visit_key(visit, base_url),
            "help": visit.help or None,
            "companion": visit.companion,
        },
    }


def others_waiting(ticket: Ticket) -> list[str]:
    """Return the labels of the visit's other numbers that wait, as they stand in its order."""
    others = Ticket.objects.waiting().filter(visit=ticket.visit_id).exclude(pk=ticket.pk)
    return [str(other) for other in others.select_related("queue").order_by("turn", "pk")]
