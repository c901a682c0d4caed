"""What is the hall like at this moment, in the figures that a roll-out needs?"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from agencies import clock
from agencies.models import Counter, Hall, Queue, Service
from agencies.ready import Often, Ready
from queueing import rolling, times, waiting
from queueing.models import OPEN_STATES, Accuracy, Habit, Ticket, TicketEvent
from queueing.rolling import Futures, Person, Rolled, Server
from queueing.times import Law

DAY_SPREAD = 0.1  # of the day's pace (domain section 15)
UNTOLD_REST = 15.0  # minutes, of a counter on a break without an end
LATE_OPENING = 20.0  # so long after its usual time a counter is still expected
A_MOMENT = 2.0  # before whoever should be here is here
LATE_REST = 60.0  # and so long a rest
ABSENT_SHARE, ABSENT_WEIGHT = 0.05, 200
PRIORITY_SHARE, PRIORITY_WEIGHT = 0.10, 40

# How the pace of today compares with what was learned: of how many, and the mean of logarithms.
_PACE = Often.named(f"""
    WITH served AS (
        SELECT w.service_id, extract(epoch FROM t.ended_at - t.called_at) / 60 AS minutes
        FROM queueing_ticket t JOIN queueing_ticket_services w ON w.ticket_id = t.id
        WHERE t.hall_id = %(hall)s AND t.date = %(date)s AND t.state = 'done' AND {times.TEACHES}
        AND (SELECT count(*) FROM queueing_ticket_services x WHERE x.ticket_id = t.id) = 1
    )
    SELECT count(*), coalesce(avg(least(1.5, greatest(-1.5, ln(minutes) - s.log_mean))), 0)
    FROM served JOIN queueing_servicetime s USING (service_id)
""")  # noqa: S608 - no outside text
_CROWD = Often.named("""
    SELECT queue_id,
           count(*) FILTER (WHERE issued_at > %(now)s::timestamptz - interval '60 minutes'),
           count(*) FILTER (WHERE state = 'no_show'),
           count(*) FILTER (WHERE state IN ('no_show', 'done')),
           count(*) FILTER (WHERE priority <> ''), count(*)
    FROM queueing_ticket WHERE hall_id = %(hall)s AND date = %(date)s AND leg_of_id IS NULL
    GROUP BY queue_id
