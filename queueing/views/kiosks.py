"""How is one kiosk set up, and how is it? The manager's page: settings, lock, test print."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import audit, clock
from agencies.models import AuditEntry, Hall, Operator
from queueing import care
from queueing.models import Device, PrintJob
from queueing.views.devices import hall_of_manager

SET_UP = ("diagonal", "orientation", "reach", "language", "sound", "printer", "paper", "bridge")


class SetUpForm(forms.ModelForm):
    class Meta:
        model = Device
        fields = SET_UP

    def clean(self) -> dict[str, Any]:
        """A receipt printer is reached by a bridge, so it needs the address of one."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("printer") == Device.Printer.ESCPOS and not values.get("bridge"):
            self.add_error("bridge", gettext_lazy("Pencetak slip memerlukan alamat jembatan."))
        return values


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def kiosk(request: HttpRequest, hall: str, device: int) -> HttpResponse:
    """Show a kiosk and how it is set up; set it up anew."""
    found, manager, row = kiosk_of_manager(request, hall, device)
    form = SetUpForm(request.POST or None, instance=row, label_suffix="")
    if request.method == "POST" and form.is_valid():
        form.save()
        if {"printer", "bridge"} & set(form.changed_data):
            care.note_printer(row, Device.PrinterState.NOT_HEARD)
        write_down(request, manager, row, **{name: getattr(row, name) for name in SET_UP})
        return redirect("device", found.slug, row.pk)
    fresh = found.devices.get(pk=row.pk)  # a form that was refused has left its values in the row
    context = {"hall": found, "device": fresh, "form": form, "state": state_of(found, fresh)}
    return render(request, "devices/kiosk.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def lock(request: HttpRequest, hall: str, device: int) -> HttpResponse:
    """Lock a kiosk, or unlock it; it says so itself by its next sign of life."""
    found, manager, row = kiosk_of_manager(request, hall, device)
    row.locked = request.POST.get("locked") == "1"
    row.save(update_fields=["locked"])
    write_down(request, manager, row, locked=row.locked)
    return redirect("device", found.slug, row.pk)


@login_required
@require_POST
def test(request: HttpRequest, hall: str, device: int) -> HttpResponse:
    """Ask a kiosk for a test slip; what came of it shows on its page."""
    found, _manager, row = kiosk_of_manager(request, hall, device)
    care.ask(row, PrintJob.Kind.TEST)
    return redirect("device", found.slug, row.pk)


@login_required
@never_cache
@require_safe
def state(request: HttpRequest, hall: str, device: int) -> HttpResponse:
    found, _manager, row = kiosk_of_manager(request, hall, device)
    return JsonResponse(state_of(found, row))


def kiosk_of_manager(request: HttpRequest, hall: str, pk: int) -> tuple[Hall, Operator, Device]:
    found, manager = hall_of_manager(request, hall)
    kiosks = found.devices.select_related("hall").filter(kind=Device.Kind.KIOSK, is_active=True)
    return found, manager, get_object_or_404(kiosks, pk=pk)


def write_down(request: HttpRequest, manager: Operator, device: Device, **values: Any) -> None:
    audit.write_down(
        AuditEntry.Kind.CHANGE,
        manager.username,
        hall=device.hall,
        subject=f"{device.kind} {device.name}",
        request=request,
        values=values,
    )


def state_of(hall: Hall, device: Device) -> dict[str, Any]:
    """Return how the kiosk is, in words; the page and its module both speak from here."""
    printed = care.today_of(hall)[device.pk]
    return {
        "seen": moment_told(hall, device.seen_at) or _("Belum pernah"),
        "screen": device.screen or _("belum diketahui"),
        "printer": printer_told(device),
        "is_in_trouble": care.is_in_trouble(device),
        "numbers": printed.numbers,
        "slips": printed.slips,
        "test": test_told(device),
    }


def printer_told(device: Device) -> str:
    if device.printer == Device.Printer.NONE:
        return str(Device.Printer.NONE.label)
    word = str(Device.PrinterState(device.printer_state).label)
    since = moment_told(device.hall, device.printer_since)
    return _("%(state)s, sejak %(since)s") % {"state": word, "since": since} if since else word


def test_told(device: Device) -> str:
    """Tell what came of the last test slip; a kiosk that does not fetch its job is away."""
    job = device.jobs.filter(kind=PrintJob.Kind.TEST).order_by("-pk").first()
    if job is None:
        return ""
    at = moment_told(device.hall, job.asked_at)
    if job.outcome:
        return f"{job.get_outcome_display()} ({at})"
    is_waiting = clock.now() - job.asked_at < care.JOB_LIVES
    return _("Menunggu anjungan …") if is_waiting else _("Anjungan tidak menjawab (%s)") % at


def moment_told(hall: Hall, moment: Any) -> str:
    return date_format(clock.local(hall, moment), "j M, H.i.s") if moment else ""
