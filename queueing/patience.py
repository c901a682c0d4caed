"""How long may the database keep us waiting?

A stopped PostgreSQL, or a line that swallows everything, still looks alive to the kernel, and
libpq would wait for ever. Here every wait has an end: a whole request has 4.5 seconds, any other
wait 8, which is longer than a living PostgreSQL works on a statement before it gives up itself.

After a long wait without an answer the database counts as hung: whoever comes next is refused at
once, and one at a time may try, so that threads and connections are not used up by waiting.
"""

import select
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg2
from django.http import HttpRequest, HttpResponse
from psycopg2.extensions import POLL_OK, POLL_READ, connection, set_wait_callback

A_WAIT = 8.0
A_REQUEST = 4.5  # longer than a press that meets a lock twice
SILENCE = 1.0  # so long without an answer means hung; and so long may a try take then
PAUSE = 0.5  # between two tries


class Hung(psycopg2.OperationalError):
    """The database did not answer in time."""


class Watch:
    """Whether the database was silent when it was last asked, and who may try again when."""

    def __init__(self) -> None:
        self._is_hung = False
        self._next_try = 0.0
        self._lock = threading.Lock()

    def patience(self, wanted: float) -> float:
        """Return how long one may wait now; raises Hung for all but one while it is hung."""
        if not self._is_hung:
            return wanted
        with self._lock:
            now = time.monotonic()
            if now < self._next_try:
                raise Hung
            self._next_try = now + SILENCE + PAUSE
        return min(wanted, SILENCE)

    def heard(self) -> None:
        self._is_hung = False

    def heard_nothing(self) -> None:
        with self._lock:
            self._is_hung, self._next_try = True, time.monotonic() + PAUSE


class Deadline(threading.local):
    """When this thread's present work must have its answer; None without such a limit."""

    end: float | None = None

    def left(self) -> float:
        return A_WAIT if self.end is None else max(0.0, self.end - time.monotonic())


watch, deadline = Watch(), Deadline()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let all that this thread asks of the database take no longer than this, together."""
    before, deadline.end = deadline.end, time.monotonic() + seconds
    try:
        yield
    finally:
        deadline.end = before


def wait(asked: connection) -> None:
    """Wait for libpq's answer, but not for ever. psycopg2 closes a connection that raises."""
    begun = time.monotonic()
    end = begun + watch.patience(deadline.left())
    while (state := asked.poll()) != POLL_OK:
        poller = select.poll()
        poller.register(asked.fileno(), select.POLLIN if state == POLL_READ else select.POLLOUT)
        if not poller.poll(max(0.0, end - time.monotonic()) * 1000):
            if time.monotonic() - begun >= SILENCE:
                watch.heard_nothing()
            raise Hung
    watch.heard()


def install() -> None:
    """Give every wait of this process an end."""
    set_wait_callback(wait)


class AnswerInTime:
    """Middleware: a request that the database keeps waiting is refused in time to try again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with within(A_REQUEST):
            return self.get_response(request)
