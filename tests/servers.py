"""A PostgreSQL and a Valkey of the tests' own, and web processes that may be broken.

    with Servers() as servers, WebProcesses(2, servers.environment()) as web:
        httpx.get(f"{web.url}/health/ready")
        web.kill(0)
        servers.postgres.kill(signal.SIGKILL)
        servers.postgres.start()

Everything lives in a folder of its own, on ports of its own, and dies with the process that
started it, however that one dies. As root the servers run as an ordinary user, like the hall.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Self

from mpp import embedded
from mpp.embedded import APP, DATABASE, KEEPER, OWNER, wait_until
from mpp.options import REPOSITORY
from mpp.parts import dying_with_parent
from mpp.unprivileged import prefix_for


class Process:
    """A program that can be started, killed and started again, and that dies with its parent."""

    def __init__(self, command: Sequence[str], log: Path, stop: int = signal.SIGTERM) -> None:
        self.command, self.log, self.stop_signal = command, log, stop
        self.process: subprocess.Popen[bytes] | None = None

    def start(
        self, env: Mapping[str, str] | None = None, door: socket.socket | None = None
    ) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                self.command,
                cwd=REPOSITORY,
                env=env,
                stdin=subprocess.DEVNULL if door is None else door,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
            )

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send a signal; one that ends the process is waited for."""
        if self.process and self.is_running():
            self.process.send_signal(number)
            if number not in {signal.SIGSTOP, signal.SIGCONT, signal.SIGHUP}:
                self.process.wait(20)

    def stop(self) -> None:
        self.kill(signal.SIGCONT)
        with suppress(subprocess.TimeoutExpired):
            self.kill(self.stop_signal)
        self.kill(signal.SIGKILL)


class Servers:
    """PostgreSQL with both roles and an empty database `mpp`, and Valkey. Takes about a second.

    With `is_kept` it hands over its log, and may be copied by its keeper, as in a real hall.
    """

    def __init__(self, *, is_kept: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="mpp-tests-"))
        names = (OWNER, APP, KEEPER, "admin", "valkey")
        self.passwords = {name: secrets.token_hex(16) for name in names}
        self.is_kept = is_kept
        self.postgres_port, self.valkey_port = embedded.free_port(), embedded.free_port()
        self.prefix = prefix_for(self.folder) if os.geteuid() == 0 else []
        self.postgres = self.make_postgres()
        self.valkey = self.make_valkey()

    def make_postgres(self) -> Process:
        data = self.folder / "postgres"
        embedded.init_postgres(data, self.passwords["admin"], self.prefix)
        log_folder = self.backups / "wal" if self.is_kept else None
        if log_folder:
            log_folder.mkdir(parents=True)
            for path in (self.backups, log_folder):
                os.chown(path, self.folder.stat().st_uid, self.folder.stat().st_gid)
        command = embedded.postgres_command(data, self.postgres_port, log_folder)
        command += ["--max_connections=200"]  # several halls at once, and programs beside them
        command = [*self.prefix, *dying_with_parent(command, "INT")]
        return Process(command, self.folder / "postgres.log", signal.SIGINT)

    def make_valkey(self) -> Process:
        data, config = self.folder / "valkey", self.folder / "valkey.conf"
        data.mkdir()
        config.write_text(embedded.valkey_config(data, self.valkey_port, self.passwords["valkey"]))
        for path in (data, config):
            os.chown(path, self.folder.stat().st_uid, self.folder.stat().st_gid)
        command = [*self.prefix, *dying_with_parent(embedded.valkey_command(config))]
        return Process(command, self.folder / "valkey.log")

    def start(self) -> Self:
        self.postgres.start()
        self.valkey.start()
        self.wait()
        embedded.create_roles_and_database(self.admin_url, self.passwords, "CREATEDB")
        if self.is_kept:
            embedded.create_keeper(self.admin_url, self.passwords[KEEPER])
        return self

    def wait(self, seconds: float = 30) -> None:
        """Wait until both answer, for example after one was killed and started again."""
        assert wait_until(lambda: embedded.postgres_answers(self.admin_url), seconds)
        self.wait_for_valkey(seconds)

    def wait_for_valkey(self, seconds: float = 30) -> None:
        password = self.passwords["valkey"]
        assert wait_until(lambda: embedded.valkey_answers(password, self.valkey_port), seconds)

    def stop(self) -> None:
        self.valkey.stop()
        self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.stop()

    @property
    def backups(self) -> Path:
        return self.folder / "backup"

    @property
    def admin_url(self) -> str:
        password = self.passwords["admin"]
        return embedded.database_url(embedded.ADMIN, password, self.postgres_port, "postgres")

    def database_url(self, role: str = OWNER, database: str = DATABASE) -> str:
        password = self.passwords[role]
        return embedded.database_url(role, password, self.postgres_port, database)

    @property
    def redis_url(self) -> str:
        return embedded.redis_url(self.passwords["valkey"], self.valkey_port)

    def environment(self, role: str = OWNER, database: str = DATABASE) -> dict[str, str]:
        """Return what our settings want to know, for these servers."""
        return {
            "DATABASE_URL": self.database_url(role, database),
            "REDIS_URL": self.redis_url,
            "MPP_VAR": str(self.folder),
            "SECRET_KEY": "for-tests-only-" * 5,
            "DJANGO_SETTINGS_MODULE": "mpp.settings",
            "PYTHONDONTWRITEBYTECODE": "1",
        }


