"""What must the hall forget, and when? Who was in need of what, after 30 days; phones, a day.

That there was a priority, or help, is kept for the counts; which group a person belongs to is not.
The log never knew it.
"""

import datetime as dt

from agencies import clock
from agencies.models import Hall
from queueing.models import HelpCall, PushSubscription, Ticket, Visit

KEPT = dt.timedelta(days=30)


def forget_groups(hall: Hall) -> int:
    """Forget priority group and kind of help of the visits before the last 30 days; how many rows.

    Run again, it finds nothing more to forget.
    """
    first_kept = clock.today(hall) - KEPT
    unsaid = Ticket.Priority.UNSAID
    tickets = Ticket.objects.filter(hall=hall, date__lt=first_kept).exclude(priority="")
    visits = Visit.objects.filter(hall=hall, date__lt=first_kept).exclude(help="")
    calls = HelpCall.objects.filter(hall=hall, asked_at__lt=clock.now() - KEPT)
    other = Visit.Help.OTHER
    return (
        tickets.exclude(priority=unsaid).update(priority=unsaid)
        + visits.exclude(help=other).update(help=other)
        + calls.exclude(kind=other).update(kind=other)
    )


def forget_phones(hall: Hall) -> int:
    """Forget where the phones of visits before today can be told; how many."""
    past = PushSubscription.objects.filter(visit__hall=hall, visit__date__lt=clock.today(hall))
    return past.delete()[0]
