"""How fast are a number and a call, between a view that does nothing and PostgreSQL alone?"""

import itertools
import json
from collections.abc import Iterator
from typing import Any

from django.test import Client

from tests.bench import ceiling, orders
from tests.bench.cost import Meter
from tests.bench.hall import OWN, BenchHall
from tests.bench.orders import CALL, DAYS, ISSUE, Order
from tests.bench.pressing import post, press
from tests.bench.recording import Statement, record
from tests.bench.rows import Bar, Part, Row, middle_of, ratio
from tests.servers import WebProcesses

MANY = 16  # clients, where one figure must stand for all
ROUNDS = 5
OF_PGBENCH = Bar("of pgbench", 0.25, at_least=True)
BARS = {ISSUE: (OF_PGBENCH, Bar("web CPU-ms", 3)), CALL: (OF_PGBENCH,)}
MARKS = (  # where ids begin, so that no id is mistaken for another number of a statement
    "SELECT setval('queueing_command_id_seq', 71000000)",
    "SELECT setval('queueing_visit_id_seq', 72000000)",
    "SELECT setval('queueing_ticket_id_seq', 73000000)",
    "UPDATE agencies_hall SET version = 91000000",
)
SERIES = f"""INSERT INTO queueing_queueday (queue_id, date, last_number, last_at)
    SELECT id, (hall_now() AT TIME ZONE 'Asia/Jakarta')::date, 3000 + 10 * id, hall_now()
    FROM agencies_queue WHERE hall_id = {OWN}"""  # noqa: S608 - a number of our own
NOTE = """\
Each press is sent over a kept-alive connection with a key of its own, over all 17 queues in turn;
`finish and call next` is the one press an officer makes for each citizen. `pgbench` does the same
statements, recorded from real presses, between BEGIN and END on the same server; `all` also those
before. Figures are the middle of {rounds} rounds, in which all clients and `pgbench` take turns;
`least web CPU-ms` is that of the round in which the machine was quickest. PostgreSQL's CPU-ms hold
its own writers, too."""


# --- The ceiling --------------------------------------------------------------------------------

Recorded = tuple[list[Statement], dict[str, str]]


def recorded(hall: BenchHall, order: Order) -> Recorded:
    """Press once in this process; return what was said, and what stands for what was made up."""
    once = "0f0e0d0c0b0a09080706050403020100"
    headers = {"Authorization": f"Bearer {order.key}", "Idempotency-Key": once, "Host": "localhost"}
    answers: list[Any] = []

    def knock() -> None:
        body = json.dumps(order.body)
        answer = Client().post(order.path, body, "application/json", headers=headers)
        assert answer.status_code in {200, 201}, answer.content
        answers.append(answer.json())

    said = record(knock)
    hall.rows_changed("DELETE FROM queueing_command")
    made_up = {once: "key-:client_id-:nonce"}
    if "visit" in answers[0]:
        made_up[answers[0]["visit"]["token"]] = "token-:nonce"
        made_up[answers[0]["tickets"][0]["id"]] = "00000000-0000-4000-8000-:nonce"
    return said, made_up


def recorded_again(hall: BenchHall, order: Order) -> Recorded:
    """Record the second of two: the first reads what a process keeps, and seats somebody."""
    recorded(hall, order)
    return recorded(hall, order)


def recorded_issues(hall: BenchHall) -> list[Recorded]:
    """Record a number in each queue."""
    hall.begin_anew()
    hall.rows_changed(*MARKS, SERIES)
    return [recorded_again(hall, order) for order in orders.issues(hall)]


def recorded_calls(hall: BenchHall) -> list[Recorded]:
    """Record a call at each counter, which finishes the one before."""
    hall.begin_anew()
    hall.rows_changed(*MARKS)
    hall.let_wait(60)
    return [recorded_again(hall, order) for order in orders.calls(hall)]


