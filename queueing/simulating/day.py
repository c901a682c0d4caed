"""How does a day go? Everybody does what was drawn for them, by the real verbs of the hall.

An agenda of moments, each with an act; whoever acts writes down what follows from it. Nothing here
decides who is next or what is allowed: that is what is being played.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db import transaction

from agencies import hours
from agencies.models import Hall, Queue, Service
from queueing import lifecycle
from queueing.lifecycle.at_counter import BETWEEN_CALLS, NO_SHOW_AFTER, NO_SHOW_AFTER_PRIORITY
from queueing.models import Ticket
from queueing.refusals import Busy, Closed, QuotaExhausted, Refusal
from queueing.simulating import methods
from queueing.simulating.agenda import Act, Agenda
from queueing.simulating.arrivals import Errand, Person
from queueing.simulating.assumptions import Assumptions
from queueing.simulating.plan import Desk, Plan, desks

KIOSK, CHIEF = "kiosk:Anjungan 1", "operator:manajer"
TICK, QUIET_TICK = dt.timedelta(seconds=15), dt.timedelta(seconds=45)
NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)
A_LOOK = dt.timedelta(minutes=1)  # until it is seen that a paper is missing
A_STRANGER = 300  # seconds
STILL_HERE = (Ticket.State.WAITING, Ticket.State.ON_HOLD)


class Clock(Protocol):
    def advance(self, moment: dt.datetime) -> dt.datetime: ...


@dataclass
class Holding:
    """A number and what its holder wants at the counter."""

    person: Person
    errands: list[Errand]
    was_held: bool = False


def a_stranger(ticket: Ticket) -> Holding:
    """Return what somebody wants who took a number by hand, while others looked on."""
    errands = [Errand(ticket.queue.code, "", A_STRANGER)]
    return Holding(Person(-ticket.pk, ticket.issued_at, ()), errands)


@dataclass
class Told:
    """What the rows of the hall do not say of a day."""

    person_of: dict[int, int] = field(default_factory=dict)  # by the ticket's id
    seen: dict[int, methods.Seen] = field(default_factory=dict)
    turned_away: int = 0
    taken_over: set[int] = field(default_factory=set)  # counters at which somebody else pressed


class Day:
    """One day of a hall, whose clock is in our hand.

    With `is_sequential` a visitor takes the next number only when the errand before is done. When
    people look on (`is_shown`) they may press, too: the counter at which they do is theirs then.
    """

    def __init__(
        self,
        hall: Hall,
        clock: Clock,
        plan: Plan,
        assumptions: Assumptions,
        *,
        is_sequential: bool = False,
        is_shown: bool = False,
        on_tick: Callable[[Hall], object] | None = None,
    ) -> None:
        self.hall, self.clock, self.plan, self.assumptions = hall, clock, plan, assumptions
        self.is_sequential, self.is_shown, self.on_tick = is_sequential, is_shown, on_tick
        self.date, self.told = plan.closes_at.date(), Told()
        services = Service.objects.filter(hall=hall).select_related("queue__agency", "queue__hall")
        self.services = {service.code: service for service in services}
        self.holding: dict[int, Holding] = {}
        self.numbers: dict[int, dict[int, int]] = defaultdict(dict)  # person: ticket: queue
        self.done: dict[int, int] = defaultdict(int)  # errands of a person, when sequential
        self.back: set[int] = set()  # the absent who came back
        self.idle: dict[Desk, None] = {}  # who has been idle longest is first
        self.down: set[int] = set()
        self.kept_out: dict[int, list[tuple[Person, list[Errand]]]] = defaultdict(list)
        self._agenda = Agenda()
        self._ticked = dt.datetime.min.replace(tzinfo=dt.UTC)
        self._tick_due = NEVER

    # --- The agenda -----------------------------------------------------------------------------

    def play(self) -> Told:
        """Let everybody act until nobody has anything left to do."""
        self._plan_desks()
        for outage in self.plan.outages:
            queues = list(Queue.objects.filter(hall=self.hall, agency__code=outage.agency))
            self._agenda.at(outage.begins_at, self._begin_outage, queues)
            self._agenda.at(outage.ends_at, self._end_outage, queues)
        for person in self.plan.people:
            self._agenda.at(person.arrives_at, self._come, person)
        for moment, _, act, about in self._agenda:
            self.now = self.clock.advance(moment)
            self._do(act, about)
            if self.on_tick and act != self._tick:
                self._tick_by(max(self.now, self._ticked + TICK))
        for desk in list(self.idle):
            self._do_at(desk, self._close, desk)
        return self.told

    def _do(self, act: Act, about: tuple[Any, ...]) -> None:
        if about and isinstance(about[0], Desk):
            self._do_at(about[0], act, *about)
        else:
            act(*about)

    def _do_at(self, desk: Desk, act: Act, *about: Any) -> None:
        """Act; where people look on, a counter at which somebody else has pressed is theirs."""
        if not self.is_shown:
            act(*about)
        elif desk.counter.number not in self.told.taken_over:
            try:
                if lifecycle.open_ticket(desk.counter) != desk.ticket:
                    raise Busy
                act(*about)
            except Refusal:
                self.told.taken_over.add(desk.counter.number)
                self.idle.pop(desk, None)

    def _tick_by(self, moment: dt.datetime) -> None:
        """Have the hall think of its future: 15 seconds after a change, else before it is stale."""
        if moment < self._tick_due:
            self._tick_due = moment
            self._agenda.at(moment, self._tick, moment)

    def _tick(self, due: dt.datetime) -> None:
        if self.on_tick and due == self._tick_due:
            self.on_tick(self.hall)
            self._ticked, self._tick_due = self.now, NEVER
            if self._agenda:
                self._tick_by(self.now + QUIET_TICK)

    # --- People ---------------------------------------------------------------------------------

    def _come(self, person: Person) -> None:
        self._take(person, list(person.errands[:1] if self.is_sequential else person.errands))

    def _take(self, person: Person, errands: list[Errand]) -> None:
        services = [self.services[errand.service] for errand in errands]
        try:
            with transaction.atomic():
                tickets = lifecycle.issue(
                    self.hall, services, actor=KIOSK, channel="kiosk", priority=person.priority
                )
        except (Closed, QuotaExhausted):
            self._be_refused(person, errands)
        else:
            for ticket in tickets:
                own = [each for each in errands if self._queue(each) == ticket.queue_id]
                self._hold_number(ticket, Holding(person, own))
            for ticket in tickets:
                self._wake(ticket.queue_id)

    def _queue(self, errand: Errand) -> int:
        return self.services[errand.service].queue_id

    def _be_refused(self, person: Person, errands: list[Errand]) -> None:
        """Ask for each errand alone; wait for the end of an outage or a break, or go home."""
        if len(errands) > 1:
            for errand in errands:
                self._take(person, [errand])
            return
        service = self.services[errands[0].service]
        standing = hours.standing(self.hall, service, self.now)
        if standing.cause == hours.INCIDENT:
            self.kept_out[service.queue_id].append((person, errands))
        elif standing.state == hours.NOT_YET and standing.cause in {hours.HALL, hours.BREAK}:
            assert standing.opens_at  # noqa: S101 - not yet, but today
            self._agenda.at(standing.opens_at, self._take, person, errands)
        else:
            self.told.turned_away += 1
            if not self.numbers[person.number]:
                self._go_on(person)

    def _hold_number(self, ticket: Ticket, holding: Holding) -> None:
        self.holding[ticket.pk] = holding
        self.numbers[holding.person.number][ticket.pk] = ticket.queue_id
        self.told.person_of[ticket.pk] = holding.person.number
        self.told.seen[ticket.pk] = methods.look(ticket)

    def _let_go(self, ticket: Ticket) -> None:
        """A number is done: whoever has another can be called for it."""
        person = self.holding[ticket.pk].person
        self.numbers[person.number].pop(ticket.pk, None)
        self._wake_for(person, but=ticket)
        if not self.numbers[person.number]:
            self._go_on(person)

    def _wake_for(self, person: Person, but: Ticket) -> None:
        """Let idle counters call somebody for the numbers that wait beside this one."""
        for number, queue in list(self.numbers[person.number].items()):
            if number != but.pk:
                self._wake(queue)

    def _go_on(self, person: Person) -> None:
        """Take the number of the next errand, when they are taken one by one."""
        if self.is_sequential and self._is_here(person):
            self.done[person.number] += 1
            if following := person.errands[self.done[person.number] :][:1]:
                self._take(person, list(following))

    def _is_here(self, person: Person) -> bool:
        return not person.is_absent or person.number in self.back

    def _come_back(self, ticket: Ticket) -> None:
        """Somebody who was absent, or has fetched a paper, wants to be called again."""
        ticket = Ticket.objects.whole().get(pk=ticket.pk)
        person = self.holding[ticket.pk].person
        self.back.add(person.number)
        verb = lifecycle.resume if ticket.state == Ticket.State.ON_HOLD else lifecycle.reinstate
        verb(ticket, actor=CHIEF)
        self.numbers[person.number][ticket.pk] = ticket.queue_id
        self._wake(ticket.queue_id)

    # --- Counters -------------------------------------------------------------------------------

    def _plan_desks(self) -> None:
        for desk in desks(self.hall, self.plan.shifts):
            self._agenda.at(desk.shift.opens_at, self._open, desk)
            if desk.shift.rests_at:
                self._agenda.at(desk.shift.rests_at, self._want_rest, desk)
            self._agenda.at(desk.shift.closes_at, self._want_to_leave, desk)

    def _open(self, desk: Desk) -> None:
        lifecycle.open_counter(desk.counter, actor=desk.by)
        self._next(desk)

    def _want_rest(self, desk: Desk) -> None:
        desk.rest_is_due = True
        if desk in self.idle:
            self._next(desk)

    def _want_to_leave(self, desk: Desk) -> None:
        """Leave when nobody waits any more; who leaves before the hall closes leaves at once."""
        desk.leaves = True
        if desk in self.idle:
            self._next(desk)

    def _wake(self, queue: int) -> None:
        """Let an idle counter call somebody of this queue."""
        if desk := next((desk for desk in self.idle if queue in desk.queues), None):
            self._do_at(desk, self._next, desk)

    def _next(self, desk: Desk) -> None:
        """Whoever is at the counter is done: call the next person, rest, leave or wait."""
        done, desk.ticket = desk.ticket, None
        if self._must_stop(desk):
            called = None
            if done:
                lifecycle.finish(desk.counter, actor=desk.by)
        else:
            called = lifecycle.call_next(
                desk.counter, actor=desk.by, finish_current=done is not None
            )
        if called:
            self.idle.pop(desk, None)
            self._call(desk, called)
        else:
            self._be_free(desk)
        if done:
            self._let_go(done)

    def _must_stop(self, desk: Desk) -> bool:
        return desk.rest_is_due or self._leaves_early(desk) or desk.queues <= self.down

    def _leaves_early(self, desk: Desk) -> bool:
        return desk.leaves and desk.shift.closes_at < self.plan.closes_at

    def _be_free(self, desk: Desk) -> None:
        if desk.rest_is_due:
            desk.rest_is_due = False
            self._rest(desk)
        elif desk.leaves and self._may_leave(desk):
            self._close(desk)
            self.idle.pop(desk, None)
        else:
            self.idle.setdefault(desk)

    def _rest(self, desk: Desk) -> None:
        self.idle.pop(desk, None)
        until = self.now + desk.shift.rest
        lifecycle.break_counter(desk.counter, actor=desk.by, reason="Istirahat", until=until)
        self._agenda.at(until, self._open, desk)

    def _may_leave(self, desk: Desk) -> bool:
        """Whoever holds a number is served, so the last counters of a queue stay for them."""
        waiting = Ticket.objects.filter(queue__in=desk.queues, state__in=STILL_HERE)
        return self._leaves_early(desk) or not waiting.filter(date=self.date).exists()

    def _close(self, desk: Desk) -> None:
        lifecycle.close_counter(desk.counter, actor=desk.by)

    def _call(self, desk: Desk, ticket: Ticket) -> None:
        desk.ticket = ticket
        assert ticket.called_at  # noqa: S101 - it was just called
        holding = self.holding.setdefault(ticket.pk, a_stranger(ticket))
        person = holding.person
        if self._is_here(person):
            if holding.errands[0].is_recalled:
                self._agenda.at(ticket.called_at + self.assumptions.between, self._recall, desk, 0)
            self._agenda.at(ticket.called_at + self.assumptions.between, self._start, desk)
        else:
            patience = NO_SHOW_AFTER_PRIORITY if ticket.priority else NO_SHOW_AFTER
            self._agenda.at(ticket.called_at + BETWEEN_CALLS, self._recall, desk, 1)
            self._agenda.at(ticket.called_at + patience, self._give_up, desk)

    def _recall(self, desk: Desk, more: int) -> None:
        ticket = lifecycle.recall(desk.counter, actor=desk.by)
        if more and ticket.last_call_at:
            following = ticket.last_call_at + BETWEEN_CALLS
            self._agenda.at(following, self._recall, desk, more - 1)

    def _start(self, desk: Desk) -> None:
        ticket = desk.ticket = lifecycle.start(desk.counter, actor=desk.by)
        holding = self.holding[ticket.pk]
        length = dt.timedelta(seconds=sum(errand.seconds for errand in holding.errands))
        if self._lacks_paper(holding):
            length = A_LOOK
        assert ticket.started_at  # noqa: S101 - it just was
        self._agenda.at(ticket.started_at + length, self._serve, desk)

    def _serve(self, desk: Desk) -> None:
        """The work is done: the person leaves, goes on elsewhere, or fetches a paper."""
        assert desk.ticket  # noqa: S101 - who was called sits here
        holding = self.holding[desk.ticket.pk]
        onward = holding.errands[-1].goes_on
        if self._lacks_paper(holding):
            self._set_aside(desk, desk.ticket, holding)
        elif onward and self.now < self.plan.closes_at:
            self._send_on(desk, desk.ticket, onward)
        else:
            self._next(desk)

    def _lacks_paper(self, holding: Holding) -> bool:
        return holding.errands[0].is_held and not holding.was_held

    def _set_aside(self, desk: Desk, ticket: Ticket, holding: Holding) -> None:
        lifecycle.hold(desk.counter, actor=desk.by)
        holding.was_held, desk.ticket = True, None
        self._agenda.at(self.now + self.assumptions.late_return, self._come_back, ticket)
        self._wake_for(holding.person, but=ticket)
        self._next(desk)

    def _send_on(self, desk: Desk, ticket: Ticket, errand: Errand) -> None:
        service = self.services[errand.service]
        try:
            with transaction.atomic():
                way = lifecycle.Way(service=service)
                leg = lifecycle.transfer(ticket, service.queue, actor=desk.by, way=way)
        except (Closed, QuotaExhausted):
            self._next(desk)
            return
        desk.ticket = None
        self._hold_number(leg, Holding(self.holding[ticket.pk].person, [errand]))
        self._let_go(ticket)
        self._next(desk)

    def _give_up(self, desk: Desk) -> None:
        ticket = lifecycle.no_show(desk.counter, actor=desk.by)
        desk.ticket = None
        back_at = self.now + self.assumptions.late_return
        if self.holding[ticket.pk].person.returns and back_at < self.plan.closes_at:
            self._agenda.at(back_at, self._come_back, ticket)
        self._let_go(ticket)
        self._next(desk)

    # --- Outages --------------------------------------------------------------------------------

    def _begin_outage(self, queues: list[Queue]) -> None:
        for queue in queues:
            lifecycle.begin_incident(queue, actor=CHIEF)
            self.down.add(queue.pk)

    def _end_outage(self, queues: list[Queue]) -> None:
        """Whoever was kept out takes a number now, and all idle counters call."""
        for queue in queues:
            lifecycle.clear_incident(queue, actor=CHIEF)
            self.down.discard(queue.pk)
            for person, errands in self.kept_out.pop(queue.pk, []):
                self._take(person, errands)
            for desk in [desk for desk in self.idle if queue.pk in desk.queues]:
                self._do_at(desk, self._next, desk)
