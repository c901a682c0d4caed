"""What came of it? One job at a time, and none twice.

A job is handed over only when the printer says that it could print: what lies in a printer's
memory when the paper ends comes out after the next roll is in, when its person has left.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from bridge.status import ASK, ERROR, OFFLINE, PAPER, is_status, state_of
from bridge.wires import Wire

PATIENCE = 4.0  # seconds for a job, and for whoever waits behind it
ANSWERS_IN = 0.7  # seconds in which a printer that answers at all has answered
LOOK_EVERY = 0.2
SETTLE = 1.5  # in which a slip has come out
KEPT = 1000
ABLE = ("ready", "paper_low")


class Printer:
    def __init__(
        self,
        wire: Callable[[], Wire],
        *,
        patience: float = PATIENCE,
        settle: float = SETTLE,
        is_silent: bool = False,
    ) -> None:
        self.wire, self.patience, self.settle = wire, patience, settle
        self.is_silent = is_silent  # it never says how it is; many cheap ones do not
        self.turn = threading.Lock()
        self.outcomes: OrderedDict[str, str] = OrderedDict()

    def print_once(self, job: str, data: bytes) -> str:
        """Print unless this job was tried before; return what came of it, `busy` to ask again."""
        if not self.turn.acquire(timeout=self.patience):
            return "busy"
        try:
            if job not in self.outcomes:
                self.outcomes[job] = "unknown"  # whatever happens, it is not tried again
                self.outcomes[job] = self._guarded(lambda wire: self._print(wire, data))
                while len(self.outcomes) > KEPT:
                    self.outcomes.popitem(last=False)
            return self.outcomes[job]
        finally:
            self.turn.release()

    def state(self) -> str:
        """Return how the printer is: `busy` while it prints."""
        if not self.turn.acquire(blocking=False):
            return "busy"
        try:
            return self._guarded(self._look)
        finally:
            self.turn.release()

    def _guarded(self, act: Callable[[Wire], str]) -> str:
        try:
            with self.wire() as wire:
                return act(wire)
        except TimeoutError:
            return "unknown"
        except Exception:  # noqa: BLE001 - whatever a driver raises: the printer is not there
            return "gone"

    def _print(self, wire: Wire, data: bytes) -> str:
        until = time.monotonic() + self.patience
        state = self._look(wire)
        if state not in ABLE:
            return state
        wire.write(data, until)
        settled = time.monotonic() + self.settle
        while state in ABLE and time.monotonic() < settled:
            time.sleep(LOOK_EVERY)
            state = self._look(wire)
        return "printed" if state in ABLE else state

    def _look(self, wire: Wire) -> str:
        """Ask for the real-time status; raises TimeoutError when the printer falls silent."""
        if self.is_silent:
            return "ready"
        return state_of(*(self._ask(wire, number) for number in (OFFLINE, ERROR, PAPER)))

    def _ask(self, wire: Wire, number: int) -> int:
        until = time.monotonic() + ANSWERS_IN
        wire.write(ASK[number], until)
        while True:
            for byte in wire.read(until):
                if is_status(byte):
                    return byte
