"""One web process: uvicorn on the listening socket that it was given as standard input.

All web processes share that socket, so that while one is gone the others answer, and what they
cannot answer at once waits in the kernel.
"""

import os
import socket

import uvicorn


def config() -> uvicorn.Config:
    proxies = os.environ.get("FORWARDED_ALLOW_IPS", "")
    return uvicorn.Config(
        "mpp.asgi:application",
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_ping_interval=5,
        ws_ping_timeout=5,
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
    door = socket.socket(fileno=0)  # asks the kernel for the family, TCP is told from others
    uvicorn.Server(config()).run(sockets=[door])


if __name__ == "__main__":
    main()
