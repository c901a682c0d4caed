"""For a manager who lost the phone and the recovery codes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agencies import second_factor
from agencies.models import Operator


class Command(BaseCommand):
    help = "Take the second factor off a person; the next sign-in sets it up anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        person = Operator.objects.filter(username=username).first()
        if person is None:
            message = f"There is nobody called {username!r}."
            raise CommandError(message)
        second_factor.forget(person)
        self.stdout.write(f"{username} has no second factor any more.")
