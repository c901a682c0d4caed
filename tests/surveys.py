"""People who were served and say what they think: what the tests of the survey share."""

import datetime as dt
import itertools

from queueing import lifecycle
from queueing.models import Ticket, Visit
from survey.models import Questionnaire
from survey.questions import QUESTIONNAIRE
from tests.cast import Cast, fresh

ALL_THREES = "333333333"
SKIPPED = {"sex": "", "education": "", "work": ""}
numbers = itertools.count(1)


def scores(digits: str = ALL_THREES) -> dict[str, int]:
    return dict(zip(QUESTIONNAIRE, map(int, digits), strict=True))


def form(digits: str = ALL_THREES, **more: str) -> dict[str, str]:
    """What a browser sends: nine answers, nothing of the person, and a key of its own."""
    nine = {key: str(score) for key, score in scores(digits).items()}
    return {**nine, **SKIPPED, "key": f"key-{next(numbers)}", **more}


def served(cast: Cast, *codes: str, counter: int = 1) -> Ticket:
    """Somebody whose number of these services was called, served and finished."""
    ticket = cast.visit(*(codes or ("A01",)))[0]
    cast.serve(counter)
    lifecycle.finish(cast.counter(counter), actor="operator:officer")
    return fresh(ticket)


def done_on(cast: Cast, code: str, date: dt.date, count: int) -> list[Ticket]:
    """So many numbers of a service that were served on a day, without their history."""
    noon = dt.datetime.combine(date, dt.time(5), dt.UTC)
    visits = Visit.objects.bulk_create(
        Visit(hall=cast.hall, date=date, channel="kiosk", arrived_at=noon) for _ in range(count)
    )
    service = cast.service(code)
    tickets = Ticket.objects.bulk_create(
        Ticket(
            hall=cast.hall,
            visit=visit,
            queue=service.queue,
            date=date,
            number=next(numbers),
            state="done",
            **dict.fromkeys(("effective_time", "issued_at", "ended_at"), noon),
        )
        for visit in visits
    )
    of_service = Ticket.services.through
    of_service.objects.bulk_create(of_service(ticket=each, service=service) for each in tickets)
    return tickets


def answered(
    cast: Cast, code: str, date: dt.date, *sheets: str, silent: int = 0, **about: str
) -> None:
    """So many who were served on a day said this, and so many more were silent."""
    tickets = done_on(cast, code, date, len(sheets) + silent)
    service = cast.service(code)
    of_them = {"hall": cast.hall, "agency_id": service.queue.agency_id, "date": date}
    said = {"hours": "morning", "language": "id", "channel": "phone", **about}
    rows = Questionnaire.objects.bulk_create(
        Questionnaire(**of_them, **said, ticket=ticket, **scores(sheet))
        for ticket, sheet in zip(tickets, sheets, strict=False)
    )
    of_service = Questionnaire.services.through
    of_service.objects.bulk_create(of_service(questionnaire=each, service=service) for each in rows)
