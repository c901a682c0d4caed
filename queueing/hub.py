"""Which sockets of this process watch which hall, and what were they last sent?

One subscription and one text per board and process. Each socket has an outbox of one frame: the
newest wins. A build that began after a screen joined is the first frame that screen gets, so a
screen never starts with an old board.
"""

import asyncio
import contextlib
import datetime as dt
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import redis.asyncio
from django.conf import settings
from django.db import close_old_connections, connection
from django.db.models import Max

from agencies import clock
from agencies.models import Hall
from queueing import gauges, patience
from queueing.board import beat_text, board_text
from queueing.live import CHANNEL

LOOK_EVERY = 2.0
BEAT_AFTER = 2.0  # looked at every 2 s: a beat comes at most 4 s after the last frame
RETRY_AFTER = 0.5
ANSWER_WITHIN = 4.0

log = logging.getLogger(__name__)
T = TypeVar("T")
Mark = tuple[str, int, dt.datetime | None]


class Outbox:
    """The next frame of one socket; a newer board replaces one that was not sent yet."""

    def __init__(self) -> None:
        self.is_served = False
        self._frame: str | None = None
        self._ready = asyncio.Event()

    def put(self, frame: str) -> None:
        self._frame = frame
        self._ready.set()

    def remind(self, beat: str) -> None:
        """Put a beat, unless a board is still waiting to be sent."""
        if self._frame is None:
            self.put(beat)

    async def get(self) -> str:
        await self._ready.wait()
        self._ready.clear()
        frame, self._frame = self._frame, None
        return frame or ""


class Feed:
    """One hall as this process shows it: its sockets and the newest board."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.outboxes: set[Outbox] = set()
        self.epoch = ""
        self.version = -1
        self.told_at: dt.datetime | None = None
        self.shown: dict[str, Any] = {}
        self.sent_at = 0.0
        self.wanted = asyncio.Event()

    def send(self, shown: dict[str, Any], text: str) -> None:
        """Give the board to every socket when it is news, else to those that have none yet."""
        if self._is_older(shown):
            return
        is_news = _without_clock(shown) != _without_clock(self.shown)
        self.shown, self.epoch, self.version = shown, shown["epoch"], shown["version"]
        for outbox in self.outboxes:
            if is_news or not outbox.is_served:
                outbox.is_served = True
                outbox.put(text)
        if is_news:
            self.sent_at = time.monotonic()

    def count(self) -> None:
        gauges.SOCKETS.labels(self.hall.slug).set(len(self.outboxes))

    def _is_older(self, shown: dict[str, Any]) -> bool:
        return shown["epoch"] == self.epoch and shown["version"] < self.version

    def beat(self, now: dt.datetime) -> None:
        text = beat_text(self.hall, self.epoch, self.version, now)
        self.sent_at = time.monotonic()
        for outbox in self.outboxes:
            if outbox.is_served:
                outbox.remind(text)


def _without_clock(shown: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in shown.items() if name != "at"}


class Hub:
    """Keeps the boards of the watched halls fresh in one event loop."""

    def __init__(self) -> None:
        self.feeds: dict[int, Feed] = {}
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="hub")
        self._tasks: set[asyncio.Task[None]] = set()

    async def find(self, slug: str) -> Hall | None:
        return await self.ask(lambda: Hall.objects.filter(slug=slug).first())

    def join(self, hall: Hall, outbox: Outbox) -> None:
        """Start to watch: the outbox gets the whole board, then every newer one."""
        if not self._tasks:
            self._start(self._listen(), self._look())
        feed = self.feeds.get(hall.pk)
        if feed is None:
            feed = self.feeds[hall.pk] = Feed(hall)
            self._start(self._show(feed))
        feed.outboxes.add(outbox)
        feed.count()
        feed.wanted.set()

    def leave(self, hall: Hall, outbox: Outbox) -> None:
        feed = self.feeds.get(hall.pk)
        if feed is not None:
            feed.outboxes.discard(outbox)
            feed.count()

    def _start(self, *work: Any) -> None:
        for each in work:
            task = asyncio.get_running_loop().create_task(each)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def ask(self, question: Callable[[], T]) -> T:
        """Ask the database on a thread that keeps its connection, and mends it when it broke."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, _asked, question)

    async def _show(self, feed: Feed) -> None:
        """Build the board whenever it is wanted; joins and rings during a build share the next."""
        while True:
            await feed.wanted.wait()
            feed.wanted.clear()
            try:
                feed.hall = await self.ask(lambda: Hall.objects.get(pk=feed.hall.pk))
                with gauges.BOARDS.time():
                    built = await self.ask(lambda: board_text(feed.hall))
                feed.send(*built)
            except Exception:
                log.exception("the board of %s could not be built", feed.hall.slug)
                feed.wanted.set()
                await asyncio.sleep(RETRY_AFTER)

    async def _listen(self) -> None:
        """Hear the doorbell, for ever, whatever becomes of Redis."""
        while True:
            client = redis.asyncio.Redis.from_url(
                settings.REDIS_URL,
                socket_connect_timeout=2,
                socket_timeout=None,
                health_check_interval=5,
            )
            with contextlib.suppress(redis.RedisError, OSError, asyncio.TimeoutError):
                async with client, client.pubsub() as channel:
                    await channel.subscribe(CHANNEL)
                    await self._hear(channel)
            await asyncio.sleep(RETRY_AFTER)

    async def _hear(self, channel: Any) -> None:
        while True:
            message = await channel.get_message(ignore_subscribe_messages=True, timeout=5.0)
            if message is None:
                continue
            hall_id, version = map(int, message["data"].split())
            feed = self.feeds.get(hall_id)
            if feed is not None and version > feed.version:
                feed.wanted.set()

    async def _look(self) -> None:
        """Every 2 seconds: compare versions, notice a new minute, and beat where it is quiet."""
        minute = -1
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                with gauges.LOOKS.time():
                    now, versions = await self.ask(self._ask_versions)
                gauges.LOOKED_AT.set(now.timestamp())
            except Exception as error:  # noqa: BLE001 - whatever it was, look again in 2 s
                log.warning("the versions could not be read: %s", type(error).__name__)
                continue
            for hall_id, newest in versions.items():
                is_new_minute = now.minute != minute
                self._refresh(self.feeds[hall_id], now, newest, is_new_minute=is_new_minute)
            minute = now.minute

    def _refresh(self, feed: Feed, now: dt.datetime, newest: Mark, *, is_new_minute: bool) -> None:
        epoch, version, told_at = newest
        is_told_anew, feed.told_at = told_at != feed.told_at, told_at
        if (epoch, version) != (feed.epoch, feed.version) or is_told_anew or is_new_minute:
            feed.wanted.set()
        elif time.monotonic() - feed.sent_at >= BEAT_AFTER:
            feed.beat(now)

    def _ask_versions(self) -> tuple[dt.datetime, dict[int, Mark]]:
        """Return the time, and what tells of each watched hall whether its board is news."""
        watched = Hall.objects.filter(
            pk__in=[pk for pk, feed in self.feeds.items() if feed.outboxes]
        )
        told_at = Max("queues__forecast__told_at")
        rows = watched.annotate(told_at=told_at).values_list("pk", "epoch", "version", "told_at")
        return clock.now(), {pk: (str(epoch), *mark) for pk, epoch, *mark in rows}


def _asked(ask: Callable[[], T]) -> T:
    try:
        with patience.within(ANSWER_WITHIN):
            close_old_connections()
            return ask()
    except Exception:
        connection.close()
        raise


hub = Hub()
