"""How do a request and its answer pass between the event loop and a thread? Whole, where small.

By itself a2wsgi passes an answer on in three parts and a body in one, and each time its thread
waits until the event loop has had its turn: four times two turns of the interpreter for a press.
What came with the head of a request goes to the thread together with it, and what an answer says is
kept until the thread is done. Only of a longer one the parts are passed on one by one, so that
whoever reads slowly holds up its thread and not our memory.
"""

import io
from typing import Any

from a2wsgi import WSGIMiddleware
from a2wsgi.asgi_typing import Receive, Send
from a2wsgi.wsgi import WSGIResponder

LONGEST_KEPT = 64 * 1024


class Threads(WSGIMiddleware):
    """A WSGI application on a fixed pool of threads."""

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        passage = Passage(self.app, self.executor, self.send_queue_size)
        passage.came = await receive()
        await passage(scope, passage.again(receive), send)


class Passage(WSGIResponder):
    """One request on its way to a thread, and its answer on the way back."""

    came: Any  # the message that came with the head

    def __init__(self, *about: Any) -> None:
        super().__init__(*about)
        self.kept: list[Any] = []
        self.length = 0

    def again(self, receive: Receive) -> Receive:
        """Return how to receive all of the request, though its beginning was received already."""
        beginning = [self.came]

        async def received() -> Any:
            return beginning.pop() if beginning else await receive()

        return received

    def wsgi(self, environ: Any, start_response: Any) -> None:
        if not self.came.get("more_body"):
            environ["wsgi.input"] = io.BytesIO(self.came.get("body", b""))
        super().wsgi(environ, start_response)

    def send(self, message: Any) -> None:
        """Keep a part of the answer; of a long answer pass on what there is, and wait for that."""
        self.kept.append(message)
        self.length += len(message.get("body", b""))
        if self.length > LONGEST_KEPT:
            kept, self.kept = self.kept, []
            for each in kept:
                super().send(each)

    async def sender(self, send: Send) -> None:
        """Send what the thread passes on, and when it is done what was kept."""
        await super().sender(send)
        for message in self.kept:
            await send(message)
