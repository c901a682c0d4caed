"""How are the nine questions asked and the answers taken? The same on a phone and on the tablet.

Plain forms that need no script. Each carries a key, so that a double press is one press.
"""

import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from queueing.access import Caller
from queueing.commands import Answer, check_key, fingerprint, once
from queueing.models import Ticket
from queueing.refusals import KeyReused
from survey import answering
from survey.answering import AnsweredAlready, Incomplete
from survey.models import ABOUT, Questionnaire, Smile
from survey.questions import ELEMENTS

TAKEN = Answer(200, "{}")
NOT_SAID = {"csrfmiddlewaretoken", "key"}


class Door(NamedTuple):
    """Where somebody answers: through which channel, as whom, and in which page."""

    channel: str
    caller: Caller
    template: str
    context: dict[str, Any]


def shown(request: HttpRequest, door: Door, ticket: Ticket) -> HttpResponse:
    """Show the questions, or thanks where they were answered."""
    answering.require_served(ticket)
    is_answered = Questionnaire.objects.filter(ticket=ticket).exists()
    return page(request, door, ticket, is_answered=is_answered)


def taken(request: HttpRequest, door: Door, ticket: Ticket) -> Incomplete | None:
    """Take a sent form, a smile or nine answers, once; return what it lacks.

    The same press repeated is taken already; what was answered otherwise stays as it was.
    """
    press = partial(_smiled if "face" in request.POST else _told, request, door, ticket)
    said = sorted((name, word) for name, word in request.POST.items() if name not in NOT_SAID)
    try:
        key = check_key(request.POST.get("key", ""))
        once(door.caller.scope, key, fingerprint(request.path, said), press)
    except Incomplete as refusal:
        return refusal
    except KeyReused:
        raise AnsweredAlready from None
    return None


def _told(request: HttpRequest, door: Door, ticket: Ticket) -> Answer:
    said = answering.read(request.POST.dict())
    language = request.LANGUAGE_CODE or ""
    answering.answer(ticket, said, channel=door.channel, language=language)
    return TAKEN


def _smiled(request: HttpRequest, door: Door, ticket: Ticket) -> Answer:
    answering.smile(ticket, request.POST["face"], channel=door.channel)
    return TAKEN


# --- The page -----------------------------------------------------------------------------------


def page(
    request: HttpRequest,
    door: Door,
    ticket: Ticket,
    *,
    lacks: Incomplete | None = None,
    is_answered: bool = False,
) -> HttpResponse:
    context = {
        **door.context,
        "hall": ticket.hall,
        "ticket": ticket,
        "agency": ticket.queue.agency.short_name,
        "services": [service.name for service in ticket.wanted],
        "is_answered": is_answered,
        "lacks": lacks,
        "questions": questions(request.POST, lacks),
        "about": about(request.POST),
        "faces": faces(ticket),
        "key": uuid.uuid4().hex,
    }
    return render(request, door.template, context, status=lacks.status if lacks else 200)


def questions(form: Mapping[str, Any], lacks: Incomplete | None) -> list[dict[str, Any]]:
    """Return the nine questions, with what was chosen and what was left out."""
    return [
        {
            "number": number,
            "key": key,
            "name": element.name,
            "question": element.question,
            "choices": [(worth, words, form.get(key) == str(worth)) for worth, words in choices],
            "is_missing": lacks is not None and key in lacks.missing,
        }
        for number, (key, element) in enumerate(ELEMENTS.items(), 1)
        for choices in [element.choices]
    ]


def about(form: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what people may tell of themselves, with what was chosen."""
    return [
        {
            "name": name,
            "words": words,
            "choices": [
                (value, label, form.get(name) == value) for value, label in answers.choices
            ],
            "is_skipped": not form.get(name),
        }
        for name, (words, answers) in ABOUT.items()
    ]


def faces(ticket: Ticket) -> list[Smile.Face]:
    """Return the faces to choose from, happiest first; none when one was chosen."""
    is_chosen = Smile.objects.filter(ticket=ticket).exists()
    return [] if is_chosen else list(reversed(Smile.Face))
