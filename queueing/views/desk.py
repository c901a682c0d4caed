"""The counter officer's desk: find the counter, ask for its state, render."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies.models import Agency, Counter, Hall
from queueing import access
from queueing.access import R
from queueing.answers import refused
from queueing.board import board
from queueing.desk import desk_state
from queueing.models import Ticket
from queueing.refusals import NotFound, NotYours, SatElsewhere
from queueing.seating import require_newest, sit_down


@require_safe
@login_required
def desk(request: HttpRequest, hall: str) -> HttpResponse:
    """Open the operator's own counter, else let the operator choose one."""
    found = get_object_or_404(Hall, slug=hall)
    own = request.user.counter  # type: ignore[union-attr]
    if own and own.hall_id == found.pk and "choose" not in request.GET:
        return redirect("desk-counter", found.slug, own.number)
    counters = my_counters(request, found)
    return render(request, "desk/choose.html", {"hall": found, "counters": counters})


@require_safe
@login_required
@never_cache
def counter(request: HttpRequest, hall: str, number: int) -> HttpResponse:
    try:
        place = my_counter(request, hall, number)
    except PermissionDenied:
        return elsewhere(request, hall, number)
    about = {
        "counter": place.number,
        "agency": place.agency.code,
        "board": board(place.hall),  # before the state: what comes between is news to the page
        "state": desk_state(place),
        "destinations": destinations(place.hall),
        "officer": request.user.get_username(),
        "priorities": Ticket.Priority.choices,
        "seat": sit_down(request, request.user),  # type: ignore[arg-type]
    }
    is_assigned = access.assigned_counter(access.by_operator(request.user)) is not None  # type: ignore[arg-type]
    context = {
        "hall": place.hall,
        "counter": place,
        "is_assigned": is_assigned,
        "about": about,
    }
    return render(request, "desk/desk.html", context)


def elsewhere(request: HttpRequest, hall: str, number: int) -> HttpResponse:
    """Say to an officer who is assigned to another counter which one that is."""
    own = access.assigned_counter(access.by_operator(request.user))  # type: ignore[arg-type]
    if own is None:
        raise PermissionDenied
    context = {"hall": own.hall, "number": number, "own": own}
    return render(request, "desk/elsewhere.html", context, status=403)


@require_safe
@never_cache
def state(request: HttpRequest, hall: str, number: int) -> HttpResponse:
    """Answer what the desk shows now; 401 tells the page that the officer must sign in again.

    409 tells it that the officer works in another browser now.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"code": "not_known"}, status=401)
    place = my_counter(request, hall, number)
    try:
        require_newest(request.user, request.GET.get("seat"))
    except SatElsewhere as refusal:
        return refused(refusal)
    return JsonResponse(desk_state(place))


def my_counter(request: HttpRequest, slug: str, number: int) -> Counter:
    """Return a counter that this operator may work at; another agency's does not exist."""
    hall = get_object_or_404(Hall, slug=slug)
    try:
        return access.find_counter(access.by_operator(request.user), hall, number)  # type: ignore[arg-type]
    except NotYours as refusal:
        raise PermissionDenied from refusal
    except NotFound as refusal:
        raise Http404 from refusal


def my_counters(request: HttpRequest, hall: Hall) -> QuerySet[Counter]:
    """Return the counters that this operator may choose from."""
    caller = access.by_operator(request.user)  # type: ignore[arg-type]
    if not caller.is_of(hall):
        raise Http404
    counters = hall.counters.select_related("agency")
    if caller.role == R.MANAGER:
        return counters
    if caller.role == R.GREETER:
        raise PermissionDenied
    own = access.assigned_counter(caller)
    mine = {"pk": own.pk} if own else {"agency": caller.operator.agency_id}  # type: ignore[union-attr]
    return counters.filter(**mine)


def destinations(hall: Hall) -> list[dict[str, Any]]:
    """Return where somebody may be sent on to: agencies with their queues and services."""
    agencies = hall.agencies.prefetch_related("queues__services", "queues__counters")
    return [
        {"code": agency.code, "name": agency.short_name, "queues": _queues(agency)}
        for agency in agencies
    ]


def _queues(agency: Agency) -> list[dict[str, Any]]:
    return [
        {
            "code": queue.code,
            "counters": sorted(counter.number for counter in queue.counters.all()),
            "services": [
                {"code": service.code, "name": service.name} for service in queue.services.all()
            ],
        }
        for queue in agency.queues.all()
    ]
