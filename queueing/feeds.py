"""What was each socket of a hall last sent, and what is news to it?

A feed builds what its sockets show on a thread, and hands each its frame in the event loop. Each
socket has an outbox of one frame: the newest wins.
"""

import asyncio
import datetime as dt
import time
from collections.abc import Callable
from typing import Any

from agencies.models import Hall
from queueing import gauges
from queueing.board import beat_text, board_text

DRAIN_WITHIN = 10.0
BEAT_AFTER = 2.5  # looked at every 2 s: a beat comes at most 4.5 s after the last frame


class Outbox:
    """The next frame of one socket; a newer one replaces one that was not sent yet.

    A call goes through thousands of them at once, so a frame wakes its pump with no more than one
    future, and whether a socket drains is looked at by the hub's clock (docs/realtime.md).
    """

    __slots__ = ("_frame", "_sending_since", "_waiter", "drop", "is_over", "is_served", "visit")

    def __init__(self, visit: int = 0, drop: Callable[[], None] = lambda: None) -> None:
        self.visit = visit  # whose phone it is; a screen is nobody's
        self.drop = drop  # what to do with a socket that does not drain
        self.is_served = self.is_over = False
        self._frame: str | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._sending_since: float | None = None

    def put(self, frame: str) -> None:
        self._frame, self.is_served = frame, True
        self._wake()

    def end(self) -> None:
        """Say that nothing more will come."""
        self.is_over = True
        self._wake()

    def has_news(self) -> bool:
        return self._frame is not None or self.is_over

    def is_stuck(self) -> bool:
        """Whether the last frame has been on its way for too long."""
        since = self._sending_since
        return since is not None and time.monotonic() - since > DRAIN_WITHIN

    def remind(self, beat: str) -> None:
        """Put a beat, unless a board is still waiting to be sent."""
        if self._frame is None:
            self.put(beat)

    async def get(self) -> str | None:
        """Return the next frame, or None at the end. Whoever asks has sent the one before."""
        self._sending_since = None
        while not self.has_news():
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        self._sending_since = time.monotonic()
        frame, self._frame = self._frame, None
        return None if self.is_over else frame

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


class Feed:
    """The sockets of one kind that watch one hall, and up to which version they were told."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.outboxes: set[Outbox] = set()
        self.epoch = ""
        self.version = -1
        self.told_at: dt.datetime | None = None  # since when its estimates hold
        self.minute = -1  # of the hour in which it was wanted last
        self.built_at = 0.0
        self.sent_at = 0.0
        self.is_wanted = False
        self.heard = -1  # the version that the doorbell told of, until it is built

    def build(self) -> tuple[Any, ...]:
        """Return what `send` wants to know; runs on a thread."""
        raise NotImplementedError

    def send(self, *built: Any) -> None:
        raise NotImplementedError

    def count(self) -> None:
        pass

    def has_news(self) -> bool:
        """Whether it is to be built: somebody wants it, or it is behind what was heard."""
        return self.is_wanted or self.heard > self.version

    def has_seen(self, ago: float) -> bool:
        """Whether the last build began after what happened so many seconds ago."""
        return time.monotonic() - self.built_at < ago

    def _is_older(self, epoch: str, version: int) -> bool:
        return epoch == self.epoch and version < self.version

    def drop_stuck(self) -> None:
        for outbox in [each for each in self.outboxes if each.is_stuck()]:
            outbox.drop()

    def beat(self, now: dt.datetime) -> None:
        text = beat_text(self.hall, self.epoch, self.version, now)
        self.sent_at = time.monotonic()
        for outbox in self.outboxes:
            if outbox.is_served:
                outbox.remind(text)


class BoardFeed(Feed):
    """The lobby screens: one board, and one text of it for all."""

    said = ""  # the board but for its clock

    def build(self) -> tuple[dict[str, Any], str]:
        with gauges.BOARDS.time():
            return board_text(self.hall)

    def send(self, shown: dict[str, Any], text: str) -> None:
        """Give the board to every socket when it is news, else to those that have none yet."""
        if self._is_older(shown["epoch"], shown["version"]):
            return
        said = text.replace(shown["at"], "", 1)  # "at" is its first moment
        is_news = said != self.said
        self.said, self.epoch, self.version = said, shown["epoch"], shown["version"]
        for outbox in self.outboxes:
            if is_news or not outbox.is_served:
                outbox.put(text)
        if is_news:
            self.sent_at = time.monotonic()

    def count(self) -> None:
        gauges.SOCKETS.labels(self.hall.slug).set(len(self.outboxes))
