"""Who may print? Pages of the allowed origins, on this machine.

GET  /status        {"state": "ready"}
POST /jobs/{id}     the bytes -> {"outcome": "printed"}
"""

import json
import re
import sys
from collections.abc import Collection
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bridge.printer import Printer

LARGEST = 256 * 1024
JOB = re.compile(r"^/jobs/([A-Za-z0-9_-]{8,80})$")
SLOWEST = 5.0  # seconds in which a page has sent what it says it sends


class Bridge(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, printer: Printer, origins: Collection[str]) -> None:
        self.printer, self.origins = printer, frozenset(origins)
        super().__init__(("127.0.0.1", port), Door)
        own = self.server_address[1]
        self.hosts = {f"127.0.0.1:{own}", f"localhost:{own}"}


class Door(BaseHTTPRequestHandler):
    server: Bridge
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "bridge", ""
    timeout = SLOWEST

    def do_OPTIONS(self) -> None:
        if self.may_enter():
            self.answer(HTTPStatus.NO_CONTENT)

    def do_GET(self) -> None:
        if not self.may_enter():
            return
        if self.path == "/status":
            self.answer(HTTPStatus.OK, {"state": self.server.printer.state()})
        else:
            self.answer(HTTPStatus.NOT_FOUND, {})

    def do_POST(self) -> None:
        job = JOB.match(self.path)
        length = self.headers.get("Content-Length", "")
        if not self.may_enter():
            return
        if job is None:
            self.refuse(HTTPStatus.NOT_FOUND)
        elif not length.isdecimal():
            self.refuse(HTTPStatus.LENGTH_REQUIRED)
        elif int(length) > LARGEST:
            self.refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            self.print(job[1], int(length))

    def print(self, job: str, length: int) -> None:
        data = self.rfile.read(length)
        if len(data) < length:
            self.refuse(HTTPStatus.BAD_REQUEST)
            return
        outcome = self.server.printer.print_once(job, data)
        is_busy = outcome == "busy"
        status = HTTPStatus.SERVICE_UNAVAILABLE if is_busy else HTTPStatus.OK
        self.answer(status, {"outcome": outcome})

    def may_enter(self) -> bool:
        """Whether a page of the hall asks, at our own name: no other site, and none renamed."""
        is_ours = self.headers.get("Host") in self.server.hosts
        if is_ours and self.headers.get("Origin") in self.server.origins:
            return True
        self.refuse(HTTPStatus.FORBIDDEN)
        return False

    def refuse(self, status: HTTPStatus) -> None:
        self.close_connection = True  # what the body says was not read
        self.answer(status, {})

    def answer(self, status: HTTPStatus, body: dict[str, Any] | None = None) -> None:
        text = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        for name, value in self.permission().items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        if body is not None:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def permission(self) -> dict[str, str]:
        """Return the headers by which a browser lets the page read the answer."""
        origin = self.headers.get("Origin", "")
        if origin not in self.server.origins:
            return {"Vary": "Origin"}
        allowed = {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}
        if self.command != "OPTIONS":
            return {**allowed, "Cache-Control": "no-store"}
        allowed |= {
            "Access-Control-Allow-Methods": "GET, POST",
            "Access-Control-Allow-Headers": "Content-Type",
            "Access-Control-Max-Age": "600",
        }
        if self.headers.get("Access-Control-Request-Private-Network") == "true":
            allowed["Access-Control-Allow-Private-Network"] = "true"
        return allowed

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's own name
        print(format % args, file=sys.stderr)  # noqa: T201 - systemd keeps it
