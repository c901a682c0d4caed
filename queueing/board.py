"""What is showing now? Plain data, the same for page, JSON and socket."""

import datetime as dt
from functools import cache
from typing import Any

import orjson
from django.conf import settings
from django.urls import reverse

from agencies import clock, hours
from agencies.clock import on_the_wall
from agencies.models import Counter, Hall, Queue
from agencies.ready import Often
from queueing import estimating, waiting
from queueing.estimating import FRESH
from queueing.models import Ticket, Visit

LAST_CALLS = 12
NOTHING_TOLD = {"middle": None, "late": None, "why": ""}  # of when a queue calls

# One statement is one snapshot: version, counts, counters and calls always belong together. Of the
# calls it reads the newest dozen and not the whole day, as long as the planner knows that hardly
# one is quiet: of `detail->>'quiet' IS NULL` it believes the opposite.
_BOARD = Often.named("""
WITH now AS (SELECT hall_now() AS at),
hall AS (
    SELECT h.id, h.epoch, h.version, now.at,
           GREATEST((now.at AT TIME ZONE h.timezone)::date, h.business_date) AS date
    FROM agencies_hall h, now WHERE h.id = %(hall)s
)
SELECT hall.epoch::text, hall.version, hall.at, hall.date,
(SELECT COALESCE(json_agg(json_build_object(
    'code', q.code, 'agency', a.code, 'agency_id', a.id,
    'status', CASE WHEN q.status = 'open' AND q.incident_since IS NOT NULL THEN 'paused'
              ELSE q.status END,
    'incident_since', q.incident_since,
    'forecast', (SELECT json_build_object('middle', f.middle, 'late', f.late, 'why', f.why)
                 FROM queueing_forecast f
                 WHERE f.queue_id = q.id AND f.at > hall.at - %(fresh)s::interval),
    'waiting', (SELECT count(*) FROM queueing_ticket t
                WHERE t.queue_id = q.id AND t.date = hall.date AND t.state = 'waiting'),
    'counters_open', (SELECT count(*) FROM agencies_counter_queues s
                      JOIN agencies_counter c ON c.id = s.counter_id
                      WHERE s.queue_id = q.id AND c.status = 'open')
    ) ORDER BY q.code), '[]')
 FROM agencies_queue q JOIN agencies_agency a ON a.id = q.agency_id WHERE q.hall_id = hall.id),
(SELECT COALESCE(json_agg(json_build_object(
    'number', c.number, 'agency', a.code, 'status', c.status,
    'ticket', CASE WHEN t.id IS NULL THEN NULL ELSE json_build_object(
        'label', q.code || '-' || lpad(t.number::text, GREATEST(3, length(t.number::text)), '0'),
        'state', t.state, 'calls', t.calls) END
    ) ORDER BY c.number), '[]')
 FROM agencies_counter c JOIN agencies_agency a ON a.id = c.agency_id
 LEFT JOIN queueing_ticket t ON t.counter_id = c.id AND t.state IN ('called', 'serving')
 LEFT JOIN agencies_queue q ON q.id = t.queue_id
 WHERE c.hall_id = hall.id),
(SELECT COALESCE(json_agg(e ORDER BY e.version DESC), '[]') FROM (
    SELECT version, label, queue, counter, (detail->>'calls')::int AS calls, at
    FROM queueing_ticketevent c
    WHERE hall_id = hall.id AND date = hall.date AND kind IN ('call', 'recall')
    AND NOT detail ? 'quiet' AND NOT EXISTS (
        SELECT 1 FROM queueing_ticketevent u WHERE u.ticket_id = c.ticket_id
        AND u.kind = 'undo_call' AND (u.detail->>'call')::bigint = c.version)
    ORDER BY version DESC LIMIT %(calls)s) e)
FROM hall
""")


def board(hall: Hall) -> dict[str, Any]:
    """Return all that a lobby screen shows of this hall (contract section 5)."""
    (found,) = _BOARD.ask({"hall": hall.pk, "calls": LAST_CALLS, "fresh": FRESH})
    epoch, version, at, date, queues, counters, calls = found
    return {
        "type": "board",
        "hall": hall.slug,
        "epoch": epoch,
        "version": version,
        "at": on_the_wall(hall, at),
        "date": date.isoformat(),
        "queues": [_queue(hall, at, **queue) for queue in queues],
        "counters": counters,
        "calls": [_call(hall, call) for call in calls],
    }


