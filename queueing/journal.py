"""What is written down of each change? One event, numbered without holes, in the same transaction.

The hall's version is bumped by the last statement before the commit, which also keeps the answer:
whoever reads events up to a version has read every change up to it, and nobody holds the hall
longer (docs/locking.md).
"""

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db import transaction

from agencies.models import Counter, Hall, Queue
from agencies.ready import Often
from queueing import live
from queueing.models import Ticket

CALLS = ("call", "recall")  # a lobby looks up at these

_BUMP = """
    UPDATE agencies_hall
    SET version = version + %(count)s, business_date = GREATEST(business_date, %(date)s)
    WHERE id = %(hall)s RETURNING version"""
_KEEP = "UPDATE queueing_command SET status = %(status)s, answer = %(text)s WHERE id = %(claimed)s"
_KEEP_ALONE = Often.named(_KEEP)
_NUMBER = Often.named(f"""
    WITH hall AS ({_BUMP}), kept AS ({_KEEP})
    INSERT INTO queueing_ticketevent (hall_id, version, at, date, kind, ticket_id, label, queue,
                                      service, counter, actor, detail)
    SELECT %(hall)s, hall.version - %(count)s + line.place, at, date, kind, ticket, label, queue,
           service, counter, actor, detail
    FROM hall, jsonb_to_recordset(%(lines)s) AS line (place int, at timestamptz, date date,
        kind text, ticket bigint, label text, queue text, service text, counter smallint,
        actor text, detail jsonb)
    ORDER BY line.place RETURNING version
""")  # noqa: S608 - no outside text
NO_ANSWER: dict[str, Any] = {"claimed": None, "status": None, "text": None}


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

    def as_line(self) -> dict[str, Any]:
        queue = self.ticket.queue if self.ticket else self.queue
        return {
            "at": self.at,
            "date": self.date,
            "kind": self.kind,
            "ticket": self.ticket.pk if self.ticket else None,
            "label": self.ticket.label if self.ticket else "",
            "queue": queue.code if queue else "",
            "service": ",".join(_service_codes(self.ticket)) if self.ticket else "",
            "counter": self.counter.number if self.counter else None,
            "actor": self.actor,
            "detail": self.detail,
        }


def _service_codes(ticket: Ticket) -> list[str]:
    return [service.code for service in ticket.wanted]


class Page(threading.local):
    """What the press of this thread has written down, and of which hall; None between presses.

    And what it answers, once that is known, to the claimed key.
    """

    hall: Hall
    lines: list[dict[str, Any]] | None = None
    answer: dict[str, Any] = NO_ANSWER


page = Page()


@contextmanager
def one_press() -> Iterator[None]:
    """One press, one transaction: what goes wrong inside undoes all of it.

    A press inside another is part of it. What was written down gets its numbers at the very end.
    """
    if page.lines is not None:
        try:
            yield
        except BaseException:
            transaction.set_rollback(True)
            raise
        return
    with transaction.atomic(savepoint=False):
        page.lines = []
        try:
            yield
            _end()
        finally:
            page.lines, page.answer = None, NO_ANSWER


def _end() -> None:
    if page.lines:
        number(page.hall, page.lines)
    elif page.answer is not NO_ANSWER:
        _KEEP_ALONE.ask(page.answer)


def keep(claimed: int, status: int, text: str) -> None:
    """Let the press keep its answer with the key that it has claimed, when it ends."""
    page.answer = {"claimed": claimed, "status": status, "text": text}


def write_down(hall: Hall, happenings: list[Happening]) -> None:
    """Write down what happened, as it is now; the press gives it numbers when it ends."""
    if page.lines is None:
        raise RuntimeError(write_down)  # outside of any press nobody would number it
    page.hall = hall
    page.lines += [happening.as_line() for happening in happenings]


def number(hall: Hall, lines: list[dict[str, Any]], statement: Often = _NUMBER) -> None:
    """Bump the hall's version by one for each line, write them, and ring after the commit.

    Must be the last statement of a transaction: from here to the commit the whole hall waits.
    """
    placed = [{**line, "place": place} for place, line in enumerate(lines, 1)]
    about = {
        "hall": hall.pk,
        "count": len(lines),
        "date": max(line["date"] for line in lines),
        "lines": orjson.dumps(placed).decode(),
        **page.answer,
    }
    version = max(version for (version,) in statement.ask(about))
    has_called = any(line["kind"] in CALLS for line in lines)
    live.ring_after_commit(hall, version, has_called=has_called)
