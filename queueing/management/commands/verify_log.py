"""`manage.py verify_log`: do the rows still tell one story?"""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from queueing import soundness


class Command(BaseCommand):
    help = "Look for holes in numbers and versions, and for states that the log does not explain."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the faults as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        faults = soundness.faults()
        words = "\n".join(faults) or "The rows tell one story."
        self.stdout.write(json.dumps(faults) if options["json"] else words)
        if faults:
            sys.exit(1)
