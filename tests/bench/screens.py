"""How soon does a call stand on the last screen, beside the same text sent raw?"""

import json
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle

from tests.bench.cost import Meter
from tests.bench.hall import BenchHall
from tests.bench.rows import Bar, Part, Row, middle, ratio
from tests.crowd import Crowd
from tests.servers import WebProcesses

SIZES = (100, 500, 2000)
SPARE = 500  # files that this process holds besides
LAST, SLOWEST, FAN, CPU = "call to last ms", "slowest ms", "first to last ms", "web CPU-ms"
BARS = (Bar("of raw", 1.5), Bar(LAST, 1000))
NOTE = """\
So many websockets of one hall; all are in one client process on the same machine. `call to last`
is from the press of "call next" to the last screen, with two web processes: press, commit,
doorbell, board, and all sockets. `of raw` compares what the sockets alone cost, from the first
screen to the last, with the barest server that sends the same text (`tests/raw_fanout.py`), each
with one web process: two finish their board at different moments, which is no cost of sockets."""


@contextmanager
def enough_files(screens: int) -> Iterator[None]:
    """A socket is a file; those of all screens are open in this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(hard, 2 * screens + SPARE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def rounds(crowd: Crowd, versions: range, ring: Callable[[int], None]) -> dict[str, float]:
    """Ring for one version after the other; return the milliseconds until all have it."""
    spans, fans = [], []
    for version in versions:
        arrivals = crowd.watch(version)
        begun = time.monotonic()
        ring(version)
        assert arrivals.wait(20), f"{arrivals.missing} screens have not heard"
        spans.append((arrivals.last - begun) * 1000)
        fans.append((arrivals.last - arrivals.first) * 1000)
    return {LAST: middle(spans), SLOWEST: max(spans), FAN: middle(fans)}


def of_hall(hall: BenchHall, screens: int, calls: int) -> dict[str, float]:
    """Call somebody again and again, each time at another counter."""
    hall.begin_anew()
    hall.let_wait(calls + 1)
    desks = cycle(hall.desks())
    with Crowd("127.0.0.1", hall.web.port, f"/ws/{hall.slug}/board", screens) as crowd:

        def ring(_version: int) -> None:
            order = {"finish_current": True}
            called = hall.press(next(desks)["counter"], "call-next", body=order).json()
            assert called["ticket"], called

        before, first = Meter(hall.servers, hall.web), hall.board()["version"] + 1
        told = rounds(crowd, range(first, first + calls), ring)
        cost = Meter(hall.servers, hall.web).since(before, calls)
    return {**told, CPU: cost[CPU]}


def of_raw(hall: BenchHall, screens: int, calls: int) -> dict[str, float]:
    """Send the hall's own board to as many sockets, by nothing but the server."""
    board = hall.board()
    with (
        WebProcesses(1, hall.env, module="tests.raw_fanout") as web,
        Crowd("127.0.0.1", web.port, "/", screens) as crowd,
    ):
        crowd.choose_speakers()

        def ring(version: int) -> None:
            crowd.say(json.dumps({**board, "version": version}, separators=(",", ":")))

        first, before = board["version"] + 1, Meter(hall.servers, web)
        told = rounds(crowd, range(first, first + calls), ring)
        cost = Meter(hall.servers, web).since(before, calls)
    return {**told, CPU: cost[CPU]}


def figures(hall: BenchHall, screens: int, calls: int) -> dict[str, float]:
    with hall.doors():
        usual = of_hall(hall, screens, calls)
    with hall.doors(1):
        alone, raw = of_hall(hall, screens, calls), of_raw(hall, screens, calls)
    return {
        **{name: usual[name] for name in (LAST, SLOWEST, CPU)},
        FAN: alone[FAN],
        f"raw {FAN}": raw[FAN],
        "of raw": ratio(alone[FAN], raw[FAN]),
        f"{CPU} of one": alone[CPU],
        f"raw {CPU}": raw[CPU],
        "CPU of raw": ratio(alone[CPU], raw[CPU]),
    }


def parts(hall: BenchHall, *, quick: bool) -> list[Part]:
    calls, sizes = (5, SIZES[:2]) if quick else (15, SIZES)
    with enough_files(max(sizes)):
        rows = [Row(f"{size:,} screens", figures(hall, size, calls), BARS) for size in sizes]
    return [Part("From a call to the last screen", rows, NOTE)]
