"""Many clients at once, cheaply: kept-alive connections that each wait for their answer.

    run = press(port, iter(requests), clients=16)
    run.figures()  # per second, p50 ms, p95 ms, p99 ms

The requests are bytes, taken from one iterator by whichever connection is free.
"""

import asyncio
import json
import time
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import uvloop

from tests.bench.rows import percentile

LENGTH = b"\r\ncontent-length:"
TIME_LIMIT = 120


def headers(key: str) -> dict[str, str]:
    """Return what a press of a program says above its body, with a key that is used once."""
    return {
        "Authorization": f"Bearer {key}",
        "Idempotency-Key": uuid.uuid4().hex,
        "Content-Type": "application/json",
    }


def post(path: str, key: str, body: Any) -> bytes:
    """Return a press as a program sends it."""
    text = json.dumps(body)
    about = {"Host": "127.0.0.1", **headers(key), "Content-Length": str(len(text))}
    said = "".join(f"{name}: {value}\r\n" for name, value in about.items())
    return f"POST {path} HTTP/1.1\r\n{said}\r\n{text}".encode()


@dataclass
class Run:
    seconds: float = 0.0
    took: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    nobody: int = 0  # answers that say that nobody waits

    def note(self, head: bytes, body: bytes, seconds: float) -> None:
        self.took.append(seconds * 1000)
        self.statuses[head[9:12].decode()] += 1
        self.nobody += b'"ticket": null' in body

    def require(self, *statuses: str) -> None:
        """Make sure that every press did what was measured."""
        assert set(self.statuses) <= set(statuses), self.statuses
        assert not self.nobody, f"{self.nobody} calls found nobody"

    def figures(self) -> dict[str, float]:
        shares = {"p50 ms": 0.5, "p95 ms": 0.95, "p99 ms": 0.99}
        slow = {name: percentile(self.took, share) for name, share in shares.items()}
        return {"per second": len(self.took) / self.seconds, **slow}


class Connection(asyncio.Protocol):
    def __init__(self, requests: Iterator[bytes], run: Run) -> None:
        self.requests, self.run = requests, run
        self.unread = b""
        self.is_done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.ask()

    def ask(self) -> None:
        request = next(self.requests, None)
        if request is None:
            self.transport.close()
            self.is_done.set_result(None)
            return
        self.begun = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.unread += data
        head, end, rest = self.unread.partition(b"\r\n\r\n")
        if end and len(rest) >= length_in(head):
            self.run.note(head, rest, time.perf_counter() - self.begun)
            self.unread = b""
            self.ask()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.is_done.done():
            self.is_done.set_exception(error or ConnectionResetError("before the answer"))


def length_in(head: bytes) -> int:
    _, found, after = head.lower().partition(LENGTH)
    assert found, head
    return int(after.split(b"\r\n", 1)[0])


async def _press(port: int, requests: Iterator[bytes], clients: int) -> Run:
    loop, run = asyncio.get_running_loop(), Run()
    begun = time.perf_counter()
    pairs = [
        loop.create_connection(lambda: Connection(requests, run), "127.0.0.1", port)
        for _ in range(clients)
    ]
    connections = await asyncio.gather(*pairs)
    await asyncio.gather(*(each.is_done for _, each in connections))
    run.seconds = time.perf_counter() - begun
    return run


def press(port: int, requests: Iterable[bytes], clients: int) -> Run:
    """Send all of them through this many connections; return how it went."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(asyncio.wait_for(_press(port, iter(requests), clients), TIME_LIMIT))
