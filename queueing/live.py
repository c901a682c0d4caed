"""Who is told? After the commit, a doorbell says only "hall H is at version V".

And whether somebody was called: that board is built first, when many are to be built.

Redis is never a source: a message may be lost, late or doubled without harm, because every hub
also looks at the versions every 2 seconds. Ringing happens on a thread of its own, so a hung or
dead Redis can neither fail nor delay a press.
"""

import logging
import threading
from collections.abc import Iterable
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import NamedTuple

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


class Doorbell:
    """Rings for the newest version of each hall; rings that pile up are merged."""

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(
            url, socket_timeout=LIMIT, socket_connect_timeout=LIMIT, retry=None
        )
        self._rings: SimpleQueue[Ring] = SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def ring(self, hall_id: int, version: int, *, has_called: bool = False) -> None:
        """Leave word for the ringing thread; never waits, never fails."""
        self._rings.put(Ring(hall_id, version, has_called))
        if self._thread is None or not self._thread.is_alive():
            self._start()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="doorbell", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            for hall_id, version, has_called in self._merged():
                self._publish(f"{hall_id} {version} {has_called:d}")

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

    def _publish(self, message: str) -> None:
        try:
            with gauges.RINGS.time():
                self._client.publish(CHANNEL, message)
        except (redis.RedisError, OSError) as error:
            gauges.FAILED_RINGS.inc()
            log.warning("doorbell failed (%s): screens follow within 2 s", type(error).__name__)


doorbell = Doorbell(settings.REDIS_URL)


def ring_after_commit(hall: Hall, version: int, *, has_called: bool) -> None:
    """Ring for this version once it is true for everybody."""
    transaction.on_commit(
        lambda: doorbell.ring(hall.pk, version, has_called=has_called), robust=True
    )
