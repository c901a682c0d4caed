"""What is written down of each change? One event, numbered without holes, in the same transaction.

The hall's version is bumped as the last statement before the commit: whoever reads events up to a
version has read every change up to it (docs/locking.md).
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from agencies.models import Counter, Hall, Queue
from queueing import live
from queueing.models import Ticket, TicketEvent

_BUMP = """
    UPDATE agencies_hall
    SET version = version + %s, business_date = GREATEST(business_date, %s)
    WHERE id = %s RETURNING version
"""


@dataclass(frozen=True)
class Happening:
    """One change that is about to be written down."""

    kind: str
    at: dt.datetime
    date: dt.date
    actor: str
    ticket: Ticket | None = None
    counter: Counter | None = None
    queue: Queue | None = None  # where there is no ticket that says it
    detail: dict[str, Any] = field(default_factory=dict)

    def as_event(self, hall: Hall, version: int) -> TicketEvent:
        queue = self.ticket.queue if self.ticket else self.queue
        return TicketEvent(
            hall=hall,
            version=version,
            at=self.at,
            date=self.date,
            kind=self.kind,
            ticket=self.ticket,
            label=self.ticket.label if self.ticket else "",
            queue=queue.code if queue else "",
            service=",".join(_service_codes(self.ticket)) if self.ticket else "",
            counter=self.counter.number if self.counter else None,
            actor=self.actor,
            detail=self.detail,
        )


def _service_codes(ticket: Ticket) -> list[str]:
    return [service.code for service in ticket.wanted]


def write_down(hall: Hall, happenings: list[Happening]) -> int:
    """Bump the hall's version by one for each happening, write the events, ring after the commit.

    Returns the hall's new version. Must be the last thing a transaction does: from here to the
    commit the whole hall waits.
    """
    version = bump(hall, len(happenings), max(happening.date for happening in happenings))
    first = version - len(happenings) + 1
    TicketEvent.objects.bulk_create(
        happening.as_event(hall, number) for number, happening in enumerate(happenings, first)
    )
    live.ring_after_commit(hall, version)
    return version


def bump(hall: Hall, count: int, date: dt.date) -> int:
    """Raise the hall's version and keep its row locked until the commit; return the version."""
    with connection.cursor() as cursor:
        cursor.execute(_BUMP, [count, date, hall.pk])
        version: int = cursor.fetchone()[0]
    return version
