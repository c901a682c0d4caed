"""Who has to be steered, so that no service window ends before the errand is done?

Asked after each renewal of the estimates, of visits that nobody has put in order. The log then says
that the hall did, and why; whoever holds the numbers may put them in another order.
"""

import datetime as dt
from collections import defaultdict

import numpy as np
from django.db.models import Count, Prefetch

from agencies import clock, hours
from agencies.models import Hall, Service
from queueing import lifecycle, planning, times
from queueing.models import Ticket
from queueing.planning import Errand
from queueing.refusals import Refusal
from queueing.rolling import Futures
from queueing.scene import Scene

BY_THE_HALL = {"actor": "system", "reason": "window"}


def steer(scene: Scene) -> int:
    """Put the errands of those in order who would miss a window; return how many visits."""
    visits = _with_several_errands(scene.hall)
    calls = scene.roll_apart() if visits else {}
    steered = 0
    for tickets in visits:
        order = planning.steered(_errands(scene, calls, tickets))
        if order:
            by_key = {ticket.pk: ticket for ticket in tickets}
            steered += _put([by_key[key] for key in order])
    return steered


def _put(order: list[Ticket]) -> bool:
    try:
        lifecycle.reorder(order, **BY_THE_HALL)
    except Refusal:  # called, or put in order, in this instant
        return False
    return True


def _with_several_errands(hall: Hall) -> list[list[Ticket]]:
    """Return the waiting numbers of each visit that has several and is in no order yet."""
    mine = Ticket.objects.waiting().filter(
        hall=hall, date=clock.today(hall), visit__is_ordered=False
    )
    several = mine.values("visit").annotate(count=Count("pk")).filter(count__gt=1).values("visit")
    services = Prefetch("services", Service.objects.select_related("queue", "time"))
    visits: dict[int, list[Ticket]] = defaultdict(list)
    whole = mine.filter(visit__in=several).whole().prefetch_related(None)
    for ticket in whole.prefetch_related(services):
        visits[ticket.visit_id].append(ticket)
    return list(visits.values())


def _errands(scene: Scene, calls: dict[int, Futures], tickets: list[Ticket]) -> list[Errand]:
    """Return a visit's errands as the plan needs them; none while one of them is not foretold."""
    if any(ticket.pk not in calls for ticket in tickets):
        return []
    return [
        Errand(
            ticket.pk,
            scene.moment(float(np.median(calls[ticket.pk]))),
            _length(ticket.wanted),
            _ends(scene.hall, ticket.wanted, scene.now),
        )
        for ticket in tickets
    ]


def _length(services: list[Service]) -> dt.timedelta:
    return dt.timedelta(minutes=times.together(times.of(each) for each in services).mean)


def _ends(hall: Hall, services: list[Service], now: dt.datetime) -> dt.datetime | None:
    ends = [hours.window_ends(hall, service, now) for service in services]
    return min((end for end in ends if end is not None), default=None)
