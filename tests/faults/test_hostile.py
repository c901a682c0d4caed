"""Somebody wants to break the hall: odd orders, broken requests, frames that are none."""

import json
import os
import random
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Any

import hypothesis
import psutil
import pytest
import schemathesis
from hypothesis import HealthCheck
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from mpp.embedded import wait_until
from tests.checker import judge
from tests.faults.ground import Ground

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults-hostile")]

WHO = ("kiosks", "displays", "operators", "manager", "greeter", "")
MEGABYTES = 20  # that a web process may grow by


class Memory:
    """How much the web processes have grown since they were warm, in megabytes."""

    def __init__(self, ground: Ground) -> None:
        self.processes = [psutil.Process(each.pid) for each in ground.web.processes]
        self.before = self.now()

    def now(self) -> list[float]:
        return [process.memory_info().rss / 1e6 for process in self.processes]

    def grown(self) -> float:
        pairs = zip(self.now(), self.before, strict=True)
        return round(max(now - before for now, before in pairs), 1)


def warm(ground: Ground) -> Memory:
    """Use every thread of each process once, so that what is measured is what stays."""
    for _ in range(60):
        ground.take("A01")
        ground.board()
    return Memory(ground)


def key_of(ground: Ground, who: str) -> str:
    found = ground.demo.get(who, {"key": ""})
    return (found[0] if isinstance(found, list) else found)["key"]


# --- Orders -------------------------------------------------------------------------------------


def operations(ground: Ground) -> list[Any]:
    schema = schemathesis.openapi.from_url(f"{ground.url}/api/v1/openapi.json")
    return [found.ok() for found in schema.get_all_operations()]


