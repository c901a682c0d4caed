"""The survey on the phone, for whoever holds the token of a visit that was served."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods

from queueing.access import by_token, find_visit
from queueing.models import Ticket, Visit
from queueing.pace import floods
from queueing.refusals import NotFound, Refusal, TooMany
from survey.answering import NotServedYet
from survey.models import Channel
from survey.views.asking import Door, page, shown, taken


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@gzip_page
def phone(request: HttpRequest, token: str) -> HttpResponse:
    """Ask about a served number of the visit, `?ticket=` or the first that has no answer."""
    visit = None
    try:
        visit = find_visit(token)
        response = answered(request, visit)
    except Refusal as refusal:
        response = refused(request, visit, refusal)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def answered(request: HttpRequest, visit: Visit) -> HttpResponse:
    found = visit.tickets.whole().select_related("queue__agency", "questionnaire")
    tickets = list(found.order_by("pk"))
    ticket = chosen(tickets, request.GET.get("ticket", ""))
    others = [each for each in waiting_for_answers(tickets) if each != ticket]
    context = {"visit": visit, "others": others}
    door = Door(Channel.PHONE, by_token(visit.token), "survey/phone.html", context)
    if request.method != "POST":
        return shown(request, door, ticket)
    if lacks := taken(request, door, ticket):
        return page(request, door, ticket, lacks=lacks)
    return redirect(f"{request.path}?ticket={ticket.public_id}")


def chosen(tickets: list[Ticket], wish: str) -> Ticket:
    """Return the number to ask about; raises NotFound for another visit's, NotServedYet."""
    if wish:
        found = [ticket for ticket in tickets if str(ticket.public_id) == wish]
        if not found:
            raise NotFound
        return found[0]
    served = [ticket for ticket in tickets if ticket.state == Ticket.State.DONE]
    if not served:
        raise NotServedYet
    return next(iter(waiting_for_answers(served)), served[-1])


def waiting_for_answers(tickets: list[Ticket]) -> list[Ticket]:
    return [ticket for ticket in tickets if is_open(ticket)]


def is_open(ticket: Ticket) -> bool:
    return ticket.state == Ticket.State.DONE and not hasattr(ticket, "questionnaire")


def refused(request: HttpRequest, visit: Visit | None, refusal: Refusal) -> HttpResponse:
    if isinstance(refusal, TooMany):
        floods.note(refusal.what)
    context = {"visit": visit, "hall": visit and visit.hall, "refusal": refusal}
    response = render(request, "survey/refused.html", context, status=refusal.status)
    if refusal.retry_after is not None:
        response["Retry-After"] = str(refusal.retry_after)
    return response
