"""Which statements does one press send? Recorded below Django, with the row that each one gave.

    said = record(lambda: program.take("A01"))

What is recorded is the text as PostgreSQL gets it, values and all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import connection
from psycopg2.extensions import cursor


@dataclass(frozen=True)
class Statement:
    text: str
    names: list[str]
    rows: list[tuple[Any, ...]]
    is_inside: bool  # a transaction


class Recorder(cursor):
    said: ClassVar[list[Statement]] = []

    def execute(self, query: Any, values: Any = None) -> None:
        super().execute(query, values)
        names, rows = [], []
        if self.description:
            names, rows = [column.name for column in self.description], self.fetchall()
            if rows:
                self.scroll(0, mode="absolute")
        is_inside = not self.connection.autocommit
        self.said.append(Statement(self.query.decode(), names, rows, is_inside))


def record(work: Callable[[], Any]) -> list[Statement]:
    """Do the work with Django of this process; return what it said to the database."""
    connection.ensure_connection()
    driver = connection.connection
    factory, driver.cursor_factory = driver.cursor_factory, Recorder
    Recorder.said.clear()
    try:
        work()
    finally:
        driver.cursor_factory = factory
    assert connection.connection is driver, "the work took another connection"
    return list(Recorder.said)
