"""The least that a web process could do: uvicorn, and the same text for every socket that it has.

Whatever a socket says, all sockets of this process are sent. Beside it the hall is measured.
"""

import asyncio
import os
import socket
from typing import Any

import uvicorn

from mpp import serve

sends: set[Any] = set()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await socket_of(receive, send)
    elif scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ready"})


async def socket_of(receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": f"process {os.getpid()}"})
    sends.add(send)
    try:
        while (message := await receive())["type"] == "websocket.receive":
            frame = {"type": "websocket.send", "text": message["text"]}
            await asyncio.gather(*(each(frame) for each in list(sends)))
    finally:
        sends.discard(send)


def config() -> uvicorn.Config:
    """As the hall's own, but for the size of what a socket may say."""
    mine = serve.config()
    return uvicorn.Config(
        application,
        loop=mine.loop,
        ws=mine.ws,
        lifespan="off",
        ws_ping_interval=mine.ws_ping_interval,
        ws_ping_timeout=mine.ws_ping_timeout,
        ws_per_message_deflate=False,
        backlog=mine.backlog,
        log_level="warning",
    )


if __name__ == "__main__":
    uvicorn.Server(config()).run(sockets=[socket.socket(fileno=0)])
