"""How does a hall come back from its backup, and would it?

`restore` lays out the newest backup beside the old data, lets PostgreSQL read the log up to its end
or a given moment, gives every hall a new epoch (so that each screen drops what it knew), looks
whether the rows tell one story, and only then puts it in the place of the old data. `drill` does
the same in a folder of its own beside the living hall, and throws it away.
"""

import datetime as dt
import itertools
import json
import os
import secrets
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from django.db import connection as living
from psycopg2.extensions import parse_dsn

from agencies import clock
from mpp import backups, embedded
from mpp.backups import BASE, DUMP, Backup, BackupError
from mpp.options import REPOSITORY
from mpp.parts import dying_with_parent
from mpp.run import lock_folder

# As our own backup packed it; Python before 3.11.4 has no other way, and no word for this one.
AS_PACKED: Any = {"filter": "tar"} if hasattr(tarfile, "tar_filter") else {}
PATIENCE = 15 * 60
LAST_EVENT = "SELECT max(at) FROM queueing_ticketevent"
VERSIONS = "SELECT coalesce(json_object_agg(id, version), '{}') FROM agencies_hall"
OLDEST_LACKING = """
    SELECT min(e.at) FROM agencies_hall h JOIN queueing_ticketevent e ON e.hall_id = h.id
    WHERE e.version > coalesce((%s::jsonb ->> h.id::text)::bigint, 0)
"""
NEW_EPOCHS = "UPDATE agencies_hall SET epoch = gen_random_uuid()"


def newest() -> Backup:
    found = backups.newest_first()
    if not found:
        message = f"There is no backup in {settings.BACKUP_DIR}."
        raise BackupError(message)
    return found[0]


def newest_before(until: dt.datetime) -> Backup:
    """Return the last base from which that moment can be reached."""
    for backup in backups.newest_first():
        if backup.kind == "base" and dt.datetime.fromisoformat(backup.at) < until:
            return backup
    message = f"No base backup is older than {until.isoformat()}."
    raise BackupError(message)


def ask(url: str, question: str) -> Any:
    """Run one statement; return the first value of what it gives, if anything."""
    connection = psycopg2.connect(url, connect_timeout=2)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def faults_of(url: str) -> list[str]:
    """Return what the rows of a database contradict each other in (`queueing/soundness.py`)."""
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_log", "--json"],
        cwd=REPOSITORY,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        faults: list[str] = json.loads(done.stdout)
    except ValueError as error:
        raise BackupError(backups.last_line(done.stderr)) from error
    return faults


# --- A server from a backup ---------------------------------------------------------------------


class Revived:
    """A PostgreSQL on a port of its own, made from a backup.

    With a folder for its log it goes on writing there: it is about to become the hall's.
    """

    def __init__(self, backup: Backup, folder: Path, until: str, log_folder: Path | None) -> None:
        self.data, self.port = folder / "postgres", embedded.free_port()
        self.words = folder / "postgres.log"
        self.log_folder = log_folder
        if backup.kind == "base":
            self.password = passwords_of(backup)[embedded.ADMIN]
            lay_out(backup, self.data)
            self.start(**embedded.reading_archive(backups.log_folder(), until))
        else:
            self.password = secrets.token_urlsafe(24)
            embedded.init_postgres(self.data, self.password)
            self.start()
            read_dump(backup, self.url("postgres"))

    def url(self, database: str = embedded.DATABASE) -> str:
        return embedded.database_url(embedded.ADMIN, self.password, self.port, database)

    def start(self, **more: str) -> None:
        command = embedded.postgres_command(self.data, self.port, self.log_folder, **more)
        command = dying_with_parent(command, "INT")
        with self.words.open("wb") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, process_group=0
            )
        if not embedded.wait_until(self.is_up, PATIENCE) or self.process.poll() is not None:
            self.stop()
            message = f"PostgreSQL did not come back from the backup: {self.last_trouble()}"
            raise BackupError(message)

    def last_trouble(self) -> str:
        lines = self.words.read_text(errors="replace").splitlines()
        return next((line for line in reversed(lines) if "FATAL" in line), "it does not say why")

    def is_up(self) -> bool:
        """Whether the log was read to its end, or there is nothing to wait for any more."""
        if self.process.poll() is not None:
            return True
        try:
            return not self.ask("SELECT pg_is_in_recovery()", "postgres")
        except psycopg2.Error:
            return False

    def ask(self, question: str, database: str = embedded.DATABASE) -> Any:
        return ask(self.url(database), question)

    def faults(self) -> list[str]:
        return faults_of(self.url())

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(2)
            self.process.wait(60)


@contextmanager
def revived(
    backup: Backup, folder: Path, until: str = "", log_folder: Path | None = None
) -> Iterator[Revived]:
    server = Revived(backup, folder, until, log_folder)
    try:
        yield server
    finally:
        server.stop()


