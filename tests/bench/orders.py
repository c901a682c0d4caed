"""What is pressed, where, and on what kind of day?"""

from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice
from typing import Any, NamedTuple

from tests.bench.cost import Meter
from tests.bench.hall import BenchHall
from tests.bench.pressing import post, press

CROWD = 16  # clients, enough for every thread of two web processes
LONG = ("p95 ms", "client CPU-ms")
ISSUE, CALL = "issue", "finish and call next"


class Order(NamedTuple):
    """One press, to be repeated with a key of its own each time."""

    path: str
    key: str
    body: dict[str, Any]


def issue_order(slug: str, key: str, service: str) -> Order:
    return Order(f"/api/v1/halls/{slug}/visits", key, {"services": [service]})


def call_order(slug: str, key: str, counter: int) -> Order:
    path = f"/api/v1/halls/{slug}/counters/{counter}/call-next"
    return Order(path, key, {"finish_current": True})


def issues(hall: BenchHall) -> list[Order]:
    """A number in each queue of the demo hall, at its kiosks in turn."""
    keys = cycle(kiosk["key"] for kiosk in hall.demo["kiosks"])
    return [issue_order(hall.slug, next(keys), f"{code}01") for code in hall.codes()]


def calls(hall: BenchHall) -> list[Order]:
    """The next one at each counter of the demo hall."""
    return [call_order(hall.slug, desk["key"], desk["counter"]) for desk in hall.desks()]


def requests(orders: Sequence[Order], count: int) -> Iterator[bytes]:
    return (post(*order) for order in islice(cycle(orders), count))


# --- The day on which it is pressed --------------------------------------------------------------


def young_day(hall: BenchHall, _count: int) -> None:
    """Give each queue its first numbers, so that each connection has made the plans of the day.

    Of tables without a row PostgreSQL makes others, which no hall keeps for longer than a minute.
    """
    hall.begin_anew()
    press(hall.web.port, requests(issues(hall), 6 * CROWD), CROWD).require("201")
    hall.rows_changed("ANALYZE")
    press(hall.web.port, requests(issues(hall), 6 * CROWD), CROWD).require("201")


def busy_day(hall: BenchHall, count: int) -> None:
    """Let enough wait for so many calls, and somebody be at each counter."""
    hall.begin_anew()
    seat(hall, count)


def seat(hall: BenchHall, count: int) -> None:
    """The same on a day that has just begun; queues with more counters are called more often."""
    desks = hall.desks()
    for code in hall.codes():
        share = sum(desk["agency"] == code for desk in desks) / len(desks)
        hall.let_wait(int(count * share * 1.25) + 60, codes=[code])
    hall.rows_changed("ANALYZE")
    press(hall.web.port, requests(calls(hall), len(desks)), 1).require("200")


DAYS: dict[str, Callable[[BenchHall, int], None]] = {ISSUE: young_day, CALL: busy_day}


def measured(
    hall: BenchHall, orders: Sequence[Order], clients: int, count: int
) -> dict[str, float]:
    """Press so often through HTTP; return speed, waits and cost."""
    before = Meter(hall.servers, hall.web)
    run = press(hall.web.port, requests(orders, count), clients)
    cost = Meter(hall.servers, hall.web).since(before, count)
    run.require("200", "201")
    return {**run.figures(), **cost}


def warm_up(hall: BenchHall, begin_day: Callable[[], None] | None = None) -> None:
    """Let every process have answered, so that it has read and connected what it keeps.

    The day begins before and after it: with empty tables, unless told how.
    """
    begin_day = begin_day or hall.begin_anew
    begin_day()
    press(hall.web.port, requests(issues(hall), 10 * CROWD), CROWD).require("201")
    begin_day()


def in_short(figures: dict[str, float]) -> dict[str, float]:
    """Leave out what only the table of presses tells."""
    return {name: value for name, value in figures.items() if name not in LONG}


def cpu(figures: dict[str, float]) -> float:
    """Return the CPU-ms that this costs the hall: the web processes and PostgreSQL."""
    return figures.get("CPU-ms") or figures["web CPU-ms"] + figures["PostgreSQL CPU-ms"]
