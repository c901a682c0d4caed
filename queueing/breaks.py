"""When may each counter rest, so that no queue is ever left alone?"""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import NamedTuple


class Rest(NamedTuple):
    """When a counter may rest; without a beginning there is no such time."""

    counter: int
    begins: dt.datetime | None
    ends: dt.datetime | None


def staggered(
    serves: Mapping[int, Collection[str]],
    begins: dt.datetime,
    ends: dt.datetime,
    length: dt.timedelta,
) -> list[Rest]:
    """Propose when each counter rests for so long between two times, one group after another.

    Of the counters of every queue at least one stays. So a queue's only counter has no time to
    rest: somebody has to stand in first.
    """
    turns: list[set[int]] = [set() for _ in range((ends - begins) // length)]
    for counter in sorted(serves, key=lambda each: (-_bonds(serves, each), each)):
        free = [turn for turn in turns if not _leaves_alone(serves, {counter, *turn})]
        if free:
            min(free, key=len).add(counter)
    return [_rest(counter, turns, begins, length) for counter in sorted(serves)]


def _bonds(serves: Mapping[int, Collection[str]], counter: int) -> int:
    """Return how many serve something that this one does: who has most is the hardest to place."""
    return sum(bool(set(serves[counter]) & set(own)) for own in serves.values())


def _leaves_alone(serves: Mapping[int, Collection[str]], resting: set[int]) -> bool:
    """Whether some queue would be left without any counter."""
    staying = {queue for counter in serves.keys() - resting for queue in serves[counter]}
    return any(set(serves[counter]) - staying for counter in resting)


def _rest(counter: int, turns: list[set[int]], begins: dt.datetime, length: dt.timedelta) -> Rest:
    place = next((place for place, turn in enumerate(turns) if counter in turn), None)
    if place is None:
        return Rest(counter, None, None)
    return Rest(counter, begins + place * length, begins + (place + 1) * length)
