import os
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from agencies.management.commands.open_hall import grant
from queueing.nation import country, loading


class Command(BaseCommand):
    help = "Load a country of halls into an empty database, for `manage.py nation` to play in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--halls", type=int, default=305)
        parser.add_argument("--visits", type=int, default=500, help="of a day, on the mean")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--desks-open", action="store_true", help="as in mid-morning")
        parser.add_argument("--always-open", action="store_true", help="keep no hours")
        parser.add_argument(
            "--into-living", action="store_true", help="beside the halls that are there, for ever"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        if role := os.environ.get("APP_ROLE"):
            grant(role)
        places = country.places(options["halls"], options["seed"], options["visits"])
        try:
            loading.load(
                places, always_open=options["always_open"], into_living=options["into_living"]
            )
        except loading.InhabitedError as error:
            raise CommandError(str(error)) from error
        if options["desks_open"]:
            loading.open_desks()
        self.stdout.write(f"{len(places)} halls stand.")
