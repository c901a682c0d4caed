"""How does the cost grow: one hot queue, 17 queues, 300 halls, with one and two web processes?"""

from collections.abc import Mapping, Sequence
from itertools import product
from string import ascii_uppercase

from agencies.models import Operator
from queueing.models import Device
from tests.bench import orders
from tests.bench.hall import BenchHall
from tests.bench.orders import CALL, ISSUE, Order, call_order, cpu, issue_order
from tests.bench.pressing import press
from tests.bench.rows import Bar, Part, Row, ratio
from tests.cast import a_device, an_operator, make_agencies, make_hall

CLIENTS = 16
USUAL = "17 queues"
FIRST_COUNTER = 901  # `begin_anew` seats the demo hall by the first two digits of a number
LETTERS = [letter for letter in ascii_uppercase[:19] if letter not in "IO"]
Key = tuple[str, str, int]  # verb, where, web processes
Figures = dict[str, float]
FLAT = (Bar("cost of 17 queues", 1.2),)
NOTE = """\
{clients} clients at once. One queue: all want the same letter, and one counter calls. Many halls:
each with 17 queues, pressed in turn. `cost` is the CPU of web processes and PostgreSQL for a
press."""


def more_halls(many: int) -> list[int]:
    """Make so many halls beside the first; return their ids."""
    halls = [make_hall(f"bench-{number}") for number in range(many)]
    for hall in halls:
        counters = {code: [number] for number, code in enumerate(LETTERS, FIRST_COUNTER)}
        agencies = make_agencies(hall, counters)
        a_device(hall, Device.Kind.KIOSK).save()
        officer = an_operator(hall, "officer", Operator.Role.OFFICER, agencies[0])
        officer.counter = agencies[0].counters.get()  # as the demo's officers have one
        officer.save()
    return [hall.pk for hall in halls]


class Spread:
    """Where the presses go: to one queue, to all of the demo hall, or to many halls."""

    def __init__(self, name: str, hall: BenchHall, halls: Sequence[int]) -> None:
        self.name, self.hall, self.halls = name, hall, halls
        self.slugs = [f"bench-{number}" for number in range(len(halls))]

    def orders(self, verb: str) -> list[Order]:
        if self.halls and verb == ISSUE:
            return [
                issue_order(slug, f"key-{slug}-kiosk", f"{code}01")
                for code in LETTERS
                for slug in self.slugs
            ]
        if self.halls:
            return [call_order(slug, f"key-{slug}-officer", FIRST_COUNTER) for slug in self.slugs]
        wanted = orders.issues(self.hall) if verb == ISSUE else orders.calls(self.hall)
        return wanted if self.name == USUAL else wanted[:1]

    def warm_up(self) -> None:
        """Let the processes read what they keep of each hall: its calendar."""
        wanted = orders.requests(self.orders(ISSUE), 3 * len(self.halls))
        press(self.hall.web.port, wanted, CLIENTS).require("201")

    def prepare(self, verb: str, count: int) -> None:
        self.hall.begin_anew()
        if verb == CALL:
            self.let_wait(count)
        self.hall.rows_changed("ANALYZE")

    def let_wait(self, count: int) -> None:
        if self.halls:
            self.hall.let_wait(count // len(self.halls) + 3, codes=["A"], halls=self.halls)
        elif self.name == USUAL:
            return orders.seat(self.hall, count)
        else:
            self.hall.let_wait(count + 10, codes=[self.hall.desks()[0]["agency"]])
        wanted = self.orders(CALL)
        press(self.hall.web.port, orders.requests(wanted, len(wanted)), 4).require("200")
        return None

    def measured(self, verb: str, count: int) -> dict[str, float]:
        self.prepare(verb, count)
        return orders.measured(self.hall, self.orders(verb), CLIENTS, count)


def row(told: Mapping[Key, Figures], key: Key) -> Row:
    verb, name, processes = key
    figures, usual, alone = told[key], told[verb, USUAL, processes], told[verb, name, 1]
    shown = {
        **orders.in_short(figures),
        "of 17 queues": ratio(figures["per second"], usual["per second"]),
        "cost of 17 queues": ratio(cpu(figures), cpu(usual)),
    }
    if processes > 1:
        shown["of one process"] = ratio(figures["per second"], alone["per second"])
    wording = f"{verb}, {name}, {processes} web process{'es' if processes > 1 else ''}"
    return Row(wording, shown, FLAT if "halls" in name else ())


def parts(hall: BenchHall, *, quick: bool) -> list[Part]:
    many, count = (20, 300) if quick else (300, 1200)
    halls, told = more_halls(many), dict[Key, Figures]()
    spreads = [
        Spread(USUAL, hall, []),
        Spread("one queue", hall, []),
        Spread(f"{many} halls", hall, halls),
    ]
    for processes in (1, 2):
        with hall.doors(processes):
            orders.warm_up(hall)
            spreads[-1].warm_up()
            for verb, spread in product((ISSUE, CALL), spreads):
                told[verb, spread.name, processes] = spread.measured(verb, count)
    rows = [row(told, key) for key in sorted(told, key=lambda key: key[0] != ISSUE)]
    return [Part("How cost grows", rows, NOTE.format(clients=CLIENTS))]
