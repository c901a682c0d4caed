"""In which order does a visit do its errands? Its holder's wish, else whichever is called first.

All errands of a visit wait at once, and each keeps its place while another one is done. So the
shortest way through the hall is to do first what is called first: with release times and kept
places no other order ends earlier (earliest release date first, for the makespan of one machine).
Only where that would miss the end of a service window, and another order would not, the hall
steers (`steered`).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import permutations
from typing import Any, NamedTuple

from queueing import estimating
from queueing.models import OPEN_STATES, Ticket, Visit

MOST = 5  # errands that are tried in every order
WALK = dt.timedelta(minutes=1)


class Errand(NamedTuple):
    """One number that waits: when it is probably called, for how long, and when a window ends."""

    key: int
    called_at: dt.datetime
    length: dt.timedelta
    closes_at: dt.datetime | None = None


def plan(visit: Visit, tickets: Iterable[Ticket]) -> dict[str, Any]:
    """Return in which order the errands that are left will be done, as public ids."""
    left = [each for each in tickets if each.is_waiting or each.state in OPEN_STATES]
    order = sorted(left, key=lambda ticket: _comes(visit, ticket))
    return {"is_ordered": visit.is_ordered, "order": [str(each.public_id) for each in order]}


def _comes(visit: Visit, ticket: Ticket) -> tuple[Any, ...]:
    if not ticket.is_waiting:
        return (0,)
    if visit.is_ordered and ticket.turn is not None:
        return 1, ticket.turn
    told = estimating.told(ticket) if ticket.is_waiting else None
    return 2, (told and told.middle) or ticket.effective_time, ticket.pk


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
