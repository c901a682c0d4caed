"""A day that is over is counted once from the log, and the count is that of the raw rows."""

from collections import Counter

import pytest
from django.db.models import Sum

from agencies.clock import local
from queueing import counting, forgetting, lifecycle, soundness, tasks
from queueing.models import HalfHour, Ticket, TicketEvent, Visit

OFFICER = {"actor": "operator:officer"}
MOVES = {
    "called": "call",
    "no_shows": "no_show",
    "finished": "finish",
    "transferred": "transfer",
    "cancelled": "cancel",
    "expired": "expire",
}


@pytest.fixture
def day(cast, clock):
    """A day in which something of everything happened, some of it undone; the hall and its date."""
    cast.visit("A01", "B01", priority="elderly")
    tickets = [cast.visit("A01", "A02"), *(cast.visit("A01") for _ in range(6))]
    clock.forward(minutes=7)
    cast.serve(1)
    clock.forward(minutes=31)
    finish_and_regret(cast)
    cast.call(1)
    clock.forward(minutes=5)
    lifecycle.no_show(cast.counter(1), said_so=True, **OFFICER)
    sent = cast.serve(2)
    clock.forward(minutes=12)
    lifecycle.transfer(sent, cast.queue("B"), **OFFICER)
    lifecycle.cancel(cast.ticket("B02"), actor="visitor")
    cast.call(3)
    clock.forward(hours=20)
    tasks.close_days()
    return cast.hall, tickets[0][0].date


def finish_and_regret(cast):
    """Finish and call the next one, undo both, and finish after all."""
    lifecycle.finish(cast.counter(1), **OFFICER)
    cast.call(1)
    lifecycle.undo(cast.counter(1), **OFFICER)
    lifecycle.finish(cast.counter(1), **OFFICER)


def log(day):
    hall, date = day
    return TicketEvent.objects.filter(hall=hall, date=date, ticket__isnull=False).order_by(
        "version"
    )


def kept(day):
    """The moves of the day, read one by one: an undoing strikes out the last move of its kind."""
    moves = []
    for event in log(day):
        undone = event.kind.removeprefix("undo_")
        if undone == event.kind:
            moves.append(event)
        else:
            same = [
                each for each in moves if (each.ticket_id, each.kind) == (event.ticket_id, undone)
            ]
            moves.remove(same[-1])
    return moves


def test_what_is_counted_is_what_the_log_says(day):
    assert tasks.count_days() == 1
    by_kind = Counter(event.kind for event in kept(day))
    told = HalfHour.objects.aggregate(**{name: Sum(name) for name in MOVES})
    assert told == {name: by_kind[kind] for name, kind in MOVES.items()}


def test_each_half_hour_queue_service_and_counter_has_its_own(day):
    hall, _ = day
    counting.count_day(*day)
    places = Counter()
    for event in kept(day):
        at = local(hall, event.at)
        slot = at.hour * 2 + at.minute // 30 if at.date() == event.date else 47
        if event.kind in counting.COUNTED:
            places[slot, event.queue, event.service, event.counter] += event.kind == "finish"
    rows = HalfHour.objects.values_list("slot", "queue", "service", "counter", "finished")
    assert {tuple(place): finished for *place, finished in rows} == dict(places)


def test_people_are_counted_once_and_numbers_each(day):
    counting.count_day(*day)
    told = HalfHour.objects.aggregate(*map(Sum, ("visits", "issued", "priority", "legs")))
    given = Ticket.objects.filter(leg_of=None)
    assert list(told.values()) == [
        Visit.objects.count(),
        given.count(),
        given.exclude(priority="").count(),
        Ticket.objects.exclude(leg_of=None).count(),
    ]


def test_waits_and_services_are_those_of_the_people(day):
    counting.count_day(*day)
    waits = [wait for row in HalfHour.objects.all() for wait in row.waits]
    served = [took for row in HalfHour.objects.all() for took in row.served]
    first = {}
    for event in kept(day):
        first.setdefault((event.ticket_id, event.kind), event.at)
    assert sorted(waits) == sorted(
        (at - first[ticket, "issue"]).total_seconds()
        for (ticket, kind), at in first.items()
        if kind == "call"
    )
    assert served == [31 * 60]


def test_counting_again_changes_nothing(day):
    counting.count_day(*day)
    before = list(HalfHour.objects.order_by("slot", "queue", "service", "counter").values())
    counting.count_day(*day)
    after = HalfHour.objects.order_by("slot", "queue", "service", "counter").values()
    assert [{**row, "id": 0} for row in after] == [{**row, "id": 0} for row in before]
    assert tasks.count_days() == 0


def test_a_day_that_still_lasts_is_not_counted(cast):
    cast.ticket()
    assert tasks.count_days() == 0
    assert not HalfHour.objects.exists()


def test_halls_and_days_are_counted_each_for_itself(day, next_door, clock):
    next_door.ticket()
    clock.forward(days=1)
    tasks.close_days()
    assert tasks.count_days() == 2
    issued = HalfHour.objects.filter(hall=next_door.hall).aggregate(Sum("issued"))
    assert issued == {"issued__sum": 1}


def test_whoever_forgets_leaves_the_log_and_the_counts_alone(day, clock):
    tasks.count_days()
    before = list(HalfHour.objects.order_by("pk").values())
    clock.forward(days=400)
    tasks.forget_groups(), forgetting.forget_details()
    assert soundness.faults() == []
    assert list(HalfHour.objects.order_by("pk").values()) == before
