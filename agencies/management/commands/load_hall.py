from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agencies.loading import load
from agencies.reading import BadFiles, read_hall

CATALOGUE = Path(__file__).parents[2] / "catalogue"


class Command(BaseCommand):
    help = "Load a hall from a folder of CSV files; may be repeated, never touches history."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=CATALOGUE)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            loaded = load(read_hall(folder))
        except BadFiles as bad:
            problems = "\n  ".join(bad.problems)
            message = f"Nothing was loaded:\n  {problems}"
            raise CommandError(message) from None
        self.stdout.write(
            f"{loaded.hall.slug}: {loaded.agencies} agencies, {loaded.services} services, "
            f"{loaded.counters} counters."
        )
        for code in loaded.closed:
            self.stdout.write(f"{code} is no longer in the files and was closed.")
