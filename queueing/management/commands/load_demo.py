import os
import secrets
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from agencies.models import Hall
from queueing import demo


class Command(BaseCommand):
    help = "Give a hall its demo people and devices, and write $MPP_VAR/demo.json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("hall", nargs="?", default="payakumbuh")

    def handle(self, *args: Any, hall: str, **options: Any) -> None:
        found = Hall.objects.filter(slug=hall).first()
        if found is None:
            message = f"There is no hall {hall!r}. Load it first: manage.py load_hall FOLDER"
            raise CommandError(message)
        if demo.lives_elsewhere(found):
            message = "Another hall of this installation has the demo people already."
            raise CommandError(message)
        set_hours(found)
        path = settings.VAR_DIR / "demo.json"
        password = (
            os.environ.get("DEMO_PASSWORD") or demo.kept_password(path) or secrets.token_urlsafe(12)
        )
        demo.set_up(found, password)
        demo.write(path, demo.describe(found, password, base_url()))
        self.stdout.write(f"The demo people of {hall} can sign in; their keys are in demo.json.")


def set_hours(hall: Hall) -> None:
    """Let the own hours apply (REAL_HOURS=1) or none (0); a hall without history has none."""
    wish = os.environ.get("REAL_HOURS", "0" if not hall.version else "")
    if wish:
        hall.always_open = wish != "1"
        hall.save(update_fields=["always_open"])


def base_url() -> str:
    host = os.environ.get("HOST", "127.0.0.1")
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - where to look, not to bind
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{os.environ.get('PORT', '8000')}"
