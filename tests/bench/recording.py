"""Which statements does one press send? Recorded below Django, with the row that each one gave.

    said = record(lambda: program.take("A01"))

What is recorded is the text with its values, as it is before anything is planned.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import connection

from mpp.postgres import base


@dataclass(frozen=True)
class Statement:
    text: str
    names: list[str]
    rows: list[tuple[Any, ...]]
    is_inside: bool  # a transaction


class Recorder(base.Cursor):
    said: ClassVar[list[Statement]] = []
    is_asking = False  # of what is planned once, only the statement itself is noted

    def execute(self, query: Any, values: Any = None) -> None:
        if self.is_asking:
            super().execute(query, values)
            return
        is_inside = self.wrapper.is_to_begin or self.wrapper.is_begun
        text = self.mogrify(query, values).decode()
        self.is_asking = True
        super().execute(query, values)
        self.is_asking = False
        names, rows = [], []
        if self.description:
            names, rows = [column.name for column in self.description], self.fetchall()
            if rows:
                self.scroll(0, mode="absolute")
        self.said.append(Statement(text, names, rows, is_inside))


def record(work: Callable[[], Any]) -> list[Statement]:
    """Do the work with Django of this process; return what it said to the database."""
    connection.ensure_connection()
    driver, usual = connection.connection, base.Cursor
    base.Cursor = Recorder  # type: ignore[misc]
    Recorder.said.clear()
    try:
        work()
    finally:
        base.Cursor = usual  # type: ignore[misc]
    assert connection.connection is driver, "the work took another connection"
    return list(Recorder.said)
