"""What do a thousand phones cost? By sockets, by polling, and none at all: docs/phone.md."""

import os
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import psutil
import pytest
import requests

from tests.crowd import Crowd
from tests.faults.test_scale import Weight, _enough_files
from tests.running import RunningHall

__all__ = ["_enough_files"]
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults-scale")]

PHONES, SECONDS, CALLS = 1_000, 12, 24
POLL_EVERY = 15


def postgres_cpu() -> float:
    """Return the CPU seconds of the tests' PostgreSQL, ended backends left out."""
    file = Path(os.environ["TEST_SERVERS_FOLDER"]) / "postgres" / "postmaster.pid"
    postmaster = psutil.Process(int(file.read_text().splitlines()[0]))
    times = [each.cpu_times() for each in [postmaster, *postmaster.children()]]
    return sum(each.user + each.system for each in times)


def span(hall: RunningHall, calls: int) -> dict[str, float]:
    """Let some seconds pass with so many calls; return CPU per second, of web and database."""
    web, database, pause = Weight(hall.web).cpu, postgres_cpu(), threading.Event()
    begun = time.monotonic()
    for call in range(calls):
        pause.wait(max(0, begun + call * SECONDS / calls - time.monotonic()))
        hall.press(call + 1, "call-next", body={"finish_current": True})
    pause.wait(max(0, begun + SECONDS - time.monotonic()))
    seconds = time.monotonic() - begun
    return {
        "web": (Weight(hall.web).cpu - web) / seconds * 1000,
        "database": (postgres_cpu() - database) / seconds * 1000,
    }


def measured(hall: RunningHall) -> dict[str, float]:
    quiet, busy = span(hall, 0), span(hall, CALLS)
    per_call = {f"{name}_a_call": (busy[name] - quiet[name]) * SECONDS / CALLS for name in quiet}
    return {name: round(value, 1) for name, value in (quiet | per_call).items()}


def reaches(hall: RunningHall, crowd: Crowd) -> int:
    """Return in how many milliseconds a press is on the first phone that it concerns."""
    firsts = []
    for call in range(CALLS + 1, CALLS + 3):
        for _ in range(4):
            arrivals = crowd.watch(hall.board()["version"] + 3)  # start, finish and call
            begun = time.monotonic()
            hall.press(call, "call-next", body={"finish_current": True})
            threading.Event().wait(1.0)
            if arrivals.first:
                firsts.append((arrivals.first - begun) * 1000)
    return round(median(firsts))


@contextmanager
def polling(hall: RunningHall, tokens: list[str]) -> Iterator[None]:
    """Let every phone ask for its visit every 15 s, evenly spread."""
    over, session = threading.Event(), requests.Session()
    session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=8))

    def ask(token: str) -> object:
        return session.get(f"{hall.url}/api/v1/visits/{token}", timeout=10)

    def go_on() -> None:
        with ThreadPoolExecutor(8) as threads:
            for turn in range(10**6):
                threads.submit(ask, tokens[turn % len(tokens)])
                if over.wait(POLL_EVERY / len(tokens)):
                    return

    thread = threading.Thread(target=go_on)
    thread.start()
    yield
    over.set()
    thread.join()


def give_numbers(hall: RunningHall) -> list[str]:
    codes = [f"{queue['code']}01" for queue in hall.board()["queues"]]
    with ThreadPoolExecutor(4) as kiosks:
        taken = kiosks.map(hall.take, (codes[each % len(codes)] for each in range(PHONES)))
        return [each.json()["visit"]["token"] for each in taken]


def test_a_thousand_phones_cost_less_by_sockets_than_by_asking(hall, capsys):
    tokens = give_numbers(hall)
    figures = {"no phones": measured(hall)}
    with polling(hall, tokens):
        figures["polling"] = measured(hall)
    before = Weight(hall.web).memory
    paths = " ".join(f"/ws/v/{token}" for token in tokens)
    with Crowd("127.0.0.1", hall.web.port, paths, PHONES) as crowd:
        memory = (Weight(hall.web).memory - before) / PHONES * 1024
        figures["sockets"] = {**measured(hall), "kB_a_phone": round(memory, 1)}
        figures["sockets"]["ms"] = reaches(hall, crowd)
        assert len(crowd.screens) == PHONES
    with capsys.disabled():
        for name, told in figures.items():
            sys.stdout.write(f"\n{name}: {told}")
    assert figures["sockets"]["web"] < figures["polling"]["web"]
    assert memory < 100
    assert figures["sockets"]["ms"] < 1000
