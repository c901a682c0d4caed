"""A web process from which one protection at a time can be taken out: the twin that must fail.

The file that SABOTAGE names says which: numbers, quotas, calls, keys, versions, visits, days,
incidents, assignments or patience. Nothing of this is in the product; the same load against this
process proves that the load can find the fault.
"""

import os
import select
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import django
from django.db import connection
from psycopg2.extensions import POLL_OK, POLL_READ

django.setup()

from agencies.models import Counter  # noqa: E402
from agencies.ready import Often  # noqa: E402
from mpp import serve  # noqa: E402
from queueing import commands, journal, numbering, patience, waiting  # noqa: E402
from queueing.lifecycle import at_counter, day, moves, queues, shifts  # noqa: E402
from queueing.models import Command, DayClose, QueueDay, Ticket  # noqa: E402
from queueing.refusals import Closed  # noqa: E402

SWITCH = Path(os.environ["SABOTAGE"])


def draw_without_lock(hall, queue):
    """Read the last number and add one, as most queue systems do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hall_now(), (hall_now() AT TIME ZONE %s)::date", [hall.timezone])
        moment, date = cursor.fetchone()
    day = QueueDay.objects.filter(queue=queue, date=date).first() or QueueDay.objects.create(
        queue=queue, date=date
    )
    number = day.last_number + 1
    QueueDay.objects.filter(pk=day.pk).update(last_number=number)
    return numbering.Draw(number, date, moment, moment)


def draw_from_sequence(hall, queue):
    """Take a number that nobody else gets, and lock nothing that a quota could be counted under."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval('sabotage'), (hall_now() AT TIME ZONE %s)::date, hall_now()",
            [hall.timezone],
        )
        number, date, moment = cursor.fetchone()
    return numbering.Draw(number, date, moment, moment)


def draw_without_holding_the_queue(hall, queue):
    """Draw as ever, but let an incident begin meanwhile."""
    with connection.cursor() as cursor:
        statement = numbering._DRAW.replace("FOR SHARE", "")  # noqa: SLF001 - the same but for that
        about = {"queue": queue.pk, "zone": hall.timezone, "date": hall.business_date}
        cursor.execute(statement, about)
        return numbering.Draw(*cursor.fetchone())


def look_without_lock(look, counter):
    """Look as ever what a counter serves, but lock nothing."""
    statement = numbering._LOCK_COUNTER.replace("FOR UPDATE", "")  # noqa: SLF001
    return look(counter, Often.named(statement))


def read_without_lock(row):
    """Read a queue or counter anew without keeping it from changing."""
    return type(row).objects.select_related("hall", "agency").get(pk=row.pk)


def require_open_without_comparing(counter):
    """Look whether the counter is open, whatever it serves by now."""
    if Counter.objects.select_for_update().get(pk=counter.pk).status != "open":
        raise Closed


def make_without_looking(verb, ticket, moment, actor, detail=None, **changes):
    """Move a ticket without asking whether it is still where it was read."""
    target = moves.MOVES[verb].target or ticket.state
    Ticket.objects.filter(pk=ticket.pk).update(state=target, **changes)
    for name, value in {"state": target, **changes}.items():
        setattr(ticket, name, value)
    return moves.describe(verb, ticket, moment, actor, detail)


def claim_without_constraint(caller, key, mark):
    """Look for the key, then write it down."""
    if Command.objects.filter(caller=caller, key=key).exists():
        return None
    return Command.objects.create(caller=caller, key=key, fingerprint=mark).pk


def close_without_looking(hall, date, defaults):
    return DayClose.objects.create(hall=hall, date=date, **defaults), True


def either(fault: str, broken: Callable[..., Any], whole: Callable[..., Any]) -> Callable[..., Any]:
    """Return what does the broken thing while this fault is on, and the right thing otherwise."""

    def do(*words: Any, **named: Any) -> Any:
        return (broken if SWITCH.read_text() == fault else whole)(*words, **named)

    return do


def number_by_sequence(number, hall, lines):
    """Take the version from a sequence: handed out before the commit, in any order."""
    taken = "SELECT nextval('sabotage') AS version"
    statement = journal._NUMBER.replace(journal._BUMP, taken)  # noqa: SLF001 - the same but for that
    number(hall, lines, Often.named(statement))


def wait_for_ever(asked):
    """Wait as libpq does by itself."""
    while (state := asked.poll()) != POLL_OK:
        ends = [[asked.fileno()], []] if state == POLL_READ else [[], [asked.fileno()]]
        select.select(*ends, [])


def wire() -> None:
    patience.wait = either("patience", wait_for_ever, patience.wait)
    numbering.draw = either("numbers", draw_without_lock, numbering.draw)
    numbering.draw = either("quotas", draw_from_sequence, numbering.draw)
    numbering.lock_days = either("calls", lambda hall, queue_ids: None, numbering.lock_days)
    numbering.lock_counter_days = either(
        "calls",
        partial(look_without_lock, numbering.lock_counter_days),
        numbering.lock_counter_days,
    )
    at_counter.make = either("calls", make_without_looking, at_counter.make)
    commands.claim = either("keys", claim_without_constraint, commands.claim)
    journal.number = either("versions", partial(number_by_sequence, journal.number), journal.number)
    numbering.lock_days_of = either("days", lambda hall, date: None, numbering.lock_days_of)
    day.make = either("days", make_without_looking, day.make)
    DayClose.objects.get_or_create = either(
        "days", close_without_looking, DayClose.objects.get_or_create
    )
    numbering.draw = either("incidents", draw_without_holding_the_queue, numbering.draw)
    queues._locked = either("incidents", read_without_lock, queues._locked)  # noqa: SLF001
    shifts._locked = either("assignments", read_without_lock, shifts._locked)  # noqa: SLF001
    at_counter.require_open = either(
        "assignments", require_open_without_comparing, at_counter.require_open
    )
    waiting.is_free = either("visits", lambda visit_id: True, waiting.is_free)


if __name__ == "__main__":
    wire()
    serve.main()
