"""A browser asks to become a device: it shows a code, waits, and is let in."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from agencies.models import Hall
from queueing import access, pairing
from queueing.access import COOKIES, PAIRING_COOKIE, TEN_YEARS, keep_secret
from queueing.answers import refused
from queueing.models import Device
from queueing.refusals import Refusal

PAGES = {
    Device.Kind.KIOSK: "kiosk",
    Device.Kind.DISPLAY: "display",
    Device.Kind.SURVEY: "survey-tablet",
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: HttpRequest, hall: str, kind: str) -> HttpResponse:
    """Show the page that waits; its module asks for the code, and asks again when it is over."""
    place = hall_for(hall, kind)
    return ask(request, place, kind) if request.method == "POST" else waiting(request, place, kind)


def waiting(request: HttpRequest, hall: Hall, kind: str, status: int = 200) -> HttpResponse:
    """Return the page that shows a code; also to whoever was a device and is none any more."""
    context = {
        "hall": hall,
        "kind": Device.Kind(kind),
        "was_sent_away": access.was_sent_away(request, kind),
        "about": {
            "ask": reverse("pair", args=[hall.slug, kind]),
            "state": reverse("pair-state", args=[hall.slug, kind]),
            "next": reverse(PAGES[Device.Kind(kind)], args=[hall.slug]),
        },
    }
    return render(request, "pair.html", context, status=status)


def ask(request: HttpRequest, hall: Hall, kind: str) -> HttpResponse:
    try:
        asked = pairing.ask(hall, kind, request.COOKIES.get(PAIRING_COOKIE, ""))
    except Refusal as refusal:
        return refused(refusal)
    response = JsonResponse({"code": asked.pairing.code})
    if asked.secret:
        keep_secret(response, PAIRING_COOKIE, asked.secret, int(pairing.LIVES.total_seconds()))
    return response


@never_cache
@require_safe
def state(request: HttpRequest, hall: str, kind: str) -> HttpResponse:
    """Tell the waiting page what became of its code; the approved browser gets its key here."""
    place = hall_for(hall, kind)
    found = pairing.find(place, kind, request.COOKIES.get(PAIRING_COOKIE, ""))
    if found is None:
        return JsonResponse({"state": "over"})
    key = pairing.collect(found)
    response = JsonResponse({"state": "paired" if key else "waiting"})
    if key:
        keep_secret(response, COOKIES[Device.Kind(kind)], key, TEN_YEARS)
    return response


def hall_for(slug: str, kind: str) -> Hall:
    if kind not in Device.Kind:
        raise Http404
    return get_object_or_404(Hall, slug=slug)
