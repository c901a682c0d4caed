"""How do a request and its answer pass between the event loop and a thread? Whole, where small.

By itself a2wsgi passes an answer on in three parts and a body in one, and each time its thread
waits until the event loop has had its turn: four times two turns of the interpreter for a press.
Here a request goes to a thread when it has come, so that nobody keeps a thread waiting for a body
that never ends; and what it is answered is kept until the thread is done. Only of what is longer
the parts are passed on one by one, so that whoever reads slowly holds up its thread and not our
memory.
"""

import asyncio
import io
from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from typing import Any

from a2wsgi import WSGIMiddleware
from a2wsgi.asgi_typing import Receive, Send
from a2wsgi.wsgi import Body, WSGIResponder, build_environ

from mpp.pool import Pool

LONGEST_KEPT = 64 * 1024
STALLED = 10.0  # seconds without a byte of the rest of a long body

Application = Any  # of ASGI


class Whole:
    """Around an application: hands a request over when all of it has come that is kept.

    Of whoever left before nothing is handed over.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        body, has_more = b"", True
        while has_more and len(body) <= LONGEST_KEPT:
            message: Any = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            has_more = message.get("more_body", False)
        beginning = [{"type": "http.request", "body": body, "more_body": has_more}]

        async def again() -> Any:
            if beginning:
                return beginning.pop()
            try:
                async with asyncio.timeout(STALLED):
                    return await receive()
            except TimeoutError:
                return {"type": "http.disconnect"}

        await self.application(scope, again, send)


class Threads(WSGIMiddleware):
    """A WSGI application on a pool of threads, which is told `Whole` requests, some paths first."""

    def __init__(
        self, app: Any, workers: int, is_urgent: Callable[[str], bool] = lambda path: False
    ) -> None:
        super().__init__(app)  # its own executor starts no thread before it is asked
        self.pool, self.is_urgent = Pool(workers, "web"), is_urgent

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        lane = self.pool.lane(is_urgent=self.is_urgent(scope["path"]))
        passage = Passage(self.app, lane, self.send_queue_size)
        passage.beginning = await receive()
        await passage(scope, receive, send)


class Passage(WSGIResponder):
    """One request on its way to a thread, and its answer on the way back, with no task between."""

    beginning: Any
    reader: Any

    def __init__(self, *about: Any) -> None:
        super().__init__(*about)
        self.kept: list[Any] = []
        self.length = 0

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        self.reader = send
        environ = build_environ(scope, Body(self.loop, receive))
        asked = partial[None](copy_context().run, self.wsgi, environ, self.start_response)
        await self.loop.run_in_executor(self.executor, asked)
        for message in self.kept:
            await send(message)
        if self.exc_info is not None:
            raise self.exc_info[1].with_traceback(self.exc_info[2])

    def wsgi(self, environ: Any, start_response: Any) -> None:
        if self.beginning["more_body"]:
            environ["wsgi.input"].buffer.extend(self.beginning["body"])
        else:
            environ["wsgi.input"] = io.BytesIO(self.beginning["body"])
        super().wsgi(environ, start_response)

    def send(self, message: Any) -> None:
        """Keep a part of the answer; of a long answer pass on what there is, and wait for that."""
        self.kept.append(message)
        self.length += len(message.get("body", b""))
        if self.length > LONGEST_KEPT:
            kept, self.kept = self.kept, []
            for each in kept:
                asyncio.run_coroutine_threadsafe(self.reader(each), self.loop).result()
