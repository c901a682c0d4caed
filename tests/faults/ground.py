"""A hall that may be broken: its own PostgreSQL and Valkey, and a door before each that can fail.

    with Ground() as ground:
        ground.database_door.set("stall")
        ground.servers.postgres.kill(signal.SIGKILL)

Clients come through `ground.door`; web processes, worker and beat reach PostgreSQL and Valkey
through their doors. The test itself reads the database directly.
"""

import os
import signal
import subprocess
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import httpx
import psutil
from celery import Celery

from mpp.embedded import APP, DATABASE, redis_url, wait_until
from mpp.parts import PYTHON, dying_with_parent, own_parts
from tests.proxy import FaultProxy
from tests.running import RunningHall, on_database
from tests.servers import Process, Servers


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class Ground(RunningHall):
    def __init__(
        self, *, processes: int = 2, module: str = "mpp.serve", is_kept: bool = False, **env: str
    ) -> None:
        self.servers = Servers(is_kept=is_kept)
        self.name, self.processes, self.module = DATABASE, processes, module
        self.admin_url, self.database_url = self.servers.admin_url, self.servers.database_url()
        self.var = self.servers.folder
        self.env = {**self.servers.environment(), "APP_ROLE": APP, **env}
        self.stack = ExitStack()
        self.beside: list[Process] = []

    def __enter__(self) -> Self:
        with self.stack:
            enter = self.stack.enter_context
            enter(self.servers)
            self.database_door = enter(FaultProxy(self.servers.postgres_port))
            self.doorbell_door = enter(FaultProxy(self.servers.valkey_port))
            self.manage("open_hall")
            self.demo = self.told_demo()
            self.open_doors(self.parts_env())
            self.stack.callback(self.close_doors)
            self.door = enter(FaultProxy(self.web.port))
            self.url = f"http://127.0.0.1:{self.door.port}"
            self.stack = self.stack.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self.stack.close()

    def parts_env(self) -> dict[str, str]:
        """Return what web processes, worker and beat get to know: the doors, not the servers."""
        passwords = self.servers.passwords
        database = f"127.0.0.1:{self.database_door.port}"
        return {
            **self.env,
            "DATABASE_URL": f"postgresql://{APP}:{passwords[APP]}@{database}/{DATABASE}",
            "REDIS_URL": redis_url(passwords["valkey"], self.doorbell_door.port),
        }

    def start_part(self, name: str) -> Process:
        """Start one more worker or beat; it ends with the test."""
        folder = self.var / f"{name}-{uuid.uuid4().hex[:8]}"
        folder.mkdir()
        part = next(part for part in own_parts("", folder, {}) if part.name == name)
        return self.start_beside(part.command, folder / "log")

    def start_quick_beat(self) -> Process:
        """Start a beat that sends every job each 2 seconds."""
        file = self.var / f"beat-{uuid.uuid4().hex[:8]}"
        command = [PYTHON, "-m", "celery", "--app=tests.faults.quick_beat", "beat"]
        command += [f"--schedule={file}", "--pidfile="]
        return self.start_beside(command, file.with_suffix(".log"))

    def start_beside(self, command: Sequence[str], log: Path) -> Process:
        process = Process(dying_with_parent(command), log)
        process.start({**os.environ, **self.parts_env()})
        self.beside.append(process)
        return process

    def mend(self) -> None:
        """Bring back whatever a test has broken, and end what it started beside the hall."""
        while self.beside:
            self.beside.pop().stop()
        self.signal_postgres(signal.SIGCONT)
        self.servers.valkey.kill(signal.SIGCONT)
        for process in (self.servers.postgres, self.servers.valkey):
            if not process.is_running():
                process.start()
        self.servers.wait()
        for door in (self.database_door, self.doorbell_door, self.door):
            door.set("pass")
        for number, process in enumerate(self.web.processes):
            process.kill(signal.SIGCONT)
            if not process.is_running():
                self.web.replace(number)

    # --- PostgreSQL -----------------------------------------------------------------------------

    def signal_postgres(self, number: int) -> None:
        """Send a signal to the whole of PostgreSQL; the postmaster first, so that it forks none."""
        if self.servers.postgres.is_running():
            postmaster = psutil.Process(self.servers.postgres.pid)
            postmaster.send_signal(number if number != signal.SIGKILL else signal.SIGSTOP)
            children = postmaster.children()
            for child in children:
                with suppress(psutil.NoSuchProcess):
                    child.send_signal(number)
            self.servers.postgres.kill(number)
            if number == signal.SIGKILL:
                assert wait_until(lambda: not any(map(is_alive, children)), 10)

    def start_postgres(self) -> float:
        """Start it again; return the moment at which that was ordered."""
        now = time.monotonic()
        self.servers.postgres.start()
        return now

    @contextmanager
    def hung_database(self, how: str) -> Iterator[None]:
        """Stop all of PostgreSQL, or let its line stall or swallow everything."""
        if how == "stopped":
            self.signal_postgres(signal.SIGSTOP)
        else:
            self.database_door.set(how)
        try:
            yield
        finally:
            self.signal_postgres(signal.SIGCONT)
            self.database_door.set("pass")

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """Let nobody write to any database."""
        self.configure("default_transaction_read_only = on")
        try:
            yield
        finally:
            self.configure("default_transaction_read_only = off")

    def configure(self, setting: str) -> None:
        on_database(self.admin_url, f"ALTER SYSTEM SET {setting}", "SELECT pg_reload_conf()")

    @contextmanager
    def without_connections(self) -> Iterator[None]:
        """Leave the hall no connection to PostgreSQL."""
        self.limit_connections(0)
        try:
            yield
        finally:
            self.limit_connections(-1)

    def limit_connections(self, most: int) -> None:
        on_database(
            self.admin_url,
            f"ALTER ROLE {APP} CONNECTION LIMIT {most}",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'mpp'",
        )

    def connections(self) -> int:
        """Return how many connections the hall's processes hold."""
        query = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'mpp'"
        return self.rows(query)[0][0]

    def fill_commands(self) -> int:
        """Fill the table of answered presses until its next rows must extend its file.

        Returns the file's size: more than a segment of the log (16 MB), which must go on.
        """
        self.rows(
            "INSERT INTO queueing_command (caller, key, fingerprint, at, answer)"
            " SELECT 'filler', n, 'x', now(), repeat('x', 120)"
            " FROM generate_series(1, 110000) n"
        )
        on_database(self.admin_url, "CHECKPOINT")
        return self.rows("SELECT pg_relation_size('queueing_command')")[0][0]

    @contextmanager
    def full_disk(self, size: int) -> Iterator[None]:
        self.limit_files(size)
        try:
            yield
        finally:
            self.limit_files("unlimited")

    def limit_files(self, size: int | str) -> None:
        """Let no file of PostgreSQL grow beyond this size."""
        postmaster = psutil.Process(self.servers.postgres.pid)
        for process in (postmaster, *postmaster.children()):
            command = [*self.servers.prefix, "prlimit", f"--fsize={size}:", f"--pid={process.pid}"]
            subprocess.run(  # noqa: S603 - our own command
                command,
                check=False,
                stderr=subprocess.DEVNULL,  # some end meanwhile
            )

    # --- Jobs -----------------------------------------------------------------------------------

    def sing(self) -> None:
        """Ask the worker for a sign of life, as beat does each minute."""
        self.send_job("canary")

    def send_job(self, name: str) -> None:
        with Celery(broker=self.servers.redis_url, set_as_current=False) as app:
            app.send_task(f"queueing.tasks.{name}")

    def canary_at(self) -> Any:
        rows = self.rows("SELECT sang_at FROM queueing_canary")
        return rows[0][0] if rows else None

    def canary_age(self) -> float:
        rows = self.rows("SELECT extract(epoch FROM now() - sang_at) FROM queueing_canary")
        return float(rows[0][0]) if rows else float("inf")

    # --- The door -------------------------------------------------------------------------------

    def health(self) -> tuple[int, dict[str, Any], float]:
        """Return what /health/ready says, and how long that took."""
        with httpx.Client(base_url=self.web.url, timeout=15) as client:
            answer = client.get("/health/ready")
        return answer.status_code, answer.json(), answer.elapsed.total_seconds()
