"""What came of a day, a month, a year? For supervisors and the manager: to read, print, take along.

Of closed days that were counted; a supervisor reads of the own agency, whatever is asked.
"""

import datetime as dt
import heapq
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dates import WEEKDAYS
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from agencies import clock
from agencies.models import Agency, Hall
from queueing import reporting, spreadsheets
from queueing.reporting import Asked, HalfHourOfDay, Row, Spread
from queueing.views.overview import whole_or_agency

BUSIEST = 10
SHADES = 5


class Wanted(NamedTuple):
    """What is asked for, or why that cannot be answered; and what else may be asked for."""

    asked: Asked
    fault: str
    agency: Agency | None
    agencies: list[Agency]
    is_manager: bool
    last_counted: dt.date | None

    @property
    def is_whole(self) -> bool:
        return not self.asked.agency

    @property
    def is_day(self) -> bool:
        return self.asked.first == self.asked.last


@require_safe
@login_required
@never_cache
@gzip_page
def report(request: HttpRequest, hall: str) -> HttpResponse:
    """Show the report, which is as well what is printed."""
    wanted = wanted_in(request, hall)
    context = {
        "hall": wanted.asked.hall,
        "wanted": wanted,
        "periods": periods_around(wanted.asked),
        "most_days": reporting.MOST_DAYS,
    }
    if not wanted.fault:
        context |= found_for(wanted)
    return render(request, "report/report.html", context, status=400 if wanted.fault else 200)


@require_safe
@login_required
@never_cache
def export(request: HttpRequest, hall: str) -> HttpResponse:
    """Answer each day, agency and service as a row of a file."""
    wanted = wanted_in(request, hall)
    if wanted.fault:
        return HttpResponse(wanted.fault, status=400, content_type="text/plain; charset=utf-8")
    asked = wanted.asked
    text = spreadsheets.as_csv([head(asked.hall), *map(line, reporting.by_day(asked))])
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    place = wanted.agency.slug if wanted.agency else asked.agency or asked.hall.slug
    name = f"laporan-{slugify(place)}-{asked.first}-{asked.last}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# --- What is asked for --------------------------------------------------------------------------


def wanted_in(request: HttpRequest, slug: str) -> Wanted:
    hall, agencies, is_manager = whole_or_agency(request, slug)
    last = reporting.last_counted(hall)
    first, until, fault = dates_in(request, last or clock.today(hall))
    code = request.GET.get("agency", "") or ("" if is_manager else agencies[0].code)
    asked = Asked(hall, first, until, code)
    agency = next((each for each in agencies if each.code == code), None)
    if code and not agency and not (is_manager and reporting.is_letter_of_the_past(asked)):
        raise Http404
    return Wanted(asked, fault, agency, agencies, is_manager, last)


def dates_in(request: HttpRequest, otherwise: dt.date) -> tuple[dt.date, dt.date, str]:
    """Return first and last day, and what is wrong with them; of one alone, only that day."""
    first, last = (request.GET.get(name, "").strip() for name in ("from", "to"))
    if not (first or last):
        return otherwise, otherwise, ""
    try:
        begin, end = (dt.date.fromisoformat(each) for each in (first or last, last or first))
    except ValueError:
        return otherwise, otherwise, _("Tanggal itu tidak ada. Pilih tanggal awal dan akhir.")
    if begin > end:
        return begin, end, _("Tanggal awal sesudah tanggal akhir. Tukar keduanya.")
    if (end - begin).days >= reporting.MOST_DAYS:
        words = _("Laporan memuat paling banyak %(days)s hari. Pilih rentang yang lebih pendek.")
        return begin, end, words % {"days": reporting.MOST_DAYS}
    return begin, end, ""


def periods_around(asked: Asked) -> list[dict[str, Any]]:
    """Return the day, the month and the year of the last day asked for, each with its format."""
    last = asked.last
    spans = [
        (last, last, "j F Y"),
        (last.replace(day=1), reporting.last_of_month(last), "F Y"),
        (last.replace(month=1, day=1), last.replace(month=12, day=31), "Y"),
    ]
    return [
        {
            "first": first,
            "last": end,
            "format": how,
            "is_shown": (first, end) == (asked.first, last),
        }
        for first, end, how in spans
    ]


# --- What the page shows ------------------------------------------------------------------------


def found_for(wanted: Wanted) -> dict[str, Any]:
    asked = wanted.asked
    counted = reporting.days(asked)
    if not counted:
        return {"counted": []}
    found = reporting.report(asked)
    load = reporting.load(asked, len(counted))
    return {
        "counted": counted,
        "decimals": 0 if len(counted) == 1 else 1,
        "whole": found.whole,
        "rows": found.agencies if wanted.is_whole else found.services,
        "busiest": busiest(found.services) if wanted.is_whole else [],
        "load": with_bars(load),
        **heat_map(asked, counted, load),
    }


def busiest(services: list[Row]) -> list[Row]:
    return heapq.nlargest(BUSIEST, services, key=lambda row: row.sums.issued)


def with_bars(load: list[HalfHourOfDay]) -> list[tuple[HalfHourOfDay, int]]:
    """Return each half hour with its share of the busiest, out of 100."""
    most = max((each.issued for each in load), default=0) or 1
    return [(each, round(100 * each.issued / most)) for each in load]


def heat_map(asked: Asked, counted: list[dt.date], load: list[HalfHourOfDay]) -> dict[str, Any]:
    """Return the weekdays that were counted, and the half hours with a shade for each of them."""
    found = reporting.heat(asked, counted)
    most = max((mean for slots in found.values() for mean in slots.values()), default=0) or 1

    def shaded(mean: float) -> tuple[float, int]:
        return mean, -int(-SHADES * mean // most)

    return {
        "weekdays": [WEEKDAYS[weekday - 1] for weekday in found],
        "heat": [
            (each, [shaded(slots.get(each.slot, 0)) for slots in found.values()]) for each in load
        ],
    }


# --- What the file says -------------------------------------------------------------------------


def head(hall: Hall) -> list[str]:
    """Return the names of the columns; whatever takes time is in seconds."""
    return [
        _("Tanggal"),
        _("Kode instansi"),
        _("Instansi"),
        _("Kode layanan"),
        _("Layanan"),
        _("Kunjungan (orang)"),
        _("Jumlah nomor"),
        _("Prioritas"),
        _("Panggilan"),
        _("Selesai"),
        _("Tidak hadir"),
        _("Dialihkan"),
        _("Dibatalkan"),
        _("Kedaluwarsa"),
        *_spread_names(_("Menunggu")),
        _("Menunggu: sampai %(minutes)s menit") % {"minutes": hall.longest_wait},
        *_spread_names(_("Selesai dilayani")),
        _("Selesai dilayani: ada janji"),
        _("Selesai dilayani: dalam janji"),
        _("Janji (menit)"),
    ]


def _spread_names(what: str) -> list[str]:
    seconds = (_("rata-rata (detik)"), _("median (detik)"), _("p80 (detik)"), _("p95 (detik)"))
    return [f"{what}: {name}" for name in (_("orang"), *seconds)]


def line(row: Row) -> Iterator[Any]:
    yield from (row.day, row.agency, row.agency_name, row.service, row.service_name, *row.sums)
    yield from (*_spread(row.waits), row.waits.kept)
    yield from (*_spread(row.served), row.served.promised, row.served.kept, row.promise)


def _spread(spread: Spread) -> Iterator[int | None]:
    yield spread.people
    yield None if spread.mean is None else round(spread.mean)
    yield from (spread.median, spread.p80, spread.p95)
