"""`manage.py nation`: play the peak hour of a whole country from outside (docs/nation.md)."""

import json
import os
import tempfile
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mpp import ending, run, unprivileged
from mpp.terminal import Refusal
from queueing import soundness
from queueing.nation import country, ground, playing, saturating, telling
from queueing.nation.hour import Wish
from queueing.nation.playing import Outcome
from queueing.nation.saturating import Slice

STEADY_FROM = 600.0  # seconds after opening: nobody stands at the door any more


class Command(BaseCommand):
    help = "Play the peak hour of 305 halls over HTTP and websockets, and judge it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--halls", type=int, default=305)
        parser.add_argument(
            "--visits", type=int, default=500, help="of a hall and day, on the mean"
        )
        parser.add_argument("--minutes", type=float, default=60.0)
        parser.add_argument("--begin", type=float, default=0.0, help="minutes after 08.00")
        parser.add_argument("--processes", type=int, default=2, help="of the web")
        parser.add_argument("--phones", type=float, default=Wish.phones, help="share of visits")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--saturate", action="store_true", help="how many halls it holds")
        parser.add_argument("--slice", type=float, default=30.0, help="seconds of each rate")
        parser.add_argument("--json", type=Path, help="write the figures there, too")
        parser.add_argument("--url", help="a country that runs already, on the database of this")
        parser.add_argument("--folder", type=Path, help="where its parts live; kept afterwards")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["folder"] or Path(tempfile.gettempdir(), f"nation-{os.getpid()}")
        if os.geteuid() == 0 and not options["url"]:
            unprivileged.restart(folder.absolute(), 65_535)  # comes back here as another user
        os.umask(0o077)
        if options["json"]:
            _check_can_write(options["json"])
        run.allow_many_sockets()
        self.places = country.places(options["halls"], options["seed"], options["visits"])
        try:
            told = self.played(folder.absolute(), options)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        except KeyboardInterrupt:
            self.stderr.write("Stopped; nothing is left of it.")
            return
        if options["json"]:
            options["json"].write_text(json.dumps(told, indent=1))

    def played(self, folder: Path, options: dict[str, Any]) -> Any:
        if options["url"]:
            url, database = options["url"], os.environ["DATABASE_URL"]
            wish = _wish(options)
            return self.tell(
                playing.play(url, database, self.places, wish, faults=soundness.faults)
            )
        ending.listen()
        ending.adopt_orphans()
        try:
            if options["saturate"]:
                return self.saturated(folder, options)
            with ground.Ground(folder, options["processes"]) as parts:
                wish = _wish(options)
                self.settle(parts, wish, options)
                return self.tell(parts.play(self.places, wish))
        finally:
            if not options["folder"]:
                ground.sweep(folder)

    def settle(self, parts: ground.Ground, wish: Wish, options: dict[str, Any]) -> None:
        size = (options["halls"], options["seed"], options["visits"])
        parts.settle(*size, desks_open=wish.desks_are_there)
        parts.open()

    def tell(self, outcome: Outcome) -> Any:
        about = {**outcome.about, "web processes": sum("web" in c.part for c in outcome.costs)}
        self.stdout.write(telling.as_text(outcome.verdict, outcome.costs, about))
        return telling.as_data(outcome.verdict, outcome.costs, about)

    def saturated(self, folder: Path, options: dict[str, Any]) -> Any:
        """Climb with as many web processes as were asked for, and with one."""
        told = {}
        for processes in sorted({1, options["processes"]}):
            with ground.Ground(folder / f"web-{processes}", processes) as parts:
                wish = replace(_wish(options), is_steady=True, desks_are_there=True)
                self.settle(parts, wish, options)
                parts.set_clock(ground.OPENS, STEADY_FROM)
                slices = saturating.saturate(
                    parts.url, self.places, wish, options["slice"], self.tell_slice
                )
            told[processes] = [telling.slice_data(each) for each in slices]
            self.stdout.write(telling.climbed(processes, saturating.most(slices)))
        return told

    def tell_slice(self, each: Slice) -> None:
        self.stdout.write(telling.slice_text(each))
        self.stdout.flush()


def _check_can_write(path: Path) -> None:
    """Find out before an hour is played for nothing."""
    try:
        path.open("a").close()
    except OSError as error:
        told = f"The figures cannot be written there: {error}"
        raise CommandError(told) from error


def _wish(options: dict[str, Any]) -> Wish:
    begins = 60 * options["begin"]
    return Wish(
        seed=options["seed"],
        begins=begins,
        ends=begins + 60 * options["minutes"],
        phones=options["phones"],
        desks_are_there=options["begin"] > 0,
    )
