"""How long does a board take to build, with few and with many waiting?"""

import time

from agencies.models import Hall
from queueing.board import board_text
from tests.bench.cost import Meter
from tests.bench.hall import BenchHall
from tests.bench.rows import Bar, Part, Row, percentile

BAR = Bar("p50 ms", 5)
BARS = {200: (BAR,), 2000: (BAR,)}
NOTE = """\
One board of the demo hall (17 queues, 27 counters), from the question to the text that is sent:
each web process builds it once for a change, whatever the number of screens. `CPU-ms` are those of
PostgreSQL and of the process that builds."""


def built(bench: BenchHall, times: int) -> dict[str, float]:
    """Build the board so often in this process; return what it takes, and its size."""
    hall, took, text = Hall.objects.get(slug=bench.slug), [], ""
    before = Meter(bench.servers)
    for _ in range(times):
        begun = time.perf_counter()
        _, text = board_text(hall)
        took.append((time.perf_counter() - begun) * 1000)
    cost = Meter(bench.servers).since(before, times)
    waits = {"p50 ms": percentile(took, 0.5), "p95 ms": percentile(took, 0.95)}
    return {**waits, "CPU-ms": sum(cost.values()), "bytes": len(text)}


def waiting(hall: BenchHall, people: int) -> None:
    """Let so many wait, spread over all queues, on a day that has just begun."""
    hall.begin_anew()
    codes = hall.codes()
    each, more = divmod(people, len(codes))
    hall.let_wait(each + 1, codes=codes[:more])
    if each:
        hall.let_wait(each, codes=codes[more:])
    hall.rows_changed("ANALYZE")


def parts(hall: BenchHall, *, quick: bool) -> list[Part]:
    rows = []
    for people in (20, 200, 2000):
        waiting(hall, people)
        figures = built(hall, 50 if quick else 500)
        rows.append(Row(f"{people:,} waiting", figures, BARS.get(people, ())))
    return [Part("Building a board", rows, NOTE)]
