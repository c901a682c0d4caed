"""What would have changed? The same people on the same days, played twice.

Whatever differs between the two was caused by what was changed, so that few days tell much.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from queueing.simulating.record import Record

A_SECOND = 1 / 60
RESAMPLES = 2000
LEAST_DAYS = 5


@dataclass(frozen=True)
class Saving:
    """By how many minutes so many people a day wait less, and between which bounds 95 of 100."""

    minutes: float
    people: float
    low: float | None  # None: so few days have no range
    high: float | None


def saving(before: Sequence[Record], after: Sequence[Record]) -> Saving:
    """Compare what each person waited, with all numbers together; of those whose wait changed."""
    days = [_changes(*pair) for pair in zip(before, after, strict=True)]
    return _mean([sum(changes) for changes in days], [len(changes) for changes in days])


def stays(before: Sequence[Record], after: Sequence[Record]) -> Saving:
    """Compare how long those with several errands were in the hall, who got all done both times."""
    days = [
        [earlier.stays[each] - later.stays[each] for each in earlier.stays if each in later.stays]
        for earlier, later in zip(before, after, strict=True)
    ]
    return _mean([sum(saved) for saved in days], [len(saved) for saved in days])


def _changes(before: Record, after: Record) -> list[float]:
    earlier, later = _waits(before), _waits(after)
    saved = (earlier[person] - later[person] for person in earlier if person in later)
    return [minutes for minutes in saved if abs(minutes) >= A_SECOND]


def _waits(record: Record) -> Mapping[int, float]:
    """Return what each person waited, of whom all numbers were called."""
    waits: dict[int, float] = defaultdict(float)
    never = {number.person for number in record.numbers if number.wait is None}
    for number in record.numbers:
        waits[number.person] += number.wait or 0
    return {person: wait for person, wait in waits.items() if person not in never}


def _mean(totals: Sequence[float], people: Sequence[int]) -> Saving:
    """Return the mean over all people; its range by drawing the days again and again."""
    total, many = np.array(totals), np.array(people)
    if not many.sum():
        return Saving(0, 0, None, None)
    low = high = None
    if len(many) >= LEAST_DAYS:
        drawn = np.random.default_rng(0).integers(len(many), size=(RESAMPLES, len(many)))
        means = total[drawn].sum(axis=1) / np.maximum(many[drawn].sum(axis=1), 1)
        low, high = map(float, np.percentile(means, [2.5, 97.5]))
    return Saving(float(total.sum() / many.sum()), float(many.mean()), low, high)