def _queue(
    hall: Hall, at: dt.datetime, agency_id: int, forecast: dict[str, Any] | None, **queue: Any
) -> dict[str, Any]:
    """Return a queue as it is; closed while its agency or the hall gives no numbers.

    Since when there is an incident is told also then: people still wait after the last number.
    `estimate` is when whoever takes a number now is called, or None and `estimate_why` why not.
    """
    told = forecast or NOTHING_TOLD
    queue["estimate"] = estimating.between(hall, _moment(told["middle"]), _moment(told["late"]), at)
    queue["estimate_why"] = told["why"]
    queue["incident_since"] = _again_on_the_wall(hall, queue["incident_since"])
    return queue if hours.is_issuing(hall, at, agency_id) else {**queue, "status": "closed"}


def _call(hall: Hall, call: dict[str, Any]) -> dict[str, Any]:
    return {**call, "at": _again_on_the_wall(hall, call["at"])}


def _again_on_the_wall(hall: Hall, told: str | None) -> str | None:
    """Return a moment as the database told it, by the hall's wall clock."""
    return on_the_wall(hall, _moment(told))


def _moment(told: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(told) if told else None


def board_text(hall: Hall) -> tuple[dict[str, Any], str]:
    """Return the board and the one text of it that every socket is sent."""
    shown = board(hall)
    return shown, orjson.dumps(shown).decode()


def beat_text(hall: Hall, epoch: str, version: int, at: dt.datetime) -> str:
    """Return the frame that says: nothing has changed since that version."""
    beat = {"type": "beat", "epoch": epoch, "version": version, "at": on_the_wall(hall, at)}
    return orjson.dumps(beat).decode()


def ticket_data(ticket: Ticket, **known: Any) -> dict[str, Any]:
    """Return a ticket as the API tells it (contract section 4).

    `ahead` and the present moment `at` where they are known already, and so the ticket's
    `expected`, of many tickets at once.
    """
    hall = ticket.hall
    return {
        "id": str(ticket.public_id),
        "label": ticket.label,
        "number": ticket.number,
        "queue": ticket.queue.code,
        "services": [service.code for service in ticket.wanted],
        "state": ticket.state,
        "priority": bool(ticket.priority),
        "issued_at": on_the_wall(hall, ticket.issued_at),
        "called_at": on_the_wall(hall, ticket.called_at),
        "started_at": on_the_wall(hall, ticket.started_at),
        "ended_at": on_the_wall(hall, ticket.ended_at),
        "counter": ticket.counter.number if ticket.counter else None,
        "calls": ticket.calls,
        "ahead": known["ahead"] if "ahead" in known else waiting.ahead_of(ticket),
        **_estimate(ticket, known.get("at")),
    }


def _estimate(ticket: Ticket, at: dt.datetime | None) -> dict[str, Any]:
    """Return when a ticket is probably called, or why that cannot be said."""
    expected = ticket.expected if hasattr(ticket, "expected") else estimating.told(ticket)
    moment = at or (expected and clock.now())
    return {
        "estimate": estimating.shown(ticket.hall, expected, moment) if moment else None,
        "estimate_why": expected.why if expected else "",
    }


def visit_data(tickets: list[Ticket], base_url: str) -> dict[str, Any]:
    """Return a new visit with its tickets; `base_url` is where this request reached the hall."""
    told = [
        ticket_data(ticket, ahead=ticket.ahead, at=ticket.issued_at)  # type: ignore[attr-defined]
        for ticket in tickets
    ]
    return {"visit": visit_key(tickets[0].visit, base_url), "tickets": told}


def visit_key(visit: Visit, base_url: str) -> dict[str, str]:
    address = f"{settings.PUBLIC_URL or base_url}{_followed_at()}{visit.token}"
    return {"token": visit.token, "follow_url": address}


@cache
def _followed_at() -> str:
    """Return where the page of a visit is, up to its token."""
    return reverse("follow", args=["-"]).removesuffix("-")


def queue_data(queue: Queue) -> dict[str, Any]:
    """Return how a queue is served, as the API tells it."""
    return {
        "code": queue.code,
        "agency": queue.agency.code,
        "incident_since": on_the_wall(queue.hall, queue.incident_since),
        "reason": queue.incident_reason,
    }


def counter_data(counter: Counter) -> dict[str, Any]:
    """Return a counter's own state as the API and the desk tell it."""
    return {
        "number": counter.number,
        "status": counter.status,
        "reason": counter.break_reason,
        "until": on_the_wall(counter.hall, counter.break_until),
    }
