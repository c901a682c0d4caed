"""What do screens and phones see? The version of each board, and the calls that are new on it.

A board is not read as JSON: nearly all of it was there before.
"""

import re
from collections.abc import Callable

from queueing.nation.books import Books

VERSION = re.compile(rb'"version":(\d+)')
CALL = re.compile(
    rb'\{"version":(\d+),"label":"([^"]+)","queue":"[^"]*","counter":\d+,"calls":(\d+)'
)
LABEL = re.compile(rb'"label":"([^"]+)"')
CALLS, BEAT, CALLED = b'"calls":[', b'{"type":"beat"', b'"state":"called"'
STAYS = (b'"state":"waiting"', CALLED, b'"state":"serving"', b'"state":"on_hold"')


class Screen:
    """One lobby screen: it knows the newest version, and the newest call that it has shown."""

    def __init__(self, hall: str, books: Books) -> None:
        self.hall, self.books = hall, books
        self.version, self.called, self.frames = -1, 0, 0

    def hear(self, frame: bytes, at: float) -> None:
        self.books.frames += 1
        self.frames += 1
        found = VERSION.search(frame)
        version = int(found[1]) if found else -1
        if version < self.version:
            told = f"a screen of {self.hall} went back from {self.version} to {version}"
            self.books.faults.append(told)
        self.version = version
        if not frame.startswith(BEAT):
            self._see_calls(frame, at)

    def _see_calls(self, frame: bytes, at: float) -> None:
        """Note the calls that were not there before; they stand newest first."""
        newest = self.called
        for call in CALL.finditer(frame, frame.rfind(CALLS)):
            version, label, calls = int(call[1]), call[2], call[3]
            if version <= self.called:
                break
            newest = max(newest, version)
            if calls == b"1":
                self.books.seen[self.hall, label.decode()].append(at)
        self.called = newest


class Phone:
    """One phone that follows a visit until nothing more comes of it."""

    def __init__(self, hall: str, books: Books, leave: Callable[["Phone"], None]) -> None:
        self.hall, self.books, self.leave = hall, books, leave
        self.was_called = True  # until it was told otherwise: it may have come too late for that

    def hear(self, frame: bytes, at: float) -> None:
        self.books.frames += 1
        if frame.startswith(BEAT):
            return
        place = frame.find(CALLED)
        if place >= 0:
            if not self.was_called:
                self._note_call(frame[:place], at)
        elif not any(state in frame for state in STAYS):
            self.leave(self)
        self.was_called = place >= 0

    def _note_call(self, before: bytes, at: float) -> None:
        """Note when the phone was told; the label stands before the state, in the same ticket."""
        labels = LABEL.findall(before)
        if labels:
            self.books.told.setdefault((self.hall, labels[-1].decode()), at)
