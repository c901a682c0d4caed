#!/usr/bin/env python
"""The command line of the hall: `python manage.py help`."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mpp.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - settings first
    from django.db import OperationalError, connection  # noqa: PLC0415

    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        if connection.connection is not None:  # it was there
            raise
        why = str(error).partition("\n")[0]
        sys.exit(f"The hall's database does not answer. Does the hall run? ({why})")


if __name__ == "__main__":
    main()
