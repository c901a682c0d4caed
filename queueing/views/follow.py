"""Where am I in the line? A citizen's visit on the phone, for whoever holds its token."""

import io
from typing import Any

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from agencies.models import Service, in_language
from queueing import push, telling, zones
from queueing.access import find_visit
from queueing.lifecycle.aside import MINUTES
from queueing.models import Ticket, Visit
from queueing.pace import floods
from queueing.refusals import NotFound, TooManyLooks
from queueing.visits import visit_state


@require_safe
@never_cache
@gzip_page
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Show the visit as it is now; kind words when it is over and forgotten."""
    try:
        visit = find_visit(token)
    except NotFound:
        return kept_private(render(request, "follow/gone.html", status=404))
    except TooManyLooks as refusal:
        return too_many(request, refusal)
    return kept_private(render(request, "follow/follow.html", page_of(visit)))


def page_of(visit: Visit) -> dict[str, Any]:
    """Return what the page is made of: painted here, and drawn again by its module."""
    state, services, plan = visit_state(visit), services_of(visit), zones.plan_of(visit.hall)
    first, *others = [errand(ticket, state, services, plan) for ticket in telling.in_order(state)]
    about = {
        "token": visit.token,
        "state": state,
        "services": services,
        "counters": zones.who_serves(plan),
        "choices": choices_of(visit, services),
        "push": push.public_key() if visit.hall.phone_push else "",
        **telling.spoken(),
    }
    return {
        "hall": visit.hall,
        "first": first,
        "others": others,
        "services": list(services.values()),
        "plan": plan,
        "here": {number for _, number in first["counters"]},
        "zones_here": {zone for zone, _ in first["counters"]},
        "survey": survey_of(visit),
        "is_judged": any(ticket["state"] == Ticket.State.DONE for ticket in state["tickets"]),
        "reasons": Ticket.AwayReason,
        "minutes": MINUTES,
        "about": about,
    }


def errand(
    ticket: dict[str, Any],
    state: dict[str, Any],
    services: dict[str, dict[str, Any]],
    plan: dict[str, Any],
) -> dict[str, Any]:
    """Return a number with all its words."""
    wanted = [services[code] for code in ticket["services"] if code in services]
    agency = wanted[0]["agency"] if wanted else ""
    counters = zones.whereabouts(plan, ticket)
    return {
        **telling.told(ticket, state["at"]),
        "down": telling.down_sentence(ticket, agency),
        "wanted": ", ".join(service["name"] for service in wanted),
        "counters": counters,
        "where": telling.where_of(ticket, agency, counters),
    }


def survey_of(visit: Visit) -> str:
    """Return where the visit is judged, in a house that has a survey."""
    try:
        return reverse("survey", args=[visit.token])
    except NoReverseMatch:
        return ""


def too_many(request: HttpRequest, refusal: TooManyLooks) -> HttpResponse:
    floods.note(refusal.what)
    response = render(request, "follow/too_many.html", {"refusal": refusal}, status=refusal.status)
    response["Retry-After"] = str(refusal.retry_after)
    return kept_private(response)


def kept_private(response: HttpResponse) -> HttpResponse:
    """Let neither a robot nor the next page's server learn the address: it is a key."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def services_of(visit: Visit) -> dict[str, dict[str, Any]]:
    """Return what the visit's services are called, where they are and what they need."""
    services = Service.objects.filter(tickets__visit=visit).select_related("queue__agency")
    return {service.code: service_data(service) for service in services.order_by("code").distinct()}


def service_data(service: Service) -> dict[str, Any]:
    agency = service.queue.agency
    return {
        "code": service.code,
        "name": service.name,
        "agency": agency.short_name,
        "zone": agency.zone,
        "needs": in_language(service.requirements_id, service.requirements_en),
    }


def choices_of(visit: Visit, services: dict[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """Return for each agency that lets citizens change their service what there is to choose."""
    offered = Service.objects.filter(
        hall=visit.hall,
        is_open=True,
        queue__agency__phone_change=True,
        queue__agency__short_name__in={each["agency"] for each in services.values()},
    )
    choices: dict[str, list[tuple[str, str]]] = {}
    for service in offered.select_related("queue__agency").order_by("code"):
        choices.setdefault(service.queue.agency.short_name, []).append((service.code, service.name))
    return choices


@require_safe
@cache_control(private=True, max_age=24 * 60 * 60)
def qr(request: HttpRequest, token: str) -> HttpResponse:
    """Draw the address of the visit's page, in the language in which the number was taken."""
    try:
        visit = find_visit(token)
    except NotFound:
        raise Http404 from None
    except TooManyLooks as refusal:
        return too_many(request, refusal)
    picture = io.BytesIO()
    code = segno.make(address_of(request, visit), error="m", micro=False)
    code.save(picture, kind="svg", border=2, omitsize=True, xmldecl=False)
    return kept_private(HttpResponse(picture.getvalue(), content_type="image/svg+xml"))


def address_of(request: HttpRequest, visit: Visit) -> str:
    wish = "" if visit.language == settings.LANGUAGE_CODE else f"?lang={visit.language}"
    return f"{base_of(request)}{reverse('follow', args=[visit.token])}{wish}"


def base_of(request: HttpRequest) -> str:
    """Return the beginning of the addresses that people are told."""
    return settings.PUBLIC_URL or request.build_absolute_uri("/")[:-1]
