"""How long is a service still open, and will it be served today? Asked before a number is taken."""

import datetime as dt
from typing import Any

from django.db.models import Avg, Count

from agencies import clock, hours, notices
from agencies.clock import on_the_wall
from agencies.models import Counter, Hall, Service
from queueing import estimating, waiting
from queueing.quotas import tally


def outlook(hall: Hall, service: Service) -> dict[str, Any]:
    """Return how a service stands, what is ahead of whoever comes now, and how that will end."""
    moment = clock.now()
    date = clock.day_of(hall, moment)
    used = tally(hall, date, [service]).used(service)
    standing = hours.standing(hall, service, moment, used)
    line = waiting.line([service.queue_id], date).order_by()
    ahead = line.aggregate(count=Count("pk", distinct=True), target=Avg("services__target_minutes"))
    open_counters = Counter.objects.filter(queues=service.queue_id, status=Counter.Status.OPEN)
    counters = open_counters.count()
    expected = estimating.forecasts([service.queue_id]).get(service.queue_id)
    late = expected.late if expected and expected.late else None
    if late is None:
        target = float(ahead["target"] or service.target_minutes)
        late = estimating.simply_late(moment, ahead["count"], target, counters)
    served = estimating.served_today(standing.closes_at, late)
    if not standing.is_open:
        nobody_knows = standing.state == hours.NOT_YET or standing.cause == hours.INCIDENT
        served = "unknown" if nobody_knows else "unlikely"
    return {
        "service": service.code,
        "open": standing.is_open,
        "state": standing.state,
        "sentence": notices.sentence(hall, standing, moment),
        "opens_at": on_the_wall(hall, standing.opens_at),
        "last_issue_at": on_the_wall(hall, standing.last_issue_at),
        "closes_at": on_the_wall(hall, standing.closes_at),
        "minutes_left": _minutes(moment, standing),
        "quota_left": standing.quota_left,
        "waiting": ahead["count"],
        "counters_open": counters,
        "served_today": served,
        "estimate": estimating.shown(hall, expected, moment) if standing.is_open else None,
    }


def _minutes(moment: dt.datetime, standing: hours.Standing) -> int | None:
    """Return the whole minutes until the last number of a service that is open."""
    if not standing.is_open or standing.last_issue_at is None:
        return None
    return int((standing.last_issue_at - moment).total_seconds() // 60)
