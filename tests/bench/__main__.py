"""How fast is the hall, beside what it could be? `python -m tests.bench`, or `make bench`.

Each question is a module with `parts(hall, quick=...)`. All are asked of one hall on servers of
its own, in one run, so that its ratios mean something whatever the machine.
"""

import argparse
import importlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django

from tests.bench import page
from tests.bench.cost import Machine
from tests.bench.rows import Part, markdown, summary
from tests.servers import Servers

QUIET = {"KIOSK_RATE": "0", "PHONE_RATE": "0", "LOG_LEVEL": "WARNING"}
QUESTIONS = ("presses", "screens", "boards", "surfaces", "footprint", "growth", "history")


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small counts: is it whole?")
    parser.add_argument("--strict", action="store_true", help="fail when a bar is missed")
    parser.add_argument(
        "--only", nargs="+", choices=QUESTIONS, default=QUESTIONS, metavar="QUESTION"
    )
    parser.add_argument("--write-page", action="store_true", help="renew docs/performance.md")
    parser.add_argument("--data", type=Path, help="write the figures as JSON to this file")
    return parser.parse_args()


@contextmanager
def a_hall() -> Iterator[Any]:
    """Give a hall on servers of its own; this process is one more client of its database."""
    with Servers() as servers:
        os.environ.update(servers.environment() | QUIET | {"DJANGO_ALLOW_ASYNC_UNSAFE": "1"})
        django.setup()
        bench = importlib.import_module("tests.bench.hall")  # its models wait for the settings
        with bench.BenchHall(servers) as hall:
            yield hall


def answered(questions: list[str], *, quick: bool) -> list[Part]:
    """Ask one question after the other; tell each table as soon as it is there."""
    parts: list[Part] = []
    with a_hall() as hall:
        for name in questions:
            begun = time.monotonic()
            tell(f"({name} ...)")
            question = importlib.import_module(f"tests.bench.{name}")  # Django is ready by now
            for part in question.parts(hall, quick=quick):
                parts.append(part)
                tell(markdown(part))
            tell(f"({name}: {time.monotonic() - begun:.0f} s)\n")
    return parts


def tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # it cleans up behind itself
    options, before = asked(), Machine()
    parts = answered(options.only, quick=options.quick)
    told = page.about("quick" if options.quick else "full", before)
    tell(f"{page.sentence(told)}\n{summary(parts)}")
    if options.write_page:
        page.write(parts, told, page.PAGE, page.DATA)
    if options.data:
        page.write_data(parts, told, options.data)
    return int(options.strict and any(row.missed for part in parts for row in part.rows))


if __name__ == "__main__":
    sys.exit(main())