""")
_LAW = ("pk", "queue_id", "target_minutes", "time__count", "time__log_mean", "time__log_sd")
_DESK = ("pk", "status", "serves", "break_until", "number")
_TICKET = (
    *("pk", "queue_id", "visit_id", "state", "effective_time", "counter_id", "called_at"),
    *("turn", "away_until", "for_counter_id", "visit__is_ordered", "wanted_ids"),
)
_queues: Ready[Queue] = Ready(lambda hall: Queue.objects.filter(hall=hall))
_laws: Ready[Any] = Ready(lambda hall: Service.objects.filter(hall=hall).values_list(*_LAW))
_serves = ArrayAgg("queues", filter=Q(queues__isnull=False), default=[])
_desks: Ready[Any] = Ready(
    lambda hall: (
        Counter.objects.filter(hall=hall)
        .annotate(serves=_serves)
        .order_by("number")
        .values_list(*_DESK)
    )
)
_tickets: Ready[Any] = Ready(
    lambda hall, date: (
        Ticket.objects.filter(hall=hall, date=date, state__in=("waiting", *OPEN_STATES))
        .annotate(wanted_ids=ArrayAgg("services", default=[]))
        .order_by("effective_time", "pk")
        .values_list(*_TICKET)
    )
)
_habits: Ready[Habit] = Ready(lambda hall: Habit.objects.filter(counter__hall=hall))
_changes: Ready[Any] = Ready(
    lambda hall, date: TicketEvent.objects.filter(
        hall=hall, date=date, kind__in=("open", "break", "close")
    ).values_list("counter", "kind")
)
_stretches: Ready[Any] = Ready(
    lambda hall: (
        Accuracy.objects.filter(hall=hall)
        .order_by("agency", "-date")
        .distinct("agency")
        .values_list("agency", "stretch")
    )
)


class Desk(NamedTuple):
    """A counter as the roll-out needs it."""

    pk: int
    status: str
    queues: list[int]
    break_until: dt.datetime | None
    number: int

    @property
    def is_there(self) -> bool:
        return self.status != Counter.Status.CLOSED


class Scene:
    """A hall at one moment. Moments are in minutes from now; uncertain ones in every future."""

    def __init__(self, hall: Hall) -> None:
        self.hall, self.now = hall, clock.now()
        self.date = clock.day_of(hall, self.now)
        self.queues = {queue.pk: queue for queue in _queues.ask(hall.pk)}
        self.laws, self.learned, self.queue_laws = self._read_laws()
        self.pace = self._read_pace()
        self.desks = self._read_desks()
        self.open_desks = [desk for desk in self.desks if desk.status == Counter.Status.OPEN]
        tickets = self._read_tickets()
        self.waiting = [each for each in tickets if each["state"] == Ticket.State.WAITING]
        self.at_counter = {
            ticket["counter_id"]: ticket for ticket in tickets if ticket["state"] in OPEN_STATES
        }
        self.waited_for = {queue for desk in self.desks if desk.is_there for queue in desk.queues}
        self.crowd = self._read_crowd()
        self.servers = self._servers()
        self.seed = self.hall.pk * 1_000_000 + self.date.toordinal()
        self.stretches = self._read_stretches()

    @cached_property
    def rolled(self) -> Rolled:
        """When each waiting ticket is called; under minus a queue's id, who would come now.

        The same state of the same day gives the same figures.
        """
        return rolling.roll(self.servers, [*self._people(), *self._nexts()], self.crowd, self.seed)

    def minutes(self, moment: dt.datetime) -> float:
        """Return in how many minutes a moment is."""
        return (moment - self.now) / dt.timedelta(minutes=1)

    def moment(self, minutes: float) -> dt.datetime:
        return self.now + dt.timedelta(minutes=minutes)

    def holds(self, ticket: dict[str, Any]) -> bool:
        """Whether a waiting ticket holds back what its visit wants done after it."""
        is_away = ticket["away_until"] is not None and ticket["away_until"] > self.now
        queue = self.queues[ticket["queue_id"]]
        can_be_called = queue.pk in self.waited_for and not queue.incident_since
        return ticket["visit__is_ordered"] and can_be_called and not is_away

    def law(self, ticket: dict[str, Any]) -> Law:
        """Return how long a ticket takes at the counter."""
        laws = [self.laws[pk] for pk in ticket["wanted_ids"] if pk in self.laws]
        return times.together(laws) if laws else self.queue_laws[ticket["queue_id"]]

    def stretch_of(self, queue: Queue) -> float:
        """Return the stretch in force for a queue: that of its agency, else the hall's."""
        return self.stretches.get(queue.agency_id, self.stretches.get(None, 1.0))

    # --- What is known -------------------------------------------------------------------------

    def _read_laws(self) -> tuple[dict[int, Law], dict[int, int], dict[int, Law]]:
        """Return each service's law, how much each queue has learned, and the law of each queue."""
        laws: dict[int, Law] = {}
        learned: dict[int, int] = defaultdict(int)
        shares: dict[int, dict[Law, float]] = defaultdict(dict)
        for pk, queue, target, count, mean, sd in _laws.ask(self.hall.pk):
            law = times.learned(target, count, mean, sd) if count else times.supposed(target)
            laws[pk] = law
            learned[queue] += count or 0
            shares[queue][law] = shares[queue].get(law, 0) + (count or 0) + 0.1
        return laws, learned, {queue: times.mixed(each) for queue, each in shares.items()}

    def _read_pace(self) -> Futures:
        """Return by what the learned times are to be multiplied today, in each future."""
        ((count, mean),) = _PACE.ask({"hall": self.hall.pk, "date": self.date})
        weight = times.SPREAD**2 / DAY_SPREAD**2
        middle = float(mean) * count / (count + weight)
        spread = times.SPREAD / float(np.sqrt(count + weight))
        return rolling.draws([self.hall.pk, 0], Law(middle, spread))

    def _read_desks(self) -> list[Desk]:
        return [Desk(*row) for row in _desks.ask(self.hall.pk)]

    def _read_tickets(self) -> list[dict[str, Any]]:
        """Return who waits, is called or served, in the order of the line, with their services."""
        rows = _tickets.ask(self.hall.pk, self.date)
        return [dict(zip(_TICKET, row, strict=True)) for row in rows]

    def _read_crowd(self) -> rolling.Crowd:
        rows = _CROWD.ask({"now": self.now, "hall": self.hall.pk, "date": self.date})
        missed, called = sum(row[2] for row in rows), sum(row[3] for row in rows)
        privileged, everybody = sum(row[4] for row in rows), sum(row[5] for row in rows)
        share = (privileged + PRIORITY_SHARE * PRIORITY_WEIGHT) / (everybody + PRIORITY_WEIGHT)
        return rolling.Crowd(
            priority_a_minute={row[0]: row[1] / 60 * share for row in rows},
            credit=waiting.credit(self.hall) / dt.timedelta(minutes=1),
            absent=(missed + ABSENT_SHARE * ABSENT_WEIGHT) / (called + ABSENT_WEIGHT),
            law=self.queue_laws,
        )

    def _read_stretches(self) -> dict[int | None, float]:
        """Return the newest stretch of each agency, and of the hall under None."""
        return dict(_stretches.ask(self.hall.pk))

    # --- The counters --------------------------------------------------------------------------

    def _servers(self) -> list[Server]:
        """Return the counters that call, or will soon."""
        habits = {habit.counter_id: habit for habit in _habits.ask(self.hall.pk)}
        seen = self._read_changes()
        return [
            server
            for desk in self.desks
            if (server := self._server(desk, habits.get(desk.pk) or Habit(), seen[desk.number]))
        ]

    def _read_changes(self) -> dict[int, set[str]]:
        """Return what each counter, by its number, has done today: open, break, close."""
        seen: dict[int, set[str]] = defaultdict(set)
        for number, kind in _changes.ask(self.hall.pk, self.date):
            seen[number or 0].add(kind)
        return seen

    def _server(self, desk: Desk, habit: Habit, seen: set[str]) -> Server | None:
        free = self._free(desk, habit, seen)
        if free is None or not desk.queues:
            return None
        rests = None if "break" in seen else self._until(habit.rests)
        if rests is not None and rests < -LATE_REST:
            rests = None
        queues = (*desk.queues, _own(desk.pk))
        return Server(queues, free, rests, habit.rest_minutes or 0.0)

    def _free(self, desk: Desk, habit: Habit, seen: set[str]) -> Futures | None:
        """Return when a counter is free for the next one; None when it stays shut."""
        if ticket := self.at_counter.get(desk.pk):
            return self._left(ticket) + rolling.GAP
        if desk.status == Counter.Status.OPEN:
            return np.zeros(rolling.SAMPLES)
        if desk.status == Counter.Status.BREAK:
            until = self.minutes(desk.break_until) if desk.break_until else UNTOLD_REST
            return np.full(rolling.SAMPLES, max(until, A_MOMENT))
        opens = self._until(habit.opens)
        if seen or opens is None or not -LATE_OPENING < opens < LATE_OPENING:
            return None
        return np.full(rolling.SAMPLES, max(opens, A_MOMENT))

    def _until(self, wall_minutes: float | None) -> float | None:
        """Return in how many minutes it is so many minutes after midnight on the wall."""
        if wall_minutes is None:
            return None
        here = clock.local(self.hall, self.now)
        return wall_minutes - (here.hour * 60 + here.minute + here.second / 60)

    # --- The line ------------------------------------------------------------------------------

    def _people(self) -> Iterator[Person]:
        """Yield who waits."""
        calling = {desk.pk for desk in self.open_desks}
        loose = {each["visit_id"] for each in self.waiting if not self.holds(each)}
        ends = {ticket["visit_id"]: self._left(ticket) for ticket in self.at_counter.values()}
        for ticket in self.waiting:
            chosen = ticket["for_counter_id"]
            yield Person(
                key=ticket["pk"],
                queue=_own(chosen) if chosen in calling else ticket["queue_id"],
                place=self.minutes(ticket["effective_time"]),
                length=rolling.draws([ticket["pk"]], self.law(ticket)) * self.pace,
                after=self._after(ticket, ends),
                visit=ticket["visit_id"],
                turn=None if ticket["visit_id"] in loose else ticket["turn"],
            )

    def _nexts(self) -> Iterator[Person]:
        """Yield whoever would take a number of each queue now."""
        for queue, law in self.queue_laws.items():
            length = rolling.draws([queue], law) * self.pace
            yield Person(-queue, queue, place=0.0, length=length, is_supposed=True)

    def _left(self, ticket: dict[str, Any]) -> Futures:
        """Return how long somebody who is at a counter still takes there."""
        gone = -self.minutes(ticket["called_at"] or self.now)
        return rolling.left([ticket["pk"]], self.law(ticket), gone) * self.pace

    def _after(self, ticket: dict[str, Any], ends: dict[int, Futures]) -> Futures | None:
        """Return before when somebody is not called: busy elsewhere, or away."""
        end = ends.get(ticket["visit_id"])
        away = self.minutes(ticket["away_until"]) if ticket["away_until"] else 0.0
        back = np.full(rolling.SAMPLES, away) if away > 0 else None
        return rolling.later(back, end)


def _own(counter: int) -> int:
    """Return the key of the line of those who were sent to one counter."""
    return -counter
