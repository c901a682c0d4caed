"""Which sockets of this process watch which hall, and who tells them of a change?

One subscription and one text per board and process, one look for all phones. Both are built on one
reading of the hall, screens first. A build that began after a screen joined is the first frame that
screen gets, so a screen never starts with an old board.
"""

import asyncio
import contextlib
import datetime as dt
import logging
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar

import redis.asyncio
from django.conf import settings
from django.db import close_old_connections, connection
from django.db.models import Max, Value

from agencies import clock
from agencies.models import Hall
from agencies.ready import Ready
from mpp.pool import Pool
from queueing import gauges, patience
from queueing.feeds import BEAT_AFTER, BoardFeed, Feed, Outbox
from queueing.following import VisitFeed
from queueing.live import CHANNEL
from queueing.models import Forecast

LOOK_EVERY = 2.0
UNHURRIED = 40  # boards built anew between two looks though nothing happened, one after the other
COMMITTED = 2.0  # seconds after which an estimate that was worked out can be read
RETRY_AFTER = 0.5
ANSWER_WITHIN = 4.0
A_MINUTE = dt.timedelta(minutes=1)

log = logging.getLogger(__name__)
T = TypeVar("T")
_hall: Ready[Hall] = Ready(lambda pk: Hall.objects.filter(pk=pk))
KINDS: tuple[type[Feed], ...] = (BoardFeed, VisitFeed)
Mark = tuple[str, int, dt.datetime | None]


