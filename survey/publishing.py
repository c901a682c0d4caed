"""What may be told without telling on somebody? Nothing of groups under ten, nor of remainders.

Ten is where the ministry's table of samples begins: of fewer, everybody would have to be asked.
And among ten, one person moves a mean by 0.3 at most. What could be reckoned from two told figures
counts like a figure: a whole less its parts, a year less its quarters, a quarter less its months.
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar

FLOOR = 10
QUARTER = 3

Key = TypeVar("Key")
Months = Sequence[int]  # how many answered in each month of a period: 1, 3 or 12 of them


def may_be_told(months: Months) -> bool:
    """Whether there are enough, and as many or none beside the parts that are told."""
    return sum(months) >= FLOOR and not 0 < left_over(months) < FLOOR


def left_over(months: Months) -> int:
    """Return how many stand in no smaller part of this period that is told."""
    if len(months) == 1:
        return months[0]
    step = 1 if len(months) == QUARTER else QUARTER
    parts = [months[place : place + step] for place in range(0, len(months), step)]
    return sum(left_over(part) for part in parts if not may_be_told(part))


def told(groups: Mapping[Key, Months]) -> set[Key]:
    """Return the groups of one whole that may be told beside it."""
    counts = {key: sum(months) for key, months in groups.items()}
    shown = {key for key, months in groups.items() if may_be_told(months)}
    rest = sum(count for key, count in counts.items() if key not in shown)
    while shown and 0 < rest < FLOOR:
        smallest = min(shown, key=lambda key: counts[key])
        shown.discard(smallest)
        rest += counts[smallest]
    return shown
