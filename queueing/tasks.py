"""What happens by the clock? Nothing that anybody waits for; every job may run twice."""

import datetime as dt
import logging

from celery import shared_task

from agencies import audit, clock, holidays, lockout
from agencies.models import Hall
from mpp import backups, restoring
from queueing import (
    commands,
    counting,
    forecasting,
    forgetting,
    learning,
    lifecycle,
    push,
    steering,
)
from queueing.models import Canary

log = logging.getLogger(__name__)


@shared_task
def canary() -> None:
    """Leave a sign of life; `/health/ready` tells how old it is."""
    Canary.objects.update_or_create(pk=1, defaults={"sang_at": clock.now()})


@shared_task
def renew_forecasts() -> int:
    """Work out anew what people are told about their turn, where something changed."""
    renewed = forecasting.renew_due()
    for scene in renewed:
        steering.steer(scene)
    return len(renewed)


@shared_task
def learn() -> None:
    """Learn from the log how long things take here, and how good the estimates were."""
    for hall in Hall.objects.all():
        learning.learn(hall)


@shared_task
def close_days() -> int:
    """Close every past day that is not closed yet, each hall in its own time zone."""
    return sum(close_past_days(hall) for hall in Hall.objects.all())


def close_past_days(hall: Hall) -> int:
    """Close this hall's past days; one hall's trouble must not keep the others open."""
    closed = 0
    try:
        for date in lifecycle.days_to_close(hall):
            closed += lifecycle.close_day(hall, date) is not None
    except Exception:
        log.exception("the past days of %s could not be closed", hall.slug)
    return closed


@shared_task
def count_days() -> int:
    """Count what came of each closed day, for the reports."""
    return sum(count_closed_days(hall) for hall in Hall.objects.all())


def count_closed_days(hall: Hall) -> int:
    dates = counting.days_to_count(hall)
    for date in dates:
        counting.count_day(hall, date)
    return len(dates)


@shared_task
def enter_holidays() -> int:
    """Enter the days off of this year and the next where nobody has; later years are estimates."""
    return sum(holidays.fill_coming(hall, clock.today(hall)) for hall in Hall.objects.all())


@shared_task
def back_up() -> None:
    """Take the night's backup and see whether it would come back: once after each evening."""
    if backups.is_due(clock.now()):
        backups.take()
        restoring.drill()


@shared_task
def forget_old_commands() -> int:
    """Forget answered presses after a week; the contract promises to keep them for a day."""
    return commands.forget_before(clock.now() - dt.timedelta(days=7))


@shared_task
def forget_addresses() -> int:
    """Forget from where people signed in after 30 days, and failures that count no more."""
    return audit.forget_addresses() + lockout.forget_attempts()


@shared_task
def tell_phones() -> int:
    """Tell the phones whose page is shut; no phone waits for the others."""
    if not push.is_wanted():
        return 0
    from queueing import pushing  # noqa: PLC0415 - 35 MB that a hall without push never needs

    return pushing.tell_phones()


@shared_task
def forget_phones() -> int:
    """Forget where phones can be told, of all visits before today."""
    return sum(forgetting.forget_phones(hall) for hall in Hall.objects.all())


@shared_task
def forget_details() -> int:
    """Forget what was told and printed long ago."""
    return forgetting.forget_details()


@shared_task
def forget_groups() -> int:
    """Forget who of the visits of over 30 days ago was in need of what."""
    return sum(forgetting.forget_groups(hall) for hall in Hall.objects.all())
