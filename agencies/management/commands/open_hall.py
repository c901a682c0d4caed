"""From an empty database to a hall that can issue: what `make run` does before the web starts."""

import os
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

WRITTEN_ONCE = "queueing_ticketevent, agencies_auditentry"


class Command(BaseCommand):
    help = "Migrate, give the app's database role its rights, load the hall and the demo people."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        self.stdout.write("The tables are up to date.")
        if role := os.environ.get("APP_ROLE"):
            grant(role)
        call_command("load_hall", stdout=self.stdout)
        call_command("load_demo", stdout=self.stdout)


def grant(role: str) -> None:
    """Let the app's role read and write rows, add to the logs but never change them, and no DDL."""
    name = connection.ops.quote_name(role)
    with connection.cursor() as cursor:
        cursor.execute(
            f"GRANT USAGE ON SCHEMA public TO {name};"  # noqa: S608 - a quoted name
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name};"
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name};"
            f"REVOKE UPDATE, DELETE, TRUNCATE ON {WRITTEN_ONCE} FROM {name};"
            f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {name};"
        )
