"""What a press writes down is numbered when the press ends, by its last statement."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from queueing import commands, lifecycle
from queueing.commands import answer
from queueing.journal import one_press, write_down
from queueing.models import TicketEvent


def log(cast):
    return list(TicketEvent.objects.order_by("version").values_list("version", "kind", "label"))


def test_a_press_inside_another_is_numbered_with_it(cast):
    with one_press():
        cast.ticket("A01")
        assert log(cast) == []
        lifecycle.call_next(cast.counter(1), actor="officer")
    assert log(cast) == [(1, "issue", "A-001"), (2, "call", "A-001")]


def test_the_answer_is_kept_before_the_hall_is_locked(cast):
    with CaptureQueriesContext(connection) as asked:
        commands.once("me", "key", "mark", lambda: answer(201, cast.ticket("A01").label))
    wrote = [each["sql"] for each in asked if "SAVEPOINT" not in each["sql"]]
    assert ["UPDATE queueing_command" in sql for sql in wrote[-2:]] == [True, False]
    assert "UPDATE agencies_hall" in wrote[-1]


def test_a_press_that_is_refused_numbers_nothing(cast):
    with pytest.raises(ZeroDivisionError):
        commands.once("me", "key", "mark", lambda: 1 / len(log(cast)))
    cast.ticket("A01")
    assert log(cast) == [(1, "issue", "A-001")]


def test_what_no_press_would_number_is_not_written_down(cast):
    with pytest.raises(RuntimeError):
        write_down(cast.hall, [])
