"""Where is a day played? In databases of their own beside the hall's, gone when it is over.

A stage is made once, with the tables and the hall of the catalogue, and copied for each process
that plays. It bears a mark: without it no day is played (`require_stage`), so no hall ever finds
its clock replaced. Its hall has an id that no real one has, so that what is told of it over the
shared broker concerns nobody else.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import psycopg2
from django.conf import settings
from django.db import connection
from psycopg2 import sql
from psycopg2.extensions import parse_dsn

from mpp import embedded
from mpp.parts import dying_with_parent
from queueing.simulating.record import Number, Record, Share
from queueing.simulating.season import Season

MARK = "A stage of simulated days: its clock is not the real one."
_STAGES = r"""
    SELECT datname FROM pg_database WHERE datname ~ '_simulasi_\d+'
    AND shobj_description(oid, 'pg_database') = {mark}
"""
Act = Callable[[], None]
FIRST_HALL = 1_000_000


class StageError(Exception):
    """Why no day can be played, in a sentence."""


def require_stage() -> None:
    """Raise unless this process's database was made to be played in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
            " WHERE datname = current_database()"
        )
        if cursor.fetchone()[0] != MARK:
            message = "This database is not a stage: a day is never played in a hall's own rows."
            raise StageError(message)


class Stages:
    """Makes databases on the server of the hall, and drops them at the end."""

    def __init__(self) -> None:
        self.maker, self.owner = _addresses()
        self.base = f"{parse_dsn(self.owner)['dbname']}_simulasi_{os.getpid()}"
        self.made: list[str] = []
        self.playing: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Self:
        self.sweep()
        url = self.make(self.base)
        try:
            self.run(url, json.dumps({"season": asdict(Season()), "days": []}))
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.end()

    def sweep(self) -> None:
        """Drop the stages of a simulation that was killed."""
        for name in self._order(_STAGES, {"mark": sql.Literal(MARK)}):
            if not Path("/proc", name.split("_simulasi_")[1].split("_")[0]).exists():
                self._order("DROP DATABASE {name} WITH (FORCE)", {"name": sql.Identifier(name)})

    def copy(self) -> str:
        """Make one more stage; return its address."""
        return self.make(f"{self.base}_{len(self.made)}", like=self.base)

    def run(
        self,
        url: str,
        words: str,
        env: Mapping[str, str] | None = None,
        meanwhile: Act = lambda: None,
    ) -> str:
        """Have `play_days` play in a stage, and do something meanwhile; return what it printed."""
        playing = subprocess.Popen(  # noqa: S603 - our own command
            dying_with_parent([sys.executable, "manage.py", "play_days"]),
            cwd=settings.BASE_DIR,
            env={**os.environ, "DATABASE_URL": url, **(env or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.playing.append(playing)
        _hand_over(playing, words)
        meanwhile()
        told, _ = playing.communicate()
        if playing.returncode:
            message = "The day could not be played; why stands above."
            raise StageError(message)
        return told

    def make(self, name: str, like: str = "template1") -> str:
        owner = parse_dsn(self.owner)["user"]
        words = {
            "name": sql.Identifier(name),
            "like": sql.Identifier(like),
            "owner": sql.Identifier(owner),
            "mark": sql.Literal(MARK),
        }
        self._order("CREATE DATABASE {name} TEMPLATE {like} OWNER {owner}", words)
        self.made.append(name)
        self._order("COMMENT ON DATABASE {name} IS {mark}", words)
        self._order("REVOKE ALL ON DATABASE {name} FROM PUBLIC", words)
        return urlsplit(self.owner)._replace(path=f"/{name}").geturl()

    def end(self) -> None:
        """Stop whoever still plays, and drop what was made."""
        for playing in self.playing:
            playing.terminate()
            playing.wait(10)
        while self.made:
            words = {"name": sql.Identifier(self.made.pop())}
            self._order("DROP DATABASE IF EXISTS {name} WITH (FORCE)", words)

    def _order(self, statement: str, words: dict[str, sql.Composable]) -> list[str]:
        """Run a statement; return the names that it finds."""
        try:
            session = psycopg2.connect(self.maker, connect_timeout=5)
            session.autocommit = True  # databases are made outside of any transaction
            cursor = session.cursor()
            cursor.execute(sql.SQL(statement).format(**words))
            names = [name for (name,) in cursor.fetchall()] if cursor.description else []
            session.close()
        except psycopg2.Error as error:
            message = f"The server does not let us make a database: {str(error).strip()}"
            raise StageError(message) from error
        return names


def _addresses() -> tuple[str, str]:
    """Return as whom databases are made, and to whom they belong.

    Of our own PostgreSQL the folder of the data knows the passwords; elsewhere DATABASE_OWNER_URL
    names a role that may make databases.
    """
    app = os.environ["DATABASE_URL"]
    kept = Path(settings.VAR_DIR) / "secrets.json"
    if given := os.environ.get("DATABASE_OWNER_URL"):
        return given, given
    if embedded.role_of(app) != embedded.APP or not kept.exists():
        return app, app
    words, port = json.loads(kept.read_text()), int(parse_dsn(app)["port"])
    return (
        embedded.database_url(embedded.ADMIN, words[embedded.ADMIN], port, "postgres"),
        embedded.database_url(embedded.OWNER, words[embedded.OWNER], port),
    )


def _hand_over(playing: subprocess.Popen[str], words: str) -> None:
    if playing.stdin:
        playing.stdin.write(words + "\n")
        playing.stdin.flush()


def play(stages: Stages, season: Season, days: int, processes: int = 1) -> list[Record]:
    """Play so many days in as many processes, each in a stage of its own; return them in order."""
    turns = [list(range(first, days, processes)) for first in range(min(processes, days))]
    wishes = [json.dumps({"season": asdict(season), "days": turn}) for turn in turns]
    urls = [stages.copy() for _ in turns]
    threads = ThreadPoolExecutor(len(turns))
    try:
        told = threads.map(stages.run, urls, wishes)
        records = [record for text in told for record in _read(text.splitlines())]
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
    return sorted(records, key=lambda record: record.date)


def _read(lines: Iterable[str]) -> Iterator[Record]:
    for line in lines:
        row = json.loads(line)
        row["numbers"] = [Number(**number) for number in row["numbers"]]
        row["shares"] = {letter: Share(**share) for letter, share in row["shares"].items()}
        row["stays"] = {int(person): stay for person, stay in row["stays"].items()}
        yield Record(**row)
