"""Does it stay quick? Boards, desks and presses with a day, a month and a year in the tables."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

from agencies.models import Counter
from queueing.desk import desk_state
from tests.bench import boards, orders
from tests.bench.hall import OWN, BenchHall
from tests.bench.orders import CALL, ISSUE, cpu
from tests.bench.rows import Bar, Part, Row, ratio
from tests.running import on_database
from tests.servers import WebProcesses

TICKETS_A_DAY = 2740  # in a year of 365 such days, a million
EVENTS = 4  # of each ticket: issue, call, start, finish
OLD = 500_000_000  # ids of history begin here, those of today stay far below
CLIENTS = 16
TURNS = 10
FLAT = 1.2
ABOUT = {"own": OWN, "old": OLD, "events": EVENTS, "a_day": TICKETS_A_DAY}
TABLES = ("queueing_visit", "queueing_ticket", "queueing_ticket_services", "queueing_ticketevent")

# Each ticket of each day gets a number k; all else follows from it.
SEATS = """
    CREATE TEMPORARY TABLE seat AS
    WITH queue AS (
        SELECT row_number() OVER (ORDER BY q.id) - 1 AS place, q.hall_id, q.id, q.code,
               (SELECT min(id) FROM agencies_service s WHERE s.queue_id = q.id) AS service,
               (SELECT min(s.code) FROM agencies_service s WHERE s.queue_id = q.id) AS service_code,
               c.id AS counter, c.number AS counter_number
        FROM agencies_queue q
        JOIN LATERAL (SELECT id, number FROM agencies_counter c WHERE c.agency_id = q.agency_id
                      ORDER BY id LIMIT 1) c ON true
        WHERE q.hall_id = {own}
    ), day AS (
        SELECT ago, (hall_now() AT TIME ZONE 'Asia/Jakarta')::date - ago AS date
        FROM generate_series({first}, {last}) ago
    ), numbered AS (
        SELECT ({most} - ago)::bigint * {a_day} + n AS k, ago, date, n
        FROM day, generate_series(0, {a_day} - 1) n
    )
    SELECT {old} + k AS ticket, {events} * k AS version, numbered.date, queue.*,
           n / (SELECT count(*) FROM queue) + 1 AS number,
           (date + time '08:00') AT TIME ZONE 'Asia/Jakarta' + n * interval '9 seconds' AS at,
           CASE WHEN n % 20 = 0 THEN 'no_show' ELSE 'done' END AS state
    FROM numbered JOIN queue ON queue.place = n % (SELECT count(*) FROM queue)
