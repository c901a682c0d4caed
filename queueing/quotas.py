"""How many of today's quota are left?

A number counts from the moment it is drawn until midnight, for each service it was taken for. One
that was cancelled or missed does not come back that day: those who were sent home at nought would
not hear of it, and nobody shall keep a place for somebody else by taking and giving up numbers.
Only a wrong choice that was mended (`change_service`) counts where the person went, not where the
kiosk had put them.

The lock is that of the numbers: whoever asks in order to take one has drawn from the queue's day
(numbering.draw) or locked it, and all services of a quota are of one queue (docs/locking.md).
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator

from django.db.models import Count, Exists, OuterRef

from agencies.calendar import Limit, calendar_of
from agencies.models import Hall, Service
from queueing.models import Ticket, TicketEvent

WRONG_SERVICE = "wrong_service"


class Tally:
    """How many numbers of each quota were given on a date; counts on while a press takes more."""

    def __init__(self, hall: Hall, date: dt.date, queue_ids: Iterable[int] | None = None) -> None:
        self.calendar, self.date = calendar_of(hall), date
        self._used: Counter[int] = Counter()
        for service, queue, count in _given(hall, date, queue_ids):
            if limit := self.calendar.limit_of(date, service, queue):
                self._used[limit.id] += count

    def used(self, service: Service) -> int:
        """Return how many of the quota that this service is under were given."""
        limit = self.calendar.limit(self.date, service)
        return self._used[limit.id] if limit else 0

    def left(self) -> Iterator[tuple[Limit, int]]:
        """Yield each quota that counts on the date, with how many are left of it."""
        for limit in self.calendar.limits:
            if limit.counts_on(self.date):
                yield limit, max(0, limit.amount - self._used[limit.id])

    def take(self, service: Service, count: int = 1) -> None:
        if limit := self.calendar.limit(self.date, service):
            self._used[limit.id] += count


def is_limited(hall: Hall, date: dt.date, service: Service) -> bool:
    return calendar_of(hall).limit(date, service) is not None


def tally(hall: Hall, date: dt.date, services: Iterable[Service]) -> Tally:
    """Count what was given of these services' quotas; asks nothing when they have none."""
    calendar = calendar_of(hall)
    return Tally(hall, date, {each.queue_id for each in services if calendar.limit(date, each)})


def _given(
    hall: Hall, date: dt.date, queue_ids: Iterable[int] | None
) -> Iterable[tuple[int, int, int]]:
    """Return service, queue and how many, of the numbers given on a date; of these queues only."""
    if queue_ids is None:
        queue_ids = {limit.queue for limit in calendar_of(hall).limits}
    if not queue_ids:
        return []
    mended = TicketEvent.objects.filter(
        ticket=OuterRef("ticket"), kind="transfer", detail__reason=WRONG_SERVICE
    )
    counted = Ticket.services.through.objects.filter(
        ticket__queue__in=queue_ids, ticket__date=date
    ).exclude(Exists(mended), ticket__state=Ticket.State.TRANSFERRED)
    groups = counted.order_by().values_list("service", "ticket__queue")
    return groups.annotate(count=Count("pk"))