class Hub:
    """Keeps the boards of the watched halls fresh in one event loop, and the visits of phones."""

    def __init__(self) -> None:
        self.feeds: dict[tuple[type[Feed], int], Feed] = {}
        self._news: dict[int, asyncio.Event] = defaultdict(asyncio.Event)  # of a hall: build!
        self._threads = Pool(2, "hub")
        self._builds: dict[int, Future[None]] = {}  # of each hall, the last one
        self._calling: set[int] = set()  # halls with a call that no build has seen
        self._tasks: set[asyncio.Task[None]] = set()

    async def find(self, slug: str) -> Hall | None:
        return await self.ask(lambda: Hall.objects.filter(slug=slug).first())

    def join(self, hall: Hall, outbox: Outbox) -> None:
        """Start to watch: the outbox gets the whole board or its visit, then every newer one."""
        if not self._tasks:
            self._start(self._listen(), self._look())
        kind = _kind_for(outbox)
        feed = self.feeds.get((kind, hall.pk))
        if feed is None:
            if not self._feeds_of(hall.pk):
                self._start(self._show(hall.pk))
            feed = self.feeds[kind, hall.pk] = kind(hall)
        feed.outboxes.add(outbox)
        feed.count()
        self._want(feed)

    def leave(self, hall: Hall, outbox: Outbox) -> None:
        feed = self.feeds.get((_kind_for(outbox), hall.pk))
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
        return await asyncio.wrap_future(self._hand_in(question))

    def _hand_in(self, question: Callable[[], T], *, is_urgent: bool = False) -> Future[T]:
        return self._threads.lane(is_urgent=is_urgent).submit(_asked, question)

    def _want(self, feed: Feed) -> None:
        feed.is_wanted = True
        self._news[feed.hall.pk].set()

    async def _show(self, hall: int) -> None:
        """Build what is wanted of a hall; joins and rings during a build share the next."""
        loop, news = asyncio.get_running_loop(), self._news[hall]
        while True:
            await news.wait()
            news.clear()
            wanted = [feed for feed in self._feeds_of(hall) if feed.has_news()]
            for feed in wanted:
                feed.is_wanted, feed.heard = False, -1
            is_urgent = hall in self._calling
            self._calling.discard(hall)
            if not wanted:  # what was heard meanwhile was built, too
                continue
            try:
                build = self._hand_in(partial(_build, wanted, loop), is_urgent=is_urgent)
                self._builds[hall] = build
                await asyncio.wrap_future(build)
            except Exception as error:  # noqa: BLE001 - whatever it was, it is tried again
                self._try_again(wanted, error)

    def _try_again(self, unbuilt: list[Feed], error: Exception) -> None:
        """Want the first of them, which could not be built, a little later; the others now."""
        for feed in unbuilt[1:]:
            self._want(feed)
        for feed in unbuilt[:1]:
            what, hall = type(feed).__name__, feed.hall.slug
            log.error("the %s of %s could not be built", what, hall, exc_info=error)
            asyncio.get_running_loop().call_later(RETRY_AFTER, self._want, feed)

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
            hall_id, version, *has_called = map(int, message["data"].split())
            self.hear(hall_id, version, has_called=any(has_called))

    def hear(self, hall: int, version: int, *, has_called: bool) -> None:
        """A hall is at this version: whoever watches it wants that, first of all when it calls."""
        news = [feed for feed in self._watched(hall) if version > feed.version]
        for feed in news:
            feed.heard = max(feed.heard, version)
        if news:
            self._news[hall].set()
        if news and has_called and not self._threads.hurry(self._builds.get(hall)):
            self._calling.add(hall)  # none waits that will see the call

    def _feeds_of(self, hall: int) -> list[Feed]:
        """Return the feeds of a hall, that of the screens first."""
        return [self.feeds[kind, hall] for kind in KINDS if (kind, hall) in self.feeds]

    def _watched(self, hall: int) -> list[Feed]:
        """Return the feeds of a hall that somebody watches."""
        return [feed for feed in self._feeds_of(hall) if feed.outboxes]

    async def _look(self) -> None:
        """Every 2 seconds: compare versions, notice a new minute, and beat where it is quiet."""
        old: list[Feed] = []
        while True:
            await self._renew(old)
            old = []
            try:
                with gauges.LOOKS.time():
                    now, versions = await self.ask(self._ask_versions)
                gauges.LOOKED_AT.set(now.timestamp())
            except Exception as error:  # noqa: BLE001 - whatever it was, look again in 2 s
                log.warning("the versions could not be read: %s", type(error).__name__)
                continue
            old = self.refresh(now, versions)

    def refresh(self, now: dt.datetime, versions: dict[int, Mark]) -> list[Feed]:
        """Want what is news, and return what is only old, as much as there is time for.

        The feeds that were built longest ago have the first turn. Whoever was built for a press
        meanwhile is not old any more.
        """
        feeds = [feed for hall in versions for feed in self._watched(hall)]
        old: list[Feed] = []
        for feed in sorted(feeds, key=lambda feed: feed.built_at):
            feed.drop_stuck()
            epoch, version, told_at = versions[feed.hall.pk]
            told_at = told_at or feed.told_at
            if (epoch, version) != (feed.epoch, feed.version):
                feed.told_at, feed.minute = told_at, now.minute
                self._want(feed)
                continue
            if time.monotonic() - feed.sent_at >= BEAT_AFTER:
                feed.beat(now)
            is_old = (told_at, now.minute) != (feed.told_at, feed.minute)
            if is_old and not feed.has_seen(_last_turn(now, told_at)):
                if len(old) == UNHURRIED:
                    continue
                old.append(feed)
            feed.told_at, feed.minute = told_at, now.minute
        return old

    async def _renew(self, feeds: list[Feed]) -> None:
        """Until the next look, want one after the other: a call waits behind one at most."""
        began = time.monotonic()
        for feed in feeds:
            if not feed.has_seen(time.monotonic() - began):
                self._want(feed)
                await asyncio.sleep(LOOK_EVERY / UNHURRIED)
        await asyncio.sleep(began + LOOK_EVERY - time.monotonic())

    def _ask_versions(self) -> tuple[dt.datetime, dict[int, Mark]]:
        """Return the time, and what tells of each watched hall whether its board is news.

        When estimates were told that is older than a minute nobody asks: each minute builds anew.
        """
        watched = Hall.objects.filter(
            pk__in=[pk for (_, pk), feed in self.feeds.items() if feed.outboxes]
        )
        rows = watched.values_list("pk", "epoch", "version")
        lately = Forecast.objects.filter(told_at__gt=clock.HallNow() - Value(A_MINUTE))
        told = dict(lately.values_list("queue__hall").annotate(Max("told_at")))
        return clock.now(), {pk: (str(epoch), version, told.get(pk)) for pk, epoch, version in rows}


def _last_turn(now: dt.datetime, told_at: dt.datetime | None) -> float:
    """Return how many seconds ago the minute turned, or estimates were told if that was later."""
    minute = now.second + now.microsecond / 1e6
    told = (now - told_at).total_seconds() - COMMITTED if told_at else minute
    return min(minute, told)


def _kind_for(outbox: Outbox) -> type[Feed]:
    return VisitFeed if outbox.visit else BoardFeed


def _build(wanted: list[Feed], loop: asyncio.AbstractEventLoop) -> None:
    """Build these feeds of one hall, and send each; whatever is not built stays in the list."""
    pk = wanted[0].hall.pk
    hall = _hall.first(pk)
    if hall is None:
        raise Hall.DoesNotExist
    while wanted:
        feed = wanted[0]
        feed.hall, feed.built_at = hall, time.monotonic()
        loop.call_soon_threadsafe(feed.send, *feed.build())
        del wanted[0]


def _asked(ask: Callable[[], T]) -> T:
    try:
        with patience.within(ANSWER_WITHIN):
            close_old_connections()
            return ask()
    except Exception:
        connection.close()
        raise


hub = Hub()
