"""A lobby screen as a program: it keeps every frame, and comes back when it is cut off."""

import json
import random
import threading
import time
from typing import Any

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection, connect


class Screen(threading.Thread):
    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.url, self.over = url, threading.Event()
        self.frames: list[dict[str, Any]] = []
        self.times: list[float] = []  # when each of them came
        self.closes: list[tuple[float, int]] = []  # when the line was closed, with which code

    def run(self) -> None:
        while not self.over.is_set():
            try:
                with connect(self.url, open_timeout=5) as socket:
                    self.watch(socket)
            except ConnectionClosed as closed:
                self.closes.append((time.monotonic(), closed.rcvd.code if closed.rcvd else 1006))
            except (OSError, WebSocketException):
                pass
            self.over.wait(random.uniform(0.1, 0.5))

    def watch(self, socket: ClientConnection) -> None:
        while not self.over.is_set():
            try:
                frame = json.loads(socket.recv(timeout=0.5))
            except TimeoutError:
                continue
            self.times.append(time.monotonic())
            self.frames.append(frame)

    def version(self) -> int:
        return self.frames[-1]["version"] if self.frames else -1

    def stop(self) -> None:
        self.over.set()
        self.join()

    def longest_absence(self) -> float:
        """Return the longest time from a close to the next frame."""
        away = [
            next((at for at in self.times if at > closed), float("inf")) - closed
            for closed, _ in self.closes
        ]
        return round(max(away, default=0.0), 2)

    def longest_silence(self) -> float:
        gaps = [after - before for before, after in zip(self.times, self.times[1:], strict=False)]
        return round(max(gaps, default=0.0), 2)
