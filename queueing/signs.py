"""What do devices say of themselves? Signs of life and what they have shown: no orders."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext_lazy as _
from ninja import Router

from agencies import clock
from queueing import care, screens
from queueing.access import find_hall, require_role
from queueing.models import Device
from queueing.orders import ScreenReport, SeenReport, ShownReport
from queueing.presses import DISPLAY, KIOSK, caller_at
from queueing.refusals import IllegalMove, Invalid
from queueing.shapes import REFUSED, ScreenSeen, Seen, Shown
from voice import screens as voices

router = Router()


@router.post(
    "/halls/{slug:hall}/displays/shown",
    tags=["display"],
    auth=DISPLAY,
    response={200: Shown, **REFUSED},
)
def post_shown(request: HttpRequest, hall: str, report: ShownReport) -> Any:
    """A display says which version it has shown. A report, not an order: it needs no key."""
    caller, found = caller_at(request), find_hall(hall)
    require_role(caller, found, Device.Kind.DISPLAY)
    if report.epoch != str(found.epoch):
        raise IllegalMove(_("Layar ini menunjukkan riwayat yang lama. Muat ulang halamannya."))
    if report.version > found.version:
        raise Invalid(_("Versi itu belum ada di gedung ini."))
    by: Device = caller.device  # type: ignore[assignment] # a display is one
    news = {"shown_version": report.version, "shown_at": clock.now(), "sound_state": report.sound}
    if report.spoken is not None:
        news["spoken_version"] = min(report.spoken, report.version)
    Device.objects.filter(pk=by.pk).update(**news)
    voices.note(by.pk, by.name, report.sound, report.missing)
    return JsonResponse({"epoch": report.epoch, "version": report.version})


@router.post(
    "/halls/{slug:hall}/displays/seen",
    tags=["display"],
    auth=DISPLAY,
    response={200: ScreenSeen, **REFUSED},
)
def post_screen_seen(request: HttpRequest, hall: str, report: ScreenReport) -> Any:
    """A display gives a sign of life and learns what it shall be. A report: it needs no key."""
    caller, found = caller_at(request), find_hall(hall)
    require_role(caller, found, Device.Kind.DISPLAY)
    device: Device = caller.device  # type: ignore[assignment]
    screens.heard(device, release=report.release, screen=report.screen, sound=report.sound)
    check = screens.wanted_check(found, device)
    if report.check:
        screens.note_check(found, device, report.check.at, report.check.outcome)
        check = None if check == report.check.at else check
    return JsonResponse({"device": screens.told(device), "check": check})


@router.post(
    "/halls/{slug:hall}/kiosks/seen",
    tags=["kiosk"],
    auth=KIOSK,
    response={200: Seen, **REFUSED},
)
def post_seen(request: HttpRequest, hall: str, report: SeenReport) -> Any:
    """A kiosk gives a sign of life and learns what it shall be. A report: it needs no key."""
    caller, found = caller_at(request), find_hall(hall)
    require_role(caller, found, Device.Kind.KIOSK)
    kiosk: Device = caller.device  # type: ignore[assignment]
    for job in report.done:
        care.finish_job(kiosk, job.id, job.outcome)
    care.heard(kiosk, release=report.release, screen=report.screen, printer=report.printer)
    return JsonResponse({"device": care.told(kiosk), "job": care.job_data(care.next_job(kiosk))})
