"""The calendar of a week, for everybody who works in the hall; the manager goes on to change it."""

import datetime as dt
import re

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies import clock, holidays
from agencies.models import Hall
from agencies.scope import is_manager
from queueing import access
from queueing.week import DAYS, week

YEARS = range(2020, 2100)


@require_safe
@login_required
@never_cache
def calendar(request: HttpRequest, hall: str) -> HttpResponse:
    """Show a week: who is open when, holidays, quotas and what was used of them."""
    found = get_object_or_404(Hall, slug=hall)
    if not access.by_operator(request.user).is_of(found):  # type: ignore[arg-type]
        raise Http404
    today = clock.today(found)
    monday = monday_of(request.GET.get("week", "")) or today - dt.timedelta(days=today.weekday())
    context = {
        "hall": found,
        "week": week(found, monday),
        "first": monday,
        "last": monday + dt.timedelta(days=DAYS - 1),
        "shown": name_of(monday),
        "before": name_of(monday - dt.timedelta(days=DAYS)),
        "after": name_of(monday + dt.timedelta(days=DAYS)),
        "may_change": is_manager(request),
        "to_confirm": [(name_of(day.date), day) for day in holidays.to_confirm(found, today)],
        "is_filled": holidays.is_filled(found, today),
        "next_year": (today + holidays.WARN_AHEAD).year,
    }
    return render(request, "calendar/calendar.html", context)


def name_of(date: dt.date) -> str:
    """Return the week of a date as addresses name it: 2026-W48."""
    year, number, _ = date.isocalendar()
    return f"{year}-W{number:02d}"


def monday_of(name: str) -> dt.date | None:
    """Return the first day of a week that an address names; None for none, 404 for no week."""
    if not name:
        return None
    told = re.fullmatch(r"(\d{4})-W(\d\d)", name, re.ASCII)
    try:
        if told and int(told[1]) in YEARS:
            return dt.date.fromisocalendar(int(told[1]), int(told[2]), 1)
    except ValueError:
        pass
    raise Http404
