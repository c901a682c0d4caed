"""How does one reach the printer? By network, by a device file, or by USB itself.

A wire writes and reads with an end: a printer that hangs makes it raise TimeoutError, one that is
not there any other OSError.
"""

import errno
import os
import select
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import TracebackType
from typing import Any, Protocol, Self
from urllib.parse import urlsplit

PIECE = 4096
CONNECTS_IN = 2.0  # seconds


class Wire(Protocol):
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
    def write(self, data: bytes, until: float) -> None: ...
    def read(self, until: float) -> bytes: ...


def left(until: float) -> float:
    """Return the seconds that are left; raises TimeoutError when none are."""
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


class Network:
    """A printer that listens on a port, nearly always 9100."""

    def __init__(self, host: str, port: int) -> None:
        self.place = host, port

    def __enter__(self) -> Self:
        try:
            self.socket = socket.create_connection(self.place, timeout=CONNECTS_IN)
        except TimeoutError as error:
            raise ConnectionRefusedError from error  # nobody there, rather than one who hangs
        return self

    def __exit__(self, *error: object) -> None:
        self.socket.close()

    def write(self, data: bytes, until: float) -> None:
        self.socket.settimeout(left(until))
        self.socket.sendall(data)

    def read(self, until: float) -> bytes:
        self.socket.settimeout(left(until))
        answer = self.socket.recv(64)
        if not answer:
            raise ConnectionResetError
        return answer


class File:
    """A printer that the system shows as a file: /dev/usb/lp0."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __enter__(self) -> Self:
        self.file = os.open(self.path, os.O_RDWR | os.O_NONBLOCK)
        return self

    def __exit__(self, *error: object) -> None:
        os.close(self.file)

    def write(self, data: bytes, until: float) -> None:
        while data:
            if not select.select([], [self.file], [], left(until))[1]:
                raise TimeoutError
            data = data[os.write(self.file, data[:PIECE]) :]

    def read(self, until: float) -> bytes:
        if not select.select([self.file], [], [], left(until))[0]:
            raise TimeoutError
        answer = os.read(self.file, 64)
        if not answer:
            raise TimeoutError  # a printer that answers nothing reads as an empty file
        return answer


class Usb:
    """A printer without a driver, by its vendor's and product's number."""

    def __init__(self, vendor: int, product: int) -> None:
        self.numbers = vendor, product

    def __enter__(self) -> Self:
        from escpos.printer import Usb as Printer  # noqa: PLC0415 - needed for usb: alone

        self.printer = Printer(*self.numbers, timeout=1000)
        self.device: Any = self.printer.device
        return self

    def __exit__(self, *error: object) -> None:
        self.printer.close()

    def write(self, data: bytes, until: float) -> None:
        with in_time():
            self.device.write(self.printer.out_ep, data, int(left(until) * 1000))

    def read(self, until: float) -> bytes:
        with in_time():
            return bytes(self.device.read(self.printer.in_ep, 16, int(left(until) * 1000)))


@contextmanager
def in_time() -> Iterator[None]:
    """Let pyusb's own kind of time-out be Python's."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ETIMEDOUT:
            raise TimeoutError from error
        raise


def wire_to(address: str) -> Callable[[], Wire]:
    """Return how to open the wire to `tcp://host:port`, `file:/path` or `usb:VID:PID`."""
    kind, _, rest = address.partition(":")
    place = urlsplit(address)
    if kind == "tcp" and place.hostname:
        return partial(Network, place.hostname, place.port or 9100)
    if kind == "file" and rest.startswith("/"):
        return partial(File, rest)
    if kind == "usb" and rest.count(":") == 1:
        vendor, product = (int(number, 16) for number in rest.split(":"))
        return partial(Usb, vendor, product)
    message = f"unknown printer: {address}"
    raise ValueError(message)
