"""What did people think? For supervisors and the manager: to read, to print, to send in."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from agencies import clock
from agencies.models import Agency, Hall
from queueing.views.overview import whole_or_agency
from survey import exporting, ikm, periods, publishing, results
from survey.exporting import Report
from survey.questions import ORDERS
from survey.results import Group, Span
from survey.views.results import wanted_agency, wanted_period


@dataclass(frozen=True)
class Wanted:
    """What somebody may read and asked for: a hall or an agency, in a period, by some rules."""

    hall: Hall
    agencies: list[Agency]
    group: Group
    below: list[Group]
    span: Span
    weight: str
    order: str
    is_manager: bool

    @property
    def is_agency(self) -> bool:
        return isinstance(self.group.place, Agency)

    @property
    def report(self) -> Report:
        weight, weight_words = ikm.WEIGHTS[self.weight]
        order, order_words = ORDERS[self.order]
        unit = self.group.place.name
        return Report(unit, self.span.title, weight, weight_words, order, order_words)


@require_safe
@login_required
@never_cache
@gzip_page
def report(request: HttpRequest, hall: str) -> HttpResponse:
    """Show the report, which is as well what is printed."""
    wanted = wanted_in(request, hall)
    place, span, agencies = wanted.hall, wanted.span, wanted.agencies
    context = {
        "hall": place,
        "wanted": wanted,
        "report": wanted.report,
        "group": wanted.group,
        "below": wanted.below,
        "span": span,
        "offered": results.offered(place, clock.today(place)),
        "all_agencies": place.agencies.order_by("code") if wanted.is_manager else [],
        "weights": [(name, words) for name, (_, words) in ikm.WEIGHTS.items()],
        "orders": [(name, words) for name, (_, words) in ORDERS.items()],
        "today": results.answered_today(place, agencies),
        "floor": publishing.FLOOR,
        "profile": results.profile(place, agencies, span) if wanted.group.is_told else [],
        "smiles": results.smiles(place, agencies, span),
        "kept": f"&weight={wanted.weight}&order={wanted.order}",
        **table_of(wanted),
    }
    return render(request, "survey/report.html", context)


def table_of(wanted: Wanted) -> dict[str, Any]:
    """Return the elements with their sums, and the index; nothing of too few respondents."""
    if not wanted.group.is_told:
        return {"elements": []}
    told, elements = wanted.report, wanted.group.elements
    return {
        "elements": results.element_rows(wanted.group, told.order, told.weight),
        "ni": ikm.rounded(ikm.ni(elements, told.weight), 4),
        "index": ikm.ikm(elements, told.weight),
    }


@require_safe
@login_required
@never_cache
def export(request: HttpRequest, hall: str) -> HttpResponse:
    """Answer the ministry's table as a file."""
    wanted = wanted_in(request, hall)
    if not wanted.group.is_told:
        raise Http404
    sheets = results.sheets(wanted.hall, wanted.agencies, wanted.span)
    text = exporting.as_csv(wanted.report, sheets)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    place = wanted.agencies[0].slug if wanted.is_agency else hall
    name = f"skm-{slugify(place)}-{wanted.span.period.name}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def wanted_in(request: HttpRequest, slug: str) -> Wanted:
    """Return what is asked for; a supervisor's report is of the own agency, whatever is asked."""
    hall, own, is_manager = whole_or_agency(request, slug)
    period = wanted_period(request, periods.month_of(clock.today(hall)))
    span = results.days_over(hall, period)
    found = results.results(hall, span)
    theirs = [group for group in found.agencies if group.place in own]
    agency = wanted_agency(request, theirs) or (None if is_manager else theirs[0])
    if agency:  # by itself it stands beside nothing that could be taken away from something
        agency.is_told = agency.count >= publishing.FLOOR
    return Wanted(
        hall=hall,
        agencies=[agency.place] if agency else own,  # type: ignore[list-item]
        group=agency or found.hall,
        below=results.services(agency, span) if agency else found.agencies,
        span=span,
        weight=one_of(ikm.WEIGHTS, request.GET.get("weight")),
        order=one_of(ORDERS, request.GET.get("order")),
        is_manager=is_manager,
    )


def one_of(known: dict[str, Any], name: str | None) -> str:
    """Return the name when it is known, else the first that is."""
    return name if name in known else next(iter(known))
