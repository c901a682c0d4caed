"""`manage.py simulate`: play days of this hall that never were (docs/simulator.md)."""

import datetime as dt
import json
import signal
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from agencies import clock
from agencies.models import Hall
from mpp import ending
from queueing.simulating import (
    accuracy,
    comparing,
    recorded,
    showing,
    staffing,
    stage,
    summary,
    telling,
)
from queueing.simulating.assumptions import PRESETS
from queueing.simulating.record import Record
from queueing.simulating.season import PARALLEL, SEQUENTIAL, Season

CREDITS = (15, 30, 60)
YESTERDAY = "yesterday"


class Command(BaseCommand):
    help = "Play simulated days through the real hall, in a database of their own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        usual = Season()
        parser.add_argument("--preset", choices=list(PRESETS), default=usual.preset)
        parser.add_argument("--visits", type=at_least(0), default=0, help="people on a usual day")
        parser.add_argument("--days", type=at_least(1), default=1)
        parser.add_argument("--seed", type=int, default=usual.seed)
        parser.add_argument("--date", type=dt.date.fromisoformat, default=usual.date)
        parser.add_argument(
            "--like", metavar="DATE", type=day, help="one day that was, or yesterday"
        )
        parser.add_argument("--hall", help="whose day, where there are several")
        parser.add_argument("--counters", type=changes, default="", help='"F+1@10.00,A-1"')
        parser.add_argument("--priority-credit", type=at_least(0), default=30, help="minutes")
        parser.add_argument("--errands", choices=[PARALLEL, SEQUENTIAL], default=PARALLEL)
        parser.add_argument("--always-open", action="store_true", help="no hours but 08.00-15.00")
        parser.add_argument("--reference", action="store_true", help="as domain section 15")
        parser.add_argument("--estimates", action="store_true", help="judge those of the hall, too")
        parser.add_argument("--what-if", type=what_if, help='"F+1@10.00", "credit" or "errands"')
        parser.add_argument("--speed", type=float, default=0, help="20: twenty times real time")
        parser.add_argument(
            "--port", type=at_least(1), default=8100, help="where to look, with --speed"
        )
        parser.add_argument("--processes", type=at_least(1), default=1)
        parser.add_argument("--language", choices=["id", "en"], default="id")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        self.days, self.processes = options["days"], options["processes"]
        season = Season(
            **{name: options[name] for name in asdict(Season()) if name in options}
            | {"date": str(options["date"])}
        )
        if options["like"]:
            self.days = 1
            season = replace(season, **self.like(options["like"], options["hall"]))
        signal.signal(signal.SIGTERM, ending.end)
        try:
            self.simulate(season, options)
        except stage.StageError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stderr.write("Stopped; the stages are gone.")

    def like(self, wish: str, slug: str | None) -> dict[str, Any]:
        """Return what a season takes over from a day of the hall that runs here."""
        halls = Hall.objects.filter(**{"slug": slug} if slug else {})
        if len(halls) != 1:
            known = ", ".join(Hall.objects.order_by("slug").values_list("slug", flat=True))
            raise CommandError("Name one hall with --hall: " + known)
        yesterday = clock.today(halls[0]) - dt.timedelta(days=1)
        date = yesterday if wish == YESTERDAY else dt.date.fromisoformat(wish)
        words = recorded.read(halls[0], date)
        if not words["people"]:
            raise CommandError(f"Nobody took a number on {date}.")  # noqa: TRY003, EM102
        return {"again": words, "date": str(date)}

    def simulate(self, season: Season, options: dict[str, Any]) -> None:
        with stage.Stages() as self.stages, translation.override(options["language"]):
            if season.speed:
                showing.show(self.stages, season, self.days, options["port"])
                return
            told = self.told(season, options["what_if"])
        self.stdout.write(json.dumps(told[0]) if options["json"] else "\n\n".join(told[1]))

    def told(self, season: Season, what_if: str | None) -> tuple[Any, list[str]]:
        """Return what is found, as data and as text."""
        if what_if == "credit":
            return self.credits(season)
        if what_if == "errands":
            return self.errands(season)
        if what_if:
            return self.counters(season, changes(what_if))
        return self.usual(self.play(season))

    def play(self, season: Season) -> list[Record]:
        return stage.play(self.stages, season, self.days, self.processes)

    def usual(self, records: Sequence[Record]) -> tuple[Any, list[str]]:
        found, judged = summary.summary(records), accuracy.judge(records)
        data = {"summary": asdict(found), "accuracy": asdict(judged)}
        return data, [telling.whole(found), *([telling.accuracy(judged)] if judged.many else [])]

    def counters(self, season: Season, changed: str) -> tuple[Any, list[str]]:
        before = self.play(season)
        after = self.play(
            replace(season, counters=",".join(filter(None, [season.counters, changed])))
        )
        found = comparing.saving(before, after)
        pairs = [("-", _waits(before)), (changed, _waits(after))]
        data = {"saving": asdict(found), "waits": {name: asdict(each) for name, each in pairs}}
        return data, [telling.side_by_side(pairs), f"{changed}: {telling.saved(found)}"]

    def credits(self, season: Season) -> tuple[Any, list[str]]:
        pairs = []
        for credit in CREDITS:
            records = self.play(replace(season, priority_credit=credit))
            pairs.append((f"{credit} +", _waits(records, has_priority=True)))
            pairs.append((f"{credit}", _waits(records, has_priority=False)))
        return {name: asdict(each) for name, each in pairs}, [telling.side_by_side(pairs)]

    def errands(self, season: Season) -> tuple[Any, list[str]]:
        before = self.play(replace(season, errands=SEQUENTIAL))
        after = self.play(replace(season, errands=PARALLEL))
        found = comparing.stays(before, after)
        one_by_one, together = summary.summary(before), summary.summary(after)
        data = {"saving": asdict(found), SEQUENTIAL: one_by_one.stay, PARALLEL: together.stay}
        return data, [telling.whole(one_by_one), telling.whole(together), telling.saved(found)]


def day(words: str) -> str:
    try:
        return words if words == YESTERDAY else str(dt.date.fromisoformat(words))
    except ValueError as error:
        told = f"{words!r} is neither a date like 2026-11-23 nor {YESTERDAY}"
        raise ArgumentTypeError(told) from error


def at_least(least: int) -> Callable[[str], int]:
    def number(words: str) -> int:
        if not words.lstrip("-").isdecimal() or int(words) < least:
            told = f"{words!r} is not a whole number of at least {least}"
            raise ArgumentTypeError(told)
        return int(words)

    return number


def changes(words: str) -> str:
    try:
        staffing.read_changes(words)
    except ValueError as error:
        told = f'{words!r} is not understood; write "F+1@10.00" or "A-1,F+1"'
        raise ArgumentTypeError(told) from error
    return words


def what_if(words: str) -> str:
    return words if words in {"credit", "errands"} else changes(words)


def _waits(records: Sequence[Record], **only: bool) -> summary.Waits:
    numbers = [number for record in records for number in record.numbers]
    chosen = [each for each in numbers if all(getattr(each, k) == v for k, v in only.items())]
    return summary.waits(chosen)
