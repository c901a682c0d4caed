"""A hall that runs: its own database, two web processes, and programs that press its buttons."""

import datetime as dt
import fcntl
import json
import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

import httpx
import psycopg2
import psycopg2.errors
import requests

from mpp.embedded import APP, OWNER, database_url
from tests.checker import Call, Evidence, TicketRow
from tests.servers import WebProcesses

REPOSITORY = Path(__file__).parent.parent
DAY = [
    "queueing_ticket_services",
    "queueing_ticketevent",
    "queueing_ticket",
    "queueing_visit",
    "queueing_queueday",
    "queueing_command",
    "queueing_dayclose",
    "queueing_forecast",
    "queueing_servicetime",
    "queueing_habit",
    "queueing_accuracy",
    "queueing_halfhour",
]


TEMPLATE = "opened_hall"
REAL_CLOCK = (
    "CREATE OR REPLACE FUNCTION hall_now() RETURNS timestamptz LANGUAGE sql VOLATILE"
    " AS 'SELECT clock_timestamp()'"
)


def execute(cursor: Any, statement: str) -> None:
    """Run a statement; again when a reader of the running hall stood in its way."""
    for tries_left in range(9, -1, -1):
        try:
            cursor.execute(statement)
        except psycopg2.errors.DeadlockDetected:
            if not tries_left:
                raise
        else:
            return


