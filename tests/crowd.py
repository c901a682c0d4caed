"""A crowd of screens on one thread: thousands of sockets that note when a version reached them.

with Crowd("127.0.0.1", port, "/ws/payakumbuh/board", 2000) as crowd:
    arrivals = crowd.watch(413)
    hall.press(1, "call-next")
    assert arrivals.wait(10)
    arrivals.last  # when it had reached everybody, by time.monotonic()
"""

import asyncio
import itertools
import random
import struct
import threading
import time
from typing import Self

import uvloop

HELLO = (
    "GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
TEXT, PING, PONG = 0x81, 0x89, 0x8A
LONG, LONGER = 126, 127
AT_ONCE = 100  # handshakes that are begun together


def masked(kind: int, payload: bytes) -> bytes:
    """Return a frame as a client sends it; the mask of zeros changes nothing."""
    size = len(payload)
    short = bytes([0x80 | size]) if size < LONG else struct.pack("!BH", 0x80 | LONG, size)
    return bytes([kind]) + short + bytes(4) + payload


class Arrivals:
    """When did a version reach each screen?"""

    def __init__(self, version: int, many: int) -> None:
        self.mark = f'"version":{version},'.encode()
        self.missing, self.first, self.last = many, 0.0, 0.0
        self.everybody = threading.Event()

    def note(self) -> None:
        self.last = time.monotonic()
        self.first = self.first or self.last
        self.missing -= 1
        if not self.missing:
            self.everybody.set()

    def wait(self, seconds: float) -> bool:
        return self.everybody.wait(seconds)


class Screen(asyncio.Protocol):
    def __init__(self, crowd: "Crowd") -> None:
        self.crowd, self.unread, self.is_open = crowd, b"", False
        self.text = b""
        self.first = asyncio.Event()
        self.seen: Arrivals | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        hello = HELLO.format(path=next(self.crowd.paths), host=self.crowd.host)
        self.transport.write(hello.encode())

    def data_received(self, data: bytes) -> None:
        self.unread += data
        if not self.is_open:
            head, end, rest = self.unread.partition(b"\r\n\r\n")
            if not end:
                return
            self.is_open, self.unread = b" 101 " in head.split(b"\r\n")[0], rest
        while frame := self.next_frame():
            self.take(*frame)

    def next_frame(self) -> tuple[int, bytes] | None:
        if len(self.unread) < 4:  # no frame of ours is shorter
            return None
        kind, size, begin = self.unread[0], self.unread[1], 2
        if size == LONG:
            size, begin = struct.unpack("!H", self.unread[2:4])[0], 4
        elif size == LONGER:
            if len(self.unread) < 10:
                return None
            size, begin = struct.unpack("!Q", self.unread[2:10])[0], 10
        if len(self.unread) < begin + size:
            return None
        payload, self.unread = self.unread[begin : begin + size], self.unread[begin + size :]
        return kind, payload

    def take(self, kind: int, payload: bytes) -> None:
        if kind == PING:
            self.transport.write(masked(PONG, payload))
        elif kind == TEXT:
            self.text = payload
            self.first.set()
            self.look()

    def look(self) -> None:
        arrivals = self.crowd.arrivals
        if arrivals and self.seen is not arrivals and arrivals.mark in self.text:
            self.seen = arrivals
            arrivals.note()

    def connection_lost(self, error: Exception | None) -> None:
        self.crowd.lost(self)


class Crowd:
    """`spread`: over how many seconds those who were cut off come back, as live.js does it."""

    def __init__(self, host: str, port: int, path: str, many: int, *, spread: float = 4.5) -> None:
        """Several paths, split at spaces, are taken in turn."""
        self.host, self.port, self.many, self.spread = host, port, many, spread
        self.paths = itertools.cycle(path.split())
        self.screens: set[Screen] = set()
        self.arrivals: Arrivals | None = None
        self.is_over = False
        self.loop = uvloop.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        self.run(self.gather()).result(120)
        return self

    def __exit__(self, *error: object) -> None:
        self.is_over = True
        self.run(self.scatter()).result(30)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    def run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    async def gather(self) -> None:
        for begin in range(0, self.many, AT_ONCE):
            some = range(begin, min(begin + AT_ONCE, self.many))
            await asyncio.gather(*(self.join() for _ in some))
            await asyncio.gather(*(screen.first.wait() for screen in self.screens))

    async def scatter(self) -> None:
        for screen in list(self.screens):
            screen.transport.abort()

    async def join(self) -> None:
        _, screen = await self.loop.create_connection(lambda: Screen(self), self.host, self.port)
        self.screens.add(screen)

    def lost(self, screen: Screen) -> None:
        self.screens.discard(screen)
        if not self.is_over:
            pause = 0.5 + random.random() * self.spread
            self.loop.call_later(pause, lambda: self.loop.create_task(self.come_back()))

    async def come_back(self) -> None:
        try:
            await self.join()
        except OSError:
            self.loop.call_later(0.5, lambda: self.loop.create_task(self.come_back()))

    def watch(self, version: int) -> Arrivals:
        """Begin to note when this version arrives; those who have it already count at once."""
        arrivals = Arrivals(version, self.many)

        async def begin() -> None:
            self.arrivals = arrivals
            for screen in self.screens:
                screen.look()

        self.run(begin()).result(10)
        return arrivals

    def say(self, text: str) -> None:
        """Let one screen of each process say something (raw_fanout sends it to all)."""

        async def speak() -> None:
            for screen in self.speakers:
                screen.transport.write(masked(TEXT, text.encode()))

        self.run(speak()).result(10)

    def choose_speakers(self) -> None:
        """Remember one screen of each process, by what raw_fanout said first."""
        self.speakers = list({screen.text: screen for screen in self.screens}.values())
