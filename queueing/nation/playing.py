"""What comes of an hour? It is played from begin to end, and judged when all is quiet."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from mpp import ending
from queueing.nation import costs, judging
from queueing.nation.books import Books
from queueing.nation.costs import Cost
from queueing.nation.country import Place
from queueing.nation.hour import Hour, Wish
from queueing.nation.judging import Verdict

Act = Callable[[], object]
Ask = Callable[[], list[str]]


@dataclass(frozen=True)
class Outcome:
    verdict: Verdict
    costs: list[Cost]
    about: dict[str, object]


def play(
    url: str,
    database_url: str,
    places: Sequence[Place],
    wish: Wish,
    *,
    on_begin: Act = lambda: None,
    faults: Ask = list,
) -> Outcome:
    """Play what was wished for against running web processes; `faults` looks at their rows."""
    books, used = ending.run_loop(_played(url, places, wish, on_begin))
    verdict = judging.judge(books)
    judging.compare(verdict, books, judging.rows_of(database_url), faults())
    return Outcome(verdict, used, about(books, places, wish))


async def _played(
    url: str, places: Sequence[Place], wish: Wish, on_begin: Act
) -> tuple[Books, list[Cost]]:
    async with Hour(url, places, wish) as hour:
        await asyncio.to_thread(on_begin)
        before = costs.mark()
        await hour.play()
        hour.check_sockets()
        return hour.books, costs.between(before, costs.mark())


def about(books: Books, places: Sequence[Place], wish: Wish) -> dict[str, object]:
    """Return how large it was, and how well we could see."""
    seconds = wish.ends - wish.begins
    return {
        "halls": len(places),
        "seconds": round(seconds),
        "desks": len(places) * 27,
        "screens": books.screens,
        "phones": books.phones,
        "frames": books.frames,
        "presses": len(books.presses),
        "presses a second": round(len(books.presses) / max(seconds, 1), 1),
        "late by ourselves p99": f"{_late(books):.0f} ms",
        "played": time.strftime("%Y-%m-%d %H:%M", time.gmtime()),
    }


def _late(books: Books) -> float:
    return 1000 * float(np.percentile(books.lags, 99)) if books.lags else 0.0
