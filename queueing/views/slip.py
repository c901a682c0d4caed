"""Where does a slip come from? As a page for a browser's printing, as bytes for a receipt printer.

The slips of a visit are for whoever holds its token: the kiosk that gave the number, or the greeter
who asked for it again. The hall's sample belongs to nobody.
"""

import uuid
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from agencies.models import Hall
from queueing import access, escpos
from queueing.access import find_visit
from queueing.models import Device, Ticket, Visit
from queueing.refusals import NotFound, TooManyLooks
from queueing.slip import Slip, design_of, sample, slip
from queueing.views import drawing
from queueing.views.devices import hall_of_manager
from queueing.views.follow import address_of, base_of, kept_private, too_many

MOST_SLIPS = 12
in_our_frame: Any = csp_replace({"frame-ancestors": [SELF]})  # the kiosk prints from there


# --- Of a visit ---------------------------------------------------------------------------------


@require_safe
@never_cache
@xframe_options_sameorigin
@in_our_frame
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the wanted slips of a visit, one a page; with `companion` a second one of each."""
    try:
        visit = find_visit(token)
    except NotFound:
        raise Http404 from None
    except TooManyLooks as refusal:
        return too_many(request, refusal)
    copies = (False, True) if "companion" in request.GET else (False,)
    tickets = wanted(visit, request.GET.getlist("ticket"))
    slips = [
        slip(ticket, address_of(request, visit), companion=companion)
        for ticket in tickets
        for companion in copies
    ]
    return kept_private(on_page(request, visit.hall, slips))


@require_safe
@never_cache
def receipt(request: HttpRequest, token: str, ticket_id: uuid.UUID) -> HttpResponse:
    """Give the bytes of one ticket's slip; with `companion` of the companion's."""
    try:
        visit = find_visit(token)
    except NotFound:
        raise Http404 from None
    except TooManyLooks as refusal:
        return too_many(request, refusal)
    ticket = wanted(visit, [str(ticket_id)])[0]
    one = slip(ticket, address_of(request, visit), companion="companion" in request.GET)
    return kept_private(in_bytes(request, visit.hall, one))


def wanted(visit: Visit, names: list[str]) -> list[Ticket]:
    """Return these tickets of the visit, or all when none is named; raises Http404."""
    tickets = visit.tickets.whole().select_related("queue__agency")
    if names:
        known = {str(ticket.public_id): ticket for ticket in tickets}
        if len(names) > MOST_SLIPS or not set(names) <= set(known):
            raise Http404
        return [known[name] for name in names]
    return list(tickets.order_by("pk"))


# --- Of the hall --------------------------------------------------------------------------------


@require_safe
@never_cache
@xframe_options_sameorigin
@in_our_frame
def sample_page(request: HttpRequest, hall: str) -> HttpResponse:
    found = hall_of_its_own(request, hall)
    return on_page(request, found, [sample(found, start_of(request, found))])


@require_safe
@never_cache
def sample_receipt(request: HttpRequest, hall: str) -> HttpResponse:
    found = hall_of_its_own(request, hall)
    return in_bytes(request, found, sample(found, start_of(request, found)))


def hall_of_its_own(request: HttpRequest, slug: str) -> Hall:
    """Return the hall for one of its kiosks or its manager."""
    found = get_object_or_404(Hall, slug=slug)
    if access.device_of(request, found, Device.Kind.KIOSK):
        return found
    if not request.user.is_authenticated:
        raise PermissionDenied
    return hall_of_manager(request, slug)[0]


def start_of(request: HttpRequest, hall: Hall) -> str:
    return base_of(request) + reverse("start", args=[hall.slug])


@require_safe
@cache_control(public=True, max_age=300)
def logo(request: HttpRequest, hall: str) -> HttpResponse:
    """Give the hall's logo: a PNG that the hall itself has drawn."""
    drawn = design_of(get_object_or_404(Hall, slug=hall)).logo
    if not drawn:
        raise Http404
    return HttpResponse(bytes(drawn), content_type="image/png")


@login_required
@require_safe
@never_cache
def preview(request: HttpRequest, hall: str) -> HttpResponse:
    """Show the manager the sample as each printer would print it, on both papers."""
    found, _ = hall_of_manager(request, hall)
    one = sample(found, start_of(request, found))
    design = design_of(found)
    papers = [
        {"size": paper.value, "rows": drawing.as_receipt(one, paper, bytes(design.logo))}
        for paper in Device.Paper
    ]
    context = {"hall": found, "papers": papers, "design": design}
    return render(request, "slip/preview.html", context)


# --- How it is sent -----------------------------------------------------------------------------


def on_page(request: HttpRequest, hall: Hall, slips: list[Slip]) -> HttpResponse:
    paper = paper_of(request)
    pages = [drawing.as_page(each, paper) for each in slips]
    context: dict[str, Any] = {"hall": hall, "paper": paper.value, "pages": pages}
    with translation.override(slips[0].language):
        return render(request, "slip/slip.html", context)


def in_bytes(request: HttpRequest, hall: Hall, one: Slip) -> HttpResponse:
    printed = escpos.receipt(one, paper_of(request), bytes(design_of(hall).logo))
    return HttpResponse(printed, content_type="application/octet-stream")


def paper_of(request: HttpRequest) -> Device.Paper:
    narrow, wide = Device.Paper.NARROW, Device.Paper.WIDE
    return narrow if request.GET.get("paper") == str(narrow.value) else wide
