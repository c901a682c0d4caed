"""The day's history for supervisors and the manager: by date, person and number."""

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies import clock
from queueing.history import MOST, Wanted, entries, happenings
from queueing.views.overview import whole_or_agency

YEARS = range(2020, 2100)


@require_safe
@login_required
@never_cache
def history(request: HttpRequest, hall: str) -> HttpResponse:
    found, agencies, is_manager = whole_or_agency(request, hall)
    wanted = wanted_in(request, clock.today(found))
    about_people = [] if wanted.label else entries(found, agencies, wanted, is_whole=is_manager)
    context = {
        "hall": found,
        "wanted": wanted,
        "most": MOST,
        "happenings": happenings(found, agencies, wanted),
        "entries": [(clock.local(found, entry.at), entry) for entry in about_people],
    }
    return render(request, "staff/history.html", context)


def wanted_in(request: HttpRequest, today: dt.date) -> Wanted:
    """Return what is asked for; a day that nobody understands is today."""
    said = {name: request.GET.get(name, "").strip().replace("\0", "") for name in Wanted._fields}
    try:
        date = dt.date.fromisoformat(said["date"])
    except ValueError:
        date = today
    date = date if date.year in YEARS else today
    return Wanted(date, said["person"], said["label"].upper())
