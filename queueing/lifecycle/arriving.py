"""Which rows does an arrival leave? A visit, its tickets with their services, and what was told.

One statement, because a press waits for each: it also says how many are ahead of each ticket. The
days of the queues are locked, so nobody comes in between.
"""

from typing import Any

import orjson

from agencies.models import Service
from agencies.ready import Often
from queueing.estimating import FRESH, TELL
from queueing.models import Estimate, Ticket, Visit
from queueing.waiting import AHEAD

_ARRIVE = Often.named(f"""
    WITH visit AS (
        INSERT INTO queueing_visit (hall_id, date, token, language, channel, device_id, arrived_at,
                                    help, companion)
        VALUES (%(hall)s, %(date)s, %(token)s, %(language)s, %(channel)s, %(device)s,
                %(arrived_at)s, %(help)s, %(companion)s)
        RETURNING id
    ), t AS (
        INSERT INTO queueing_ticket (public_id, hall_id, visit_id, queue_id, date, number, state,
                                     priority, effective_time, issued_at, calls, returns, note)
        SELECT line.public_id, %(hall)s, visit.id, queue, date, number, 'waiting',
               priority, place, at, 0, 0, ''
        FROM visit, jsonb_to_recordset(%(tickets)s) AS line (public_id uuid, queue bigint,
            date date, number int, priority text, place timestamptz, at timestamptz)
        RETURNING *
    ), wanted AS (
        INSERT INTO queueing_ticket_services (ticket_id, service_id)
        SELECT t.id, s.id FROM t JOIN agencies_service s ON s.queue_id = t.queue_id
        WHERE s.id = ANY(%(services)s)
    ), told AS ({TELL})
    SELECT t.public_id, t.visit_id, t.id, ({AHEAD}), told.middle, told.late, told.why
    FROM t LEFT JOIN told ON told.ticket_id = t.id
""")  # noqa: S608 - no outside text


def arrive(visit: Visit, tickets: list[Ticket], services: list[Service]) -> None:
    """Keep a visit and its tickets, each with its own of the services, and read what they got."""
    about: dict[str, Any] = {
        "hall": visit.hall_id,
        "date": visit.date,
        "token": visit.token,
        "language": visit.language,
        "channel": str(visit.channel),
        "device": visit.device_id,
        "arrived_at": visit.arrived_at,
        "help": visit.help,
        "companion": visit.companion,
        "tickets": orjson.dumps([_line(ticket) for ticket in tickets]).decode(),
        "services": [service.pk for service in services],
        "fresh": FRESH,
    }
    rows = {public_id: rest for public_id, *rest in _ARRIVE.ask(about)}
    for ticket in tickets:
        visit.pk, ticket.pk, ahead, *told = rows[ticket.public_id]
        ticket.visit = visit
        ticket.ahead = ahead  # type: ignore[attr-defined]
        ticket.expected = _expected(*told)  # type: ignore[attr-defined]
        ticket.wanted = [each for each in services if each.queue_id == ticket.queue_id]
        ticket._state.adding = visit._state.adding = False  # noqa: SLF001 - Django's own way to say so


def _line(ticket: Ticket) -> dict[str, object]:
    return {
        "public_id": ticket.public_id,
        "queue": ticket.queue_id,
        "date": ticket.date,
        "number": ticket.number,
        "priority": ticket.priority,
        "place": ticket.effective_time,
        "at": ticket.issued_at,
    }


def _expected(middle: Any, late: Any, why: str | None) -> Estimate | None:
    return None if why is None else Estimate(middle=middle, late=late, why=why)
