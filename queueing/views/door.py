"""The door: which halls are here, and where does each person go from there?"""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from agencies import clock, holidays
from agencies.models import Hall
from queueing import access
from queueing.access import Caller, R
from queueing.alerts import alerts
from queueing.board import board
from queueing.priority import shares


@require_safe
def door(request: HttpRequest) -> HttpResponse:
    """Show the halls of this installation; a single one opens its own start page."""
    halls = list(Hall.objects.all())
    if len(halls) == 1:
        return start(request, halls[0].slug)
    return render(request, "door.html", {"halls": halls})


@require_safe
def start(request: HttpRequest, hall: str) -> HttpResponse:
    found = get_object_or_404(Hall, slug=hall)
    shown = board(found)
    context = {
        "hall": found,
        "waiting": sum(queue["waiting"] for queue in shown["queues"]),
        "counters_open": sum(counter["status"] == "open" for counter in shown["counters"]),
        "agencies": found.agencies.count(),
    }
    return render(request, "start.html", context)


@require_safe
@login_required
def manager(request: HttpRequest, hall: str) -> HttpResponse:
    """Show the hall of this moment: a supervisor sees the own agency, the manager all."""
    found = get_object_or_404(Hall, slug=hall)
    caller = access.by_operator(request.user)  # type: ignore[arg-type]
    agencies = seen_agencies(caller, found)
    own = caller.operator.agency if caller.role == R.SUPERVISOR and caller.operator else None
    is_manager = caller.role == R.MANAGER
    about = {
        "agencies": [_agency(agency) for agency in agencies],
        "board": board(found),
        "alerts": alerts(found, own),
        "is_manager": is_manager,
    }
    context = {
        "hall": found,
        "about": about,
        "shares": shares(found, clock.today(found)) if is_manager else [],
        "to_confirm": holidays.to_confirm(found, clock.today(found)) if is_manager else [],
    }
    return render(request, "manager.html", context)


def seen_agencies(caller: Caller, hall: Hall) -> Any:
    if not caller.is_of(hall):
        raise Http404
    if caller.role not in {R.SUPERVISOR, R.MANAGER}:
        raise PermissionDenied
    return [agency for agency in hall.agencies.all() if caller.sees(agency)]


def _agency(agency: Any) -> dict[str, str]:
    return {
        "code": agency.code,
        "short_name": agency.short_name,
        "name": agency.name,
        "zone": agency.zone,
    }


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """After the sign-in: officers to the desk, greeters to the reception, others look over all."""
    caller = access.by_operator(request.user)  # type: ignore[arg-type]
    hall = request.user.hall or Hall.objects.first()  # type: ignore[union-attr]
    if hall is None:
        return redirect("door")
    pages = {R.OFFICER: "desk", R.GREETER: "greeter"}
    return redirect(pages.get(R(caller.role), "manager"), hall.slug)
