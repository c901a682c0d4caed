"""Who comes to the door? The greeter: a number in two touches, and what needs a hand."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from agencies.models import Hall
from queueing import access
from queueing.access import R
from queueing.alerts import alerts
from queueing.board import board
from queueing.catalogue import catalogue
from queueing.models import Ticket, Visit
from queueing.refusals import NotFound, NotYours
from queueing.views.kiosk import everyday_name

TILES = 12
SLIP = "kiosk/slip.js"  # the module that prints, where the hall has one


@require_safe
@login_required
@never_cache
@gzip_page
def greeter(request: HttpRequest, hall: str) -> HttpResponse:
    """Show the reception's page to the greeters of the hall and its manager."""
    place = hall_of_reception(request, hall)
    context = {
        "hall": place,
        "frequent": frequent(place),
        "agencies": place.agencies.order_by("code"),
        "groups": [group for group in Ticket.Priority if group != Ticket.Priority.UNSAID],
        "helps": Visit.Help,
        "about": what_it_knows(place),
    }
    return render(request, "greeter/greeter.html", context)


def hall_of_reception(request: HttpRequest, slug: str) -> Hall:
    """Return the hall whose reception this person may work at."""
    hall = get_object_or_404(Hall, slug=slug)
    try:
        access.require_role(access.by_operator(request.user), hall, R.GREETER, R.MANAGER)  # type: ignore[arg-type]
    except NotFound as refusal:
        raise Http404 from refusal
    except NotYours as refusal:
        raise PermissionDenied from refusal
    return hall


def what_it_knows(hall: Hall) -> dict[str, Any]:
    return {
        "catalogue": catalogue(hall),
        "board": board(hall),
        "alerts": alerts(hall),
        "states": dict(Ticket.State.choices),
        "groups": dict(Ticket.Priority.choices),
        "helps": dict(Visit.Help.choices),
        "slip": static(SLIP) if finders.find(SLIP) else "",
    }


def frequent(hall: Hall) -> list[dict[str, str]]:
    """Return what most people come for, as they say it."""
    ranked = hall.services.filter(frequent_rank__isnull=False).select_related("queue__agency")
    return [
        {
            "code": service.code,
            "name": everyday_name(service),
            "agency": service.queue.agency.short_name,
            "letter": service.queue.agency.code,
        }
        for service in ranked.order_by("frequent_rank", "code")[:TILES]
    ]
