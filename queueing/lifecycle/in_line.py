"""What happens to a ticket away from the counter? Back in line, or gone."""

from django.utils.translation import gettext_lazy as _

from agencies import clock
from queueing import numbering, waiting
from queueing.journal import write_down
from queueing.lifecycle.moves import BACK_IN_LINE, act, guard, make, require_today
from queueing.models import Ticket
from queueing.refusals import IllegalMove

RETURNS = 2


@act
def resume(ticket: Ticket, *, actor: str) -> Ticket:
    """Somebody on hold is back and waits at the old place."""
    moment = clock.now()
    require_today(ticket, moment)
    write_down(ticket.hall, [make("resume", ticket, moment, actor, **BACK_IN_LINE)])
    return ticket


@act
def reinstate(ticket: Ticket, *, actor: str) -> Ticket:
    """Somebody who missed the call is back: waits after the next 3 numbers, at most twice."""
    numbering.lock_days(ticket.hall, [ticket.queue_id])
    moment = clock.now()
    require_today(ticket, moment)
    guard("reinstate", ticket)
    if ticket.returns >= RETURNS:
        raise IllegalMove(_("Nomor ini sudah dua kali kembali. Silakan ambil nomor baru."))
    place = waiting.place_after_return(ticket.queue_id, ticket.date, moment)
    changes = {"effective_time": place, "returns": ticket.returns + 1, **BACK_IN_LINE}
    write_down(ticket.hall, [make("reinstate", ticket, moment, actor, **changes)])
    return ticket


@act
def prioritise(ticket: Ticket, *, actor: str, priority: str) -> Ticket:
    """Give a waiting ticket the faster turn of a group, another group, or none ("").

    The log tells that there is a priority and never which: the group is forgotten after 30 days,
    the log is not. What already is so changes nothing.
    """
    numbering.lock_days(ticket.hall, [ticket.queue_id])
    ticket.refresh_from_db(fields=["state", "calls", "priority", "effective_time", "returns"])
    moment = clock.now()
    require_today(ticket, moment)
    guard("prioritise", ticket)
    if ticket.priority == priority:
        return ticket
    detail = {"priority": bool(priority), "was": bool(ticket.priority)}
    changes = {"priority": priority, "effective_time": waiting.place_with(ticket, priority)}
    write_down(ticket.hall, [make("prioritise", ticket, moment, actor, detail, **changes)])
    return ticket


@act
def cancel(ticket: Ticket, *, actor: str, reason: str = "") -> Ticket:
    moment = clock.now()
    require_today(ticket, moment)
    detail = {"reason": reason} if reason else {}
    write_down(ticket.hall, [make("cancel", ticket, moment, actor, detail, ended_at=moment)])
    return ticket
