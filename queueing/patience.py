"""How long may the database keep us waiting?

A stopped PostgreSQL, or a line that swallows everything, still looks alive to the kernel, and
libpq would wait for ever. Here every wait has an end: a whole request has 4.5 seconds, any other
wait 8, which is longer than a living PostgreSQL works on a statement before it gives up itself.

After a long wait without an answer the database counts as hung: whoever comes next is refused at
once, so that threads and connections are not used up by waiting, and a thread of its own tries.
"""

import select
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import psycopg2
from django.db import connection
from psycopg2.extensions import POLL_OK, POLL_READ, set_wait_callback
from psycopg2.extensions import connection as Asked  # noqa: N812 - not Django's

A_WAIT = 8.0
A_REQUEST = 4.5  # longer than a press that meets a lock twice
SILENCE = 1.0  # so long without an answer means hung; a shorter wait says nothing
PAUSE = 0.5  # between two tries


arrived: ContextVar[float | None] = ContextVar("arrived", default=None)


class Hung(psycopg2.OperationalError):
    """The database did not answer in time."""


class Deadline(threading.local):
    """When this thread's present work must have its answer; None without such a limit."""

    end: float | None = None
    is_trying = False  # asks whether a hung database answers again

    def left(self) -> float:
        return A_WAIT if self.end is None else max(0.0, self.end - time.monotonic())


class Watch:
    """Whether the database is silent. While it is, one thread tries and all others are refused."""

    def __init__(self, ask: Callable[[], None]) -> None:
        self.ask = ask
        self._is_hung = False
        self._lock = threading.Lock()

    def require_voice(self) -> None:
        """Raise Hung while the database is hung, unless this is the thread that tries."""
        if self._is_hung and not deadline.is_trying:
            raise Hung

    def heard(self) -> None:
        self._is_hung = False

    def heard_nothing(self) -> None:
        with self._lock:
            if self._is_hung:
                return
            self._is_hung = True
        threading.Thread(target=self._try_until_heard, name="patience", daemon=True).start()

    def _try_until_heard(self) -> None:
        deadline.is_trying = True
        while self._is_hung:
            time.sleep(PAUSE)
            try:
                with within(SILENCE):
                    self.ask()
            except Exception as error:  # noqa: BLE001 - whatever it is, the others wait for us
                if not isinstance(error.__cause__ or error, Hung):
                    self.heard()  # a no is an answer too


def ask_the_database() -> None:
    try:
        connection.ensure_connection()
    finally:
        connection.close()


watch, deadline = Watch(ask_the_database), Deadline()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let all that this thread asks of the database take no longer than this, together."""
    before, deadline.end = deadline.end, time.monotonic() + seconds
    try:
        yield
    finally:
        deadline.end = before


def wait(asked: Asked) -> None:
    """Wait for libpq's answer, but not for ever. psycopg2 closes a connection that raises."""
    watch.require_voice()
    begun = time.monotonic()
    end = begun + deadline.left()
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


class NoteArrival:
    """Around the web application: who waits for a thread is using up the time of the request."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, *connection: Any) -> None:
        arrived.set(time.monotonic())
        await self.application(*connection)


def left_of_a_request() -> float:
    """Return how many seconds the present request has until it must have its answer."""
    now = time.monotonic()
    return A_REQUEST - (now - (arrived.get() or now))
