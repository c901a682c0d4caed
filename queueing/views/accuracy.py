"""How good were the hall's estimates? Published, agency by agency, for the last day judged."""

from typing import Any

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from agencies.models import Hall
from queueing.models import Accuracy

TENTHS = 10


@require_safe
def accuracy(request: HttpRequest, hall: str) -> HttpResponse:
    """Show what was told on the last day judged, and how much of it came true."""
    found = get_object_or_404(Hall, slug=hall)
    return render(request, "accuracy.html", {"hall": found, **last_day(found)})


def last_day(hall: Hall) -> dict[str, Any]:
    """Return the date of the last day of which something is known, with its rows; or nothing."""
    known = Accuracy.objects.filter(hall=hall, told__gt=0)
    date = known.filter(agency=None).aggregate(date=Max("date"))["date"]
    rows = known.filter(date=date).select_related("agency").order_by("agency__code")
    rows_of = {row.agency_id: _row(row) for row in rows}
    return {"date": date, "whole": rows_of.pop(None, None), "rows": list(rows_of.values())}


def _row(verdict: Accuracy) -> dict[str, Any]:
    return {
        "agency": verdict.agency,
        "told": verdict.told,
        "tenths": round(TENTHS * verdict.kept / verdict.told),
        "percent": round(100 * verdict.kept / verdict.told),
        "late": max(verdict.bias, 0.0),
        "early": max(-verdict.bias, 0.0),
        "error": verdict.error,
        "simple_error": verdict.simple_error,
    }