def passwords_of(backup: Backup) -> dict[str, str]:
    kept: dict[str, str] = json.loads((backup.folder / "secrets.json").read_text())
    return kept


def lay_out(backup: Backup, data: Path) -> None:
    """Unpack a base, and have PostgreSQL read its log before anything else."""
    data.mkdir(mode=0o700)
    try:
        with tarfile.open(backup.folder / BASE) as tar:
            tar.extractall(data, **AS_PACKED)  # noqa: S202 - our own
    except (OSError, EOFError, tarfile.TarError, zlib.error) as error:
        message = f"The backup {backup.name} cannot be unpacked: {error}."
        raise BackupError(message) from error
    (data / "recovery.signal").touch()


def read_dump(backup: Backup, url: str) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True  # CREATE DATABASE wants no transaction
    connection.cursor().execute(f"CREATE DATABASE {embedded.DATABASE}")
    connection.close()
    path = str(backup.folder / DUMP)
    backups.order("pg_restore", f"--dbname={embedded.DATABASE}", "--no-owner", path, url=url)


# --- The drill ----------------------------------------------------------------------------------


def drill() -> dict[str, Any]:
    """Bring the newest backup back beside the living hall, judge it, and remember the result.

    `behind_seconds`: for how long events have happened that a lost disk would cost. Raises
    BackupError, which is remembered as well.
    """
    began, now = time.monotonic(), clock.now()
    result: dict[str, Any] = {"at": now.isoformat(), "ok": False}
    try:
        result |= tried(newest(), now)
    except BackupError as error:
        result["faults"] = [str(error)]
        raise
    finally:
        result["seconds"] = round(time.monotonic() - began, 1)
        backups.remember_drill(result)
    return result


def tried(backup: Backup, now: dt.datetime) -> dict[str, Any]:
    with (
        tempfile.TemporaryDirectory(dir=settings.BACKUP_DIR, prefix="drill-") as folder,
        revived(backup, Path(folder)) as server,
    ):
        versions = server.ask(VERSIONS)
        faults = server.faults()
    return {
        "backup": backup.name,
        "kind": backup.kind,
        "ok": not faults,
        "behind_seconds": behind(versions, now),
        "faults": faults[:20],
    }


def behind(versions: dict[str, int], now: dt.datetime) -> float:
    """Return the age in seconds of the oldest event that a hall at these versions would lack."""
    with living.cursor() as cursor:
        cursor.execute(OLDEST_LACKING, [json.dumps(versions)])
        lacking = cursor.fetchone()[0]
    return round((now - lacking).total_seconds(), 1) if lacking else 0.0


# --- In earnest ---------------------------------------------------------------------------------


def restore(until: dt.datetime | None = None) -> dict[str, Any]:
    """Put the newest backup, or the one before a moment, in the place of the data.

    The hall must be stopped; the old data stay beside the new. Raises BackupError, or Refusal
    while the hall runs.
    """
    backup = newest_before(until) if until else newest()
    began = time.monotonic()
    if backup.kind == "base":
        found = restore_base(backup, until)
    else:
        found = restore_dump(backup, os.environ.get("DATABASE_OWNER_URL", ""))
    return {"backup": backup.name, **found, "seconds": round(time.monotonic() - began, 1)}


def restore_base(backup: Backup, until: dt.datetime | None) -> dict[str, Any]:
    var, log_folder = Path(settings.VAR_DIR), backups.log_folder()
    moment = until.isoformat() if until else ""
    with lock_folder(var), tempfile.TemporaryDirectory(dir=var, prefix="restoring-") as folder:
        with revived(backup, Path(folder), moment, log_folder) as server:
            server.ask(NEW_EPOCHS)
            found = {"last_event": server.ask(LAST_EVENT), "faults": server.faults()}
        put_in_place(Path(folder) / "postgres", var / "postgres")
        shutil.copy(backup.folder / "secrets.json", folder)
        put_in_place(Path(folder) / "secrets.json", var / "secrets.json")
    return found


def restore_dump(backup: Backup, owner_url: str) -> dict[str, Any]:
    """Put a dump in the place of what a server of its own holds; its owner may do that."""
    url = owner_url or os.environ["DATABASE_URL"]
    how = ["--clean", "--if-exists", "--no-owner", "--single-transaction"]
    database = parse_dsn(url)["dbname"]
    backups.order("pg_restore", f"--dbname={database}", *how, str(backup.folder / DUMP), url=url)
    ask(url, NEW_EPOCHS)
    return {"last_event": ask(url, LAST_EVENT), "faults": faults_of(url)}


def put_in_place(new: Path, place: Path) -> None:
    """Rename the new to the place; what was there stays beside it, under the first free name."""
    if place.exists():
        names = (place.with_name(f"{place.name}.before-{n}") for n in itertools.count(1))
        place.rename(next(name for name in names if not name.exists()))
    new.rename(place)
