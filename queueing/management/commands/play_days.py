"""`manage.py play_days`: what `simulate` runs in each stage; by itself it refuses every hall."""

import json
import signal
import sys
from dataclasses import asdict
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from agencies.models import Counter, Hall
from queueing import forecasting, learning, lifecycle, live
from queueing.simulating import season, stage
from queueing.simulating.staffing import NoSuchAgencyError


class Quiet(live.Doorbell):
    """Nobody looks at a day that is played as fast as it goes."""

    def ring(self, hall_id: int, version: int, *, has_called: bool = False) -> None:
        pass


class Command(BaseCommand):
    help = "Play the days that standard input names, in a stage; prints what came of each as JSON."
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            stage.require_stage()
        except stage.StageError as error:
            raise CommandError(str(error)) from error
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started us ends us
        wish = json.loads(sys.stdin.readline())
        prepare()
        try:
            if wish["days"]:
                self.play(wish)
        except NoSuchAgencyError as error:
            raise CommandError(str(error)) from error

    def play(self, wish: dict[str, Any]) -> None:
        played = season.Season(**wish["season"])
        if not played.speed:
            live.doorbell = Quiet("redis://127.0.0.1")
        for record in season.play(
            played,
            wish["days"],
            on_open=let_people_in if played.speed else None,
            on_tick=foresee if played.estimates or played.speed else None,
            on_night=learning.learn if played.estimates else None,
        ):
            self.stdout.write(json.dumps(asdict(record)))
            self.stdout.flush()
            taken = f", counters {record.taken_over} taken over" if record.taken_over else ""
            told = f"{record.date}: {record.people} people, {record.seconds:.1f} s{taken}"
            self.stderr.write(told)


def prepare() -> None:
    """Make the tables and load the hall of the catalogue, where that was not done before."""
    call_command("migrate", verbosity=0, interactive=False)
    if not Hall.objects.exists():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('agencies_hall', 'id'), %s)",
                [stage.FIRST_HALL],
            )
        call_command("load_hall", verbosity=0, stdout=sys.stderr)


def let_people_in(hall: Hall) -> None:
    """Give the hall its demo people and devices; its counters open when their officers come.

    Its name, long and short, says that it is none.
    """
    call_command("load_demo", hall.slug, stdout=sys.stderr)
    hall.name_id, hall.name_en = f"Simulasi: {hall.name_id}", f"Simulation: {hall.name_en}"
    hall.city = f"{hall.city} (simulasi)"
    hall.save(update_fields=["name_id", "name_en", "city"])
    season.teach(hall)
    for counter in Counter.objects.filter(hall=hall):
        lifecycle.close_counter(counter, actor="system")


def foresee(hall: Hall) -> None:
    """Work out when everybody is called, as the worker of a hall does."""
    forecasting.renew(Hall.objects.get(pk=hall.pk))
