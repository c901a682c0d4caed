"""What does each press cost? Counted in statements and bytes, which no slow machine can blur.

`make bench` measures the seconds (docs/performance.md). When a change makes a press cheaper, or
dearer for a reason, its figure here is renewed: the failing test shows all of them as they are now.
"""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from queueing.board import board_text
from tests.cast import Cast
from tests.programs import Program

# Statements to the database in all, and of them inside of the transaction, where others wait.
COSTS = {
    "issue": (6, 4),
    "call-next": (9, 7),
    "recall": (7, 5),
    "start": (7, 5),
    "finish and call next": (10, 8),
    "no-show": (7, 5),
    "transfer": (12, 10),
    "finish": (7, 5),
    "board": (2, 0),
    "following": (6, 0),
}
BOARD_BYTES = 745


class Costs:
    """Presses each button twice: what a process remembers is read at the first time."""

    def __init__(self, cast: Cast, clock: Any) -> None:
        self.kiosk, self.officer = Program(cast, "kiosk"), Program(cast, "officer")
        self.cast, self.clock = cast, clock
        self.found: dict[str, tuple[int, int]] = {}
        self.said: set[str] = set()

    def note(self, name: str, press: Any) -> Any:
        with CaptureQueriesContext(connection) as asked:
            answer = press()
        assert answer.status_code in {200, 201}, answer.content
        texts = [query["sql"] for query in asked.captured_queries]
        self.found[name] = counted(texts)
        self.said.update(text for text in texts if "SAVEPOINT" not in text)
        return answer

    def take(self) -> dict[str, Any]:
        visit: dict[str, Any] = self.note("issue", lambda: self.kiosk.take("A01")).json()
        return visit

    def press(self, verb: str, name: str = "", **order: Any) -> None:
        self.clock.forward(seconds=40)  # a recall may not come at once
        self.note(name or verb, lambda: self.officer.post(f"counters/1/{verb}", order))

    def serve_four(self) -> None:
        """Call somebody who is served, one who does not come, and one who is sent on."""
        self.press("call-next")
        self.press("recall")
        self.press("start")
        self.press("call-next", "finish and call next", finish_current=True)
        self.press("no-show", said_so=True)
        self.press("call-next")
        self.press("start")
        self.press("transfer", queue="B")
        self.press("call-next")
        self.press("start")
        self.press("finish")


def counted(texts: list[str]) -> tuple[int, int]:
    """Return how many there are, and how many inside; a test's transaction is a savepoint."""
    marks = [place for place, text in enumerate(texts) if "SAVEPOINT" in text]
    inside = marks[-1] - marks[0] + 1 - len(marks) if marks else 0
    return len(texts) - len(marks), inside


@pytest.fixture
def costs(cast, clock) -> Costs:
    costs = Costs(cast, clock)
    for _ in range(2):
        visit = [costs.take() for _ in range(5)][-1]
        costs.note("board", lambda: costs.kiosk.get("board"))
        token = visit["visit"]["token"]
        costs.note("following", lambda token=token: costs.kiosk.get(f"/api/v1/visits/{token}"))
        costs.serve_four()
    return costs


def test_a_press_says_no_more_to_the_database_than_it_did(costs):
    assert costs.found == COSTS, f"now: {costs.found}"


def test_no_press_reads_the_days_that_are_over(costs):
    """No index finds a date that is asked of the clock row by row: all days would be read."""
    costs.note("metrics", lambda: Client().get("/metrics"))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION hall_now() RETURNS timestamptz LANGUAGE sql VOLATILE"
            " AS $$ SELECT clock_timestamp() $$"
        )
        read = [line for text in costs.said for line in dates_asked_row_by_row(cursor, text)]
    assert read == []


def dates_asked_row_by_row(cursor: Any, statement: str) -> list[str]:
    """Return the filters that compare a date with what the clock says at each row."""
    cursor.execute(f"EXPLAIN {statement}")
    lines = [line.strip() for (line,) in cursor.fetchall()]
    return [line for line in lines if re.search(r"Filter:.*\bdate = [^']*clock_timestamp", line)]


def test_a_board_weighs_what_it_did(cast, clock):
    for _ in range(3):
        cast.ticket("A01")
    cast.call(1)
    _, text = board_text(cast.hall)
    assert len(text) == BOARD_BYTES
