"""The table of moves, and the only hand that writes a ticket's state."""

import datetime as dt
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from agencies import clock
from agencies.ready import Often
from queueing.journal import CALLS, Happening, one_press
from queueing.models import Ticket
from queueing.quotas import WRONG_SERVICE
from queueing.refusals import IllegalMove

S = Ticket.State
_COLUMNS = {field.name: field.column for field in Ticket._meta.concrete_fields}  # noqa: SLF001 - documented


class Move(NamedTuple):
    sources: tuple[str, ...]
    target: str | None  # None: the state stays


MOVES: dict[str, Move] = {
    "call": Move((S.WAITING,), S.CALLED),
    "recall": Move((S.CALLED,), S.CALLED),
    "start": Move((S.CALLED,), S.SERVING),
    "finish": Move((S.SERVING,), S.DONE),
    "no_show": Move((S.CALLED,), S.NO_SHOW),
    "reinstate": Move((S.NO_SHOW,), S.WAITING),
    "hold": Move((S.SERVING,), S.ON_HOLD),
    "resume": Move((S.ON_HOLD,), S.WAITING),
    "transfer": Move((S.SERVING,), S.TRANSFERRED),
    "prioritise": Move((S.WAITING,), None),
    "reorder": Move((S.WAITING,), None),
    "postpone": Move((S.WAITING,), None),
    "step_away": Move((S.WAITING,), None),
    "be_back": Move((S.WAITING,), None),
    "change_service": Move((S.WAITING, S.CALLED, S.SERVING), None),
    "reroute": Move((S.WAITING, S.CALLED, S.SERVING), S.TRANSFERRED),
    "add_service": Move((S.CALLED, S.SERVING), None),
    "pass_on": Move((S.CALLED, S.SERVING), S.WAITING),
    "cancel": Move((S.WAITING, S.CALLED), S.CANCELLED),
    "expire": Move((S.WAITING, S.ON_HOLD), S.EXPIRED),
    "reopen": Move((S.DONE, S.NO_SHOW, S.ON_HOLD), S.WAITING),
    "undo_call": Move((S.CALLED,), S.WAITING),
    "undo_finish": Move((S.DONE,), S.SERVING),
    "undo_no_show": Move((S.NO_SHOW,), S.CALLED),
    "undo_transfer": Move((S.TRANSFERRED,), S.SERVING),
}
"""Verb, from, to (domain section 2). `issue` is the one verb that begins from nothing: waiting."""

BACK_IN_LINE: dict[str, Any] = {
    "counter": None,
    "calls": 0,
    "ended_at": None,
    "away_until": None,
}

act = one_press()


def guard(verb: str, ticket: Ticket) -> None:
    if ticket.state not in MOVES[verb].sources:
        state = S(ticket.state).label
        raise IllegalMove(
            _("Nomor %(label)s sedang berstatus %(state)s.")
            % {"label": ticket.label, "state": state}
        )


def require_today(ticket: Ticket, moment: dt.datetime) -> None:
    if ticket.date != clock.day_of(ticket.hall, moment):
        raise IllegalMove(_("Nomor %(label)s bukan nomor hari ini.") % {"label": ticket.label})


def make(
    verb: str,
    ticket: Ticket,
    moment: dt.datetime,
    actor: str,
    detail: dict[str, Any] | None = None,
    **changes: Any,
) -> Happening:
    """Make one move of the table: state and changes in one guarded UPDATE.

    The UPDATE asks for the state that was read; if another press was quicker, no row answers and
    the whole transaction is refused.
    """
    guard(verb, ticket)
    target = MOVES[verb].target or ticket.state
    if not _written(ticket, state=target, **changes):
        raise IllegalMove(_("Nomor %(label)s baru saja berubah.") % {"label": ticket.label})
    for name, value in {"state": target, **changes}.items():
        setattr(ticket, name, value)
    return describe(verb, ticket, moment, actor, detail)


def _written(ticket: Ticket, **changes: Any) -> bool:
    """Change the ticket's row if it still is as it was read; return whether it was."""
    values = {name: each.pk if isinstance(each, Model) else each for name, each in changes.items()}
    read = {"pk": ticket.pk, "read_state": ticket.state, "read_calls": ticket.calls}
    return bool(_guarded_update(*changes).ask(values | read))


@cache
def _guarded_update(*names: str) -> Often:
    columns = ", ".join(f"{_COLUMNS[name]} = %({name})s" for name in names)
    return Often.named(
        f"UPDATE queueing_ticket SET {columns}"  # noqa: S608 - names of columns
        " WHERE id = %(pk)s AND state = %(read_state)s AND calls = %(read_calls)s RETURNING id"
    )


def describe(
    verb: str,
    ticket: Ticket,
    moment: dt.datetime,
    actor: str,
    detail: dict[str, Any] | None = None,
) -> Happening:
    """Describe a move for the log.

    A call says the how manieth it was; a reroute reads as a transfer with its reason.
    """
    detail = detail or {}
    if verb in CALLS:
        detail = {**detail, "calls": ticket.calls}
    if verb == "reroute":
        verb, detail = "transfer", {**detail, "reason": WRONG_SERVICE}
    return Happening(
        verb, moment, ticket.date, actor, ticket=ticket, counter=ticket.counter, detail=detail
    )