def throw(
    operation: Any, mode: GenerationMode, count: int, seed: int, send: Callable[[Any], None]
) -> None:
    """Send so many cases of an operation that the document allows, or forbids."""

    @hypothesis.seed(seed)
    @hypothesis.given(operation.as_strategy(generation_mode=mode))
    @hypothesis.settings(
        max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    def each(case: Any) -> None:
        send(case)

    each()


def places(ground: Ground, chance: random.Random) -> dict[str, Any]:
    """Return addresses that exist, so that the odd part is what is said there."""
    tickets = [str(key) for (key,) in ground.rows("SELECT public_id FROM queueing_ticket LIMIT 50")]
    tokens = [token for (token,) in ground.rows("SELECT token FROM queueing_visit LIMIT 50")]
    return {
        "hall": ground.slug,
        "number": chance.randint(1, 27),
        "ticket_id": chance.choice(tickets),
        "token": chance.choice(tokens),
    }


@pytest.mark.fault(
    "H1",
    "every order of the OpenAPI document, allowed and forbidden, by everybody (schemathesis)",
    "no 5xx; every refusal a code and a sentence; the rows stay whole; memory flat",
)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_order_breaks_the_hall(ground, seed, row, mode, cases):
    chance, statuses, memory = random.Random(seed), [], warm(ground)

    def send(case: Any) -> None:
        known = places(ground, chance)
        if chance.random() < 0.8:
            names = case.path_parameters or {}
            case.path_parameters = {**names, **{n: known[n] for n in names if n in known}}
        bearer = {"Authorization": f"Bearer {key_of(ground, chance.choice(WHO))}"}
        with suppress(UnicodeEncodeError, ValueError):  # what no client could send
            statuses.append(told(case.call(headers=bearer, timeout=20)))

    for operation in operations(ground):
        with suppress(Unsatisfiable):  # nothing can be wrong with a board that is asked for
            throw(operation, mode, cases, seed, send)
    served = sum(status < 400 for status in statuses)
    row[mode.value] = f"{len(statuses)} sent, {served} served, grown {memory.grown()} MB"
    assert len(statuses) > 100
    assert max(statuses) < 500
    assert memory.grown() <= MEGABYTES
    judge(ground.evidence())


def told(answer: Any) -> int:
    """Return the status; a refusal of the API must be told as the contract says."""
    if answer.status_code >= 400:
        body = answer.json()
        assert set(body) == {"code", "message"}, body
        assert body["message"], body
    return answer.status_code


# --- Requests that are none ---------------------------------------------------------------------


def raw(ground: Ground, sent: bytes, seconds: float = 8) -> bytes:
    """Send bytes as they are; return the first of what comes back, empty when cut off."""
    with socket.create_connection(("127.0.0.1", ground.web.port), timeout=seconds) as line:
        with suppress(ConnectionError, TimeoutError):
            line.sendall(sent)
        with suppress(ConnectionError, TimeoutError):
            return line.recv(4096)
    return b""


HOST = b"Host: localhost\r\n"
POST = b"POST /api/v1/halls/payakumbuh/visits HTTP/1.1\r\n" + HOST
JSON = b"Content-Type: application/json\r\nIdempotency-Key: k\r\n"
CHUNKS = b"Transfer-Encoding: chunked\r\n\r\n"
BROKEN = {
    "no words": b"\r\n\r\n\r\n",
    "no http": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + os.urandom(200),
    "a verb of 1 MB": b"G" * 1_000_000 + b" / HTTP/1.1\r\n\r\n",
    "an address of 1 MB": b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "10,000 equal headers": b"GET / HTTP/1.1\r\n" + HOST + b"X-A: b\r\n" * 10_000 + b"\r\n",
    "a header of 1 MB": b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 1_000_000 + b"\r\n\r\n",
    "two lengths": POST + JSON + b"Content-Length: 2\r\nContent-Length: 9\r\n\r\n{}",
    "a length that is none": POST + JSON + b"Content-Length: -1\r\n\r\n",
    "length and chunks": POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks that are none": POST
    + JSON
    + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    "10 MB in chunks": POST
    + JSON
    + CHUNKS
    + (b"10000\r\n" + b"a" * 65_536 + b"\r\n") * 160
    + b"0\r\n\r\n",
    "10 MB": POST + JSON + b"Content-Length: 10000000\r\n\r\n" + b"a" * 10_000_000,
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "a host of somebody else": b"GET / HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n",
    "an odd host": b"GET / HTTP/1.1\r\nHost: \xff\xfe<script>\r\n\r\n",
    "a null byte": b"GET /%00 HTTP/1.1\r\n" + HOST + b"\r\n",
    "dots": b"GET /static/../../mpp/settings.py HTTP/1.1\r\n" + HOST + b"\r\n",
    "encoded dots": b"GET /static/%2e%2e/%2e%2e/mpp/settings.py HTTP/1.1\r\n" + HOST + b"\r\n",
    "a surrogate": b"GET /v/%ed%a0%80 HTTP/1.1\r\n" + HOST + b"\r\n",
    "half a body": POST + JSON + b"Content-Length: 50\r\n\r\n{",
    "deep json": POST + JSON + b"Content-Length: 60000\r\n\r\n" + b"[" * 30_000 + b"]" * 30_000,
    "cookies that are none": b"GET / HTTP/1.1\r\n" + HOST + b"Cookie: \xff=;;=;sessionid=\r\n\r\n",
}


@pytest.mark.fault(
    "H2",
    "requests that are none: odd lengths, 1 MB headers, 10 MB bodies, chunks, dots, null bytes",
    "400, 404, 413 or a closed line, never 5xx; nothing of the disk; memory flat",
)
@pytest.mark.parametrize("name", BROKEN)
def test_no_broken_request_breaks_the_hall(ground, row, name):
    memory = warm(ground)
    for _ in range(20):
        answer = raw(ground, BROKEN[name], seconds=2)
        assert not answer.startswith(b"HTTP/1.1 5"), answer
        assert b"SECRET_KEY" not in answer
    row["grown_mb"] = max(memory.grown(), row.get("grown_mb", 0))
    assert ground.take("A01").status_code == 201
    assert memory.grown() <= MEGABYTES


# --- Frames that are none -----------------------------------------------------------------------

KNOCK = (
    b"GET /ws/payakumbuh/board HTTP/1.1\r\n" + HOST + b"Upgrade: websocket\r\n"
    b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
MASK = b"\x00\x00\x00\x00"
PIECE = b"\x00\xfe\x0f\xa0" + MASK + b"a" * 4000
FRAMES = {
    "not masked": b"\x81\x02hi",
    "an opcode that is none": b"\x8b\x80" + MASK,
    "reserved bits": b"\xf1\x80" + MASK,
    "2^63 bytes announced": b"\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff" + MASK,
    "5 kB": b"\x82\xfe\x14\x00" + MASK + b"a" * 5120,
    "pieces without end": b"\x01\x81"
    + MASK
    + b"a"
    + (b"\x00\xfe\x0f\xa0" + MASK + b"a" * 4000) * 50,
    "text that is none": b"\x81\x82" + MASK + b"\xff\xfe",
    "a long ping": b"\x89\xfe\x01\x00" + MASK + b"a" * 256,
    "1,000 pings": (b"\x89\x80" + MASK) * 1000,
    "a close of one byte": b"\x88\x81" + MASK + b"a",
    "an odd goodbye": b"\x88\x82" + MASK + b"\x00\x01",
    "noise": os.urandom(4000),
    "orders": b"".join(b"\x81\x90" + MASK + b'{"call": "next"}' for _ in range(200)),
}


def talk(ground: Ground, frame: bytes, extra: bytes = b"") -> bytes:
    """Open a board socket, send bytes, read until it is closed or quiet; return what came."""
    heard = b""
    line = socket.create_connection(("127.0.0.1", ground.web.port), timeout=1)
    with line, suppress(ConnectionError, TimeoutError):
        line.sendall(KNOCK + extra + b"\r\n")
        heard += line.recv(65_536)
        line.sendall(frame)
        while piece := line.recv(65_536):
            heard += piece
    return heard


@pytest.mark.fault(
    "H3",
    "frames that are none: not masked, announced too long, pieces without end, noise, orders",
    "the socket is closed or deaf; other screens go on; sockets and memory come back",
)
@pytest.mark.parametrize("name", FRAMES)
def test_no_broken_frame_breaks_the_hall(ground, row, name):
    memory = warm(ground)
    version = ground.board()["version"]
    for _ in range(10):
        assert talk(ground, FRAMES[name]).startswith(b"HTTP/1.1 101")
    assert ground.board()["version"] == version
    row["grown_mb"] = max(memory.grown(), row.get("grown_mb", 0))
    assert memory.grown() <= MEGABYTES


KNOCKS = {
    "another host's page": b"Origin: https://elsewhere.example\r\n",
    "an origin that is none": b"Origin: \xff<>\r\n",
    "null": b"Origin: null\r\n",
}


@pytest.mark.fault(
    "H4", "sockets of pages of other hosts", "refused before anything is sent, and never 5xx"
)
@pytest.mark.parametrize("name", KNOCKS)
def test_a_page_of_another_host_hears_nothing(ground, name):
    heard = talk(ground, b"", KNOCKS[name])
    assert heard[9:12] in {b"400", b"403"}, heard[:60]


# --- Slow ---------------------------------------------------------------------------------------


@pytest.mark.fault(
    "H5",
    "200 lines that send one letter of a request every second (slow loris)",
    "everybody else is served as fast as before; the lines are freed when they let go",
)
def test_lines_that_never_finish_keep_nobody_waiting(ground, row):
    before = slowest_of(ground, 20)
    lines = [socket.create_connection(("127.0.0.1", ground.web.port)) for _ in range(200)]
    try:
        for letter in b"GET /h":
            for line in lines:
                line.send(bytes([letter]))
            row["slowest_s"] = round(slowest_of(ground, 5), 3)
            assert row["slowest_s"] < max(1.0, 5 * before)
    finally:
        for line in lines:
            line.close()
    processes = [psutil.Process(each.pid) for each in ground.web.processes]
    assert wait_until(lambda: sum(len(each.net_connections()) for each in processes) < 50, 10)


LONG_BODY = b"Content-Length: 100000\r\n\r\n" + b"a" * 70_000
COOKIE = b"Cookie: csrftoken=" + b"c" * 32 + b"\r\n"
FORM = b"POST /sign-in HTTP/1.1\r\n" + HOST + COOKIE
FORM += b"Content-Type: application/x-www-form-urlencoded\r\n"
STOPS = {
    "presses": POST + JSON + b"Content-Length: 50\r\n\r\n{",
    "presses of 100 kB": POST + JSON + LONG_BODY,
    "forms": FORM + b"Content-Length: 50\r\n\r\na",
    "forms of 100 kB": FORM + LONG_BODY,
}


@pytest.mark.fault(
    "H6",
    "20 requests whose bodies stop half-way",
    "presses of everybody else are answered as fast as before",
)
@pytest.mark.parametrize("name", STOPS)
def test_bodies_that_never_end_keep_no_press_waiting(ground, row, name):
    before = slowest_of(ground, 20)
    key = b"Authorization: Bearer " + key_of(ground, "kiosk").encode() + b"\r\n"
    begun = STOPS[name].replace(HOST, HOST + key)
    with ExitStack() as stack:
        for _ in range(20):
            line = socket.create_connection(("127.0.0.1", ground.web.port))
            stack.enter_context(line).sendall(begun)
        row[name] = f"slowest {slowest_of(ground, 5):.3f} s"
        assert slowest_of(ground, 5) < max(1.0, 5 * before)


def slowest_of(ground: Ground, count: int) -> float:
    slowest = 0.0
    for _ in range(count):
        begun = time.monotonic()
        assert ground.take("A01").status_code == 201
        slowest = max(slowest, time.monotonic() - begun)
    return slowest


def test_what_is_told_of_a_refusal_is_looked_at():
    class Answer:
        status_code = 409

        def json(self) -> dict[str, Any]:
            return json.loads('{"detail": "no"}')

    with pytest.raises(AssertionError):
        told(Answer())
