"""Who may answer, and how often? The holder of a number that was served, once.

The database lets one questionnaire and one smile stand for a ticket; of two that come at the same
instant the second is told kindly that there is one.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from agencies import clock
from queueing.models import Ticket
from queueing.refusals import Invalid, Refusal
from survey.models import ABOUT, Questionnaire, Smile
from survey.questions import ELEMENTS

NOON = 12


class NotServedYet(Refusal):
    sentence = _("Survei dibuka setelah nomor ini selesai dilayani.")


class AnsweredAlready(Refusal):
    code = "answered"
    sentence = _("Penilaian untuk nomor ini sudah kami terima. Terima kasih.")


class Incomplete(Invalid):
    """Some of the nine questions have no answer; `missing` says which."""

    code = "incomplete"
    sentence = _("Masih ada pertanyaan yang belum dijawab.")

    def __init__(self, missing: list[str]) -> None:
        super().__init__()
        self.missing = missing


class Said(NamedTuple):
    """What somebody said: nine scores, and of themselves what they did not skip."""

    scores: dict[str, int]
    about: dict[str, str]


def read(form: Mapping[str, str]) -> Said:
    """Return what a form says; raises Incomplete, and Invalid for what no form of ours sends."""
    missing = [key for key in ELEMENTS if not form.get(key)]
    if missing:
        raise Incomplete(missing)
    scores = {key: _one_of({"1", "2", "3", "4"}, form[key]) for key in ELEMENTS}
    about = {
        name: _one_of({"", *answers.values}, form.get(name, ""))
        for name, (_words, answers) in ABOUT.items()
    }
    return Said({key: int(score) for key, score in scores.items()}, about)


def _one_of(known: set[str], value: str) -> str:
    if value not in known:
        raise Invalid
    return value


def require_served(ticket: Ticket) -> None:
    if ticket.state != Ticket.State.DONE:
        raise NotServedYet


def answer(ticket: Ticket, said: Said, *, channel: str, language: str) -> Questionnaire:
    """Keep the nine answers about a ticket, once; within a transaction."""
    require_served(ticket)
    row = Questionnaire(
        **_of(ticket, channel),
        **said.scores,
        **said.about,
        hours=_hours(ticket),
        language=language,
    )
    _keep(row.save)
    row.services.set(ticket.wanted)
    return row


def smile(ticket: Ticket, face: str, *, channel: str) -> Smile:
    """Keep how the officer was, once; within a transaction."""
    require_served(ticket)
    known = {str(value) for value in Smile.Face.values}
    row = Smile(**_of(ticket, channel), face=int(_one_of(known, face)))
    _keep(row.save)
    return row


def _of(ticket: Ticket, channel: str) -> dict[str, models.Model | object]:
    return {
        "hall": ticket.hall,
        "agency_id": ticket.queue.agency_id,
        "ticket": ticket,
        "date": ticket.date,
        "channel": channel,
    }


def _keep(save: Callable[[], None]) -> None:
    try:
        with transaction.atomic():
            save()
    except IntegrityError as error:
        raise AnsweredAlready from error


def _hours(ticket: Ticket) -> str:
    """Return in which half of the day the service ended; noon begins the second."""
    ended = clock.local(ticket.hall, ticket.ended_at or ticket.issued_at)
    hours = Questionnaire.Hours
    return hours.MORNING if ended.hour < NOON else hours.AFTERNOON
