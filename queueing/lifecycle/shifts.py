"""Who works where? What a counter serves, and which officer sits at it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from agencies import clock
from agencies.models import Assignment, Counter, Operator, Queue
from queueing import numbering
from queueing.journal import Happening, write_down
from queueing.lifecycle.moves import S, act
from queueing.models import Ticket
from queueing.refusals import Invalid, TryAgain

OVER = (S.DONE, S.TRANSFERRED, S.CANCELLED, S.EXPIRED)


@act
def assign(
    counter: Counter, queues: list[Queue], *, actor: str, weights: Mapping[str, int] | None = None
) -> Counter:
    """Let a counter serve these queues, with these weights; what is so already changes nothing.

    Whoever is at the counter stays there. Whom it was sent for a queue that it serves no longer,
    any other counter calls.
    """
    weights = weights or {}
    if not queues or set(weights) - {queue.code for queue in queues}:
        raise Invalid(_("Sebutkan antrean yang dilayani, dan bobot hanya untuk antrean itu."))
    wanted = {queue.pk: weights.get(queue.code) for queue in queues}
    was = dict(counter.assignments.values_list("queue_id", "weight"))
    numbering.lock_days(counter.hall, list({*was, *wanted}))
    _let_go(counter, was.keys() - wanted.keys())
    fresh = _locked(counter)
    if was == wanted:
        return fresh
    detail = {"was": _by_letter(fresh)}
    _serve(fresh, wanted)
    return _changed("assign", fresh, actor, {**detail, "queues": _by_letter(fresh)})


def _by_letter(counter: Counter) -> dict[str, int | None]:
    return dict(counter.assignments.order_by("queue__code").values_list("queue__code", "weight"))


def _let_go(counter: Counter, queue_ids: set[int]) -> None:
    """Let any counter call who was sent to this one for these queues."""
    expected = Ticket.objects.filter(for_counter=counter, queue_id__in=queue_ids)
    expected.exclude(state__in=OVER).update(for_counter=None)


def _serve(counter: Counter, wanted: Mapping[int, int | None]) -> None:
    counter.assignments.exclude(queue_id__in=wanted).delete()
    Assignment.objects.bulk_create(
        [Assignment(counter=counter, queue_id=queue, weight=wanted[queue]) for queue in wanted],
        update_conflicts=True,
        unique_fields=["counter", "queue"],
        update_fields=["weight"],
    )


@act
def hand_over(counter: Counter, officer: Operator, *, actor: str) -> Counter:
    """Give the counter to another officer; it stays as it is, and so does whoever is there.

    Whoever worked here is bound to no counter until the next assignment.
    """
    fresh = _locked(counter)
    leaving = fresh.operators.exclude(pk=officer.pk)
    names = sorted(leaving.values_list("username", flat=True))
    if not names and fresh.operators.filter(pk=officer.pk).exists():
        return fresh
    leaving.update(counter=None)
    Operator.objects.filter(pk=officer.pk).update(counter=fresh)
    return _changed("hand_over", fresh, actor, {"from": names, "to": officer.username})


def _locked(counter: Counter) -> Counter:
    """Lock the counter, and make sure that it still serves what it did when it was read."""
    counters = Counter.objects.select_for_update(of=("self",)).select_related("hall", "agency")
    fresh = counters.get(pk=counter.pk)
    if fresh.queues_mark != counter.queues_mark:
        raise TryAgain
    return fresh


def _changed(kind: str, counter: Counter, actor: str, detail: dict[str, Any]) -> Counter:
    moment = clock.now()
    date = clock.day_of(counter.hall, moment)
    write_down(counter.hall, [Happening(kind, moment, date, actor, counter=counter, detail=detail)])
    return counter
