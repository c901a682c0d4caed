"""How is a lobby screen set up, and how are they all? Pages of the manager, with the check."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import clock
from agencies.models import Hall
from queueing import parts, screens
from queueing.models import Device
from queueing.views.devices import hall_of_manager
from queueing.views.kiosks import moment_told, write_down

SET_UP = ("diagonal", "farthest", "orientation", "part", "look", "sound")


class SetUpForm(forms.ModelForm):
    """`diagonal` and `farthest` are what the room says; all sizes follow from them."""

    part = forms.ChoiceField(label=gettext_lazy("Yang ditampilkan"), required=False)

    class Meta:
        model = Device
        fields = SET_UP

    def __init__(self, *args: Any, hall: Hall, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["part"].choices = parts.choices(hall)  # type: ignore[attr-defined]
        self.fields["farthest"].required = True
        if self.instance.farthest is None:
            self.initial["diagonal"] = None


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def screen(request: HttpRequest, hall: str, device: int) -> HttpResponse:
    """Show how a screen is set up and what that gives; reckon with other figures, or keep them."""
    found, manager = hall_of_manager(request, hall)
    rows = screens.displays(found).select_related("hall")
    row = get_object_or_404(rows, pk=device)
    form = SetUpForm(request.POST or None, instance=row, label_suffix="", hall=found)
    is_kept = request.method == "POST" and form.is_valid() and "try" not in request.POST
    if is_kept:
        form.save()
        write_down(request, manager, row, **{name: getattr(row, name) for name in SET_UP})
        return redirect("screen", found.slug, row.pk)
    context = {
        "hall": found,
        "device": rows.get(pk=row.pk),  # reckoning has left its figures in the row
        "form": form,
        "layout": None if form.errors else screens.layout_of(row),
        "is_one": row.part.startswith(parts.PREFIX),
        "is_reckoned": request.method == "POST",
        "state": state_of(found, row, clock.now()),
    }
    return render(request, "devices/screen.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_safe
def states(request: HttpRequest, hall: str) -> HttpResponse:
    """Show every screen of the hall, and what the last check has told."""
    found, _manager = hall_of_manager(request, hall)
    context = {"hall": found, "screens": states_of(found)}
    return render(request, "devices/screens.html", context)


@login_required
@require_POST
def check(request: HttpRequest, hall: str) -> HttpResponse:
    """Ask every screen for a test call; what came of it shows on the page."""
    found, _manager = hall_of_manager(request, hall)
    screens.check_all(found)
    return redirect("screens", found.slug)


@login_required
@never_cache
@require_safe
def state(request: HttpRequest, hall: str) -> HttpResponse:
    found, _manager = hall_of_manager(request, hall)
    return JsonResponse({"screens": states_of(found)})


def states_of(hall: Hall) -> list[dict[str, Any]]:
    rows = screens.displays(hall).select_related("hall").order_by("name")
    now = clock.now()
    return [state_of(hall, row, now) for row in rows]


def state_of(hall: Hall, device: Device, now: dt.datetime) -> dict[str, Any]:
    """Return how a screen is, in words; the page and its module both speak from here."""
    return {
        "id": device.pk,
        "name": device.name,
        "seen": moment_told(hall, device.seen_at) or _("Belum pernah"),
        "screen": device.screen or _("belum diketahui"),
        "version": version_told(hall, device),
        "sound": sound_told(device),
        "check": check_told(hall, device, now),
        "outcome": outcome_of(device),
    }


def version_told(hall: Hall, device: Device) -> str:
    if device.shown_version is None:
        return "-"
    told = {"version": device.shown_version, "at": moment_told(hall, device.shown_at)}
    return _("%(version)s (%(at)s)") % told


def sound_told(device: Device) -> str:
    if not device.sound:
        return _("Dimatikan")
    return str(Device.SoundState(device.sound_state).label)


def check_told(hall: Hall, device: Device, now: dt.datetime) -> str:
    """Tell what came of the last check, whose call was only a test."""
    if device.checked_at is None:
        return _("Belum pernah diperiksa")
    if device.check_seen_at is None:
        is_asked = screens.is_asked(device, now)
        return _("Menunggu layar …") if is_asked else _("Tidak terlihat: layar tidak menjawab")
    at = moment_told(hall, device.check_seen_at)
    if device.check_outcome == Device.Heard.HEARD:
        return _("Terlihat dan terdengar (%s)") % at
    return _("Terlihat, tetapi senyap (%s)") % at


def outcome_of(device: Device) -> str:
    """Return "none", "waiting", "heard" or "silent", by which the page colours a row."""
    if device.checked_at is None:
        return "none"
    return device.check_outcome or "waiting"
