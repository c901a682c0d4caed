"""What was each socket of a hall last sent, and what is news to it?

A feed builds what its sockets show on a thread, and hands each its frame in the event loop. Each
socket has an outbox of one frame: the newest wins.
"""

import asyncio
import datetime as dt
import time
from collections.abc import Mapping
from typing import Any

from agencies.models import Hall
from queueing import gauges
from queueing.board import beat_text, board_text

BEAT_AFTER = 2.0  # looked at every 2 s: a beat comes at most 4 s after the last frame


class Outbox:
    """The next frame of one socket; a newer one replaces one that was not sent yet."""

    def __init__(self, visit: int = 0) -> None:
        self.visit = visit  # whose phone it is; a screen is nobody's
        self.is_served = self.is_over = False
        self._frame: str | None = None
        self._ready = asyncio.Event()

    def put(self, frame: str) -> None:
        self._frame, self.is_served = frame, True
        self._ready.set()

    def end(self) -> None:
        """Say that nothing more will come."""
        self.is_over = True
        self._ready.set()

    def remind(self, beat: str) -> None:
        """Put a beat, unless a board is still waiting to be sent."""
        if self._frame is None:
            self.put(beat)

    async def get(self) -> str | None:
        """Return the next frame, or None at the end."""
        await self._ready.wait()
        self._ready.clear()
        frame, self._frame = self._frame, None
        return None if self.is_over else frame or ""


class Feed:
    """The sockets of one kind that watch one hall, and up to which version they were told."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.outboxes: set[Outbox] = set()
        self.epoch = ""
        self.version = -1
        self.told_at: dt.datetime | None = None  # since when its estimates hold
        self.sent_at = 0.0
        self.wanted = asyncio.Event()

    def build(self) -> tuple[Any, ...]:
        """Return what `send` wants to know; runs on a thread."""
        raise NotImplementedError

    def send(self, *built: Any) -> None:
        raise NotImplementedError

    def count(self) -> None:
        pass

    def _is_older(self, epoch: str, version: int) -> bool:
        return epoch == self.epoch and version < self.version

    def beat(self, now: dt.datetime) -> None:
        text = beat_text(self.hall, self.epoch, self.version, now)
        self.sent_at = time.monotonic()
        for outbox in self.outboxes:
            if outbox.is_served:
                outbox.remind(text)


class BoardFeed(Feed):
    """The lobby screens: one board, and one text of it for all."""

    shown: Mapping[str, Any] = {}

    def build(self) -> tuple[dict[str, Any], str]:
        with gauges.BOARDS.time():
            return board_text(self.hall)

    def send(self, shown: dict[str, Any], text: str) -> None:
        """Give the board to every socket when it is news, else to those that have none yet."""
        if self._is_older(shown["epoch"], shown["version"]):
            return
        is_news = _without_clock(shown) != _without_clock(self.shown)
        self.shown, self.epoch, self.version = shown, shown["epoch"], shown["version"]
        for outbox in self.outboxes:
            if is_news or not outbox.is_served:
                outbox.put(text)
        if is_news:
            self.sent_at = time.monotonic()

    def count(self) -> None:
        gauges.SOCKETS.labels(self.hall.slug).set(len(self.outboxes))


def _without_clock(shown: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in shown.items() if name != "at"}
