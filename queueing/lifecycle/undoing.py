"""What was pressed by mistake? For ten seconds it can be undone; the log keeps both presses.

Domain section 11. The same press may have called the next person ("finish & call next"): whoever
was called meanwhile and has not come yet goes back to the very same place in line.
"""

import datetime as dt
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from agencies.models import Counter
from queueing import numbering, waiting
from queueing.journal import Happening, write_down
from queueing.lifecycle.at_counter import open_ticket, require_open
from queueing.lifecycle.moves import S, act, make
from queueing.models import Ticket, TicketEvent
from queueing.refusals import Busy, IllegalMove

UNDO_WITHIN = dt.timedelta(seconds=10)
NOT_CALLED = {"counter": None, "calls": 0, "called_at": None, "last_call_at": None}
UNDONE_BY = {S.DONE: "undo_finish", S.NO_SHOW: "undo_no_show", S.TRANSFERRED: "undo_transfer"}


@act
def undo(counter: Counter, *, actor: str) -> Ticket:
    """Take back the counter's last finish, no-show or transfer: it is as if not pressed.

    Returns the ticket that is at the counter again. Raises IllegalMove after ten seconds, or when
    the number of the transfer was already called; Busy when somebody is served here or the person
    is at another counter.
    """
    moment = numbering.lock_counter_days(counter).at
    ended = undoable(counter, moment)
    if ended is None:
        raise IllegalMove(_("Tidak ada yang dapat diurungkan; batasnya 10 detik."))
    if not waiting.is_free(ended.visit_id, except_at=counter):
        raise Busy(_("Orang ini sedang dilayani di loket lain."))
    happenings = _send_back(counter, moment, actor)
    happenings += _withdraw_leg(ended, moment, actor)
    require_open(counter)
    happenings.append(make(UNDONE_BY[S(ended.state)], ended, moment, actor, ended_at=None))
    write_down(counter.hall, happenings)
    return ended


def undoable(counter: Counter, moment: dt.datetime) -> Ticket | None:
    """Return the ticket that this counter ended last, if that was less than ten seconds ago.

    Somebody who was sent on without having been served is not at the counter to come back to.
    """
    lately = (moment - dt.timedelta(days=1)).date()  # the index finds the rest by its moment
    ended = Ticket.objects.whole().filter(counter=counter, date__gte=lately, state__in=UNDONE_BY)
    recent = ended.filter(ended_at__gt=moment - UNDO_WITHIN, ended_at__lte=moment)
    ticket = recent.order_by("-ended_at", "-last_call_at", "-pk").first()
    was_there = ticket and (ticket.state != S.TRANSFERRED or ticket.started_at)
    return ticket if was_there else None


def _send_back(counter: Counter, moment: dt.datetime, actor: str) -> list[Happening]:
    """Put whoever was called meanwhile back in line; whoever is served, or called again, stays."""
    current = open_ticket(counter)
    if current is None:
        return []
    if current.state != S.CALLED or current.calls > 1:
        raise Busy
    calls = TicketEvent.objects.filter(ticket=current, kind="call").order_by("-version")
    detail = {"call": calls.values_list("version", flat=True)[0]}
    back = make("undo_call", current, moment, actor, detail, **NOT_CALLED)
    return [replace(back, counter=counter)]


def _withdraw_leg(ended: Ticket, moment: dt.datetime, actor: str) -> list[Happening]:
    """Cancel the number that the press made elsewhere; its place in the series stays used."""
    legs = Ticket.objects.whole().filter(leg_of=ended).exclude(state=S.CANCELLED)
    leg = legs.order_by("-pk").first()
    if leg is None:
        return []
    return [make("cancel", leg, moment, actor, {"reason": "undo"}, ended_at=moment)]