"""
LOAD = (
    """INSERT INTO queueing_queueday (queue_id, date, last_number, last_at)
    SELECT id, date, max(number), max(at) FROM seat GROUP BY 1, 2""",
    """INSERT INTO queueing_visit (id, hall_id, date, token, language, channel, arrived_at)
    SELECT ticket, hall_id, date, 'history-' || ticket, 'id', 'kiosk', at FROM seat""",
    """INSERT INTO queueing_ticket (id, public_id, hall_id, visit_id, queue_id, date, number,
        state, priority, effective_time, issued_at, called_at, started_at, ended_at, last_call_at,
        counter_id, calls, returns, note)
    SELECT ticket, gen_random_uuid(), hall_id, ticket, id, date, number, state, '',
        at, at, at + interval '9 minutes', at + interval '10 minutes', at + interval '17 minutes',
        at + interval '9 minutes', counter, 1, 0, '' FROM seat""",
    """INSERT INTO queueing_ticket_services (ticket_id, service_id)
    SELECT ticket, service FROM seat""",
    """INSERT INTO queueing_ticketevent (hall_id, version, at, date, kind, ticket_id, label,
        queue, service, counter, actor, detail)
    SELECT hall_id, version + e.place, at + e.after, date, e.kind, ticket,
        code || '-' || lpad(number::text, 3, '0'), code, service_code,
        CASE WHEN e.place > 1 THEN counter_number END,
        CASE WHEN e.place > 1 THEN 'operator:loket-01' ELSE 'kiosk:Anjungan 1' END,
        CASE WHEN e.kind = 'call' THEN '{"calls": 1}' ELSE '{}' END::jsonb
    FROM seat, (VALUES (1, 'issue', interval '0'), (2, 'call', interval '9 minutes'),
        (3, 'start', interval '10 minutes'), (4, 'finish', interval '17 minutes'))
        e (place, kind, after)""",
    "DROP TABLE seat",
)
FORGET = (
    "ALTER TABLE queueing_ticketevent DISABLE TRIGGER events_are_never_changed",
    "DELETE FROM queueing_ticketevent WHERE hall_id = {own} AND version > {newest}",
    "ALTER TABLE queueing_ticketevent ENABLE TRIGGER events_are_never_changed",
    "DELETE FROM queueing_ticket_services WHERE ticket_id < {old}",
    "DELETE FROM queueing_ticket WHERE id < {old}",
    "DELETE FROM queueing_visit WHERE id < {old}",
    "DELETE FROM queueing_queueday WHERE date >= (hall_now() AT TIME ZONE 'Asia/Jakarta')::date",
    "DELETE FROM queueing_command",
    "UPDATE agencies_hall SET version = {newest} WHERE id = {own}",
)
NOTE = """\
Each day of history has {a_day:,} tickets with their visits, services and four events, written by
SQL into the tables as they are ({seconds:.0f} s for {tickets:,} tickets; {bytes:,.0f} bytes a
ticket on disk, all indexes included). 200 wait; presses come from {clients} clients at once.
`of a day` compares the CPU that it costs with that of one day of history. Each depth is a database
of its own on the same server with web processes of its own, and all are asked by {turns} short
turns, there and back: a machine that changes its pace meanwhile changes that of each. What is told
is the mean of all turns."""


class Years:
    """The demo hall at several depths, each in a database of its own; the last is the hall's."""

    def __init__(self, hall: BenchHall, depths: Sequence[int]) -> None:
        self.hall, self.most, self.days, self.seconds = hall, max(depths), 0, 0.0
        hall.begin_anew()
        hall.rows_changed("VACUUM FULL " + ", ".join(TABLES))
        before = self.size()
        self.databases: dict[int, str] = {}
        for days in sorted(depths):
            self.reach(days)
            self.databases[days] = hall.copied(f"days_{days}") if days < self.most else hall.name
        self.tickets = self.most * TICKETS_A_DAY
        self.bytes_a_ticket = (self.size() - before) / self.tickets

    def size(self) -> int:
        sizes = " + ".join(f"pg_total_relation_size('{table}')" for table in TABLES)
        return int(self.hall.rows(f"SELECT {sizes}")[0][0])

    def reach(self, days: int) -> None:
        """Write history until there are so many days of it."""
        begun = time.monotonic()
        url = self.hall.admin_url.removesuffix("/postgres") + f"/{self.hall.name}"
        seats = SEATS.format(**ABOUT, most=self.most, first=self.days + 1, last=days)
        on_database(
            url,
            "SET session_replication_role = replica",  # the rows are known to fit
            "SET synchronous_commit = off",
            "SET maintenance_work_mem = '256MB'",
            "SET work_mem = '64MB'",
            seats,
            *LOAD,
            "VACUUM ANALYZE " + ", ".join(TABLES),
            "CHECKPOINT",
        )
        self.days = days
        self.seconds += time.monotonic() - begun

    def begin_day(self) -> None:
        """Forget today, not what was before."""
        newest = self.most * TICKETS_A_DAY * EVENTS + EVENTS
        self.hall.rows_changed(*(each.format(**ABOUT, newest=newest) for each in FORGET))


def boards_built(hall: BenchHall, share: int) -> dict[str, float]:
    return boards.built(hall, 2 * share)


def numbers_given(hall: BenchHall, share: int) -> dict[str, float]:
    return orders.in_short(orders.measured(hall, orders.issues(hall), CLIENTS, share))


