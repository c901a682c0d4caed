"""What stands on the slip? Plain lines, the same for a browser and a receipt printer.

A line says what it is (`kind`), how large and where; how many millimetres or dots that takes is
the renderer's business: the page `templates/slip.html`, and `queueing/escpos.py`. No name of a
person, no NIK, and of priority only the word.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Literal, NamedTuple

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies import clock
from agencies.models import Hall
from queueing import estimating, waiting
from queueing.models import Outcome, SlipDesign, SlipPrint, Ticket

Kind = Literal["logo", "text", "number", "qr", "rule"]
Size = Literal["small", "plain", "strong", "large"]
CAME_OUT = (Outcome.PRINTED, Outcome.UNKNOWN)


class Line(NamedTuple):
    kind: Kind
    text: str = ""
    size: Size = "plain"
    align: Literal["center", "left"] = "center"


class Slip(NamedTuple):
    language: str
    lines: list[Line]


def slip(ticket: Ticket, address: str, *, companion: bool = False) -> Slip:
    """Return what one ticket's slip says, in the language of its visit.

    `address` leads to the visit's page. A slip that follows one that came out says that it is a
    reprint.
    """
    language = ticket.visit.language
    with translation.override(language):
        again = is_reprint(ticket, companion=companion)
        marks = [_("Prioritas")] if ticket.priority else []
        marks += [_("Pendamping")] if companion else []
        marks += [_("Cetak ulang")] if again else []
        body = [
            Line("text", ticket.queue.agency.name),
            *(Line("text", service.name, "strong") for service in ticket.wanted),
            Line("number", ticket.label),
            *(Line("text", mark, "large") for mark in marks),
            Line("text", moment_told(ticket.hall, ticket.issued_at)),
            *(Line("text", each, "strong") for each in place_told(ticket)),
            *(Line("text", each) for each in way_told(ticket)),
        ]
        return Slip(language, framed(ticket.hall, body, address))


def sample(hall: Hall, address: str) -> Slip:
    """Return a slip that belongs to nobody: for testing a printer and for looking at the design."""
    body = [
        Line("text", _("Uji cetak"), "large"),
        Line("number", "A-012"),
        Line("text", moment_told(hall, clock.now())),
        Line("text", _("Ini bukan nomor antrean."), "strong"),
    ]
    return Slip(translation.get_language(), framed(hall, body, address))


def is_reprint(ticket: Ticket, *, companion: bool) -> bool:
    """Whether such a slip of this ticket already came out, as far as anybody knows."""
    before = SlipPrint.objects.filter(ticket=ticket, is_companion=companion)
    return before.filter(outcome__in=CAME_OUT).exists()


def framed(hall: Hall, body: list[Line], address: str) -> list[Line]:
    """Return the body with what stands above and below it on every slip of the hall."""
    design = design_of(hall)
    keep = _("Simpan nomor ini. Terlewat? Lapor ke loket, Anda dipanggil lagi setelah 3 nomor.")
    return [
        *([Line("logo")] if design.logo else []),
        Line("text", hall.name, "strong"),
        Line("rule"),
        *body,
        Line("qr", address),
        Line("text", short(address), "small"),
        Line("rule"),
        Line("text", keep),
        Line("text", _("Pengaduan: lapor.go.id")),
        *(Line("text", each, "small") for each in design.lines),
    ]


def short(address: str) -> str:
    """Return what one has to type; the language can be chosen on the page."""
    return address.partition("://")[2].partition("?")[0]


def design_of(hall: Hall) -> SlipDesign:
    return SlipDesign.objects.filter(hall=hall).first() or SlipDesign(hall=hall)


def moment_told(hall: Hall, moment: dt.datetime) -> str:
    here = clock.local(hall, moment)
    return f"{date_format(here, 'l, j F Y')}, {here:%H.%M} {here.tzname()}"


def place_told(ticket: Ticket) -> Iterator[str]:
    """Tell how many are in front, while the ticket waits."""
    ahead = waiting.ahead_of(ticket)
    if ahead == 0:
        yield _("Anda berikutnya")
    elif ahead is not None:
        yield _("%(ahead)s antrean di depan Anda") % {"ahead": ahead}
    yield from estimate_told(ticket)


def estimate_told(ticket: Ticket) -> Iterator[str]:
    """Tell when the number is probably called, where that can be said honestly."""
    told = estimating.shown(ticket.hall, estimating.told(ticket), clock.now())
    if told is None:
        return
    if told["soon"]:
        yield _("Segera dipanggil")
        return
    times = [told[end][11:16].replace(":", ".") for end in ("from", "to")]
    yield _("Perkiraan dipanggil %(range)s") % {"range": "-".join(dict.fromkeys(times))}


def way_told(ticket: Ticket) -> Iterator[str]:
    """Tell where to wait, and the counters that may call."""
    zone = ticket.queue.agency.zone
    counters = ticket.queue.counters.order_by("number").values_list("number", flat=True)
    where = [_("Zona %(zone)s") % {"zone": zone}] if zone else []
    where += [_("Loket %(number)s") % {"number": ranges(list(counters))}] if counters else []
    if where:
        yield ", ".join(where)


def ranges(numbers: list[int]) -> str:
    """Return numbers as people write them: 1-4, 7."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
