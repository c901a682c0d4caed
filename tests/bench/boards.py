"""How long does a board take to build, with few and with many waiting, early and late in a day?"""

import time
from collections.abc import Callable
from typing import Any

from agencies.models import Hall
from queueing.board import board_text
from tests.bench import orders
from tests.bench.cost import Meter
from tests.bench.hall import BenchHall
from tests.bench.rows import Bar, Part, Row, percentile, ratio

BAR = Bar("p50 ms", 5)
BARS = {200: (BAR,), 2000: (BAR,)}
LATE = (BAR, Bar("of the first calls", 1.3))
NOTE = """\
One board of the demo hall (17 queues, 27 counters), from the question to the text that is sent:
each web process builds it once for a change, whatever the number of screens. `CPU-ms` are those of
PostgreSQL and of the process that builds; `of the first calls` compares them with the board of a
day on which each counter has called once."""


def built(bench: BenchHall, times: int) -> dict[str, float]:
    """Build the board so often in this process; return what it takes, and its size."""
    hall = Hall.objects.get(slug=bench.slug)
    return {**timed(bench, lambda: board_text(hall), times), "bytes": len(board_text(hall)[1])}


def timed(bench: BenchHall, ask: Callable[[], Any], times: int) -> dict[str, float]:
    """Ask so often in this process; return what it takes here and of PostgreSQL."""
    took, before = [], Meter(bench.servers)
    for _ in range(times):
        begun = time.perf_counter()
        ask()
        took.append((time.perf_counter() - begun) * 1000)
    cost = Meter(bench.servers).since(before, times)
    waits = {"p50 ms": percentile(took, 0.5), "p95 ms": percentile(took, 0.95)}
    return {**waits, "CPU-ms": sum(cost.values())}


def waiting(hall: BenchHall, people: int) -> None:
    """Let so many wait, spread over all queues, on a day that has just begun."""
    hall.begin_anew()
    codes = hall.codes()
    each, more = divmod(people, len(codes))
    hall.let_wait(each + 1, codes=codes[:more])
    if each:
        hall.let_wait(each, codes=codes[more:])
    hall.rows_changed("ANALYZE")


def late_in_the_day(hall: BenchHall, calls: int, builds: int) -> list[Row]:
    """Return what a board costs after the first call at each counter, and after many more."""
    with hall.doors():
        orders.seat(hall, calls)
        early = built(hall, builds)
        pressed = orders.press(hall.web.port, orders.requests(orders.calls(hall), calls), 4)
        pressed.require("200")
    hall.rows_changed("ANALYZE")
    late = built(hall, builds)
    late["of the first calls"] = ratio(orders.cpu(late), orders.cpu(early))
    return [Row("the first calls", early), Row(f"{calls:,} calls later", late, LATE)]


def parts(hall: BenchHall, *, quick: bool) -> list[Part]:
    rows, builds = [], 100 if quick else 1000
    for people in (20, 200, 2000):
        waiting(hall, people)
        rows.append(Row(f"{people:,} waiting", built(hall, builds), BARS.get(people, ())))
    hall.begin_anew()
    rows += late_in_the_day(hall, 200 if quick else 1000, builds)
    return [Part("Building a board", rows, NOTE)]
