"""A hall to be measured: the demo hall on servers of its own, with as many doors as wanted.

with BenchHall(servers) as hall, hall.doors(processes=2):
    hall.press(1, "call-next")
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self

from django.db import connection

from mpp.embedded import APP, DATABASE
from tests.running import RunningHall, copy_database, on_database
from tests.servers import Servers

OWN = 1  # the id of the demo hall: the first
WAITING = """
    WITH queue AS (
        SELECT q.id, q.hall_id, min(s.id) AS service
        FROM agencies_queue q JOIN agencies_service s ON s.queue_id = q.id
        WHERE q.hall_id IN ({halls}) AND q.code IN ({codes}) GROUP BY q.id
    ), seat AS (
        SELECT q.*, n, nextval('queueing_visit_id_seq') AS visit,
               nextval('queueing_ticket_id_seq') AS ticket,
               hall_now() - interval '1 second' * (1 + {many} - n) AS at,
               (hall_now() AT TIME ZONE 'Asia/Jakarta')::date AS date
        FROM queue q, generate_series(1, {many}) n
    ), days AS (
        INSERT INTO queueing_queueday (queue_id, date, last_number, last_at)
        SELECT id, date, {many}, hall_now() FROM seat GROUP BY id, date
        ON CONFLICT (queue_id, date) DO UPDATE SET last_number = excluded.last_number
    ), visits AS (
        INSERT INTO queueing_visit (id, hall_id, date, token, language, channel, arrived_at)
        SELECT visit, hall_id, date, 'waits-' || visit, 'id', 'kiosk', at FROM seat
    ), tickets AS (
        INSERT INTO queueing_ticket (id, public_id, hall_id, visit_id, queue_id, date, number,
            state, priority, effective_time, issued_at, calls, returns, note)
        SELECT ticket, gen_random_uuid(), hall_id, visit, id, date, n,
               'waiting', '', at, at, 0, 0, '' FROM seat
    )
    INSERT INTO queueing_ticket_services (ticket_id, service_id) SELECT ticket, service FROM seat
"""


class BenchHall(RunningHall):
    def __init__(self, servers: Servers) -> None:
        self.servers = servers
        self.name, self.module = DATABASE, "mpp.serve"
        self.admin_url, self.database_url = self.servers.admin_url, self.servers.database_url()
        self.app_url = self.servers.database_url(APP)
        self.var = self.servers.folder
        self.env = {**self.servers.environment(), "APP_ROLE": APP}

    def __enter__(self) -> Self:
        self.manage("open_hall")
        self.demo = self.told_demo()
        self.slug = self.demo["hall"]
        return self

    def __exit__(self, *error: object) -> None:
        pass

    @contextmanager
    def doors(self, processes: int = 2) -> Iterator[Self]:
        """Open the hall at this many web processes."""
        self.processes = processes
        self.open_doors({**self.env, "DATABASE_URL": self.app_url})
        try:
            yield self
        finally:
            self.close_doors()

    def admin(self, *statements: str) -> list[tuple[Any, ...]]:
        return on_database(self.admin_url, *statements)

    def desks(self) -> list[dict[str, Any]]:
        """Return the demo's officers: number, agency and key of each counter."""
        officers: list[dict[str, Any]] = self.demo["operators"]
        return officers

    def codes(self) -> list[str]:
        """Return the letters of the queues; here each agency has one, of the same letter."""
        return list(Counter(desk["agency"] for desk in self.desks()))

    def let_wait(
        self, many: int, *, codes: Sequence[str] = (), halls: Sequence[int] = (OWN,)
    ) -> None:
        """Let this many wait in each queue, without a press, on a day that has just begun."""
        letters = ", ".join(f"'{code}'" for code in codes or self.codes())
        where = ", ".join(map(str, halls))
        self.rows_changed(WAITING.format(halls=where, codes=letters, many=many))

    def copied(self, name: str) -> str:
        """Keep the hall as it is now in a database of this name, while its doors are shut."""
        connection.close()
        copy_database(self.admin_url, self.name, name)
        return name

    def turn_to(self, name: str) -> None:
        """Ask the database of this name from now on, while the doors are shut."""
        connection.close()
        self.name = connection.settings_dict["NAME"] = name
        self.database_url = self.servers.database_url(database=name)
        self.app_url = self.servers.database_url(APP, name)

    def rows_changed(self, *statements: str) -> None:
        on_database(self.database_url, *statements)
