"""What is kept in case the disk dies?

The embedded PostgreSQL hands over its log of changes every minute, and a base backup is taken once
a night: together they bring back any moment since (`mpp/restoring.py`). Of a PostgreSQL elsewhere,
whose log is its keeper's, a dump is taken.

    BACKUP_DIR/wal/000000010000000000000007.gz
    BACKUP_DIR/20261124T191500Z/  base.tar.gz, backup_manifest, backup.json, secrets.json
    BACKUP_DIR/20261124T191500Z/  hall.dump, backup.json

A folder gets its name only when what is in it was verified.
"""

import datetime as dt
import fcntl
import json
import os
import shutil
import subprocess
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from psycopg2.extensions import parse_dsn

from agencies import clock
from mpp.embedded import postgres_program

STAMP = "%Y%m%dT%H%M%SZ"
EVENING = 18
BASE, DUMP = "base.tar.gz", "hall.dump"
LIBPQ = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
}


class BackupError(Exception):
    """A backup, restore or drill that did not come off; says why in a sentence."""


@dataclass(frozen=True)
class Backup:
    """One backup on disk: `first_log` is the first file of the log that a base needs."""

    name: str
    kind: str  # base or dump
    at: str  # ISO 8601
    seconds: float
    bytes: int
    first_log: str

    @property
    def folder(self) -> Path:
        return Path(settings.BACKUP_DIR) / self.name


def log_folder() -> Path:
    return Path(settings.BACKUP_DIR) / "wal"


def newest_first() -> list[Backup]:
    """Return the whole backups, read from the disk."""
    told = sorted(Path(settings.BACKUP_DIR).glob("*Z/backup.json"), reverse=True)
    return [Backup(**json.loads(path.read_text())) for path in told]


def is_due(now: dt.datetime) -> bool:
    """Whether none was taken since the last evening at 18.00; a PC that was off catches up."""
    local = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    evening = local.replace(hour=EVENING, minute=0, second=0, microsecond=0)
    evening -= dt.timedelta(days=local < evening)
    taken = newest_first()
    return not taken or dt.datetime.fromisoformat(taken[0].at) < evening


# --- Taking one ---------------------------------------------------------------------------------


def take() -> Backup:
    """Take a backup, verify it, and let go of the oldest; raises BackupError."""
    try:
        with alone():
            taken = _take()
            forget_oldest()
    except OSError as error:
        message = f"The backup cannot be written to {settings.BACKUP_DIR}: {error.strerror}."
        raise BackupError(message) from error
    return taken


@contextmanager
def alone() -> Iterator[None]:
    """Keep a second backup from beginning while one is taken; raises BackupError."""
    folder = Path(settings.BACKUP_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = "Another backup is being taken."
            raise BackupError(message) from error
        yield


def _take() -> Backup:
    now = clock.now().astimezone(dt.UTC)
    unfinished = Path(settings.BACKUP_DIR) / f"{now:{STAMP}}.unfinished"
    began = time.monotonic()
    try:
        unfinished.mkdir(mode=0o700)
        kind, first_log = _base(unfinished) if settings.BACKUP_URL else _dump(unfinished)
        size = sum(path.stat().st_size for path in unfinished.iterdir())
        seconds = round(time.monotonic() - began, 1)
        taken = Backup(f"{now:{STAMP}}", kind, now.isoformat(), seconds, size, first_log)
        (unfinished / "backup.json").write_text(json.dumps(asdict(taken)))
        unfinished.rename(taken.folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return taken


def _base(folder: Path) -> tuple[str, str]:
    where = [f"--pgdata={folder}", "--format=tar", "--gzip", "--wal-method=fetch"]
    order("pg_basebackup", *where, "--checkpoint=fast", "--no-password", url=settings.BACKUP_URL)
    order("pg_verifybackup", "--quiet", "--format=tar", "--no-parse-wal", str(folder))
    kept = Path(settings.VAR_DIR) / "secrets.json"
    if kept.exists():
        shutil.copy(kept, folder)
    with tarfile.open(folder / BASE) as tar:
        label = tar.extractfile("backup_label")
        words = label.read().decode() if label else ""
    return "base", words.split("(file ", 1)[1].split(")", 1)[0]


def _dump(folder: Path) -> tuple[str, str]:
    path = folder / DUMP
    what = ["--format=custom", "--no-owner", "--no-acl", "--no-password", f"--file={path}"]
    order("pg_dump", *what, url=os.environ["DATABASE_URL"])
    order("pg_restore", "--list", str(path))
    return "dump", ""


def order(program: str, *words: str, url: str = "") -> str:
    """Run one of PostgreSQL's programs and return what it printed; raises BackupError.

    A password travels in the environment, where other users of the machine cannot read it.
    """
    command = [postgres_program(program), *words]
    environment = {**os.environ, **(libpq_environment(url) if url else {})}
    done = subprocess.run(  # noqa: S603 - our own command
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        message = f"{program} did not succeed: {last_line(done.stderr)}"
        raise BackupError(message)
    return done.stdout


def last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it said nothing"])[-1]


def libpq_environment(url: str) -> dict[str, str]:
    words = parse_dsn(url)
    return {LIBPQ[word]: value for word, value in words.items() if word in LIBPQ}


def forget_oldest() -> None:
    """Keep the newest BACKUP_KEEP, and the log since the oldest of them."""
    backups = newest_first()
    for backup in backups[settings.BACKUP_KEEP :]:
        shutil.rmtree(backup.folder)
    needed = [backup.first_log for backup in backups[: settings.BACKUP_KEEP] if backup.first_log]
    if needed and log_folder().exists():
        how = ["--strip-extension=.gz", "--clean-backup-history"]
        order("pg_archivecleanup", *how, str(log_folder()), min(needed))


# --- Telling ------------------------------------------------------------------------------------


def remember_drill(result: dict[str, Any]) -> None:
    path = Path(settings.BACKUP_DIR) / "drill.json"
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(result))
    unfinished.rename(path)


def last_drill() -> dict[str, Any] | None:
    """Return what the last drill showed, None before the first."""
    path = Path(settings.BACKUP_DIR) / "drill.json"
    return json.loads(path.read_text()) if path.exists() else None
