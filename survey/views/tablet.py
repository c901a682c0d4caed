"""The survey at the exit: a paired tablet, on which people type the number of their slip.

No sign-in opens it: the answers are the citizen's, never an officer's.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods

from agencies.models import Hall
from queueing import access
from queueing.finding import find_by_label
from queueing.models import Device
from queueing.refusals import Refusal
from queueing.views import pairing
from survey.models import Channel
from survey.views.asking import Door, page, shown, taken

KIND = Device.Kind.SURVEY


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@gzip_page
def tablet(request: HttpRequest, hall: str) -> HttpResponse:
    """Show the survey to a paired browser; `?pair=` pairs it, else a code to pair it by."""
    place = get_object_or_404(Hall, slug=hall)
    if key := request.GET.get("pair"):
        return access.pair(request, place, key)
    if device := access.device_of(request, place, KIND):
        return served(request, device)
    as_demo = access.pair_demo(request, place, KIND)
    return as_demo or pairing.waiting(request, place, KIND, status=403)


def served(request: HttpRequest, device: Device) -> HttpResponse:
    """Ask for a number first, then about it: `?label=A-012`."""
    label = request.GET.get("label", "")[:12]
    if not label:
        return start(request, device.hall)
    try:
        return answered(request, device, label)
    except Refusal as refusal:
        return start(request, device.hall, label, refusal)


def answered(request: HttpRequest, device: Device, label: str) -> HttpResponse:
    ticket = find_by_label(device.hall, label)
    door = Door(Channel.TABLET, access.by_device(device), "survey/tablet.html", {})
    if request.method != "POST":
        return shown(request, door, ticket)
    if lacks := taken(request, door, ticket):
        return page(request, door, ticket, lacks=lacks)
    return redirect(f"{request.path}?label={ticket.label}")


def start(
    request: HttpRequest, hall: Hall, label: str = "", refusal: Refusal | None = None
) -> HttpResponse:
    context = {
        "hall": hall,
        "letters": hall.queues.order_by("code").values_list("code", flat=True),
        "label": label,
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return render(request, "survey/tablet_start.html", context, status=status)
