"""What must the hall forget, and when? Who was in need of what, after 30 days; phones, a day.

That there was a priority, or help, is kept for the counts; which group a person belongs to is not.
The log never knew it. What was told and printed is of no use to anybody after 60 days; visits,
numbers and the log know nobody, and stay (docs/history.md).
"""

import datetime as dt

from django.conf import settings
from django.db import connection
from django.db.models import Q

from agencies import clock
from agencies.models import Hall
from queueing.models import HelpCall, PushSubscription, Ticket, Visit
from queueing.models.tickets import FORGOTTEN

AT_ONCE = 1000
# The oldest rows come first, so whoever looks for them never reads those that stay.
_FORGET = """
    WITH oldest AS (SELECT id, {at} AS at FROM {table} ORDER BY id LIMIT %s)
    DELETE FROM {table} row USING oldest WHERE row.id = oldest.id AND oldest.at < %s
"""
DETAILS = {"queueing_estimate": "at", "queueing_slipprint": "at", "queueing_printjob": "asked_at"}


def forget_groups(hall: Hall) -> int:
    """Forget priority group and kind of help of the visits before the days kept; how many rows.

    Run again, it finds nothing more to forget.
    """
    kept = dt.timedelta(days=settings.GROUPS_KEEP)
    first_kept = clock.today(hall) - kept
    unsaid = Ticket.Priority.UNSAID
    tickets = Ticket.objects.filter(~Q(priority__in=FORGOTTEN), hall=hall, date__lt=first_kept)
    visits = Visit.objects.filter(~Q(help__in=["", "other"]), hall=hall, date__lt=first_kept)
    calls = HelpCall.objects.filter(hall=hall, asked_at__lt=clock.now() - kept)
    other = Visit.Help.OTHER
    return (
        tickets.update(priority=unsaid)
        + visits.update(help=other)
        + calls.exclude(kind=other).update(kind=other)
    )


def forget_phones(hall: Hall) -> int:
    """Forget where the phones of visits before today can be told; how many."""
    past = PushSubscription.objects.filter(visit__hall=hall, visit__date__lt=clock.today(hall))
    return past.delete()[0]


def forget_details() -> int:
    """Forget what was told and printed before the days kept, a thousand at a time; how many rows.

    Only rows that no press asks for any more are touched, and each thousand by itself.
    """
    before = clock.now() - dt.timedelta(days=settings.DETAILS_KEEP)
    return sum(_forget(table, at, before) for table, at in DETAILS.items())


def _forget(table: str, at: str, before: dt.datetime) -> int:
    forgotten, gone = 0, AT_ONCE
    with connection.cursor() as cursor:
        while gone == AT_ONCE:
            cursor.execute(_FORGET.format(table=table, at=at), [AT_ONCE, before])
            gone = cursor.rowcount
            forgotten += gone
    return forgotten
