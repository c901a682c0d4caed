"""One web process: uvicorn on the listening socket that it was given as standard input.

All web processes share that socket, so that while one is gone the others answer, and what they
cannot answer at once waits in the kernel.
"""

import os
import socket
import sys

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

LONGEST_HEAD = 32 * 1024
# Seconds after which a thread that computes lets another one: the event loop, through which every
# press and every board goes, waits so long behind each (Python's own 0.005: decision 10).
A_TURN = 0.001


class BoundedHead(HttpToolsProtocol):
    """uvicorn's HTTP, which by itself would read headers without end: too long a head is a 400."""

    head = 0  # bytes of the headers that were read
    unread = 0  # bytes that came for a head that is not complete yet
    is_in_head = False

    def on_message_begin(self) -> None:
        self.head, self.unread, self.is_in_head = 0, 0, True
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        self.head += len(name) + len(value)
        if self.head > LONGEST_HEAD:
            raise ValueError  # the parser stops, and uvicorn answers 400
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self.is_in_head = False
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self.unread += len(data) if self.is_in_head else 0
        if self.unread > LONGEST_HEAD and not self.transport.is_closing():
            self.send_400_response("Invalid HTTP request received.")


class Line(WebSocketsSansIOProtocol):
    """A socket; one that does not answer is cut, for to close it would wait until it reads."""

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self.transport.abort()


def config() -> uvicorn.Config:
    proxies = os.environ.get("FORWARDED_ALLOW_IPS", "")
    return uvicorn.Config(
        "mpp.asgi:application",
        loop="uvloop",
        http=BoundedHead,
        ws=Line,
        ws_ping_interval=10,
        ws_ping_timeout=7,
        ws_max_size=4096,
        ws_per_message_deflate=False,  # 26 kB for a socket instead of 60
        backlog=2048,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=10,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        server_header=False,
        access_log=False,
        log_config=None,  # Django's settings say where words go
        log_level="warning",
    )


def main() -> None:
    sys.setswitchinterval(A_TURN)
    door = socket.socket(fileno=0)  # asks the kernel for the family, TCP is told from others
    uvicorn.Server(config()).run(sockets=[door])


if __name__ == "__main__":
    main()
