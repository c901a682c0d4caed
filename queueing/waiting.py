"""Who is next, and where am I in the line?

The line is never stored: it is the waiting tickets of a queue by `effective_time`, then id.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from agencies.clock import HallNow
from agencies.models import Counter, Hall
from agencies.ready import Ready
from queueing import turns
from queueing.models import OPEN_STATES, Ticket, TicketQuerySet, Visit

PLACES_AFTER_RETURN = 3
TICK = dt.timedelta(microseconds=1)
# How many are called before the ticket `t`.
AHEAD = """
    SELECT count(*) FROM queueing_ticket w
    WHERE w.queue_id = t.queue_id AND w.date = t.date AND w.state = 'waiting'
    AND (w.effective_time, w.id) < (t.effective_time, t.id)
"""
C = Counter.Status
_SIBLINGS = Ticket.objects.filter(visit=OuterRef("visit")).exclude(pk=OuterRef("pk"))
_HAS_SIBLINGS = Exists(_SIBLINGS)


def effective_time(since: dt.datetime, priority: str, hall: Hall) -> dt.datetime:
    """Return the time by which a ticket is ordered (domain section 3).

    Priority counts as having come some minutes earlier, 30 unless the hall says otherwise, so a
    regular ticket can only be overtaken by priority tickets issued at most as long after it:
    nobody starves.
    """
    return since - credit(hall) if priority else since


def credit(hall: Hall) -> dt.timedelta:
    return dt.timedelta(minutes=hall.priority_credit)


def place_with(ticket: Ticket, priority: str) -> dt.datetime:
    """Return the effective time that the ticket has with this priority instead of its own.

    Somebody who came back late has the place of the return, which no group moves.
    """
    if ticket.returns:
        return ticket.effective_time
    earned = ticket.effective_time + (credit(ticket.hall) if ticket.priority else dt.timedelta())
    return effective_time(earned, priority, ticket.hall)


def line(queue_ids: Collection[int], date: dt.date) -> TicketQuerySet:
    """Return the waiting tickets of these queues on that date, next one first."""
    waiting = Ticket.objects.waiting().filter(queue_id__in=queue_ids, date=date)
    return waiting.order_by("effective_time", "id")


def callable_line(
    queue_ids: Collection[int], date: dt.date, counter: Counter | int
) -> TicketQuerySet:
    """Return whom this counter may call, next one first; all others keep their place.

    Not those whose visit is at a counter now or has an errand to do before, those who were sent to
    another open counter, nor those who are away.
    """
    return (
        line(queue_ids, date)
        .exclude(_is_for_another(counter))
        .exclude(away_until__gt=HallNow())
        .exclude(_of_each(_SIBLINGS.filter(state__in=OPEN_STATES)))
        .exclude(_of_each(_before(_SIBLINGS)))
        .annotate(has_siblings=_HAS_SIBLINGS)
    )


def _of_each(siblings: TicketQuerySet) -> Coalesce:
    """Return whether there are any, asked of one ticket after the other until one may be called.

    Of a bare EXISTS PostgreSQL may make a join, and read all who wait that day before the first.
    """
    return Coalesce(Exists(siblings), Value(value=False))


def _before(siblings: TicketQuerySet) -> TicketQuerySet:
    """Return the errands that a visit wants done before the one that is asked about.

    One that nobody will call holds nobody back: its system is down, its counters are shut, or its
    holder is away from it.
    """
    ordered = siblings.waiting().filter(visit__is_ordered=True, turn__lt=OuterRef("turn"))
    called = ordered.filter(has_counters(), queue__incident_since=None)
    return called.exclude(away_until__gt=HallNow())


def has_counters() -> Exists:
    """Whether a counter that calls, or will again after a break, serves the queue of a ticket."""
    return Exists(Counter.objects.filter(queues=OuterRef("queue"), status__in=(C.OPEN, C.BREAK)))


def _is_for_another(counter: Counter | int) -> Q:
    """Whether a ticket was sent to another counter, which is open."""
    return ~Q(for_counter=None) & ~Q(for_counter=counter) & Q(for_counter__status="open")


def reasons(counter: Counter) -> dict[str, Any]:
    """Return the columns that tell why this counter passes a waiting ticket by, for `annotate`.

    `busy_at` is the number of the counter at which the person is now, `is_for_another` whether
    another open counter was chosen for it, `is_away_now` whether its holder has gone for a while.
    """
    siblings = Ticket.objects.open().filter(visit=OuterRef("visit"))
    return {
        "busy_at": Subquery(siblings.values("counter__number")[:1]),
        "is_for_another": Case(When(_is_for_another(counter), then=True), default=False),
        "is_away_now": Case(When(away_until__gt=HallNow(), then=True), default=False),
    }


def next_in_line(
    serves: Mapping[int, int | None], date: dt.date, counter: Counter
) -> Ticket | None:
    """Return the ticket that this counter calls next; of several of a visit, the visit is locked.

    `serves` are its queues with their weights. Two counters of different queues may want the same
    visit at the same instant. Whoever locks the visit second looks again and takes the next one.
    """
    weights, skipped = turns.in_full(serves), list[int]()
    last = turns.last_calls(counter, date, weights) if weights else []
    while True:
        about = sorted(serves), date, counter.pk, skipped
        ticket = _by_turn(_line(*about).whole(), weights, last) if weights else _first.first(*about)
        if ticket is None or not ticket.has_siblings or is_free(ticket.visit_id):  # type: ignore[attr-defined]
            return ticket
        skipped.append(ticket.visit_id)


def _line(
    queue_ids: Collection[int], date: dt.date, counter: int, skipped: Collection[int]
) -> TicketQuerySet:
    return callable_line(queue_ids, date, counter).exclude(visit_id__in=skipped)


def _head(*about: Any) -> TicketQuerySet:
    """Return the first of a line, whole: who it is comes of the tickets alone, then all about it.

    Joined with all about them before, those in line are read and sorted for each call.
    """
    first = _line(*about).values("pk")[:1]
    return Ticket.objects.filter(pk=Subquery(first)).annotate(has_siblings=_HAS_SIBLINGS).whole()


_first: Ready[Ticket] = Ready(_head)


def _by_turn(
    candidates: TicketQuerySet, weights: Mapping[int, int], last: Sequence[int]
) -> Ticket | None:
    first_of_each = candidates.order_by("queue_id", "effective_time", "id").distinct("queue_id")
    heads = list(first_of_each)
    return turns.whose(heads, weights, last) if heads else None


def is_free(visit_id: int, *, except_at: Counter | None = None) -> bool:
    """Lock the visit and return whether none of its tickets is at a counter (but that one)."""
    Visit.objects.select_for_update().get(pk=visit_id)
    elsewhere = Ticket.objects.open().filter(visit_id=visit_id)
    if except_at:
        elsewhere = elsewhere.exclude(counter=except_at)
    return not elsewhere.exists()


def left_alone(counter: Counter, date: dt.date) -> list[str]:
    """Return the counter's queues in which somebody waits while no counter is open for them."""
    open_ones = Counter.objects.filter(status=Counter.Status.OPEN, queues=OuterRef("queue"))
    alone = Ticket.objects.waiting().filter(date=date, queue__counters=counter)
    codes = alone.exclude(Exists(open_ones)).order_by("queue__code")
    return list(codes.values_list("queue__code", flat=True).distinct())


