"""Who works for the agency? Its supervisors, and the manager, hire, assign and send away."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from agencies import staff as people
from agencies.models import Agency, Counter, Hall, Operator
from agencies.staff import Impossible
from queueing.views.overview import whole_or_agency


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def staff(request: HttpRequest, hall: str) -> HttpResponse:
    """List who works for the own agency, in the manager's case for all; hire one more."""
    found, agencies, _ = whole_or_agency(request, hall)
    if request.method == "GET":
        return listed(request, found, agencies)
    agency = next((each for each in agencies if each.code == request.POST.get("agency")), None)
    if agency is None:
        raise Http404
    try:
        person, password = people.hire(agency, username_in(request), request.user, request)  # type: ignore[arg-type]
    except Impossible as why:
        return listed(request, found, agencies, refusal=str(why))
    return listed(request, found, agencies, person=person, password=password)


@login_required
@never_cache
@require_POST
def act(request: HttpRequest, hall: str, person: int, verb: str) -> HttpResponse:
    """Change something about somebody of the own agency; anybody else does not exist."""
    found, agencies, _ = whole_or_agency(request, hall)
    row = get_object_or_404(people.people_of(agencies), pk=person)
    try:
        told = ACTS[verb](request, row)
    except KeyError:
        raise Http404 from None
    except Impossible as why:
        return listed(request, found, agencies, refusal=str(why))
    return listed(request, found, agencies, person=row, **told) if told else back(found)


def back(hall: Hall) -> HttpResponse:
    return redirect("staff", hall.slug)


def set_active(request: HttpRequest, person: Operator) -> dict[str, Any]:
    is_active = request.POST.get("active") == "1"
    people.set_active(person, request.user, request, is_active=is_active)  # type: ignore[arg-type]
    return {}


def set_work(request: HttpRequest, person: Operator) -> dict[str, Any]:
    number = request.POST.get("counter", "")
    counter = counter_of(person, number) if number else None
    role = request.POST.get("role", "")
    people.set_work(person, role, counter, request.user, request)  # type: ignore[arg-type]
    return {}


def counter_of(person: Operator, number: str) -> Counter:
    counters = Counter.objects.filter(agency=person.agency_id)
    return get_object_or_404(counters, number=number if number.isdecimal() else 0)


ACTS = {
    "active": set_active,
    "work": set_work,
    "password": lambda request, person: {
        "password": people.reset_password(person, request.user, request)
    },
    "key": lambda request, person: {"key": people.renew_key(person, request.user, request)},
}


def username_in(request: HttpRequest) -> str:
    return request.POST.get("username", "").strip()[:150]


def listed(
    request: HttpRequest, hall: Hall, agencies: list[Agency], *, refusal: str = "", **told: Any
) -> HttpResponse:
    """Show the list; `told` is a password or key that nobody will see again."""
    context = {
        "hall": hall,
        "agencies": agencies,
        "people": with_counters(agencies),
        "roles": [(role, Operator.Role(role).label) for role in people.ROLES],
        "refusal": refusal,
        "told": told,
        "typed": request.POST if refusal else {},
    }
    return render(request, "staff/staff.html", context, status=422 if refusal else 200)


def with_counters(agencies: list[Agency]) -> list[tuple[Operator, list[int]]]:
    """Return who works for these agencies, each with the counters to choose from."""
    rows = Counter.objects.filter(agency__in=agencies).order_by("number")
    numbers: dict[int | None, list[int]] = {}
    for agency, number in rows.values_list("agency", "number"):
        numbers.setdefault(agency, []).append(number)
    return [(row, numbers.get(row.agency_id, [])) for row in people.people_of(agencies)]
