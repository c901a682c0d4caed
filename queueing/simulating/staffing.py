"""When is each counter there, and when is an agency's system down?"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from queueing.breaks import staggered
from queueing.simulating.assumptions import Assumptions
from queueing.simulating.streams import Lot

CHANGE = re.compile(r"([A-Z]{1,2})([+-])(\d{1,2})(?:@([01]\d|2[0-3])\.([0-5]\d))?$")


class NoSuchAgencyError(Exception):
    """A change at an agency that the hall has not."""


@dataclass(frozen=True)
class Shift:
    """One counter of an agency from opening to closing, with its rest."""

    agency: str
    place: int  # among the counters of its agency, from 1
    opens_at: dt.datetime
    closes_at: dt.datetime
    rests_at: dt.datetime | None = None
    rest: dt.timedelta = dt.timedelta()


@dataclass(frozen=True)
class Outage:
    agency: str
    begins_at: dt.datetime
    ends_at: dt.datetime


@dataclass(frozen=True)
class Change:
    """What if an agency had so many counters more, or fewer, from this time on?"""

    agency: str
    counters: int
    since: dt.time | None = None


@dataclass(frozen=True)
class Hours:
    """When a day opens and closes, and the break in which the whole hall rests."""

    opens_at: dt.datetime
    closes_at: dt.datetime
    rests_at: dt.datetime | None = None
    rest: dt.timedelta = dt.timedelta()

    def at(self, time: dt.time) -> dt.datetime:
        return dt.datetime.combine(self.opens_at.date(), time, self.opens_at.tzinfo)


def read_changes(words: str) -> list[Change]:
    """Read "F+1@10.00, A-1"; raises ValueError."""
    changes = []
    for word in filter(None, (word.strip() for word in words.split(","))):
        found = CHANGE.match(word)
        if not found:
            raise ValueError(word)
        letter, sign, count, hour, minute = found.groups()
        since = dt.time(int(hour), int(minute)) if hour else None
        changes.append(Change(letter, int(sign + count), since))
    return changes


def shifts(
    assumptions: Assumptions,
    counters: Mapping[str, int],
    hours: Hours,
    lot: Lot,
    changes: Sequence[Change] = (),
) -> list[Shift]:
    """Return the shift of every counter, agency by agency; each is late by a chance of its own."""
    if unknown := {change.agency for change in changes} - counters.keys():
        message = f"There is no agency {min(unknown)} in this hall."
        raise NoSuchAgencyError(message)
    planned = []
    for agency, count in counters.items():
        own = [Shift(agency, place + 1, hours.opens_at, hours.closes_at) for place in range(count)]
        for change in changes:
            own = _changed(own, change, hours) if change.agency == agency else own
        planned += _resting(own, assumptions, hours)
    return [_late(shift, assumptions, lot) for shift in planned]


def _changed(own: list[Shift], change: Change, hours: Hours) -> list[Shift]:
    since = hours.at(change.since) if change.since else hours.opens_at
    if change.counters < 0:
        kept, gone = own[: change.counters], own[change.counters :]
        leaving = [replace(shift, closes_at=since) for shift in gone]
        return kept + [shift for shift in leaving if shift.opens_at < shift.closes_at]
    places = range(len(own) + 1, len(own) + change.counters + 1)
    return own + [Shift(change.agency, place, since, hours.closes_at) for place in places]


def _resting(own: list[Shift], assumptions: Assumptions, hours: Hours) -> list[Shift]:
    """Let the counters of an agency rest in turn, a lone one at noon; all in a common break."""
    if hours.rests_at:
        return [replace(shift, rests_at=hours.rests_at, rest=hours.rest) for shift in own]
    begins, ends = hours.at(assumptions.rests_from), hours.at(assumptions.rests_until)
    serves = {shift.place: shift.agency for shift in own}
    turns = {rest.counter: rest for rest in staggered(serves, begins, ends, assumptions.rest)}
    lone = hours.at(assumptions.lone_rests_from)
    return [
        replace(shift, rests_at=turn, rest=assumptions.rest)
        if (turn := turns[shift.place].begins)
        else replace(shift, rests_at=lone, rest=assumptions.lone_rest)
        for shift in own
    ]


def _late(shift: Shift, assumptions: Assumptions, lot: Lot) -> Shift:
    chance = lot.stream("opening", of=f"{shift.agency} {shift.place}")
    late = max(0, chance.normal(*assumptions.opens_late))
    return replace(shift, opens_at=shift.opens_at + dt.timedelta(seconds=round(60 * late)))


def outages(
    assumptions: Assumptions, agencies: Iterable[str], hours: Hours, lot: Lot
) -> list[Outage]:
    first, last = (hours.at(time) for time in assumptions.outage_hours)
    found = []
    for agency in agencies:
        chance, begins, length = lot.stream("outages", of=agency).random(3)
        low, high = assumptions.outage
        if chance < assumptions.outages:
            begins_at = first + dt.timedelta(seconds=round(begins * (last - first).total_seconds()))
            ends_at = begins_at + dt.timedelta(seconds=round(60 * (low + length * (high - low))))
            found.append(Outage(agency, begins_at, ends_at))
    return found
