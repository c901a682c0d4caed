"""How much of a day was given priority, and where? 10 to 15 of 100 numbers is usual."""

import datetime as dt
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from agencies.models import Hall
from queueing.models import Ticket

USUAL = 15  # of 100 numbers
ENOUGH = 20  # of fewer numbers a share says nothing


def shares(hall: Hall, date: dt.date) -> list[dict[str, Any]]:
    """Return for each kiosk, and for the reception, how many of its numbers have priority."""
    numbers = Ticket.objects.filter(hall=hall, date=date, leg_of=None)
    by_place = numbers.values("visit__device__name").order_by("visit__device__name")
    return [
        _share(row["visit__device__name"] or _("Resepsionis"), row["numbers"], row["first"])
        for row in by_place.annotate(numbers=Count("pk"), first=Count("pk", filter=~Q(priority="")))
    ]


def _share(place: str, numbers: int, first: int) -> dict[str, Any]:
    percent = round(100 * first / numbers)
    return {
        "place": place,
        "numbers": numbers,
        "priority": first,
        "percent": percent,
        "is_unusual": percent > USUAL and numbers >= ENOUGH,
    }
