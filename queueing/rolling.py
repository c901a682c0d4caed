"""How will the line move? A queue rolled forward many times, all at once.

Pure figures: every moment is in minutes from now, and every uncertain one is an array of `SAMPLES`
equally likely futures. Counters and queues that have nothing in common are rolled apart.

The method is that of domain section 8: whoever is next takes the counter that is free first, for a
time drawn from what the service takes here; some do not come; priority that has not arrived yet
goes in front of whoever it may overtake; counters rest when they usually do; and nobody is called
while at another counter or away.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from queueing.times import Law

SAMPLES = 200
GAP = 0.5  # between two people
ABSENT = 1.5  # what somebody costs who does not come

Futures = npt.NDArray[np.float64]

# Equally likely values of a standard normal variable.
NORMAL: Futures = np.array(
    [NormalDist().inv_cdf((place + 0.5) / SAMPLES) for place in range(SAMPLES)]
)
_FINE = [(place + 0.5) / 2048 for place in range(2048)]
_FINE_NORMAL = [NormalDist().inv_cdf(share) for share in _FINE]


@dataclass(frozen=True)
class Server:
    """A counter: which queues it serves, when it is free, and when it rests and for how long."""

    queues: Collection[int]
    free: Futures
    rests: float | None = None
    rest_minutes: float = 0.0


@dataclass(frozen=True)
class Person:
    """One who waits: the place in line, how long the errand takes, and not called before `after`.

    `place` is the effective time in minutes from now. Of a visit with several errands those with a
    `turn` are done in that order. Somebody `supposed` is not there: whoever would come last, now.
    """

    key: int
    queue: int
    place: float
    length: Futures
    after: Futures | None = None
    visit: int | None = None
    turn: int | None = None
    is_supposed: bool = False


@dataclass(frozen=True)
class Crowd:
    """What is to be expected of people who are not here yet, and of those who do not come."""

    priority_a_minute: Mapping[int, float] = field(default_factory=dict)  # by queue
    credit: float = 30.0
    absent: float = 0.05
    law: Mapping[int, Law] = field(default_factory=dict)  # of whoever comes to a queue


def draws(seed: Iterable[int], law: Law) -> Futures:
    """Return how long something takes in each future; the same for the same seed."""
    return np.exp(law.log_mean + law.log_sd * _shuffled(seed))


def left(seed: Iterable[int], law: Law, gone: float) -> Futures:
    """Return how long something still takes that has already taken so many minutes."""
    if gone <= 0:
        return draws(seed, law)
    here = NormalDist().cdf((np.log(gone) - law.log_mean) / law.log_sd)
    if here > 0.999:  # noqa: PLR2004 - beyond all experience: as long again, as a rule
        return np.full(SAMPLES, gone) * np.exp(_shuffled(seed) * law.log_sd)
    shares = here + (1 - here) * (np.arange(SAMPLES) + 0.5) / SAMPLES
    normal = np.interp(shares, _FINE, _FINE_NORMAL)
    np.random.default_rng(list(seed)).shuffle(normal)
    return np.maximum(0.0, np.exp(law.log_mean + law.log_sd * normal) - gone)


def _shuffled(seed: Iterable[int]) -> Futures:
    return np.random.default_rng(list(seed)).permutation(NORMAL)


class Rolled(NamedTuple):
    """In how many minutes each one is called, in each future; nobody without a counter.

    `apart` says when each one would be called if each errand was somebody else's.
    """

    calls: dict[int, Futures]
    apart: dict[int, Futures]


def roll(
    servers: Sequence[Server], people: Sequence[Person], crowd: Crowd, seed: int = 0
) -> Rolled:
    """Roll the lines forward.

    Whoever has several errands is not called for one while busy with another: after a first pass
    the later call of the two waits for the earlier one, and the lines are rolled again.
    """
    apart = _roll_apart(servers, people, crowd, seed)
    kept_back = _without_clashes(people, apart)
    again = kept_back is not people
    return Rolled(_roll_apart(servers, kept_back, crowd, seed) if again else apart, apart)


def _roll_apart(
    servers: Sequence[Server], people: Sequence[Person], crowd: Crowd, seed: int
) -> dict[int, Futures]:
    calls: dict[int, Futures] = {}
    for number, queues in enumerate(_joined(servers)):
        own = [server for server in servers if queues.issuperset(server.queues)]
        line = [person for person in people if person.queue in queues]
        calls |= _Pool(own, crowd, seed + number).call(line)
    return calls


def _joined(servers: Sequence[Server]) -> list[set[int]]:
    """Return the queues in groups that share no counter with one another."""
    groups: list[set[int]] = []
    for server in servers:
        touched = [group for group in groups if group & set(server.queues)]
        joined = set(server.queues).union(*touched)
        groups = [group for group in groups if group not in touched] + [joined]
    return groups


def _without_clashes(people: Sequence[Person], calls: Mapping[int, Futures]) -> Sequence[Person]:
    """Return the people with those kept back who have another errand before, by the first pass."""
    visits: dict[int, list[Person]] = {}
    for person in people:
        if person.visit is not None and person.key in calls:
            visits.setdefault(person.visit, []).append(person)
    changed: dict[int, Person] = {}
    for errands in visits.values():
        busy_until: Futures | None = None
        for person in sorted(errands, key=lambda each: _comes(each, calls)):
            own = later(person.after, busy_until)
            if busy_until is not None:
                changed[person.key] = replace(person, after=own)
            start = calls[person.key] if own is None else np.maximum(calls[person.key], own)
            busy_until = start + person.length
    return [changed.get(person.key, person) for person in people] if changed else people


def _comes(person: Person, calls: Mapping[int, Futures]) -> tuple[int, float, int]:
    return person.turn or 0, float(np.median(calls[person.key])), person.key


def later(one: Futures | None, other: Futures | None) -> Futures | None:
    if one is None or other is None:
        return other if one is None else one
    return np.maximum(one, other)


def _ready(person: Person) -> float:
    """Return when somebody can be called at the earliest, as a rule."""
    return 0.0 if person.after is None else float(np.median(person.after))


class _Pool:
    """Counters that share queues, all futures side by side."""

    def __init__(self, servers: Sequence[Server], crowd: Crowd, seed: int) -> None:
        self.servers, self.crowd = servers, crowd
        self.chance = np.random.default_rng(seed)
        self.free = np.stack([server.free for server in servers], axis=1)
        self.rests = np.array([np.inf if s.rests is None else s.rests for s in servers])
        self.rest_minutes = np.array([server.rest_minutes for server in servers])
        self.has_rested = np.zeros_like(self.free, dtype=bool)
        self.rows = np.arange(SAMPLES)
        self.serving = {
            queue: np.array([place for place, s in enumerate(servers) if queue in s.queues])
            for queue in {queue for server in servers for queue in server.queues}
        }
        self._rest(np.ones_like(self.free, dtype=bool))
        self.coming = {queue: self._arrivals(queue) for queue in self.serving}

    def call(self, line: Iterable[Person]) -> dict[int, Futures]:
        """Return when each one is called, in each future."""
        natural: dict[int, Futures] = {}
        pending: list[Person] = []
        people = list(line)
        here = [person for person in people if not person.is_supposed]
        for person in sorted(here, key=lambda each: (each.place, each.key)):
            # Whoever was kept back is called as soon as both are free.
            for kept in [each for each in pending if self._is_due(each, person)]:
                pending.remove(kept)
                natural[kept.key] = self._serve(kept)
            if person.after is not None and not self._is_due(person, person):
                pending.append(person)
                continue
            natural[person.key] = self._serve(person)
        for person in sorted(pending, key=_ready):
            natural[person.key] = self._serve(person)
        for person in people:
            if person.is_supposed:
                natural[person.key] = self._suppose(person)
        return natural

    def _suppose(self, person: Person) -> Futures:
        """Return when somebody would be called who is not there, and leave all as it was."""
        free, has_rested = self.free.copy(), self.has_rested.copy()
        arrivals, called = self.coming[person.queue]
        self.coming[person.queue] = arrivals, called.copy()
        call = self._serve(person)
        self.free, self.has_rested = free, has_rested
        self.coming[person.queue] = arrivals, called
        return call

    def _is_due(self, kept: Person, following: Person) -> bool:
        """Whether somebody kept back is ready, as a rule, when the next one would be called."""
        first_free = self.free[:, self.serving[following.queue]].min(axis=1)
        return _ready(kept) <= float(np.median(first_free))

    def _serve(self, person: Person) -> Futures:
        """Send one to the counter that is free first; priority that overtakes goes before."""
        self._let_priority_pass(person)
        absent = self.chance.random(SAMPLES) < self.crowd.absent
        busy = np.where(absent, ABSENT, person.length)
        return self._occupy(person.queue, busy, person.after)

    def _occupy(
        self,
        queue: int,
        busy: Futures,
        after: Futures | None,
        only: npt.NDArray[np.bool_] | None = None,
    ) -> Futures:
        """Occupy the counter that is free first, in all futures or only some; return since when."""
        places = self.serving[queue]
        open_ones = self.free[:, places]
        chosen = open_ones.argmin(axis=1)
        called = np.maximum(0.0, open_ones[self.rows, chosen])
        if after is not None:
            called = np.maximum(called, after)
        counters = places[chosen]
        until = called + busy + GAP
        if only is not None:
            until = np.where(only, until, self.free[self.rows, counters])
        self.free[self.rows, counters] = until
        moved = np.zeros_like(self.has_rested)
        moved[self.rows, counters] = True
        self._rest(moved)
        return called

    def _rest(self, moved: npt.NDArray[np.bool_]) -> None:
        """Let each counter rest that comes to be free when it usually rests."""
        if not np.isfinite(self.rests).any():
            return
        now = moved & ~self.has_rested & (self.free >= self.rests)
        self.free += np.where(now, self.rest_minutes, 0.0)
        self.has_rested |= now

    # --- Priority that is not here yet ---------------------------------------------------------

    def _arrivals(self, queue: int) -> tuple[Futures, npt.NDArray[np.int_]]:
        """Return when priority will come to a queue in each future, and how many are called."""
        rate = self.crowd.priority_a_minute.get(queue, 0.0)
        if rate <= 0 or queue not in self.crowd.law:
            return np.full((SAMPLES, 1), np.inf), np.zeros(SAMPLES, dtype=int)
        count = max(2, min(12, int(rate * 60) + 2))
        arrivals = self.chance.exponential(1 / rate, (SAMPLES, count)).cumsum(axis=1)
        never = np.full((SAMPLES, 1), np.inf)
        return np.hstack([arrivals, never]), np.zeros(SAMPLES, dtype=int)

    def _let_priority_pass(self, person: Person) -> None:
        arrivals, called = self.coming[person.queue]
        while True:
            following = arrivals[self.rows, called]
            first_free = self.free[:, self.serving[person.queue]].min(axis=1)
            passes = (following - self.crowd.credit < person.place) & (following <= first_free)
            if not passes.any():
                return
            law = self.crowd.law[person.queue]
            busy = np.exp(law.log_mean + law.log_sd * self.chance.standard_normal(SAMPLES))
            self._occupy(person.queue, busy, None, only=passes)
            called += passes
