"""A request and its answer pass between event loop and thread whole, where they are small."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from a2wsgi import WSGIMiddleware

from mpp import threads
from mpp.threads import LONGEST_KEPT, Threads, Whole

SCOPE = {
    "type": "http",
    "http_version": "1.1",
    "method": "POST",
    "path": "/",
    "query_string": b"",
    "headers": [(b"content-length", b"11")],
    "scheme": "http",
}
KILOBYTE = b"k" * 1024


class Line:
    """The server's end of one request: what comes in, and what has gone out."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = [
            {"type": "http.request", "body": piece, "more_body": True} for piece in pieces
        ]
        self.pieces[-1]["more_body"] = False
        self.sent: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        return self.pieces.pop(0) if self.pieces else {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)


class StuckLine(Line):
    """Says only its first piece, and is silent then."""

    def __init__(self, *pieces: bytes) -> None:
        super().__init__(*pieces)
        self.waits = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        if len(self.pieces) == 1:
            self.waits.set()
            await asyncio.Event().wait()
        return await super().receive()


def echo(environ: Any, start_response: Any) -> list[bytes]:
    """Answer what was said."""
    said = environ["wsgi.input"].read()
    start_response("200 OK", [("X-Words", str(len(said)))])
    return [said]


def asked(application: Any, line: Line) -> Line:
    asyncio.run(application(SCOPE, line.receive, line.send))
    return line


def served(application: Any) -> Any:
    return Whole(Threads(application, workers=1))


LONG = b"l" * (LONGEST_KEPT + 1)


@pytest.mark.parametrize(
    "pieces", [(b"hello",), (b"hel", b"lo"), (b"", b"hello"), (b"",), (LONG, LONG), (b"l", LONG)]
)
def test_what_is_said_in_any_number_of_pieces_arrives(pieces):
    line = asked(served(echo), Line(*pieces))
    assert line.body() == b"".join(pieces)
    assert (line.sent[0]["status"], line.sent[-1].get("more_body")) == (200, None)


def test_a_request_that_broke_off_is_not_handed_over():
    line = Line(b"hel", b"lo")
    del line.pieces[1]
    assert asked(served(echo), line).sent == []


def test_a_body_that_never_ends_keeps_no_thread_waiting():
    async def wait_in_line() -> bytes:
        application, stuck = served(echo), [StuckLine(b"hel", b"lo") for _ in range(5)]
        ways = [asyncio.create_task(application(SCOPE, each.receive, each.send)) for each in stuck]
        for each in stuck:
            await each.waits.wait()
        line = Line(b"hello")
        await application(SCOPE, line.receive, line.send)
        for way in ways:
            way.cancel()
        return line.body()

    assert asyncio.run(wait_in_line()) == b"hello"


def test_a_long_body_that_stalls_is_over_after_a_while(monkeypatch):
    monkeypatch.setattr(threads, "STALLED", 0.05)

    async def stall() -> bytes:
        line = StuckLine(LONG, b"the rest")
        await served(echo)(SCOPE, line.receive, line.send)
        return line.body()

    assert asyncio.run(stall()) == LONG


def is_done_alone(kind: type[WSGIMiddleware]) -> bool:
    """Whether a thread can take a press and answer it while the event loop has no time for it."""
    goes_on, is_over = threading.Event(), threading.Event()

    class Answer(list[bytes]):
        def close(self) -> None:
            is_over.set()

    async def busy() -> bool:
        loop, is_begun = asyncio.get_running_loop(), asyncio.Event()

        def press(environ: Any, start_response: Any) -> Answer:
            loop.call_soon_threadsafe(is_begun.set)
            goes_on.wait(5)
            return Answer(echo(environ, start_response))

        line, application = Line(b"hello"), kind(press, workers=1)  # type: ignore[arg-type]
        way = asyncio.create_task(application(SCOPE, line.receive, line.send))  # type: ignore[arg-type]
        await is_begun.wait()
        goes_on.set()
        was_over = is_over.wait(1)  # nothing else runs in this loop meanwhile
        await way
        assert line.body() == b"hello"
        return was_over

    return asyncio.run(busy())


def test_a_press_is_done_without_a_turn_of_the_event_loop():
    assert is_done_alone(Threads)


def test_by_itself_the_library_waits_for_a_turn():
    assert not is_done_alone(WSGIMiddleware)


def test_a_long_answer_arrives_whole_and_never_piles_up_here():
    made, piled = [], []

    def long(_environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [])
        for number in range(1000):
            made.append(number)
            yield KILOBYTE

    class SlowLine(Line):
        async def send(self, message: dict[str, Any]) -> None:
            piled.append(len(made) * len(KILOBYTE) - len(self.body()))
            await super().send(message)

    line = asked(served(long), SlowLine(b""))
    assert line.body() == KILOBYTE * 1000
    assert max(piled) <= 80 * len(KILOBYTE)


def test_what_fails_in_a_thread_is_told_to_the_server():
    def broken(_environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [])
        yield KILOBYTE
        raise ZeroDivisionError

    line = Line(b"")
    with pytest.raises(ZeroDivisionError):
        asked(served(broken), line)
    assert line.sent == []
