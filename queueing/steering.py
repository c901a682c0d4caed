"""Who has to be steered, so that no service window ends before the errand is done?

Asked after each renewal of the estimates, of visits that nobody has put in order. The log then says
that the hall did, and why; whoever holds the numbers may put them in another order.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from agencies import hours
from queueing import lifecycle, planning
from queueing.models import Ticket
from queueing.planning import Errand
from queueing.refusals import Refusal
from queueing.scene import Scene

BY_THE_HALL = {"actor": "system", "reason": "window"}


def steer(scene: Scene) -> int:
    """Put the errands of those in order who would miss a window; return how many visits."""
    orders = [planning.steered(_errands(scene, mine)) for mine in _with_several_errands(scene)]
    return sum(_put(order) for order in orders if order)


def _put(order: Sequence[int]) -> bool:
    """Put these tickets in order; not if one is called or in an order since the scene was seen."""
    known = Ticket.objects.waiting().filter(visit__is_ordered=False).whole().in_bulk(order)
    if len(known) < len(order):
        return False
    try:
        lifecycle.reorder([known[key] for key in order], **BY_THE_HALL)
    except Refusal:  # in this instant
        return False
    return True


def _with_several_errands(scene: Scene) -> list[list[dict[str, Any]]]:
    """Return the waiting tickets of each visit that has several and is in no order yet."""
    visits: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for ticket in scene.waiting:
        if not ticket["visit__is_ordered"]:
            visits[ticket["visit_id"]].append(ticket)
    return [tickets for tickets in visits.values() if len(tickets) > 1]


def _errands(scene: Scene, tickets: list[dict[str, Any]]) -> list[Errand]:
    """Return a visit's errands as the plan needs them; none while one of them is not foretold."""
    calls = scene.rolled.apart
    if any(ticket["pk"] not in calls for ticket in tickets):
        return []
    return [
        Errand(
            ticket["pk"],
            scene.moment(float(np.median(calls[ticket["pk"]]))),
            dt.timedelta(minutes=scene.law(ticket).mean),
            _ends(scene, ticket),
        )
        for ticket in tickets
    ]


def _ends(scene: Scene, ticket: dict[str, Any]) -> dt.datetime | None:
    """Return when the first window of those services ends that the ticket is about."""
    agency = scene.queues[ticket["queue_id"]].agency_id
    ends = [
        hours.window_ends(scene.hall, agency, service, scene.now)
        for service in ticket["wanted_ids"]
    ]
    return min((end for end in ends if end is not None), default=None)