def on_database(url: str, *statements: str) -> list[tuple[Any, ...]]:
    """Run statements outside of any transaction; return the rows of the last one."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            for statement in statements:
                execute(cursor, statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def copy_database(admin_url: str, like: str, name: str) -> None:
    """Make a database like one in which nobody is; our roles may do in it what they may there."""
    on_database(
        admin_url,
        f"CREATE DATABASE {name} TEMPLATE {like} OWNER {OWNER}",
        f"GRANT CONNECT ON DATABASE {name} TO {APP}",
    )


class RunningHall:
    """`url`, `demo` (what demo.json says), and the database behind it."""

    def __init__(self, name: str, *, processes: int = 2, module: str = "mpp.serve", **env: str):
        self.name = name
        self.admin_url = os.environ["TEST_ADMIN_URL"]
        port = int(self.admin_url.rsplit(":", 1)[1].split("/")[0])
        self.database_url = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"
        self.app_url = database_url("mpp_app", os.environ["TEST_APP_PASSWORD"], port, name)
        self.var = Path(os.environ["TEST_SERVERS_FOLDER"]) / name
        self.env = {"MPP_VAR": str(self.var), "APP_ROLE": "mpp_app", **env}
        self.processes, self.module = processes, module

    def __enter__(self) -> Self:
        self.var.mkdir(exist_ok=True)
        self.demo = self.opened_hall()
        copy_database(self.admin_url, TEMPLATE, self.name)
        return self.open_doors({**self.env, "DATABASE_URL": self.app_url})

    def open_doors(self, env: dict[str, str]) -> Self:
        """Start the web processes, and get ready to press their buttons."""
        self.web = WebProcesses(self.processes, env, module=self.module).__enter__()
        self.url = self.web.url
        self.slug = self.demo["hall"]
        self.client = httpx.Client(base_url=self.url, timeout=30)
        self.buttons = requests.Session()
        self.buttons.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=32))
        return self

    def close_doors(self) -> None:
        self.client.close()
        self.buttons.close()
        self.web.stop()

    def __exit__(self, *error: object) -> None:
        self.close_doors()
        on_database(self.admin_url, f"DROP DATABASE {self.name} WITH (FORCE)")

    def opened_hall(self) -> dict[str, Any]:
        """Open a hall once for all tests of the session; return its demo.json."""
        folder = Path(os.environ["TEST_SERVERS_FOLDER"]) / TEMPLATE
        folder.mkdir(exist_ok=True)
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (folder / "demo.json").exists():
                on_database(self.admin_url, f"CREATE DATABASE {TEMPLATE} OWNER mpp_owner")
                url = self.database_url.removesuffix(self.name) + TEMPLATE
                self.manage("open_hall", DATABASE_URL=url, MPP_VAR=str(folder))
        return json.loads((folder / "demo.json").read_text())

    def told_demo(self) -> dict[str, Any]:
        return json.loads((self.var / "demo.json").read_text())

    def manage(self, *words: str, **env: str) -> str:
        """Run manage.py in the hall's environment; return what it printed."""
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "manage.py", *words],
            cwd=REPOSITORY,
            env={**os.environ, **self.env, **env},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def begin_anew(self) -> None:
        """Forget the day: nobody has come yet. Only a test's own database allows this."""
        on_database(
            self.database_url,
            "ALTER TABLE queueing_ticketevent DISABLE TRIGGER events_are_never_changed",
            f"TRUNCATE {', '.join(DAY)} RESTART IDENTITY CASCADE",
            "ALTER TABLE queueing_ticketevent ENABLE TRIGGER events_are_never_changed",
            "UPDATE agencies_hall SET version = 0, epoch = gen_random_uuid(), business_date = NULL",
            "UPDATE agencies_counter SET status = 'open'",
            "UPDATE agencies_operator o SET counter_id = c.id FROM agencies_counter c"
            " WHERE o.username = 'loket-' || lpad(c.number::text, 2, '0')",
            "UPDATE agencies_queue SET incident_since = NULL, incident_reason = ''",
            "UPDATE queueing_device SET seen_at = NULL",  # nobody misses what was here before
            "DELETE FROM agencies_quota_services",
            "DELETE FROM agencies_quota",  # a load may take as many of any service as it likes
            "DELETE FROM agencies_counter_queues",
            "INSERT INTO agencies_counter_queues (counter_id, queue_id) SELECT c.id, q.id"
            " FROM agencies_counter c JOIN agencies_queue q ON q.agency_id = c.agency_id",
            REAL_CLOCK,
        )

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return on_database(self.database_url, query)

    def set_clock(self, moment: dt.datetime) -> None:
        """Let the hall's clock run on from this moment, whatever the machine's says."""
        self.rows(
            "CREATE OR REPLACE FUNCTION hall_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS"
            f" $$ SELECT clock_timestamp() - (timestamptz '{dt.datetime.now(dt.UTC).isoformat()}'"
            f" - timestamptz '{moment.isoformat()}') $$"
        )

    def tickets(self) -> list[TicketRow]:
        """Return every ticket as the checker wants to know it."""
        rows = self.rows(
            "SELECT t.public_id::text, q.code || '-' || lpad(t.number::text, 3, '0'), q.code,"
            " t.date, t.number, v.token,"
            " CASE WHEN t.leg_of_id IS NOT NULL THEN v.arrived_at"
            "  ELSE max(t.issued_at) OVER (PARTITION BY t.queue_id, t.date ORDER BY t.number) END"
            " - CASE WHEN coalesce((SELECT (e.detail->>'was')::bool FROM queueing_ticketevent e"
            "  WHERE e.ticket_id = t.id AND e.kind = 'prioritise' ORDER BY e.version LIMIT 1),"
            "  t.priority <> '') THEN interval '30 minutes' ELSE interval '0' END,"
            " t.effective_time, t.returns, t.postponed, t.id"
            " FROM queueing_ticket t JOIN agencies_queue q ON q.id = t.queue_id"
            " JOIN queueing_visit v ON v.id = t.visit_id ORDER BY t.id"
        )
        return [
            TicketRow(*row, (first, key), (last, key), returns, postponed)
            for *row, first, last, returns, postponed, key in rows
        ]

    def serves(self) -> dict[int, set[str]]:
        """Return the queues that each counter serves."""
        rows = self.rows(
            "SELECT c.number, array_agg(q.code) FROM agencies_counter c"
            " JOIN agencies_counter_queues s ON s.counter_id = c.id"
            " JOIN agencies_queue q ON q.id = s.queue_id GROUP BY 1"
        )
        return {number: set(queues) for number, queues in rows}

    def evidence(self, calls: Sequence[Call] = (), screens: Sequence[list] = ()) -> Evidence:
        """Gather all that the checker may want to know of the day."""
        board = self.board() if screens else None
        return Evidence(self.events(), self.tickets(), calls, screens, board, self.serves())

    # --- Programs -------------------------------------------------------------------------------

    def post(
        self, path: str, body: Any = None, *, key: str, once: str = "", timeout: float = 30
    ) -> requests.Response:
        """Press a button as a program: `key` says who, `once` is the Idempotency-Key."""
        headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": once or uuid.uuid4().hex}
        address = f"{self.url}/api/v1/halls/{self.slug}/{path}"
        return self.buttons.post(address, json=body or {}, headers=headers, timeout=timeout)

    def take(self, *services: str, kiosk: int = 0, **options: Any) -> requests.Response:
        body = {"services": list(services), "priority": options.pop("priority", None)}
        return self.post("visits", body, key=self.demo["kiosks"][kiosk]["key"], **options)

    def press(self, counter: int, verb: str, **options: Any) -> requests.Response:
        body = options.pop("body", None)
        officer = self.demo["operators"][counter - 1]
        return self.post(f"counters/{counter}/{verb}", body, key=officer["key"], **options)

    def press_queue(self, code: str, verb: str, **options: Any) -> requests.Response:
        return self.post(f"queues/{code}/{verb}", key=self.demo["manager"]["key"], **options)

    def board(self) -> dict[str, Any]:
        return self.client.get(f"/api/v1/halls/{self.slug}/board").json()

    def events(self) -> list[dict[str, Any]]:
        """The whole log, page by page, as a manager's program reads it."""
        events: list[dict[str, Any]] = []
        while True:
            page = self.client.get(
                f"/api/v1/halls/{self.slug}/events",
                params={"after": events[-1]["version"] if events else 0, "limit": 1000},
                headers={"Authorization": f"Bearer {self.demo['manager']['key']}"},
            ).json()["events"]
            events += page
            if not page:
                return events

    @property
    def socket_url(self) -> str:
        return f"{self.url.replace('http', 'ws')}/ws/{self.slug}/board"


def at_once(works: list[Callable[[], Any]]) -> list[Any]:
    """Do all works at the same instant, each on a thread of its own; return what each gave."""
    barrier = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            results[place] = work()
        except Exception as error:  # noqa: BLE001 - the test judges
            results[place] = error

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
