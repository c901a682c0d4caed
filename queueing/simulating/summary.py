"""How long did people wait, and how busy were the counters? Over one day or many."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from queueing.simulating.record import Number, Record


@dataclass(frozen=True)
class Waits:
    """Minutes until the first call."""

    many: int
    mean: float
    p50: float
    p80: float
    p95: float


@dataclass(frozen=True)
class Agency:
    code: str
    waits: Waits
    busy: float  # of the time that its counters were open


@dataclass(frozen=True)
class Summary:
    days: int
    people: int
    numbers: int
    states: dict[str, int]
    turned_away: int
    waits: Waits
    agencies: list[Agency]
    stay: float | None  # minutes in the hall of those with several errands, all of them done
    stayed: int
    several: int
    overlaps: int
    events: int
    seconds: float


def summary(records: Sequence[Record]) -> Summary:
    numbers = [number for record in records for number in record.numbers]
    stays = [stay for record in records for stay in record.stays.values()]
    return Summary(
        days=len(records),
        people=sum(record.people for record in records),
        numbers=len(numbers),
        states=dict(Counter(number.state for number in numbers).most_common()),
        turned_away=sum(record.turned_away for record in records),
        waits=waits(numbers),
        agencies=_agencies(records, numbers),
        stay=sum(stays) / len(stays) if stays else None,
        stayed=len(stays),
        several=sum(record.several for record in records),
        overlaps=sum(record.overlaps for record in records),
        events=sum(record.events for record in records),
        seconds=sum(record.seconds for record in records),
    )


def waits(numbers: Iterable[Number]) -> Waits:
    found = [number.wait for number in numbers if number.wait is not None]
    if not found:
        return Waits(0, 0, 0, 0, 0)
    return Waits(len(found), float(np.mean(found)), *map(float, np.percentile(found, [50, 80, 95])))


def _agencies(records: Sequence[Record], numbers: Iterable[Number]) -> list[Agency]:
    """Return the agencies, the one with most numbers first."""
    own: dict[str, list[Number]] = defaultdict(list)
    for number in numbers:
        own[number.agency].append(number)
    busiest = sorted(own, key=lambda letter: (-len(own[letter]), letter))
    return [Agency(letter, waits(own[letter]), _busy(records, letter)) for letter in busiest]


def _busy(records: Sequence[Record], letter: str) -> float:
    shares = [record.shares[letter] for record in records if letter in record.shares]
    opened = sum(share.open for share in shares)
    return sum(share.busy for share in shares) / opened if opened else 0.0