def people_called(hall: BenchHall, share: int) -> dict[str, float]:
    return orders.in_short(orders.measured(hall, orders.calls(hall), CLIENTS, share))


def desks_seen(hall: BenchHall, share: int) -> dict[str, float]:
    counter = Counter.objects.select_related("hall", "agency").filter(hall__slug=hall.slug)[0]
    return boards.timed(hall, lambda: desk_state(counter), share // 8)


Verb = tuple[str, Callable[[BenchHall, int], dict[str, float]]]
WAITING_VERBS: tuple[Verb, ...] = (("board", boards_built), (ISSUE, numbers_given))
CALLED_VERBS: tuple[Verb, ...] = ((CALL, people_called), ("desk", desks_seen))


class Turns:
    """All depths with their doors open, each asked a little in turn, again and again."""

    def __init__(self, years: Years, count: int, stack: ExitStack) -> None:
        self.years, self.hall, self.count = years, years.hall, count
        self.webs: dict[int, WebProcesses] = {}
        for days, name in years.databases.items():
            self.hall.turn_to(name)
            env = {**self.hall.env, "DATABASE_URL": self.hall.app_url}
            self.webs[days] = stack.enter_context(WebProcesses(2, env))
        self.told: dict[int, dict[str, list[dict[str, float]]]] = {days: {} for days in self.webs}

    def turn_to(self, days: int) -> None:
        self.hall.turn_to(self.years.databases[days])
        self.hall.web = self.webs[days]

    def prepare(self, day: Callable[[], None]) -> None:
        for days in self.webs:
            self.turn_to(days)
            day()

    def ask(self, *verbs: Verb) -> None:
        """Ask all depths for each verb by turns, there and back."""
        for verb, measure in verbs:
            for a_turn in range(TURNS):
                for days in sorted(self.webs, reverse=bool(a_turn % 2)):
                    self.turn_to(days)
                    figures = measure(self.hall, self.count // TURNS)
                    self.told[days].setdefault(verb, []).append(figures)

    def let_wait(self) -> None:
        orders.warm_up(self.hall, self.years.begin_day)
        self.hall.let_wait(12)
        self.hall.rows_changed("ANALYZE")

    def seat(self) -> None:
        self.years.begin_day()
        orders.seat(self.hall, self.count)


def by_turns(years: Years, count: int) -> dict[int, dict[str, dict[str, float]]]:
    """Return what a board, a number, a call and what an officer sees cost at each depth."""
    with ExitStack() as stack:
        turns = Turns(years, count, stack)
        turns.prepare(turns.let_wait)
        turns.ask(*WAITING_VERBS)
        turns.prepare(turns.seat)
        turns.ask(*CALLED_VERBS)
    told = turns.told
    return {days: {verb: means(of) for verb, of in verbs.items()} for days, verbs in told.items()}


def means(turns: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: sum(each[name] for each in turns) / len(turns) for name in turns[0]}


def row(verb: str, days: int, now: dict[str, float], then: dict[str, float]) -> Row:
    bars = (Bar("of a day", FLAT),) if now is not then else ()
    name = f"{verb}, {days} day{'s' if days > 1 else ''} ({days * TICKETS_A_DAY:,} tickets)"
    return Row(name, {**now, "of a day": ratio(cpu(now), cpu(then))}, bars)


def rows_of(told: dict[int, dict[str, dict[str, float]]]) -> Iterator[Row]:
    first = next(iter(told.values()))
    for verb in first:
        for days, figures in told.items():
            yield row(verb, days, figures[verb], first[verb])


def parts(hall: BenchHall, *, quick: bool) -> list[Part]:
    depths, count = ((1, 10), 160) if quick else ((1, 30, 365), 1000)
    years = Years(hall, depths)
    told = by_turns(years, count)
    note = NOTE.format(
        a_day=TICKETS_A_DAY,
        seconds=years.seconds,
        tickets=years.tickets,
        bytes=years.bytes_a_ticket,
        clients=CLIENTS,
        turns=TURNS,
    )
    return [Part("History", list(rows_of(told)), note)]
