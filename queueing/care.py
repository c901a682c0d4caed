"""How are the kiosks and their printers, and what are they asked to do?

A kiosk gives a sign of life every few seconds and learns by it whether it was locked, set up anew,
or asked to print. What its printer says reaches the staff by `printers_in_trouble`.
"""

import datetime as dt
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agencies import clock
from agencies.models import Hall
from queueing.models import Device, Outcome, PrintJob, SlipPrint, Ticket
from queueing.refusals import NotFound
from queueing.slip import is_reprint

JOB_LIVES = dt.timedelta(minutes=2)  # nobody waits longer beside a printer
S = Device.PrinterState
TROUBLE = (S.PAPER_LOW, S.PAPER_OUT, S.COVER_OPEN, S.GONE, S.UNKNOWN)
# What a slip's outcome tells of the printer.
TELLS = {
    Outcome.PRINTED: S.READY,
    Outcome.PAPER_OUT: S.PAPER_OUT,
    Outcome.COVER_OPEN: S.COVER_OPEN,
    Outcome.GONE: S.GONE,
    Outcome.UNKNOWN: S.UNKNOWN,
}


def told(device: Device) -> dict[str, Any]:
    """Return how a kiosk is set up, as its page is told."""
    return {
        "name": device.name,
        "diagonal": device.diagonal,
        "reach": device.reach,
        "orientation": device.orientation,
        "printer": device.printer,
        "paper": device.paper,
        "bridge": device.bridge,
        "language": device.language,
        "sound": device.sound,
        "locked": device.locked,
        "release": settings.RELEASE,
    }


# --- Signs of life ------------------------------------------------------------------------------


def heard(device: Device, *, release: str, screen: str, printer: str) -> None:
    """Write down what a kiosk says of itself, when it is news."""
    if (device.release, device.screen) != (release, screen):
        Device.objects.filter(pk=device.pk).update(release=release, screen=screen)
    if printer:
        note_printer(device, printer)


def note_printer(device: Device, state: str) -> None:
    """Write down how a printer is; `printer_since` is when it became so."""
    if device.printer_state != state:
        news = {"printer_state": state, "printer_since": clock.HallNow()}
        Device.objects.filter(pk=device.pk).update(**news)
        device.printer_state = state


def learn(device: Device, outcome: str) -> None:
    """Write down what an attempt tells of the printer; low paper still prints."""
    state = TELLS.get(Outcome(outcome))
    if state and (state, device.printer_state) != (S.READY, S.PAPER_LOW):
        note_printer(device, state)


def printers_in_trouble(hall: Hall) -> QuerySet[Device]:
    """Return the kiosks of the hall whose printer needs a person, the longest in need first."""
    kiosks = hall.devices.filter(kind=Device.Kind.KIOSK, is_active=True)
    with_printer = kiosks.exclude(printer=Device.Printer.NONE)
    return with_printer.filter(printer_state__in=TROUBLE).order_by("printer_since")


def is_in_trouble(device: Device) -> bool:
    has_printer = device.printer != Device.Printer.NONE
    return device.is_active and has_printer and device.printer_state in TROUBLE


# --- Slips --------------------------------------------------------------------------------------


def record(
    ticket: Ticket, outcome: str, *, actor: str, device: Device | None, is_companion: bool
) -> SlipPrint:
    """Write down one attempt to print a ticket's slip, and what it tells of the printer."""
    again = is_reprint(ticket, companion=is_companion)
    if device:
        learn(device, outcome)
    return SlipPrint.objects.create(
        ticket=ticket,
        device=device,
        actor=actor,
        at=clock.HallNow(),
        outcome=outcome,
        is_reprint=again,
        is_companion=is_companion,
    )


def slip_data(printed: SlipPrint) -> dict[str, Any]:
    """Return one attempt as the API tells it, with how many copies came out so far."""
    copies = SlipPrint.objects.filter(ticket=printed.ticket_id, outcome=Outcome.PRINTED).count()
    return {
        "ticket": str(printed.ticket.public_id),
        "outcome": printed.outcome,
        "is_reprint": printed.is_reprint,
        "is_companion": printed.is_companion,
        "copies": copies,
    }


class Printed(NamedTuple):
    numbers: int
    slips: int


def today_of(hall: Hall) -> dict[int, Printed]:
    """Return for each device how many numbers it gave and slips it printed today."""
    today = clock.today(hall)
    first = Q(visits__tickets__leg_of=None, visits__tickets__date=today)
    out = Q(slips__outcome=Outcome.PRINTED, slips__ticket__date=today)
    numbers = _counted(hall, "visits__tickets", first)
    slips = _counted(hall, "slips", out)
    return {device: Printed(numbers[device], slips[device]) for device in numbers}


def _counted(hall: Hall, rows: str, which: Q) -> dict[int, int]:
    counted = hall.devices.annotate(count=Count(rows, filter=which))
    return dict(counted.values_list("pk", "count"))


# --- Jobs ---------------------------------------------------------------------------------------


def ask(device: Device, kind: str, ticket: Ticket | None = None) -> PrintJob:
    return PrintJob.objects.create(device=device, kind=kind, ticket=ticket, asked_at=clock.now())


def ask_again(hall: Hall, kiosk: int, ticket: Ticket) -> PrintJob:
    """Ask a kiosk to print a ticket's slip; raises NotFound for one without a printer."""
    kiosks = hall.devices.filter(kind=Device.Kind.KIOSK, is_active=True)
    device = kiosks.exclude(printer=Device.Printer.NONE).filter(pk=kiosk).first()
    if device is None:
        raise NotFound(_("Anjungan ini tidak ada atau tanpa pencetak."))
    return ask(device, PrintJob.Kind.REPRINT, ticket)


def next_job(device: Device) -> PrintJob | None:
    """Return the oldest job of a kiosk that somebody still waits for."""
    since = clock.now() - JOB_LIVES
    jobs = device.jobs.filter(outcome="", asked_at__gt=since).select_related("ticket__visit")
    return jobs.order_by("pk").first()


def job_data(job: PrintJob | None) -> dict[str, Any] | None:
    """Return a job as its kiosk is told; a reprint comes with the way to its slip."""
    if job is None:
        return None
    told: dict[str, Any] = {"id": job.pk, "kind": job.kind}
    if job.ticket:
        told |= {"ticket": str(job.ticket.public_id), "visit": job.ticket.visit.token}
    return told


def finish_job(device: Device, job: int, outcome: str) -> None:
    """Write down what came of a job, once; a test also tells how the printer is."""
    if device.jobs.filter(pk=job, outcome="").update(outcome=outcome):
        learn(device, outcome)
