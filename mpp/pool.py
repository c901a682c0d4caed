"""Who has a thread next? What is urgent, then what has waited longest.

While there are threads for all nobody notices. When more comes than they can do, some work waits,
and what a whole lobby looks at should not be among it.
"""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from typing import Any

Work = tuple[Future[Any], Callable[[], Any]]


class Lane(Executor):
    """Work that waits for a thread, in the order it came. `told` gets an item for each piece."""

    def __init__(self, told: SimpleQueue[None]) -> None:
        self.told = told
        self.waiting: deque[Work] = deque()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((future, partial(fn, *args, **kwargs)))
        self.told.put(None)
        return future


class Pool:
    """A fixed number of threads before two lanes; they begin when asked, and end with us."""

    def __init__(self, workers: int, name: str) -> None:
        self._told: SimpleQueue[None] = SimpleQueue()
        self._urgent, self._ordinary = Lane(self._told), Lane(self._told)
        self._idle = [
            threading.Thread(target=self._work, name=f"{name}-{number}", daemon=True)
            for number in range(workers)
        ]

    def lane(self, *, is_urgent: bool) -> Lane:
        """Return where to hand in work; only the event loop asks."""
        while self._idle:
            self._idle.pop().start()
        return self._urgent if is_urgent else self._ordinary

    def hurry(self, future: Future[Any] | None) -> bool:
        """Let work that is still waiting be urgent from now on; return whether it was waiting."""
        for work in [each for each in self._ordinary.waiting.copy() if each[0] is future]:
            with suppress(ValueError):  # a thread has taken it meanwhile
                self._ordinary.waiting.remove(work)
                self._urgent.waiting.append(work)
                return True
        return False

    def _work(self) -> None:
        while True:
            self._told.get()
            _do(*self._next())

    def _next(self) -> Work:
        """Return what is next. Something is: no thread is told more often than work waits."""
        while True:
            for lane in (self._urgent, self._ordinary):
                with suppress(IndexError):  # empty, or another thread was faster
                    return lane.waiting.popleft()


def _do(future: Future[Any], work: Callable[[], Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001 - whoever waits for it is told
        future.set_exception(error)
    else:
        future.set_result(result)
