"""A web process with one protection taken out: the twin that must fail.

`python -m tests.sabotage` with SABOTAGE=numbers, calls, keys, versions or visits.
Nothing of this is in
the product; the same load against this process proves that the load can find the fault.
"""

import os

import django
from django.db import connection

django.setup()

from mpp import serve  # noqa: E402
from queueing import commands, journal, numbering, waiting  # noqa: E402
from queueing.lifecycle import at_counter, moves  # noqa: E402
from queueing.models import Command, QueueDay, Ticket  # noqa: E402


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
    return numbering.Draw(number, date, moment)


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


def sabotage(what: str) -> None:
    match what:
        case "numbers":
            numbering.draw = draw_without_lock
        case "calls":
            numbering.lock_days = lambda hall, queue_ids: None
            at_counter.make = make_without_looking
        case "keys":
            commands._claim = claim_without_constraint  # noqa: SLF001 - it is the lock
        case "versions":
            journal._BUMP = (  # noqa: SLF001 - it is the lock
                "SELECT nextval('sabotage') + %s - 1 WHERE %s IS NOT NULL AND %s > 0"
            )
        case "visits":
            waiting.is_free = lambda visit_id: True


if __name__ == "__main__":
    sabotage(os.environ["SABOTAGE"])
    serve.main()
