"""What did people think? For everybody: periods that are over, and no group that is too small."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from agencies import clock
from agencies.models import Hall
from survey import periods, publishing, results
from survey.ikm import EXACT
from survey.periods import Period
from survey.questions import QUESTIONNAIRE
from survey.results import Group, Span


@require_safe
@never_cache
@gzip_page
def public(request: HttpRequest, hall: str) -> HttpResponse:
    """Show the index of the hall or of one agency, `?agency=`, in `?period=`."""
    place = get_object_or_404(Hall, slug=hall)
    today = clock.today(place)
    offered = results.published(place, today)
    period = wanted_period(request, offered[0] if offered else periods.month_before(today))
    if period.last >= today:
        raise Http404
    span = Span(period, period.last, is_public=True)
    found = results.results(place, span)
    agency = wanted_agency(request, found.agencies)
    group = agency or found.hall
    context = {
        "hall": place,
        "offered": offered,
        "span": span,
        "next_month": periods.add_months(today.replace(day=1), 1),
        "group": group,
        "agency": agency,
        "below": results.services(agency, span) if agency else found.agencies,
        "floor": publishing.FLOOR,
        "index": group.index if group.is_told else None,
        "elements": elements_of(group),
    }
    return render(request, "survey/results.html", context)


def elements_of(group: Group) -> list[dict[str, Any]]:
    return results.element_rows(group, QUESTIONNAIRE, EXACT) if group.is_told else []


def wanted_period(request: HttpRequest, otherwise: Period) -> Period:
    """Return the period that is asked for; one that does not exist is not found."""
    name = request.GET.get("period")
    period = periods.read(name) if name else otherwise
    if period is None:
        raise Http404
    return period


def wanted_agency(request: HttpRequest, groups: list[Group]) -> Group | None:
    """Return the agency that is asked for, by its code; another hall's does not exist."""
    code = request.GET.get("agency", "")
    if not code:
        return None
    for group in groups:
        if group.place.code == code:  # type: ignore[union-attr]
            return group
    raise Http404
