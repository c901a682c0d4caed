"""Who is told? After the commit, a doorbell says only "hall H is at version V".

And whether somebody was called: that board is built first, when many are to be built.

Redis is never a source: a message may be lost, late or doubled without harm, because every hub
also looks at the versions every 2 seconds. So a press does not wait for Redis' answer, nor for a
line to it that is gone: to be woken for either costs the hall more than to ring.
"""

import logging
import os
import threading
from collections.abc import Iterable
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

import redis
from django.conf import settings
from django.db import transaction

from agencies.models import Hall
from queueing import gauges

CHANNEL = "halls"
LIMIT = 0.3

log = logging.getLogger(__name__)


class Ring(NamedTuple):
    hall_id: int
    version: int
    has_called: bool

    def as_text(self) -> str:
        return f"{self.hall_id} {self.version} {self.has_called:d}"


class Doorbell:
    """Rings down a line to Redis that never answers. When it is gone, a thread makes another."""

    def __init__(self, url: str) -> None:
        self._lines = redis.Redis.from_url(
            url, socket_timeout=LIMIT, socket_connect_timeout=LIMIT, retry=None
        ).connection_pool
        self._line: Any = None
        self._lock = threading.Lock()  # around the line, and the start of the thread
        self._rings: SimpleQueue[Ring] = SimpleQueue()  # that no line could take
        self._thread: threading.Thread | None = None

    def ring(self, hall_id: int, version: int, *, has_called: bool = False) -> None:
        """Ring, or leave word for the thread; never fails, and a hung Redis delays one ring once.

        That is the one after some 60,000 that it did not read, by LIMIT.
        """
        ring = Ring(hall_id, version, has_called)
        with self._lock:
            if self._has_taken(ring):
                return
            self._rings.put(ring)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="doorbell", daemon=True)
                self._thread.start()

    def _has_taken(self, ring: Ring) -> bool:
        """Return whether the line took the ring; one that is broken is given up."""
        if self._line is None or self._line.pid != os.getpid():
            return False
        try:
            with gauges.RINGS.time():
                if self._line.can_read():  # nothing comes but the end
                    raise redis.ConnectionError
                self._line.send_command("PUBLISH", CHANNEL, ring.as_text())
        except (redis.RedisError, OSError):
            self._line.disconnect()
            self._line = None
        return self._line is not None

    def _run(self) -> None:
        while True:
            for ring in self._merged():
                self._ring_anew(ring)

    def _merged(self) -> Iterable[Ring]:
        """Wait for a ring, and return one for each hall that has rung."""
        ring = self._rings.get()
        merged = {ring.hall_id: ring}
        with suppress(Empty):
            while True:
                ring = self._rings.get_nowait()
                before = merged.get(ring.hall_id, ring)
                merged[ring.hall_id] = Ring(
                    ring.hall_id,
                    max(ring.version, before.version),
                    ring.has_called or before.has_called,
                )
        return merged.values()

    def _ring_anew(self, ring: Ring) -> None:
        """Ring down the line that is there meanwhile, or down a new one."""
        with self._lock:
            if self._has_taken(ring):
                return
        try:
            line = self._lines.make_connection()
            line.connect()
            line.send_command("CLIENT", "REPLY", "OFF")
        except (redis.RedisError, OSError) as error:
            gauges.FAILED_RINGS.inc()
            log.warning("doorbell failed (%s): screens follow within 2 s", type(error).__name__)
            return
        with self._lock:
            self._line = line
            if not self._has_taken(ring):
                gauges.FAILED_RINGS.inc()


doorbell = Doorbell(settings.REDIS_URL)


def ring_after_commit(hall: Hall, version: int, *, has_called: bool) -> None:
    """Ring for this version once it is true for everybody."""
    transaction.on_commit(
        lambda: doorbell.ring(hall.pk, version, has_called=has_called), robust=True
    )
