"""Which kiosks and displays belong to the hall? The manager lets them in and revokes them."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from agencies.models import Hall, Operator
from queueing import access, care, pairing
from queueing.access import R
from queueing.models import Device
from queueing.pace import floods
from queueing.refusals import Invalid, NotFound, NotYours, Refusal

LONGEST_NAME = 60


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def devices(request: HttpRequest, hall: str) -> HttpResponse:
    """List the hall's devices; let one more in by the code on its screen."""
    found, manager = hall_of_manager(request, hall)
    if request.method == "POST":
        code = request.POST.get("code", "")[:20]
        try:
            pairing.approve(found, code, name_in(request), manager, request)
        except Refusal as refusal:
            return listed(request, found, refusal)
        return redirect("devices", found.slug)
    return listed(request, found)


@login_required
@require_POST
def rename(request: HttpRequest, hall: str, device: int) -> HttpResponse:
    found, manager = hall_of_manager(request, hall)
    row = get_object_or_404(found.devices.select_related("hall"), pk=device)
    try:
        pairing.rename(row, name_in(request), manager, request)
    except Refusal as refusal:
        return listed(request, found, refusal)
    return redirect("devices", found.slug)


@login_required
@require_POST
def revoke(request: HttpRequest, hall: str, device: int) -> HttpResponse:
    found, manager = hall_of_manager(request, hall)
    row = get_object_or_404(found.devices.select_related("hall"), pk=device)
    pairing.revoke(row, manager, request)
    return redirect("devices", found.slug)


def listed(request: HttpRequest, hall: Hall, refusal: Refusal | None = None) -> HttpResponse:
    names = {
        "kiosk": _("anjungan"),
        "phone": _("halaman ponsel"),
        "help": _("panggilan bantuan"),
        "pairing": _("pemasangan"),
        "socket": _("sambungan layar"),
        "sign_in": _("percobaan masuk"),
    }
    refused, printed = floods.today(), care.today_of(hall)
    context = {
        "hall": hall,
        "devices": [
            (device, printed[device.pk], care.is_in_trouble(device))
            for device in hall.devices.order_by("-is_active", "kind", "name")
        ],
        "kinds": Device.Kind,
        "refusal": refusal and str(refusal.sentence),
        "floods": [(name, refused[kind]) for kind, name in names.items() if kind in refused],
        "typed": request.POST,
    }
    return render(request, "devices.html", context, status=refusal.status if refusal else 200)


def hall_of_manager(request: HttpRequest, slug: str) -> tuple[Hall, Operator]:
    """Return the hall and its manager who asks; nobody else has business here."""
    hall, person = get_object_or_404(Hall, slug=slug), request.user
    try:
        access.require_role(access.by_operator(person), hall, R.MANAGER)  # type: ignore[arg-type]
    except NotFound as refusal:
        raise Http404 from refusal
    except NotYours as refusal:
        raise PermissionDenied from refusal
    return hall, person  # type: ignore[return-value]


def name_in(request: HttpRequest) -> str:
    """Return the name that was typed; raises Invalid when there is none."""
    name = " ".join(request.POST.get("name", "").split())[:LONGEST_NAME]
    if not name or "\0" in name:
        raise Invalid(_("Beri perangkat sebuah nama."))
    return name
