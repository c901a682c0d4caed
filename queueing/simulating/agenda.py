"""What happens next? Of one moment, what was planned first comes first."""

import datetime as dt
import heapq
import itertools
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

Act = Callable[..., None]


class Entry(NamedTuple):
    moment: dt.datetime
    order: int
    act: Act
    about: tuple[Any, ...]


class Agenda:
    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._order = itertools.count()

    def at(self, moment: dt.datetime, act: Act, *about: Any) -> None:
        heapq.heappush(self._entries, Entry(moment, next(self._order), act, about))

    def __iter__(self) -> Iterator[Entry]:
        """Yield what happens next until nothing does; acts may add to it meanwhile."""
        while self._entries:
            yield heapq.heappop(self._entries)

    def __bool__(self) -> bool:
        return bool(self._entries)
