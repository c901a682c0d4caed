"""Who is told? After the commit, a doorbell says only "hall H is at version V".

And whether somebody was called: that board is built first, when many are to be built.

Redis is never a source: a message may be lost, late or doubled without harm, because every hub
also looks at the versions every 2 seconds. Ringing happens on a thread of its own, so a hung or
dead Redis can neither fail nor delay a press.
"""

import logging
import threading

import redis
from django.conf import settings
from django.db import transaction

from agencies.models import Hall
from queueing import gauges

CHANNEL = "halls"
LIMIT = 0.3

log = logging.getLogger(__name__)


class Doorbell:
    """Rings for the newest version of each hall; rings that pile up are merged."""

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(
            url, socket_timeout=LIMIT, socket_connect_timeout=LIMIT, retry=None
        )
        self._pending: dict[int, tuple[int, bool]] = {}
        self._news = threading.Condition()
        self._thread: threading.Thread | None = None

    def ring(self, hall_id: int, version: int, *, has_called: bool = False) -> None:
        """Leave word for the ringing thread; never waits, never fails."""
        with self._news:
            newest, had_called = self._pending.get(hall_id, (0, False))
            self._pending[hall_id] = max(version, newest), has_called or had_called
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="doorbell", daemon=True)
                self._thread.start()
            self._news.notify()

    def _run(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._pending)
                rings, self._pending = self._pending, {}
            for hall_id, (version, has_called) in rings.items():
                self._publish(f"{hall_id} {version} {has_called:d}")

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
