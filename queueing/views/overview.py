"""The page of supervisors and the hall manager: all that is going on, and what can be done."""

from collections.abc import Collection, Iterator

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from agencies import clock, holidays
from agencies.models import Agency, Hall, Operator, Queue, Service
from queueing import access
from queueing.access import R
from queueing.alerts import alerts
from queueing.board import board
from queueing.overview import line_of, overview
from queueing.priority import shares


@require_safe
@login_required
@never_cache
@gzip_page
def manager(request: HttpRequest, hall: str) -> HttpResponse:
    """Show the hall of this moment: a supervisor sees the own agency, the manager all."""
    found, agencies, is_manager = whole_or_agency(request, hall)
    today = clock.today(found)
    context = {
        "hall": found,
        "about": {
            "agencies": [_agency(agency) for agency in agencies],
            "officers": officers_of(agencies),
            "board": board(found),
            "state": overview(found, agencies),
            "alerts": alerts(found, None if is_manager else agencies[0]),
            "is_manager": is_manager,
        },
        "services": services_of(found),
        "shares": shares(found, today) if is_manager else [],
        "to_confirm": holidays.to_confirm(found, today) if is_manager else [],
    }
    return render(request, "manager.html", context)


@require_safe
@never_cache
def state(request: HttpRequest, hall: str) -> HttpResponse:
    """Answer what the page shows beside the board; 401 tells it to sign in again."""
    if not request.user.is_authenticated:
        return JsonResponse({"code": "not_known"}, status=401)
    found, agencies, _ = whole_or_agency(request, hall)
    return JsonResponse(overview(found, agencies))


@require_safe
@never_cache
def line(request: HttpRequest, hall: str, code: str) -> HttpResponse:
    """Answer who waits in one queue."""
    if not request.user.is_authenticated:
        return JsonResponse({"code": "not_known"}, status=401)
    found, agencies, _ = whole_or_agency(request, hall)
    queues = Queue.objects.select_related("hall").filter(hall=found, agency__in=agencies)
    return JsonResponse(line_of(get_object_or_404(queues, code=code)))


def whole_or_agency(request: HttpRequest, slug: str) -> tuple[Hall, list[Agency], bool]:
    """Return the hall, the agencies that this person looks after, and whether that is all."""
    hall = get_object_or_404(Hall, slug=slug)
    caller = access.by_operator(request.user)  # type: ignore[arg-type]
    if not caller.is_of(hall):
        raise Http404
    if caller.role not in {R.SUPERVISOR, R.MANAGER}:
        raise PermissionDenied
    agencies = [agency for agency in hall.agencies.all() if caller.sees(agency)]
    return hall, agencies, caller.role == R.MANAGER


def _agency(agency: Agency) -> dict[str, str]:
    return {
        "code": agency.code,
        "short_name": agency.short_name,
        "name": agency.name,
        "zone": agency.zone,
    }


def officers_of(agencies: Collection[Agency]) -> dict[str, list[str]]:
    """Return whom the counters of each agency may be handed over to."""
    people = Operator.objects.filter(agency__in=agencies, is_active=True, role=R.OFFICER)
    found: dict[str, list[str]] = {agency.code: [] for agency in agencies}
    for code, name in people.order_by("username").values_list("agency__code", "username"):
        found[code].append(name)
    return found


def services_of(hall: Hall) -> list[tuple[str, list[Service]]]:
    """Return where somebody who waits may be moved to: agencies with their services."""
    agencies = hall.agencies.prefetch_related("queues__services").order_by("code")
    return [(agency.short_name, list(_services(agency))) for agency in agencies]


def _services(agency: Agency) -> Iterator[Service]:
    for queue in agency.queues.all():
        yield from queue.services.all()
