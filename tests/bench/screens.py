"""How soon does a call stand on the last screen, beside the same text sent raw?"""

import json
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from itertools import cycle

from tests.bench.cost import Meter
from tests.bench.hall import BenchHall
from tests.bench.orders import call_order
from tests.bench.pressing import headers
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
with one web process: two finish their board at different moments, which is no cost of sockets. A
call and a raw text take turns, so that what has cooled down between two calls has for both."""


@contextmanager
def enough_files(screens: int) -> Iterator[None]:
    """A socket is a file; those of all screens are open in this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(hard, 2 * screens + SPARE)  # the hall's and the raw ones
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class Ringing:
    """A crowd, and what rings for it: how soon has each of its screens the newest version?

    What a ring is answered is heard when they have it: to read it would cost the crowd its time.
    """

    def __init__(
        self,
        hall: BenchHall,
        web: WebProcesses,
        crowd: Crowd,
        ring: Callable[[int], None],
        hear: Callable[[], None] = lambda: None,
    ) -> None:
        self.hall, self.web, self.crowd, self.ring, self.hear = hall, web, crowd, ring, hear
        self.version = hall.board()["version"]
        self.before = Meter(hall.servers, web)
        self.spans: list[float] = []
        self.fans: list[float] = []

    def once(self) -> None:
        self.version += 1
        arrivals = self.crowd.watch(self.version)
        begun = time.monotonic()
        self.ring(self.version)
        assert arrivals.wait(20), f"{arrivals.missing} screens have not heard"
        self.spans.append((arrivals.last - begun) * 1000)
        self.fans.append((arrivals.last - arrivals.first) * 1000)
        self.hear()

    def figures(self) -> dict[str, float]:
        cost = Meter(self.hall.servers, self.web).since(self.before, len(self.spans))
        waits = {LAST: middle(self.spans), SLOWEST: max(self.spans), FAN: middle(self.fans)}
        return {**waits, CPU: cost[CPU]}


@contextmanager
def calling(hall: BenchHall, screens: int, calls: int) -> Iterator[Ringing]:
    """Call somebody at each ring, each time at another counter."""
    hall.begin_anew()
    hall.let_wait(calls + 1)
    desks = cycle(hall.desks())
    with (
        Crowd("127.0.0.1", hall.web.port, f"/ws/{hall.slug}/board", screens) as crowd,
        closing(HTTPConnection("127.0.0.1", hall.web.port, timeout=20)) as door,
    ):

        def ring(_version: int) -> None:
            desk = next(desks)
            path, key, body = call_order(hall.slug, desk["key"], desk["counter"])
            door.request("POST", path, json.dumps(body), headers(key))

        def hear() -> None:
            called = json.load(door.getresponse())
            assert called.get("ticket"), called

        yield Ringing(hall, hall.web, crowd, ring, hear)


@contextmanager
def saying(hall: BenchHall, screens: int) -> Iterator[Ringing]:
    """Send the hall's own board to as many sockets at each ring, by nothing but the server."""
    board = hall.board()
    with (
        WebProcesses(1, hall.env, module="tests.raw_fanout") as web,
        Crowd("127.0.0.1", web.port, "/", screens) as crowd,
    ):
        crowd.choose_speakers()

        def ring(version: int) -> None:
            crowd.say(json.dumps({**board, "version": version}, separators=(",", ":")))

        yield Ringing(hall, web, crowd, ring)


def by_turns(rings: int, *each: Ringing) -> list[dict[str, float]]:
    """Let each ring so often; return what it took."""
    for _ in range(rings):
        for ringing in each:
            ringing.once()
    return [ringing.figures() for ringing in each]


def figures(hall: BenchHall, screens: int, calls: int) -> dict[str, float]:
    with hall.doors(), calling(hall, screens, calls) as called:
        (usual,) = by_turns(calls, called)
    with hall.doors(1), calling(hall, screens, calls) as called, saying(hall, screens) as said:
        alone, raw = by_turns(calls, called, said)
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
    calls, sizes = (5, SIZES[:2]) if quick else (25, SIZES)  # fewer than counters
    with enough_files(max(sizes)):
        rows = [Row(f"{size:,} screens", figures(hall, size, calls), BARS) for size in sizes]
    return [Part("From a call to the last screen", rows, NOTE)]
