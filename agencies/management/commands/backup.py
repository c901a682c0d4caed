"""`manage.py backup`: take a backup now, beside the running hall."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mpp import backups


class Command(BaseCommand):
    help = "Take a verified backup into BACKUP_DIR (docs/backups.md)."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            taken = backups.take()
        except backups.BackupError as error:
            raise CommandError(error) from error
        megabytes = taken.bytes / 1_000_000
        self.stdout.write(
            f"Backup {taken.name} ({taken.kind}): {megabytes:.1f} MB in {taken.seconds} s."
        )
