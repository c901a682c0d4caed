"""What was done, when and by whom? The log of the day and the audit, read for people."""

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies import clock, staff
from agencies.models import Agency, AuditEntry, Counter, Hall, Queue
from queueing.models import TicketEvent

MOST = 200

KINDS = {
    "issue": _("Nomor diambil"),
    "call": _("Dipanggil"),
    "recall": _("Dipanggil ulang"),
    "start": _("Mulai dilayani"),
    "finish": _("Selesai"),
    "no_show": _("Tidak hadir"),
    "reinstate": _("Kembali setelah terlewat"),
    "hold": _("Ditunda"),
    "resume": _("Kembali ke antrean"),
    "transfer": _("Dialihkan"),
    "pass_on": _("Dialihkan ke loket lain"),
    "prioritise": _("Prioritas diubah"),
    "postpone": _("Minta diundur"),
    "step_away": _("Pergi sebentar"),
    "be_back": _("Sudah kembali"),
    "change_service": _("Layanan diganti"),
    "add_service": _("Layanan ditambah"),
    "reopen": _("Dipanggil kembali"),
    "cancel": _("Dibatalkan"),
    "expire": _("Kedaluwarsa"),
    "undo_call": _("Panggilan diurungkan"),
    "undo_finish": _("Selesai diurungkan"),
    "undo_no_show": _("Tidak hadir diurungkan"),
    "undo_transfer": _("Pengalihan diurungkan"),
    "open": _("Loket dibuka"),
    "break": _("Loket istirahat"),
    "close": _("Loket ditutup"),
    "assign": _("Tugas loket diubah"),
    "hand_over": _("Loket diserahkan"),
    "incident": _("Sistem gangguan"),
    "clear": _("Gangguan selesai"),
}


class Wanted(NamedTuple):
    """Of which day, by which person, about which number; the last two may be empty."""

    date: dt.date
    person: str = ""
    label: str = ""


def happenings(hall: Hall, agencies: Collection[Agency], wanted: Wanted) -> list[dict[str, Any]]:
    """Return what happened to the numbers, counters and queues of these agencies, newest first."""
    codes = Queue.objects.filter(agency__in=agencies).values("code")
    numbers = Counter.objects.filter(agency__in=agencies).values("number")
    theirs = Q(queue__in=codes) | Q(queue="", counter__in=numbers)
    events = TicketEvent.objects.filter(theirs, hall=hall, date=wanted.date)
    if wanted.person:
        events = events.filter(actor=f"operator:{wanted.person}")
    if wanted.label:
        events = events.filter(label=wanted.label)
    return [_happening(hall, event) for event in events.order_by("-version")[:MOST]]


def _happening(hall: Hall, event: TicketEvent) -> dict[str, Any]:
    return {
        "at": clock.local(hall, event.at),
        "what": KINDS.get(event.kind, event.kind),
        "about": event.label or event.queue,
        "counter": event.counter,
        "by": _who(event.actor),
        "why": event.detail.get("reason") or event.detail.get("note") or "",
    }


def _who(actor: str) -> str:
    """Return an actor as people call it: the person's or the device's name."""
    return str(_("Sistem")) if actor == "system" else actor.partition(":")[2]


def entries(
    hall: Hall, agencies: Collection[Agency], wanted: Wanted, *, is_whole: bool
) -> list[AuditEntry]:
    """Return what was done to sign-ins and settings on the day, newest first.

    Of the whole hall, or by and about those who work for these agencies.
    """
    begins = dt.datetime.combine(wanted.date, dt.time(), clock.zone_of(hall))
    day = AuditEntry.objects.filter(hall=hall, at__gte=begins, at__lt=begins + dt.timedelta(days=1))
    people = list(staff.people_of(agencies).values_list("pk", "username"))
    if not is_whole:
        names = [name for _, name in people]
        subjects = [f"agencies.operator {pk} {name}"[:160] for pk, name in people]
        day = day.filter(Q(actor__in=names) | Q(subject__in=subjects))
    if wanted.person:
        about = Q(subject__endswith=f" {wanted.person}")
        day = day.filter(Q(actor=wanted.person) | about)
    return list(day.order_by("-pk")[:MOST])