class WebProcesses:
    """Web processes on one listening socket, as in a real hall."""

    def __init__(
        self, count: int, env: Mapping[str, str], log: Path | None = None, module: str = "mpp.serve"
    ) -> None:
        self.door = socket.create_server(("127.0.0.1", 0), backlog=2048)
        self.port: int = self.door.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = {**os.environ, **env, "HOST": "127.0.0.1", "PORT": str(self.port)}
        folder = log or Path(self.env["MPP_VAR"])
        command = dying_with_parent([sys.executable, "-m", module])
        logs = [folder / f"web-{number}.log" for number in range(count)]
        self.processes = [Process(command, path) for path in logs]

    def __enter__(self) -> Self:
        for number in range(len(self.processes)):
            self.restart(number)
        for process in self.processes:
            self.wait_for(process)
        return self

    def wait_for(self, process: Process, seconds: float = 30) -> None:
        """Wait until this one answers: the others hold still meanwhile."""
        others = [each for each in self.processes if each is not process]
        for each in others:
            each.kill(signal.SIGSTOP)
        ready = wait_until(self.is_ready, seconds)
        for each in others:
            each.kill(signal.SIGCONT)
        assert ready, process.log.read_text()

    def is_ready(self) -> bool:
        door = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            door.request("GET", "/health/ready")
            return door.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            door.close()

    def is_accepting(self, number: int) -> bool:
        """Whether this one takes connections: its event loop watches the shared socket."""
        watched = f"ino:{os.fstat(self.door.fileno()).st_ino:x} "
        folder = Path(f"/proc/{self.processes[number].pid}/fdinfo")
        try:
            return any(watched in each.read_text() for each in folder.iterdir())
        except OSError:  # a file was closed, or the process ended
            return False

    def replace(self, number: int) -> None:
        """Start one again and wait until it takes connections, while the others go on."""
        self.restart(number)
        assert wait_until(lambda: self.is_accepting(number), 30), self.log()

    def kill(self, number: int, signal_number: int = signal.SIGKILL) -> None:
        self.processes[number].kill(signal_number)

    def restart(self, number: int) -> None:
        """Start one, after stopping it if it still runs; `wait_for` waits until it answers."""
        self.processes[number].stop()
        self.processes[number].start(self.env, self.door)

    def log(self) -> str:
        return "\n".join(process.log.read_text() for process in self.processes)

    def stop(self) -> None:
        for process in self.processes:
            process.stop()
        self.door.close()

    def __exit__(self, *error: object) -> None:
        self.stop()
