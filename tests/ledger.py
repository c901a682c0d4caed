"""A day on paper: who waits how long, reckoned from the same people without any of our verbs.

A counter that is free takes who came first in the line of its agency, if it is not resting and the
system is up. Nothing of the product's queue is asked; only the drawn people, shifts and outages.
"""

import datetime as dt
import heapq
import itertools
from collections.abc import Sequence

from queueing.simulating.arrivals import Person
from queueing.simulating.staffing import Outage, Shift


class Ledger:
    def __init__(
        self,
        people: Sequence[Person],
        shifts: Sequence[Shift],
        outages: Sequence[Outage],
        between: dt.timedelta,
        *,
        credit: dt.timedelta = dt.timedelta(minutes=30),
        quotas: dict[str, int] | None = None,
    ) -> None:
        self.between, self.credit = between, credit
        self.left = dict(quotas or {})
        self.lines: dict[str, list] = {shift.agency: [] for shift in shifts}
        self.free: dict[Shift, None] = {}
        self.due: set[Shift] = set()
        self.down: set[str] = set()
        self.late_comers: dict[str, list[Person]] = {shift.agency: [] for shift in shifts}
        self.waits: dict[int, dt.timedelta] = {}
        self.busy: dict[str, dt.timedelta] = dict.fromkeys(self.lines, dt.timedelta())
        self.agenda: list = []
        self.order = itertools.count()
        for shift in shifts:
            self.at(shift.opens_at, self.take_next, shift)
            self.at(shift.rests_at, self.rest, shift)
        for outage in outages:
            self.at(outage.begins_at, self.down.add, outage.agency)
            self.at(outage.ends_at, self.mended, outage.agency)
        for person in people:
            self.at(person.arrives_at, self.come, person)

    def at(self, moment, act, *about) -> None:
        heapq.heappush(self.agenda, (moment, next(self.order), act, about))

    def played(self) -> dict[int, dt.timedelta]:
        while self.agenda:
            self.now, _, act, about = heapq.heappop(self.agenda)
            act(*about)
        return self.waits

    def come(self, person: Person) -> None:
        agency = person.errands[0].agency
        if agency in self.down:
            self.late_comers[agency].append(person)
            return
        if self.left.get(agency, 1) == 0:
            return
        self.left[agency] = self.left.get(agency, 10**6) - 1
        place = self.now - self.credit if person.priority else self.now
        heapq.heappush(self.lines[agency], (place, person.number, self.now, person))
        self.wake(agency)

    def mended(self, agency: str) -> None:
        self.down.discard(agency)
        for person in self.late_comers[agency]:
            self.come(person)
        for _ in self.lines[agency][:]:
            self.wake(agency)

    def wake(self, agency: str) -> None:
        shift = next((shift for shift in self.free if shift.agency == agency), None)
        if shift:
            del self.free[shift]
            self.take_next(shift)

    def rest(self, shift: Shift) -> None:
        self.due.add(shift)
        if shift in self.free:
            del self.free[shift]
            self.take_next(shift)

    def take_next(self, shift: Shift) -> None:
        line = self.lines[shift.agency]
        if shift in self.due:
            self.due.discard(shift)
            self.at(self.now + shift.rest, self.take_next, shift)
        elif not line or shift.agency in self.down:
            self.free[shift] = None
        else:
            _, number, since, person = heapq.heappop(line)
            self.waits[number] = self.now - since
            busy = self.between + dt.timedelta(seconds=person.errands[0].seconds)
            if person.is_absent:
                busy = dt.timedelta(seconds=90)
            self.busy[shift.agency] += busy
            self.at(self.now + busy, self.take_next, shift)
