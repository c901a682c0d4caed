"""`manage.py drill`: would the hall come back? Bring its backup back beside it, and judge it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mpp import backups, restoring


class Command(BaseCommand):
    help = "Restore the newest backup beside the running hall, look whether it is whole, drop it."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = restoring.drill()
        except backups.BackupError as error:
            raise CommandError(error) from error
        if result["faults"]:
            raise CommandError("The restored hall is not whole:\n" + "\n".join(result["faults"]))
        self.stdout.write(
            f"Backup {result['backup']} came back whole in {result['seconds']} s,"
            f" {result['behind_seconds']} s behind the living hall."
        )
