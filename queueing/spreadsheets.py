"""How is a table told to an office program, so that it is read as meant and nothing in it runs?

Semicolons between, commas in the numbers, and a mark at the beginning by which spreadsheets read
UTF-8: as office programs with Indonesian settings open a CSV.
"""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

MARK = "\ufeff"
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_csv(table: Iterable[Iterable[Any]]) -> str:
    out = io.StringIO()
    out.write(MARK)
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows(list(map(cell, row)) for row in table)
    return out.getvalue()


def cell(value: Any) -> str:
    """Return a value as a cell shows it; what a spreadsheet would run is made plain text."""
    if isinstance(value, int):
        return str(value)
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value}".replace(".", ",")
    text = str(value)
    return f"'{text}" if text.startswith(BEGINS_A_FORMULA) else text
