"""`manage.py restore`: put a backup in the place of the data of a hall that is stopped."""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mpp import backups, restoring
from mpp.terminal import Refusal


def moment(text: str) -> dt.datetime:
    """Read a moment with its offset; raises ValueError, which argparse tells in its own words."""
    read = dt.datetime.fromisoformat(text)
    if read.tzinfo is None:
        message = f"{text} has no offset"
        raise ValueError(message)
    return read


class Command(BaseCommand):
    help = "Put the newest backup in the place of the data (docs/backups.md). Stop the hall first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        example = "the hall as it was then, e.g. 2026-11-24T09:30+07:00"
        parser.add_argument("--until", type=moment, help=example)

    def handle(self, *args: Any, until: dt.datetime | None, **options: Any) -> None:
        try:
            found = restoring.restore(until)
        except (backups.BackupError, Refusal) as error:
            raise CommandError(error) from error
        self.stdout.write(
            f"Backup {found['backup']} is back in {found['seconds']} s."
            f" The last event is of {found['last_event']}. Start the hall again: make run"
        )
        for fault in found["faults"]:
            self.stderr.write(f"Not whole: {fault}")
