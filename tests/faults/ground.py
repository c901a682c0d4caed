"""A hall that may be broken: its own PostgreSQL and Valkey, and a door before each that can fail.

    with Ground() as ground:
        ground.database_door.set("stall")
        ground.servers.postgres.kill(signal.SIGKILL)

Clients come through `ground.door`; web processes, worker and beat reach PostgreSQL and Valkey
through their doors. The test itself reads the database directly.
"""

import os
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from mpp.embedded import APP, DATABASE, database_url, redis_url
from mpp.parts import dying_with_parent, own_parts
from tests.proxy import FaultProxy
from tests.running import RunningHall
from tests.servers import Process, Servers


class Ground(RunningHall):
    def __init__(self, *, processes: int = 2, module: str = "mpp.serve", **env: str) -> None:
        self.servers = Servers()
        self.name, self.processes, self.module = DATABASE, processes, module
        self.admin_url, self.database_url = self.servers.admin_url, self.servers.database_url()
        self.var = self.servers.folder
        self.env = {**self.servers.environment(), "APP_ROLE": APP, **env}
        self.stack = ExitStack()

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
        return {
            **self.env,
            "DATABASE_URL": database_url(APP, passwords[APP], self.database_door.port, DATABASE),
            "REDIS_URL": redis_url(passwords["valkey"], self.doorbell_door.port),
        }

    def start_part(self, name: str) -> Process:
        """Start one more worker or beat; it is stopped with the ground."""
        folder = self.var / f"{name}-{len(list(self.var.glob(f'{name}-*')))}"
        folder.mkdir()
        part = next(part for part in own_parts("", folder) if part.name == name)
        process = Process(dying_with_parent(part.command), folder / "log")
        process.start({**os.environ, **self.parts_env()})
        self.stack.callback(process.stop)
        return process

    def postgres_family(self) -> list[int]:
        """Return the postmaster and all its children."""
        parent = self.servers.postgres.pid
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        return [parent, *map(int, children)]

    def signal_postgres(self, number: int) -> None:
        """Send a signal to the whole of PostgreSQL; the postmaster first, so that it forks none."""
        for pid in self.postgres_family():
            os.kill(pid, number)
