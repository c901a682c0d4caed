"""How many screens can one hall have? Measured beside the least that the same server could do."""

import json
import resource
import time
from contextlib import contextmanager
from statistics import median

import psutil
import pytest

from tests.crowd import Crowd
from tests.servers import WebProcesses

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults-scale")]

SCREENS, CALLS = 2_000, 9
SPARE = 500  # files that the test itself holds


@pytest.fixture(autouse=True)
def _enough_files():
    """A socket is a file; those of all screens are open in this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 2 * SCREENS + SPARE:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 2 * SCREENS + SPARE), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class Weight:
    """What the processes of a server have used: CPU seconds, and MB of memory."""

    def __init__(self, web: WebProcesses) -> None:
        all_of_them = [psutil.Process(each.pid) for each in web.processes]
        times = [each.cpu_times() for each in all_of_them]
        self.cpu = sum(each.user + each.system for each in times)
        self.memory = sum(each.memory_info().rss for each in all_of_them) / 2**20


def rounds(web: WebProcesses, crowd: Crowd, first: int, ring) -> dict[str, float]:
    """Ring for one version after the other; return milliseconds to the last screen, and CPU.

    `fan_ms` is from the first screen to the last: of the hall without press, commit and board.
    """
    before, spans, fans = Weight(web), [], []
    for version in range(first, first + CALLS):
        arrivals = crowd.watch(version)
        begun = time.monotonic()
        ring(version)
        assert arrivals.wait(20), arrivals.missing
        spans.append((arrivals.last - begun) * 1000)
        fans.append((arrivals.last - arrivals.first) * 1000)
    cpu = (Weight(web).cpu - before.cpu) / CALLS
    told = {"ms": median(spans), "slowest_ms": max(spans), "fan_ms": median(fans)}
    return {name: round(value) for name, value in (told | {"cpu_ms": cpu * 1e3}).items()}


@contextmanager
def crowd_at(web: WebProcesses, path: str, figures: dict):
    before = Weight(web)
    with Crowd("127.0.0.1", web.port, path, SCREENS) as crowd:
        figures["kB"] = round((Weight(web).memory - before.memory) / SCREENS * 1024, 1)
        yield crowd


def measure_raw(board: dict, env: dict) -> dict[str, float]:
    figures: dict[str, float] = {}
    with (
        WebProcesses(2, env, module="tests.raw_fanout") as web,
        crowd_at(web, "/", figures) as all_,
    ):
        all_.choose_speakers()
        assert len(all_.speakers) == 2

        def ring(version: int) -> None:
            all_.say(json.dumps({**board, "version": version}, separators=(",", ":")))

        figures |= rounds(web, all_, board["version"] + 1, ring)
    return figures


def measure_hall(hall) -> dict[str, float]:
    figures: dict[str, float] = {}
    path = f"/ws/{hall.slug}/board"
    with crowd_at(hall.web, path, figures) as crowd:
        version = hall.board()["version"]
        counters = iter(range(1, CALLS + 1))

        def ring(_version: int) -> None:
            assert hall.press(next(counters), "call-next").json()["ticket"]

        figures |= rounds(hall.web, crowd, version + 1, ring)
        figures["after_kill_s"] = killed_while_calling(hall, crowd)
    return figures


def killed_while_calling(hall, crowd: Crowd) -> float:
    """Kill one of the two processes and call; return when everybody has the call, in seconds."""
    hall.web.kill(0)
    begun = time.monotonic()
    arrivals = crowd.watch(hall.board()["version"] + 1)
    assert hall.press(CALLS + 1, "call-next").json()["ticket"]
    assert arrivals.wait(60), arrivals.missing
    hall.web.replace(0)
    return round(arrivals.last - begun, 1)


@pytest.mark.fault(
    "screens",
    f"a call on {SCREENS} screens; the same text sent raw; a web process killed while calling",
    "first to last screen <= 1.5 times raw; after the kill all have it <= 30 s",
)
def test_two_thousand_screens_show_a_call(hall, row):
    codes = [counter["agency"] for counter in hall.board()["counters"]][: CALLS + 1]
    for code in codes:
        assert hall.take(f"{code}01").status_code == 201
    raw = measure_raw(hall.board(), hall.env)
    mine = measure_hall(hall)
    row.update({f"raw_{name}": value for name, value in raw.items()})
    row.update({f"hall_{name}": value for name, value in mine.items()})
    row["ratio"] = round(mine["fan_ms"] / raw["fan_ms"], 2)
    row["cpu_ratio"] = round(mine["cpu_ms"] / raw["cpu_ms"], 2)
    assert row["ratio"] <= 1.5
    assert mine["after_kill_s"] <= 30
