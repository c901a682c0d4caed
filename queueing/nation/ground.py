"""Where is a country played? On parts of its own, in a folder of its own: no hall is touched.

The parts are those of `make run` - PostgreSQL, Valkey, the web processes, worker and beat, kept
alive by the same process manager - with as many web processes as wanted and a country in place of
the demo hall. Its clock is set to the morning of a working day.
"""

import datetime as dt
import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

import psycopg2
from django.conf import settings

from mpp import embedded, run
from mpp.options import (
    REPOSITORY,
    Options,
    addresses,
    environment,
    for_open_hall,
    for_worker,
    kept_secrets,
)
from mpp.parts import PYTHON, ProcessManager, dying_with_parent
from mpp.terminal import refuse, say, step
from queueing.nation import playing
from queueing.nation.country import Place
from queueing.nation.hour import Wish
from queueing.nation.playing import Outcome

WEDNESDAY = dt.date(2026, 11, 25)
EARLY, OPENS = dt.time(7, 30), dt.time(8)
_CLOCK = """
    CREATE OR REPLACE FUNCTION hall_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS
    $$ SELECT clock_timestamp() + interval '{seconds} seconds' $$
"""


class Ground:
    """The parts of an installation that was made for playing; they stop with this process."""

    def __init__(self, var: Path, processes: int) -> None:
        self.options = Options(
            host="127.0.0.1",
            port=embedded.free_port(),
            var=var,
            database_url="",
            owner_url="",
            redis_url="",
            kiosk_rate=30,
            allowed_hosts="127.0.0.1",
            backup_dir=var / "backup",
            https=False,
        )
        self.processes = processes
        self.url = f"http://127.0.0.1:{self.options.port}"

    def __enter__(self) -> Self:
        run.allow_many_sockets()
        self.lock = run.lock_folder(self.options.var)
        kept = kept_secrets(self.options.var)
        where = addresses(self.options, kept)
        self.env = environment(self.options, where, settings.SECRET_KEY)
        self.owned, self.database_url = for_open_hall(self.env, where), where.owner
        self.worker_env = {**self.owned, **for_worker(where)}
        parts = run.prepared_parts(self.options, where, kept)
        parts = [
            replace(part, copies=self.processes) if part.name == "web" else part for part in parts
        ]
        self.manager = ProcessManager(self.options.var, parts, self.env, self.lock)
        try:
            run.start_postgres(self.manager, where, kept)
            run.start_valkey(self.manager, where, kept)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        run.stop(self.manager)
        self.lock.close()

    def settle(self, halls: int, seed: int, visits: int, *, desks_open: bool = False) -> None:
        """Load the country as it is in the morning: what the night has to do is done."""
        words = [f"--halls={halls}", f"--seed={seed}", f"--visits={visits}"]
        words += ["--desks-open"] if desks_open else []
        with step(f"Loading {halls} halls"):
            self.manage("load_nation", *words)
        self.set_clock(EARLY)
        with step("Taking the backup of the night"):
            self.manage("backup", env=self.worker_env)
        with step("Rendering the voice"):
            self.manage("render_voice", env=self.worker_env)

    def open(self) -> None:
        """Start who serves: web, worker and beat."""
        run.start_own_parts(self.manager, self.options)

    def set_clock(self, moment: dt.time, later: float = 0.0) -> None:
        """Let the country's clock run on from this moment of a Wednesday, in its western zone."""
        there = dt.datetime.combine(WEDNESDAY, moment, ZoneInfo("Asia/Jakarta"))
        there += dt.timedelta(seconds=later)
        session = psycopg2.connect(self.database_url)
        with session, session.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM %s - clock_timestamp())", [there])
            cursor.execute(_CLOCK.format(seconds=cursor.fetchone()[0]))
        session.close()

    def play(self, places: Sequence[Place], wish: Wish) -> Outcome:
        say(f"Playing {len(places)} halls at {self.url} ...")
        return playing.play(
            self.url,
            self.database_url,
            places,
            wish,
            on_begin=lambda: self.set_clock(OPENS, wish.begins),
            faults=lambda: json.loads(self._run(self.owned, "verify_log", "--json").stdout),
        )

    def manage(self, *words: str, env: Mapping[str, str] | None = None) -> None:
        """Run a command as the owner of the database."""
        done = self._run(env or self.owned, *words)
        if done.returncode:
            refuse(f"`manage.py {words[0]}` failed; why stands above. {done.stdout}")

    def _run(self, env: Mapping[str, str], *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(  # noqa: S603 - our own command
            dying_with_parent([PYTHON, "manage.py", *words]),
            cwd=REPOSITORY,
            env=env,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )


def sweep(folder: Path) -> None:
    """Remove the folder of a country that was played."""
    shutil.rmtree(folder, ignore_errors=True)
