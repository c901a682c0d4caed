"""What a press writes down is numbered when the press ends, by its last statement."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from queueing import commands, lifecycle
from queueing.commands import answer
from queueing.journal import one_press, write_down
from queueing.models import Command, TicketEvent


def log(cast):
    return list(TicketEvent.objects.order_by("version").values_list("version", "kind", "label"))


def test_a_press_inside_another_is_numbered_with_it(cast):
    with one_press():
        cast.ticket("A01")
        assert log(cast) == []
        lifecycle.call_next(cast.counter(1), actor="officer")
    assert log(cast) == [(1, "issue", "A-001"), (2, "call", "A-001")]


def test_the_statement_that_locks_the_hall_is_the_last_and_keeps_the_answer(cast):
    with CaptureQueriesContext(connection) as asked:
        commands.once("me", "key", "mark", lambda: answer(201, cast.ticket("A01").label))
    wrote = [each["sql"] for each in asked if "SAVEPOINT" not in each["sql"]]
    assert [("UPDATE agencies_hall" in sql) for sql in wrote[-2:]] == [False, True]
    assert "UPDATE queueing_command" in wrote[-1]
    kept = Command.objects.get(key="key")
    assert (kept.status, kept.answer) == (201, '"A-001"')


def test_a_press_that_changed_nothing_keeps_its_answer_and_locks_no_hall(cast):
    with CaptureQueriesContext(connection) as asked:
        commands.once("me", "key", "mark", lambda: answer(200, None))
    assert not any("agencies_hall" in each["sql"] for each in asked)
    assert commands.once("me", "key", "mark", lambda: answer(200, 1)) == (200, "null", True)


def test_an_answer_is_kept_by_no_other_press_than_its_own(cast):
    commands.once("me", "key", "mark", lambda: answer(201, cast.ticket("A01").label))
    cast.ticket("A01")
    assert Command.objects.get(key="key").answer == '"A-001"'


def test_a_press_that_is_refused_numbers_nothing(cast):
    with pytest.raises(ZeroDivisionError):
        commands.once("me", "key", "mark", lambda: 1 / len(log(cast)))
    cast.ticket("A01")
    assert log(cast) == [(1, "issue", "A-001")]


def test_what_no_press_would_number_is_not_written_down(cast):
    with pytest.raises(RuntimeError):
        write_down(cast.hall, [])
