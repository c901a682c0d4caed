"""Who comes to the door? The kiosk: from "what do you need" to a number, in three touches."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from agencies import clock, hours
from agencies.models import Hall, Queue, Service, in_language
from queueing import access, care
from queueing.board import board
from queueing.catalogue import catalogue
from queueing.models import Device, Ticket
from queueing.views import pairing

MOST_FREQUENT = 6
LONG_NAME = 13  # letters; a longer name takes two lines, and the gist stays away
GIST = 44  # letters that fit on a tile in two lines
DOWN = "incident"
WORDS = {  # the best first: an agency stands as the best of its queues does
    Queue.Status.OPEN.value: Queue.Status.OPEN.label,
    DOWN: _("Gangguan"),
    Queue.Status.PAUSED.value: Queue.Status.PAUSED.label,
    Queue.Status.CLOSED.value: Queue.Status.CLOSED.label,
}
HELPS = [
    ("wheelchair", _("Kursi roda")),
    ("sign", _("Bahasa isyarat")),
    ("guide", _("Dituntun")),
    ("other", _("Bantuan lain")),
]
SEAMS = re.compile(r"(?<=[,:]) | (?=(?:serta|dengan|with) )")


@require_safe
@never_cache
@gzip_page
def kiosk(request: HttpRequest, hall: str) -> HttpResponse:
    """Show the kiosk to a paired browser; `?pair=` pairs it, else a code to pair it by."""
    place = get_object_or_404(Hall, slug=hall)
    if key := request.GET.get("pair"):
        return access.pair(request, place, key)
    if device := access.device_of(request, place, Device.Kind.KIOSK):
        return served(request, device)
    as_demo = access.pair_demo(request, place, Device.Kind.KIOSK)
    return as_demo or pairing.waiting(request, place, Device.Kind.KIOSK, status=403)


def served(request: HttpRequest, device: Device) -> HttpResponse:
    """Show the page as this kiosk is set up; it may speak to its own bridge and to nobody else."""
    context = {"hall": device.hall, "device": care.told(device), **what_it_offers(device.hall)}
    response = render(request, "kiosk/kiosk.html", context)
    if device.printer == Device.Printer.ESCPOS:
        response.bridge = device.bridge  # type: ignore[attr-defined]
    return response


def what_it_offers(hall: Hall) -> dict[str, Any]:
    queues = board(hall)["queues"]
    return {
        "catalogue": catalogue(hall),
        "hours": [
            {"weekday": date.weekday(), "opens": f"{opens:%H.%M}"}
            for date, opens in hours.coming_week(hall, clock.now())
        ],
        "tiles": tiles(hall, queues),
        "frequent": frequent(hall, queues),
        "helps": HELPS,
        "priorities": [choice for choice in Ticket.Priority if choice != Ticket.Priority.UNSAID],
    }


def tiles(hall: Hall, queues: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return one tile for each agency, as it stands on the board right now."""
    return [
        tile(agency, [queue for queue in queues if queue["agency"] == agency.code])
        for agency in hall.agencies.order_by("code")
    ]


def tile(agency: Any, queues: list[dict[str, Any]]) -> dict[str, Any]:
    statuses = {status_of(queue) for queue in queues}
    status = next((status for status in WORDS if status in statuses), Queue.Status.CLOSED.value)
    return {
        "code": agency.code,
        "short_name": agency.short_name,
        "is_long": len(agency.short_name) > LONG_NAME,
        "gist": gist(agency.description),
        "waiting": sum(queue["waiting"] for queue in queues),
        "status": status,
        "status_word": WORDS[status],
    }


def status_of(queue: dict[str, Any]) -> str:
    """Return how a queue of the board stands; one whose system is down is paused for a reason."""
    is_down = queue["status"] == Queue.Status.PAUSED and queue["incident_since"]
    return DOWN if is_down else queue["status"]


def gist(description: str) -> str:
    """Return the first things that an agency does, in whole clauses, as many as fit on a tile."""
    sentence = description.split(". ", maxsplit=1)[0].rstrip(".")
    first, *rest = SEAMS.split(max(sentence.split("; "), key=lambda part: part.count(",")))
    for clause in rest:
        if len(first) + len(clause) >= GIST:
            break
        first = f"{first} {clause}"
    return first[:1].upper() + first[1:].rstrip(",:")


def frequent(hall: Hall, queues: list[dict[str, Any]]) -> list[dict[str, Any]]:
    statuses = {queue["code"]: status_of(queue) for queue in queues}
    ranked = hall.services.filter(frequent_rank__isnull=False).select_related("queue__agency")
    services = ranked.order_by("frequent_rank", "code")[:MOST_FREQUENT]
    return [frequent_one(service, statuses[service.queue.code]) for service in services]


def frequent_one(service: Service, status: str) -> dict[str, Any]:
    return {
        "code": service.code,
        "agency": service.queue.agency.code,
        "name": everyday_name(service),
        "status": status,
        "status_word": "" if status == Queue.Status.OPEN else WORDS[status],
    }


def everyday_name(service: Service) -> str:
    """Return what people call a service: its first alias; in English its name without details."""
    short = re.split(r"[:,(]", service.name)[0].strip()
    return in_language(service.aliases[0] if service.aliases else short, short)
