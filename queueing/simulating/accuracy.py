"""How good was what people were told, beside what simpler methods would have said?

Judged on the same numbers: those that had somebody ahead, were called, and were told something.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from queueing.simulating.methods import METHODS
from queueing.simulating.record import Number, Record

CLOSE = 10  # minutes


@dataclass(frozen=True)
class Judged:
    """Minutes of error and bias (more was said than waited), and shares of one.

    `kept`: how many were called by the late end; simpler methods have none.
    """

    method: str
    error: float
    bias: float
    within: float
    kept: float | None = None


@dataclass(frozen=True)
class Accuracy:
    many: int
    untold: int  # had somebody ahead and were called, but nobody could say when
    methods: list[Judged]


def judge(records: Iterable[Record]) -> Accuracy:
    """Judge the six methods and, when it gave any, the hall's estimates and its simple method."""
    waited = [
        number
        for record in records
        for number in record.numbers
        if number.wait is not None and number.ahead
    ]
    told = [number for number in waited if number.told_middle is not None]
    judged = told or waited
    rows = [_judged(name, judged, [each.said[name] for each in judged]) for name in METHODS]
    if told:
        middles = [each.told_middle or 0.0 for each in told]
        kept = [(each.wait or 0) <= (each.told_late or 0) for each in told]
        rows.append(_judged("simple", told, [each.told_simple or 0.0 for each in told]))
        rows.append(_judged("hall", told, middles, kept))
    return Accuracy(len(judged), len(waited) - len(told), rows)


def _judged(
    method: str, numbers: Sequence[Number], said: Sequence[float], kept: Sequence[bool] = ()
) -> Judged:
    if not numbers:
        return Judged(method, 0, 0, 0)
    missed = np.array(said) - np.array([number.wait for number in numbers])
    return Judged(
        method,
        float(np.abs(missed).mean()),
        float(missed.mean()),
        float((np.abs(missed) <= CLOSE).mean()),
        float(np.mean(kept)) if kept else None,
    )
