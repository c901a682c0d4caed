"""How many halls does this machine hold? More and more people, until it is too much.

All halls of the country are there; what grows is how many come. At the speed of 1 it is the mean of
the peak hour, at 2 twice as many presses, calls and phones, which is what 610 halls ask of web and
database. Each speed is held for a slice, and judged alone; the first that is too much is the last.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mpp import ending
from queueing.nation import costs, judging
from queueing.nation.costs import Cost
from queueing.nation.country import Place
from queueing.nation.hour import Hour, Wish
from queueing.nation.judging import Verdict
from queueing.nation.pace import Pace

FIRST, UP = 0.2, 1.35
BRISK = 4.0  # desks: a number ends two minutes after its call, not seven
WARM_UP = 60.0  # seconds
LAST_CALLS = 5.0  # that the last presses have to be answered and to reach their screens


@dataclass(frozen=True)
class Slice:
    """What one speed led to."""

    speed: float
    halls: int
    presses: float  # a second
    verdict: Verdict
    costs: list[Cost]


def saturate(
    url: str, places: Sequence[Place], wish: Wish, seconds: float, tell: Callable[[Slice], None]
) -> list[Slice]:
    return ending.run_loop(_climb(url, places, wish, seconds, tell))


async def _climb(
    url: str, places: Sequence[Place], wish: Wish, seconds: float, tell: Callable[[Slice], None]
) -> list[Slice]:
    slices: list[Slice] = []
    async with Hour(url, places, wish, Pace(FIRST, BRISK)) as hour:
        hour.begin()
        await asyncio.sleep(WARM_UP)
        while not slices or slices[-1].verdict.holds:
            slices.append(await _hold(hour, seconds))
            tell(slices[-1])
            hour.pace.speed *= UP
            await asyncio.sleep(seconds / 3)  # until there are as many as the new speed brings
    return slices


async def _hold(hour: Hour, seconds: float) -> Slice:
    before, began = costs.mark(), time.monotonic()
    await asyncio.sleep(seconds)
    ended, used = time.monotonic(), costs.between(before, costs.mark())
    await asyncio.sleep(LAST_CALLS)
    hour.check_sockets()
    pressed = sum(began <= press.sent < ended for press in hour.books.presses)
    return Slice(
        round(hour.pace.speed, 2),
        round(hour.pace.speed * len(hour.places)),
        round(pressed / (ended - began), 1),
        judging.judge(hour.books, began, ended),
        used,
    )


def most(slices: Sequence[Slice]) -> Slice | None:
    """Return the fastest slice that held."""
    return max(
        (each for each in slices if each.verdict.holds), key=lambda each: each.speed, default=None
    )
