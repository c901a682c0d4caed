"""How does somebody who waits let others go first? After the next 3 numbers, or away for a while.

Whoever is away is passed by and keeps the place (waiting.callable_line); whoever asks to be called
later takes a place behind the next three. Both lock the queue's day, as every call does: a number
that was put back or is away is never called by a press that looked before.
"""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from agencies import clock
from queueing import numbering, waiting
from queueing.journal import write_down
from queueing.lifecycle.moves import act, guard, make, require_today
from queueing.models import Ticket
from queueing.refusals import IllegalMove, Invalid

POSTPONED_AT_MOST = 2
MINUTES = (5, 10, 15, 20, 30)
AWAY_AT_MOST = 60  # minutes in all
MINUTE = dt.timedelta(minutes=1)


@act
def postpone(ticket: Ticket, *, actor: str) -> Ticket:
    """Let the next 3 numbers go first, at most twice; with fewer behind, all of them."""
    moment = _begin("postpone", ticket)
    if ticket.postponed >= POSTPONED_AT_MOST:
        raise IllegalMove(_("Nomor ini sudah dua kali diundur."))
    last = waiting.last_of_next(ticket)
    if last is None:
        raise IllegalMove(_("Belum ada nomor sesudah nomor Anda."))
    changes = {
        "effective_time": last.effective_time + waiting.TICK,
        "postponed": ticket.postponed + 1,
    }
    happening = make("postpone", ticket, moment, actor, {"after": last.label}, **changes)
    write_down(ticket.hall, [happening])
    return ticket


@act
def step_away(ticket: Ticket, *, actor: str, reason: str, minutes: int) -> Ticket:
    """Be passed by for some minutes, at most 60 in all; asked again while away, it is longer."""
    if minutes not in MINUTES or reason not in Ticket.AwayReason:
        raise Invalid
    moment = _begin("step_away", ticket)
    left = AWAY_AT_MOST - ticket.away_minutes
    if minutes > left:
        raise IllegalMove(_("Anda dapat pergi paling lama %(left)s menit lagi.") % {"left": left})
    until = max(moment, ticket.away_until or moment) + minutes * MINUTE
    changes = {
        "away_until": until,
        "away_reason": reason,
        "away_minutes": ticket.away_minutes + minutes,
    }
    detail = {"reason": str(reason), "minutes": minutes, "until": until.isoformat()}
    write_down(ticket.hall, [make("step_away", ticket, moment, actor, detail, **changes)])
    return ticket


@act
def be_back(ticket: Ticket, *, actor: str) -> Ticket:
    """Be there again before the time; whole minutes that were not needed are given back."""
    moment = _begin("be_back", ticket)
    if not ticket.is_away(moment):
        return ticket
    unused = (ticket.away_until - moment) // MINUTE  # type: ignore[operator]
    changes: dict[str, Any] = {
        "away_until": None,
        "away_minutes": max(0, ticket.away_minutes - unused),
    }
    write_down(ticket.hall, [make("be_back", ticket, moment, actor, **changes)])
    return ticket


def _begin(verb: str, ticket: Ticket) -> dt.datetime:
    """Lock the queue's day, read the ticket anew and make sure that it waits; return now."""
    numbering.lock_days(ticket.hall, [ticket.queue_id])
    ticket.refresh_from_db(
        fields=["state", "calls", "effective_time", "postponed", "away_until", "away_minutes"]
    )
    moment = clock.now()
    require_today(ticket, moment)
    guard(verb, ticket)
    return moment
