"""What did every client ask, and what was it told? Invoke, then ok, fail or unknown.

A 2xx is ok and a 4xx a fail: nothing has changed. A lost line, and also a 503, is unknown: the
change may have been committed before the answer was lost. So a real client asks again with the
same key, and so does `press`.
"""

import json
import random
import threading
import time
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import requests


@dataclass
class Call:
    """One request; a press that was repeated is several with one key."""

    who: str
    path: str
    key: str
    body: Any
    begun: float
    ended: float = 0.0
    outcome: str = "invoke"
    status: int = 0
    text: str = ""

    @property
    def seconds(self) -> float:
        return self.ended - self.begun


class Hall(Protocol):
    """Where presses go: a `RunningHall`."""

    def post(
        self, path: str, body: Any = None, *, key: str, once: str = "", timeout: float = 30
    ) -> requests.Response: ...


class Client(NamedTuple):
    """Somebody who presses buttons of a hall, with a key of their own."""

    hall: Hall
    name: str
    bearer: str


def outcome_of(status: int) -> str:
    if status < 300:
        return "ok"
    return "fail" if status < 500 else "unknown"


class History:
    """Every call of a test, in memory and in a file of one JSON object a line."""

    def __init__(self, folder: Path, patience: float = 60) -> None:
        self.path = folder / f"history-{uuid.uuid4().hex[:8]}.jsonl"
        self.calls: list[Call] = []
        self.patience = patience  # for how long a client asks again
        self._lock = threading.Lock()

    def write(self, call: Call) -> None:
        with self._lock, self.path.open("a") as file:
            file.write(json.dumps(asdict(call), ensure_ascii=False) + "\n")

    def ask(self, client: Client, path: str, body: Any, key: str) -> Call:
        """Send one request and note what became of it."""
        call = Call(client.name, path, key, body, time.monotonic())
        self.write(call)
        try:
            answer = client.hall.post(path, body, key=client.bearer, once=key, timeout=10)
            call.outcome, call.status = outcome_of(answer.status_code), answer.status_code
            call.text = answer.text
        except requests.RequestException:
            call.outcome = "unknown"
        call.ended = time.monotonic()
        with self._lock:
            self.calls.append(call)
        self.write(call)
        return call

    def press(self, client: Client, path: str, body: Any = None) -> Call:
        """Press a button as a real client does: again with the same key until it is answered."""
        key = uuid.uuid4().hex
        end = time.monotonic() + self.patience
        call = self.ask(client, path, body, key)
        while call.outcome == "unknown" and time.monotonic() < end:
            time.sleep(random.uniform(0.1, 0.4))
            call = self.ask(client, path, body, key)
        return call

    def answered(self, since: float) -> list[Call]:
        """Return the calls that began after a moment and were answered, the first to end first."""
        with self._lock:
            known = [call for call in self.calls if call.outcome != "unknown"]
        return sorted((call for call in known if call.begun > since), key=lambda call: call.ended)

    def slowest(self) -> float:
        return max((call.seconds for call in self.calls), default=0.0)

    def p95(self) -> float:
        """Return what 95 of 100 calls did not take longer than."""
        times = sorted(call.seconds for call in self.calls)
        return times[int(len(times) * 0.95)]

    def lost_lines(self) -> int:
        """Return how many requests never got an answer at all."""
        return sum(call.status == 0 for call in self.calls)

    def unresolved(self) -> set[str]:
        """Return the keys whose press was never answered, however often it was repeated."""
        known = {call.key for call in self.calls if call.outcome != "unknown"}
        return {call.key for call in self.calls} - known

    def statuses(self) -> set[int]:
        return {call.status for call in self.calls}

    def figures(self) -> dict[str, Any]:
        """Return how many calls had which outcome, and how long the slowest was."""
        outcomes = [call.outcome for call in self.calls]
        counts = {name: outcomes.count(name) for name in ("ok", "fail", "unknown")}
        return {**counts, "p95_s": round(self.p95(), 2), "slowest_s": round(self.slowest(), 2)}