class Ceiling:
    """pgbench with the transaction of a press alone, and with all that the press says."""

    def __init__(self, hall: BenchHall, verb: str) -> None:
        self.hall, self.verb = hall, verb
        pairs = (recorded_issues if verb == ISSUE else recorded_calls)(hall)
        alone = [ceiling.script(ceiling.transaction_of(said), new) for said, new in pairs]
        whole = [ceiling.script(said, new) for said, new in pairs]
        folder = hall.var / "pgbench" / verb.replace(" ", "-")
        self.alone = ceiling.Bench(hall.app_url, folder / "alone", alone)
        self.whole = ceiling.Bench(hall.app_url, folder / "whole", whole)
        self.statements = len(ceiling.transaction_of(pairs[0][0]))

    def figures(self, clients: int, count: int) -> dict[str, float]:
        """Return how many a second the transaction alone allows, and what each costs."""
        DAYS[self.verb](self.hall, count)
        before = Meter(self.hall.servers)
        speed = self.alone.run(clients, count)
        cost = Meter(self.hall.servers).since(before, count)
        return {"pgbench per second": speed, "pgbench CPU-ms": cost["PostgreSQL CPU-ms"]}

    def whole_speed(self, clients: int, count: int) -> float:
        DAYS[self.verb](self.hall, count)
        return self.whole.run(clients, count)


# --- Rounds -------------------------------------------------------------------------------------


def a_round(hall: BenchHall, top: Ceiling, clients: int, count: int) -> dict[str, float]:
    DAYS[top.verb](hall, count)
    wanted = orders.issues(hall) if top.verb == ISSUE else orders.calls(hall)
    figures = orders.measured(hall, wanted, clients, count)
    figures |= top.figures(clients, count)
    return {**figures, "of pgbench": ratio(figures["per second"], figures["pgbench per second"])}


def verb_rows(hall: BenchHall, verb: str, *, quick: bool) -> Iterator[Row]:
    top = Ceiling(hall, verb)
    counts = {1: 150, MANY: 400, 64: 400} if quick else {1: 250, MANY: 600, 64: 600}
    rounds: dict[int, list[dict[str, float]]] = {clients: [] for clients in counts}
    for _ in range(1 if quick else ROUNDS):
        for clients, count in counts.items():
            rounds[clients].append(a_round(hall, top, clients, count))
    for clients, count in counts.items():
        figures = middle_of(rounds[clients])
        figures["least web CPU-ms"] = min(each["web CPU-ms"] for each in rounds[clients])
        if clients == MANY:
            speed = top.whole_speed(clients, count)
            figures["of pgbench, all"] = ratio(figures["per second"], speed)
            figures["statements"] = top.statements
        yield Row(f"{verb}, {clients} at once", figures, BARS[verb])


def floor_rows(hall: BenchHall, *, quick: bool) -> Iterator[Row]:
    """The same press, answered by something that does nothing."""
    settings = {"DJANGO_SETTINGS_MODULE": "tests.bench.floor_settings"}
    floors = {
        "Django view that does nothing, whole middleware": (settings, "mpp.serve"),
        "the same without middleware": ({**settings, "FLOOR": "bare"}, "mpp.serve"),
        "WSGI application that does nothing": ({}, "tests.bench.floor"),
    }
    count = 1000 if quick else 6000
    for name, (env, module) in floors.items():
        hall_env = {**hall.env, "DATABASE_URL": hall.app_url, **env}
        with WebProcesses(2, hall_env, module=module) as web:
            asked = itertools.islice(itertools.cycle([post("/", "key", {})]), count)
            before = Meter(hall.servers, web)
            run = press(web.port, asked, MANY)
            cost = Meter(hall.servers, web).since(before, count)
        run.require("200")
        yield Row(f"{name}, {MANY} at once", {**run.figures(), **cost})


def parts(hall: BenchHall, *, quick: bool) -> list[Part]:
    rows: list[Row] = []
    with hall.doors():
        orders.warm_up(hall)
        for verb in (ISSUE, CALL):
            rows += verb_rows(hall, verb, quick=quick)
    rows += floor_rows(hall, quick=quick)
    note = NOTE.format(rounds=1 if quick else ROUNDS)
    return [Part("A number and a call, through the whole path", rows, note)]
