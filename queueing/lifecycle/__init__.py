"""What may happen to a ticket? One table of moves, one writer of state, and these verbs.

Every verb is one transaction: lock, look, move, write one event a move, bump the hall's version
last. The order of locks is always: queue, queue days by id, visit, ticket, counter, hall
(docs/locking.md).
"""

from queueing.lifecycle.aside import be_back, postpone, step_away
from queueing.lifecycle.at_counter import (
    call,
    call_back,
    call_next,
    current_ticket,
    finish,
    hold,
    no_show,
    open_ticket,
    recall,
    start,
    walk_in,
)
from queueing.lifecycle.counters import break_counter, close_counter, open_counter
from queueing.lifecycle.day import close_day, days_to_close
from queueing.lifecycle.errands import reorder
from queueing.lifecycle.in_line import cancel, prioritise, reinstate, resume
from queueing.lifecycle.issuing import issue
from queueing.lifecycle.moves import MOVES, Move
from queueing.lifecycle.onward import Way, add_service, change_service, transfer
from queueing.lifecycle.queues import begin_incident, clear_incident
from queueing.lifecycle.shifts import assign, hand_over
from queueing.lifecycle.undoing import undo, undoable

__all__ = [
    "MOVES",
    "Move",
    "Way",
    "add_service",
    "assign",
    "be_back",
    "begin_incident",
    "break_counter",
    "call",
    "call_back",
    "call_next",
    "cancel",
    "change_service",
    "clear_incident",
    "close_counter",
    "close_day",
    "current_ticket",
    "days_to_close",
    "finish",
    "hand_over",
    "hold",
    "issue",
    "no_show",
    "open_counter",
    "open_ticket",
    "postpone",
    "prioritise",
    "recall",
    "reinstate",
    "reorder",
    "resume",
    "start",
    "step_away",
    "transfer",
    "undo",
    "undoable",
    "walk_in",
]
