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
        if not found.version:  # a hall that has not begun its history may become a demo
            found.always_open = os.environ.get("REAL_HOURS") != "1"
            found.save(update_fields=["always_open"])
        path = settings.VAR_DIR / "demo.json"
        password = (
            os.environ.get("DEMO_PASSWORD") or demo.kept_password(path) or secrets.token_urlsafe(12)
        )
        demo.set_up(found, password)
        demo.write(path, demo.describe(found, password, base_url()))
        self.stdout.write(f"The demo people of {hall} can sign in; their keys are in demo.json.")


def base_url() -> str:
    host = os.environ.get("HOST", "127.0.0.1")
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - where to look, not to bind
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{os.environ.get('PORT', '8000')}"
