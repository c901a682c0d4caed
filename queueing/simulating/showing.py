"""How does one look at a day while it is played? At the pages of a hall of its own.

A web process serves the stage at an address of its own. Kiosks, screens, desks and phones are the
real ones; only the clock runs faster, and the hall's name says what it is. Its demo people sign in
there and nowhere else, and whoever presses at a counter has it from then on: so a new officer can
be trained in the crowd of a day.
"""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from django.conf import settings

from mpp.embedded import wait_until
from mpp.parts import dying_with_parent
from mpp.terminal import addresses, say, sign_ins
from queueing.simulating.season import Season
from queueing.simulating.stage import StageError, Stages

HOST = "127.0.0.2"  # this machine as well, but browsers keep other cookies for it than for the hall


def show(stages: Stages, season: Season, days: int, port: int) -> None:
    """Play the days at their speed, and serve their hall on this port of this machine."""
    url, var = stages.copy(), Path(settings.VAR_DIR) / "simulasi"
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    (var / "demo.json").unlink(missing_ok=True)
    here = {
        "DATABASE_URL": url,
        "MPP_VAR": str(var),
        "HOST": HOST,
        "ALLOWED_HOSTS": HOST,
        "PORT": str(port),
        "REAL_HOURS": str(int(not season.has_no_hours)),
    }
    wish = json.dumps({"season": asdict(season), "days": list(range(days))})
    with _door(port) as door, _web({**os.environ, **here}, door) as web:
        say("The hall is being made ready ...")
        stages.run(url, wish, here, lambda: _tell(var / "demo.json", web))


def _tell(path: Path, web: subprocess.Popen[bytes]) -> None:
    """Say where to look, once the people of the hall are there."""
    if not wait_until(lambda: path.exists() or web.poll() is not None, 60):
        message = "The hall was not ready within a minute."
        raise StageError(message)
    demo = json.loads(path.read_text())
    say("\n".join(["", *addresses(demo), "", *sign_ins(demo, path), ""]))


@contextmanager
def _door(port: int) -> Iterator[socket.socket]:
    try:
        door = socket.create_server((HOST, port), backlog=512)
    except OSError as error:
        message = f"Port {port} cannot be opened: {error.strerror}. Choose another --port."
        raise StageError(message) from error
    with door:
        yield door


@contextmanager
def _web(env: Mapping[str, str], door: socket.socket) -> Iterator[subprocess.Popen[bytes]]:
    command = dying_with_parent([sys.executable, "-m", "mpp.serve"])
    web = subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=settings.BASE_DIR, env=env, stdin=door.fileno()
    )
    try:
        yield web
    finally:
        web.terminate()
        web.wait(15)
