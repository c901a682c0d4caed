"""How soon is a hall open, and what does each of its processes hold? As `make run` starts it."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from mpp import embedded, options, run
from mpp.embedded import wait_until
from mpp.options import REPOSITORY
from tests.bench.cost import pss_of
from tests.bench.hall import BenchHall
from tests.bench.rows import Bar, Part, Row

NOT_ITS_OWN = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE", "APP_ROLE")
PROGRAMS = {  # by a word of their command line, the first that fits
    "postgres": "postgres",  # which has workers, too
    "supervisord": "supervisor.supervisord",
    "celery beat": "mpp.beat",
    "celery worker": "worker",
    "web process": "mpp.serve",
    "launcher": "mpp.run",
    "valkey": "valkey-server",
}
MEMORY_BARS = {
    "web process": (Bar("PSS MB each", 120),),
    "celery worker": (Bar("PSS MB each", 120),),
    "all": (Bar("PSS MB", 800),),
}
START_BARS = (Bar("seconds", 30),)
AGAIN_BARS = (Bar("seconds", 15),)
NOTE = """\
`make run` on an empty folder makes a database, migrates, and loads the hall; a later start finds
all that. PSS is what a process holds, of shared pages its share, a little after the start."""


def environment(var: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in NOT_ITS_OWN}
    return {**kept, "MPP_VAR": str(var), "PORT": str(port)}


def started(var: Path) -> tuple[subprocess.Popen[bytes], float]:
    """Start a hall as a person does; return it, and after how many seconds it was ready."""
    port, begun = embedded.free_port(), time.monotonic()
    env = environment(var, port)
    with (var.parent / "words").open("w") as words:
        hall = subprocess.Popen(
            [sys.executable, "-m", "mpp.run"], cwd=REPOSITORY, env=env, stdout=words, stderr=words
        )
    asked = options.read_options(env)
    ready = wait_until(lambda: hall.poll() is not None or run.is_ready(asked), 120)
    assert ready and hall.poll() is None, (var.parent / "words").read_text()  # noqa: PT018
    return hall, time.monotonic() - begun


def stop(hall: subprocess.Popen[bytes]) -> None:
    hall.send_signal(signal.SIGTERM)
    hall.wait(30)


@contextmanager
def a_folder() -> Iterator[Path]:
    """Give a folder in which the hall's own user may write."""
    with tempfile.TemporaryDirectory(prefix="mpp-bench-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "var"


def part_of(process: psutil.Process) -> str:
    words = " ".join(process.cmdline())
    return next((name for name, word in PROGRAMS.items() if word in words), "other")


def held(hall: subprocess.Popen[bytes]) -> dict[str, list[float]]:
    """Return the MB of each process, by its part."""
    head = psutil.Process(hall.pid)
    parts: dict[str, list[float]] = {}
    for process in (head, *head.children(recursive=True)):
        parts.setdefault(part_of(process), []).append(pss_of(process.pid))
    return parts


def memory_rows(parts: dict[str, list[float]]) -> Iterator[Row]:
    for name, each in sorted(parts.items(), key=lambda part: -sum(part[1])):
        figures = {"processes": len(each), "PSS MB": sum(each), "PSS MB each": max(each)}
        yield Row(name, figures, MEMORY_BARS.get(name, ()))
    everything = [mb for each in parts.values() for mb in each]
    figures = {"processes": len(everything), "PSS MB": sum(everything)}
    yield Row("all", figures, MEMORY_BARS["all"])


def parts(hall: BenchHall, *, quick: bool) -> list[Part]:
    with a_folder() as var:
        first, seconds = started(var)
        stop(first)
        second, again = started(var)
        try:
            time.sleep(1 if quick else 5)  # the worker's first jobs
            memory = list(memory_rows(held(second)))
        finally:
            stop(second)
    starts = [
        Row("first start", {"seconds": seconds}, START_BARS),
        Row("later start", {"seconds": again}, AGAIN_BARS),
    ]
    return [Part("Start", starts, NOTE), Part("Memory", memory)]
