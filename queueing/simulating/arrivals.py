"""Who comes, when and for what? Drawn before the day begins, so that no queue changes it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from queueing.simulating import service_times
from queueing.simulating.assumptions import Assumptions
from queueing.simulating.streams import Draws, Lot, pick

HALF_HOUR = 1800
GROUPS = ("elderly", "disability", "pregnant", "nursing", "small_child")


class Offered(NamedTuple):
    """A service that one can come for."""

    code: str
    target_minutes: int


Offer = Mapping[str, Sequence[Offered]]  # by the letter of the agency, in the order of its file


@dataclass(frozen=True)
class Errand:
    """One thing to do at a counter, and how it will go there."""

    agency: str
    service: str
    seconds: int
    is_recalled: bool = False
    is_held: bool = False
    goes_on: "Errand | None" = None  # sent to another agency at the end


@dataclass(frozen=True)
class Person:
    """Somebody who comes in; the absent leave before they are called, and some return late."""

    number: int
    arrives_at: dt.datetime
    errands: tuple[Errand, ...]
    priority: str = ""
    is_absent: bool = False
    returns: bool = False


class Crowd:
    """All people of one day."""

    def __init__(self, assumptions: Assumptions, offer: Offer, lot: Lot) -> None:
        self.assumptions, self.lot = assumptions, lot
        self.offer = {letter: offer[letter] for letter in assumptions.shares if letter in offer}
        self.letters = list(self.offer)
        self.shares = [assumptions.shares[letter] for letter in self.letters]
        self.pace = service_times.pace(assumptions, lot)

    def coming(self, opens_at: dt.datetime, factor: float = 1) -> list[Person]:
        """Return who comes on a day that opens then, in the order of their coming."""
        many = round(self.assumptions.visits * factor)
        first, second = self._errands(many, 0), self._errands(many, 1)
        has_second = self._share(many, "second errands", self.assumptions.second)
        groups = self._draws(many, "groups")
        has_priority = self._share(many, "priority", self.assumptions.priority)
        is_absent = self._share(many, "absence", self.assumptions.absent)
        returns = self._share(many, "late returns", self.assumptions.returning)
        return [
            Person(
                number,
                opens_at + dt.timedelta(seconds=seconds),
                (first[number], second[number]) if has_second[number] else (first[number],),
                GROUPS[int(groups[number] * len(GROUPS))] if has_priority[number] else "",
                bool(is_absent[number]),
                bool(is_absent[number] and returns[number]),
            )
            for number, seconds in enumerate(self._arrivals(many))
        ]

    def _arrivals(self, many: int) -> list[int]:
        """Return the second after opening at which each comes, the first one first."""
        numbers = self.lot.stream("arrivals")
        crowd, place, within = numbers.random((3, many))
        halves = np.array(pick(place, list(self.assumptions.half_hours)))
        later = (halves + within) * HALF_HOUR
        at_door = within * self.assumptions.door.total_seconds()
        seconds = np.where(crowd < self.assumptions.at_the_door, at_door, later)
        return sorted(int(second) for second in seconds)

    def _errands(self, many: int, place: int) -> list[Errand]:
        """Return an errand for each, and where it may lead to."""
        here = self._pick_agencies(many, f"agencies {place}")
        there = self._pick_agencies(many, f"other agencies {place}")
        goes_on = self._share(many, f"transfers {place}", self.assumptions.transferred)
        errands = self._at(here, place)
        further = self._at(there, place + 2)
        return [
            replace(each, goes_on=further[number])
            if goes_on[number] and further[number].agency != each.agency
            else each
            for number, each in enumerate(errands)
        ]

    def _at(self, agencies: list[str], place: int) -> list[Errand]:
        many = len(agencies)
        services = self._draws(many, f"services {place}")
        times = service_times.draws(many, place, self.lot)
        recalled = self._share(many, f"recalls {place}", self.assumptions.recalled)
        held = self._share(many, f"missing papers {place}", self.assumptions.held)
        errands = []
        for number, letter in enumerate(agencies):
            service = self._service(letter, services[number : number + 1])
            time = service_times.seconds(
                service.target_minutes, times[number], self.pace, self.assumptions
            )
            is_recalled, is_held = bool(recalled[number]), bool(held[number])
            errands.append(Errand(letter, service.code, time, is_recalled, is_held))
        return errands

    def _service(self, letter: str, draw: Draws) -> Offered:
        """Return what one comes for: the first of the file most, by one over its rank."""
        services = self.offer[letter]
        return services[pick(draw, service_times.by_rank(len(services)))[0]]

    def _pick_agencies(self, many: int, purpose: str) -> list[str]:
        return [self.letters[place] for place in pick(self._draws(many, purpose), self.shares)]

    def _share(self, many: int, purpose: str, share: float) -> list[bool]:
        return [bool(draw < share) for draw in self._draws(many, purpose)]

    def _draws(self, many: int, purpose: str) -> Draws:
        return self.lot.stream(purpose).random(many)
