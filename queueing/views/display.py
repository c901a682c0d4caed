"""The lobby screen: find the hall and the part of it that this screen shows, ask for the board."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from agencies import clock
from agencies.models import Agency, Hall
from queueing import access, screens
from queueing.board import board
from queueing.models import Device, Lobby, Medium, lobby_of
from queueing.parts import Part, part_of
from queueing.views import pairing
from voice import hall as voice

ROWS = 6


@require_safe
@never_cache
def display(request: HttpRequest, hall: str, screen: str = "") -> HttpResponse:
    """Show the whole hall, one zone ("A"), one agency ("disdukcapil") or a counter ("loket-3")."""
    found = get_object_or_404(Hall, slug=hall)
    if "pair" in request.GET:
        return access.pair(request, found, request.GET["pair"])
    if access.was_sent_away(request, Device.Kind.DISPLAY):
        return pairing.waiting(request, found, Device.Kind.DISPLAY, status=403)
    device = access.device_of(request, found, Device.Kind.DISPLAY)
    part = part_to_show(found, screen, device)
    lobby = lobby_of(found)
    context = {
        "hall": found,
        "part": part,
        "lobby": lobby,
        "look": device.look if device else Device.Look.LIGHT,
        "now": clock.now(),
        **first_paint(request, found, part, device),
    }
    context["about"] |= decoration(found, lobby)
    return render(request, "display/display.html", context)


def part_to_show(hall: Hall, screen: str, device: Device | None) -> Part:
    """Return the part that the address names, or else the one that this screen was set up for."""
    part = part_of(hall, screen)
    if part is None:
        raise Http404
    chosen = part_of(hall, device.part) if device and not screen else None
    return chosen or part


def first_paint(
    request: HttpRequest, hall: Hall, part: Part, device: Device | None
) -> dict[str, Any]:
    """Return what the page shows before its module runs, and what the module begins with."""
    shown = board(hall)
    recent = recent_calls(shown, part)
    is_silent = request.GET.get("sound") == "off" or (device and not device.sound)
    about = {
        "agencies": [_agency(agency) for agency in part.agencies],
        "counter": part.counter and part.counter.number,
        "board": shown,
        "is_paired": device is not None,
        "device": device and screens.told(device),
        "voice": None if is_silent else voice.screen(hall),
    }
    return {"about": about, "recent": recent, "call": recent[0]}


def decoration(hall: Hall, lobby: Lobby) -> dict[str, Any]:
    """Return what stands beside the calls: the colour, the running text, pictures and films."""
    rows = hall.media.filter(is_on=True).defer("content") if lobby.media_are_on else []
    media = [
        {
            "kind": each.kind,
            "name": each.name,
            "seconds": each.seconds,
            "url": reverse("medium", args=[hall.slug, each.pk, each.digest]),
        }
        for each in rows
    ]
    return {"colour": lobby.colour, "messages": lobby.messages, "media": media}


def _agency(agency: Agency) -> dict[str, str]:
    return {"code": agency.code, "short_name": agency.short_name, "zone": agency.zone}


def recent_calls(shown: dict[str, Any], part: Part) -> list[dict[str, Any] | None]:
    """Return the last calls at the counters of this part, each number once, in fixed rows."""
    names = {agency.code: agency.short_name for agency in part.agencies}
    agency_at = {counter["number"]: counter["agency"] for counter in shown["counters"]}
    calls: dict[str, dict[str, Any]] = {}
    for call in shown["calls"]:
        name = names.get(agency_at.get(call["counter"], ""))
        is_here = part.counter is None or part.counter.number == call["counter"]
        if name is not None and is_here:
            calls.setdefault(call["label"], {**call, "agency_name": name})
    rows = [*calls.values()][:ROWS]
    return [*rows, *[None] * (ROWS - len(rows))]


# --- Beside the calls ---------------------------------------------------------------------------

FOREVER = 365 * 24 * 60 * 60


@require_safe
@cache_control(public=True, max_age=3600)
def logo(request: HttpRequest, hall: str) -> HttpResponse:
    """Give the logo of the hall's screens: a PNG that was drawn here."""
    drawn = lobby_of(get_object_or_404(Hall, slug=hall)).logo
    if not drawn:
        raise Http404
    return HttpResponse(bytes(drawn), content_type="image/png")


@require_safe
@cache_control(public=True, max_age=FOREVER, immutable=True)
def medium(request: HttpRequest, hall: str, pk: int, digest: str) -> HttpResponse:
    """Give a picture or film; its address names its content, so it may be kept for ever."""
    rows = Medium.objects.filter(hall__slug=hall, pk=pk, digest=digest, is_on=True)
    return answered(request, get_object_or_404(rows.defer("content")))


def answered(request: HttpRequest, row: Medium) -> HttpResponse:
    """Answer with all of it, or with the piece that a player asks for."""
    first, last = piece_wanted(request.headers.get("Range", ""), row.size)
    if not first <= last < row.size:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{row.size}"})
    response = HttpResponse(row.piece(first, last), content_type=row.content_type)
    response["Accept-Ranges"] = "bytes"
    if "Range" in request.headers:
        response.status_code = 206
        response["Content-Range"] = f"bytes {first}-{last}/{row.size}"
    return response


def piece_wanted(asked: str, size: int) -> tuple[int, int]:
    """Return the first and last byte of "bytes=5-9" or "bytes=5-"; else all of it."""
    first, dash, last = asked.removeprefix("bytes=").partition("-")
    if not (asked.startswith("bytes=") and dash and first.isdigit()):
        return 0, size - 1
    return int(first), min(int(last) if last.isdigit() else size - 1, size - 1)
