"""The lobby screen: find the hall and the part of it that this screen shows, ask for the board."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies import clock
from agencies.models import Agency, Hall
from queueing import access
from queueing.board import board
from queueing.models import Device
from queueing.views import pairing
from voice import hall as voice

ROWS = 5


@require_safe
@never_cache
def display(request: HttpRequest, hall: str, screen: str = "") -> HttpResponse:
    """Show the whole hall, or one zone ("A") or agency ("disdukcapil") of it."""
    found = get_object_or_404(Hall, slug=hall)
    if "pair" in request.GET:
        return access.pair(request, found, request.GET["pair"])
    if access.was_sent_away(request, Device.Kind.DISPLAY):
        return pairing.waiting(request, found, Device.Kind.DISPLAY, status=403)
    agencies = list(shown_agencies(found, screen))
    if not agencies and screen:
        raise Http404
    context = {
        "hall": found,
        "part_name": part_name(screen, agencies),
        "now": clock.now(),
        **first_paint(request, found, agencies),
    }
    return render(request, "display/display.html", context)


def shown_agencies(hall: Hall, screen: str) -> QuerySet[Agency]:
    return (
        hall.agencies.filter(Q(zone__iexact=screen) | Q(slug=screen))
        if screen
        else hall.agencies.all()
    )


def part_name(screen: str, agencies: list[Agency]) -> str:
    if not screen:
        return ""
    if screen == agencies[0].slug:
        return agencies[0].name
    return _("Zona %(zone)s") % {"zone": agencies[0].zone}


def first_paint(request: HttpRequest, hall: Hall, agencies: list[Agency]) -> dict[str, Any]:
    """Return what the page shows before its module runs, and what the module begins with."""
    shown = board(hall)
    names = {agency.code: agency.short_name for agency in agencies}
    recent = recent_calls(shown, names)
    about = {
        "agencies": [_agency(agency) for agency in agencies],
        "board": shown,
        "is_paired": access.device_of(request, hall, Device.Kind.DISPLAY) is not None,
        "voice": None if request.GET.get("sound") == "off" else voice.screen(hall),
    }
    return {"about": about, "recent": recent, "call": recent[0]}


def _agency(agency: Agency) -> dict[str, str]:
    return {"code": agency.code, "short_name": agency.short_name, "zone": agency.zone}


def recent_calls(shown: dict[str, Any], names: dict[str, str]) -> list[dict[str, Any] | None]:
    """Return the last calls at the counters of these agencies, each number once, in fixed rows."""
    agency_at = {counter["number"]: counter["agency"] for counter in shown["counters"]}
    calls: dict[str, dict[str, Any]] = {}
    for call in shown["calls"]:
        name = names.get(agency_at.get(call["counter"], ""))
        if name is not None:
            calls.setdefault(call["label"], {**call, "agency_name": name})
    rows = [*calls.values()][:ROWS]
    return [*rows, *[None] * (ROWS - len(rows))]
