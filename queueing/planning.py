"""In which order does a visit do its errands? Its holder's wish, else whichever is called first.

All errands of a visit wait at once, and each keeps its place while another one is done. So the
shortest way through the hall is to do first what is called first: with release times and kept
places no other order ends earlier (earliest release date first, for the makespan of one machine).
Only where that would miss the end of a service window, and another order would not, the hall
steers (`steered`).
"""

import datetime as dt
from collections.abc import Sequence
from itertools import permutations
from typing import Any, NamedTuple

from queueing.models import Expectation, Ticket

S = Ticket.State
# Errands that are under way come first, then those that wait, then those that are over.
RANK = {S.CALLED: 0, S.SERVING: 0, S.WAITING: 1, S.ON_HOLD: 2, S.NO_SHOW: 2, S.DONE: 3}
OVER = 4
MOST = 5  # errands that are tried in every order
WALK = dt.timedelta(minutes=1)


class Errand(NamedTuple):
    """One number that waits: when it is probably called, for how long, and when a window ends."""

    key: int
    called_at: dt.datetime
    length: dt.timedelta
    closes_at: dt.datetime | None = None


def plan(tickets: Sequence[Ticket]) -> dict[str, Any]:
    """Return in which order the errands of a visit come, as public ids; those that are over last.

    Each ticket knows its `place` in line and what is `expected` of it (visits.tickets_of).
    """
    is_ordered = any(ticket.visit.is_ordered for ticket in tickets)
    is_foretold = all(_call_of(ticket) for ticket in tickets if ticket.is_waiting)

    def comes(ticket: Ticket) -> tuple[Any, ...]:
        turn = ticket.turn if is_ordered and ticket.turn is not None else 0
        call = _call_of(ticket) if is_foretold else None
        nearness = call.timestamp() if call else ticket.place or 0  # type: ignore[attr-defined]
        return RANK.get(S(ticket.state), OVER), turn, nearness, ticket.pk

    order = [str(ticket.public_id) for ticket in sorted(tickets, key=comes)]
    return {"is_ordered": is_ordered, "order": order}


def _call_of(ticket: Ticket) -> dt.datetime | None:
    expected: Expectation | None = ticket.expected  # type: ignore[attr-defined]
    return expected.middle if expected else None


def steered(errands: Sequence[Errand]) -> list[int] | None:
    """Return the order that keeps most windows, when doing first what is called first does not.

    None when that is as good: then nobody needs to be steered.
    """
    if not 1 < len(errands) <= MOST:
        return None
    natural = sorted(errands, key=lambda errand: (errand.called_at, errand.key))
    best = min(permutations(natural), key=_cost)
    if _cost(best)[0] < _cost(natural)[0]:
        return [errand.key for errand in best]
    return None


def _cost(order: Sequence[Errand]) -> tuple[int, dt.datetime]:
    """Return how many windows an order misses, and when the last errand is done."""
    missed, free = 0, order[0].called_at
    for errand in order:
        starts = max(free, errand.called_at)
        missed += errand.closes_at is not None and starts >= errand.closes_at
        free = starts + errand.length + WALK
    return missed, free
