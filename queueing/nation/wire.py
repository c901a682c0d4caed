"""How does one process speak for a whole country? Raw HTTP and websockets, as little as will do.

Each press travels on a connection that is kept open and taken from a pool; a socket of a screen or
phone hands every frame on unread. No library reads what nobody asks for.
"""

import asyncio
import base64
import json
import os
import struct
import time
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

ANSWER_WITHIN = 30.0
FRESH = 60.0  # seconds: the server lets go of a quiet connection after 75
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
SHORT, MIDDLE = 126, 127  # lengths that say that the length follows

Hear = Callable[[bytes, float], None]


class Answer(NamedTuple):
    status: int  # 0: none came
    body: dict[str, Any]

    @property
    def code(self) -> str:
        return str(self.body.get("code", ""))


NONE = Answer(0, {})


class Line(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.answer: asyncio.Future[Answer] | None = None
        self.used_at = time.monotonic()
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        if self.answer and not self.answer.done():
            self.answer.set_result(NONE)

    @property
    def is_usable(self) -> bool:
        is_open = self.transport is not None and not self.transport.is_closing()
        return is_open and time.monotonic() - self.used_at < FRESH

    async def ask(self, request: bytes) -> Answer:
        self.answer = asyncio.get_running_loop().create_future()
        if self.transport is None:
            return NONE
        self.transport.write(request)
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                return await self.answer
        except TimeoutError:
            self.close()
            return NONE
        finally:
            self.used_at = time.monotonic()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, end, body = self.buffer.partition(b"\r\n\r\n")
        if not end or len(body) < _length(head):
            return
        self.buffer = b""
        if self.answer and not self.answer.done():
            self.answer.set_result(_answer(int(head[9:12]), body))

    def close(self) -> None:
        if self.transport:
            self.transport.close()


def _length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"\r\ncontent-length:")
    return int(rest.partition(b"\r\n")[0]) if found else 0


def _answer(status: int, body: bytes) -> Answer:
    try:
        return Answer(status, json.loads(body))
    except ValueError:
        return Answer(status, {})


class Pool:
    """As many connections as there are presses at once, kept for the next ones.

    They take turns: a country has one for each kiosk and desk, so each web process gets its share.
    """

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.idle: deque[Line] = deque()
        self.opened = 0
        self._run, self._presses = os.urandom(6).hex(), 0

    async def post(self, path: str, key: str, body: dict[str, Any]) -> Answer:
        """Press once; where the connection breaks, once more with the same Idempotency-Key."""
        self._presses += 1
        text = json.dumps(body).encode()
        request = (
            f"POST /api/v1/halls/{path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n"
            f"Authorization: Bearer {key}\r\nIdempotency-Key: {self._run}-{self._presses}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
        ).encode() + text
        answer = await self._once(request)
        return answer if answer.status else await self._once(request)

    async def _once(self, request: bytes) -> Answer:
        try:
            line = await self._line()
        except OSError:
            return NONE
        answer = await line.ask(request)
        if line.is_usable:
            self.idle.append(line)
        return answer

    async def _line(self) -> Line:
        while self.idle:
            line = self.idle.popleft()
            if line.is_usable:
                return line
            line.close()
        self.opened += 1
        loop = asyncio.get_running_loop()
        _, line = await loop.create_connection(Line, self.host, self.port)
        return line

    def close(self) -> None:
        for line in self.idle:
            line.close()


class Socket(asyncio.Protocol):
    """A websocket that only listens: each text goes to `hear`, with the moment it came."""

    def __init__(self, host: str, path: str, hear: Hear) -> None:
        self.host, self.path, self.hear = host, path, hear
        self.transport: asyncio.Transport | None = None
        self.buffer = bytearray()
        self.is_open = self.was_refused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]
        key = base64.b64encode(os.urandom(16)).decode()
        self._write(
            f"GET {self.path} HTTP/1.1\r\nHost: {self.host}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport, self.is_open = None, False

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        self.buffer += data
        if not self.is_open and not self._shake_hands():
            return
        while (frame := self._frame()) is not None:
            kind, content = frame
            if kind == TEXT:
                self.hear(content, now)
            elif kind == PING:
                self._write(bytes([0x80 | PONG, 0x80 | len(content)]) + bytes(4) + content)
            elif kind == CLOSE:
                self.leave()

    def _shake_hands(self) -> bool:
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        self.is_open = self.buffer.startswith(b"HTTP/1.1 101")
        self.was_refused = not self.is_open
        del self.buffer[: end + 4]
        return self.is_open

    def _frame(self) -> tuple[int, bytes] | None:
        """Take the next whole frame out of the buffer."""
        if len(self.buffer) < 2:  # noqa: PLR2004 - the shortest head
            return None
        length, start = self.buffer[1], 2
        if length == SHORT:
            start = 4
            length = int.from_bytes(self.buffer[2:start])
        elif length == MIDDLE:
            start = 10
            length = int.from_bytes(self.buffer[2:start])
        if len(self.buffer) < start + length:
            return None
        kind, content = self.buffer[0] & 15, bytes(self.buffer[start : start + length])
        del self.buffer[: start + length]
        return kind, content

    def _write(self, data: bytes) -> None:
        if self.transport:
            self.transport.write(data)

    def leave(self) -> None:
        """Say goodbye, as a page that is shut does."""
        self._write(struct.pack("!BBI2s", 0x80 | CLOSE, 0x82, 0, b"\x03\xe8"))
        if self.transport:
            self.transport.close()
        self.is_open = False


async def listen(host: str, port: int, path: str, hear: Hear) -> Socket:
    loop = asyncio.get_running_loop()
    _, socket = await loop.create_connection(
        lambda: Socket(f"{host}:{port}", path, hear), host, port
    )
    return socket
