"""The door: which halls are here, and where does each person go from there?"""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from agencies.models import Hall
from queueing import access
from queueing.access import R
from queueing.board import board
from queueing.views.accuracy import last_day


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
        "estimates": last_day(found)["whole"],
    }
    return render(request, "start.html", context)


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