def place_after_return(queue_id: int, date: dt.date, returned_at: dt.datetime) -> dt.datetime:
    """Return the effective time of somebody who comes back late: after the next 3 numbers.

    With fewer than 3 waiting it is after the last of them; with nobody waiting, now.
    The queue's day must be locked.
    """
    ahead = list(
        line([queue_id], date).values_list("effective_time", flat=True)[:PLACES_AFTER_RETURN]
    )
    return ahead[-1] + TICK if ahead else returned_at


def last_of_next(ticket: Ticket) -> Ticket | None:
    """Return the third of those behind this ticket, or of fewer the last; None when nobody is.

    The queue's day must be locked.
    """
    later = Q(effective_time__gt=ticket.effective_time) | Q(
        effective_time=ticket.effective_time, pk__gt=ticket.pk
    )
    behind = line([ticket.queue_id], ticket.date).filter(later).select_related("queue")
    following = list(behind[:PLACES_AFTER_RETURN])
    return following[-1] if following else None


def front_of(queue_id: int, date: dt.date) -> dt.datetime | None:
    """Return the effective time just before the first in line; None when nobody waits.

    The queue's day must be locked.
    """
    first = line([queue_id], date).values_list("effective_time", flat=True).first()
    return first and first - TICK


def ahead_of(ticket: Ticket) -> int | None:
    """Return how many are called before this ticket; None when it is not waiting."""
    if not ticket.is_waiting:
        return None
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ({AHEAD}) FROM queueing_ticket t WHERE id = %s", [ticket.pk])  # noqa: S608 - no outside text
        ahead: int = cursor.fetchone()[0]
    return ahead
