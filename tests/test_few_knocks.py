"""Our PostgreSQL is Django's, with fewer round trips."""

import pytest
from django.db import ProgrammingError, connection, connections
from psycopg2.extensions import (
    TRANSACTION_STATUS_IDLE as IDLE,
)
from psycopg2.extensions import (
    TRANSACTION_STATUS_INERROR as BROKEN,
)
from psycopg2.extensions import (
    TRANSACTION_STATUS_INTRANS as BEGUN,
)

from agencies.models import Service
from agencies.ready import Ready
from mpp.embedded import wait_until
from mpp.postgres import base
from queueing.following import _WHERE, where_they_stand
from queueing.models import Ticket


@pytest.fixture
def line(db):
    """A connection of its own, on which nothing has been asked in a transaction."""
    line = connections.create_connection("default")
    line.ensure_connection()
    yield line
    line.close()


def status(line):
    return line.connection.info.transaction_status


def ask(line, query, *values):
    with line.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()


def test_a_transaction_begins_with_its_first_statement(line):
    line.set_autocommit(False)
    assert status(line) == IDLE
    assert ask(line, "SELECT 1") == (1,)
    assert status(line) == BEGUN
    line.commit()
    assert status(line) == IDLE
    ask(line, "SELECT 2")
    line.rollback()
    line.set_autocommit(True)
    assert ask(line, "SELECT 3") == (3,)
    assert status(line) == IDLE


def test_a_transaction_in_which_nothing_was_asked_ends_without_a_word(line):
    line.set_autocommit(False)
    line.commit()
    line.set_autocommit(True)
    ask(line, "SELECT 1")
    assert status(line) == IDLE


def test_a_first_statement_that_fails_is_rolled_back(line):
    line.set_autocommit(False)
    with pytest.raises(ProgrammingError):
        ask(line, "SELECT nothing")
    assert status(line) == BROKEN
    line.rollback()
    assert status(line) == IDLE


def test_what_was_not_committed_is_gone(line):
    line.set_autocommit(False)
    ask(line, "CREATE TEMPORARY TABLE here ON COMMIT PRESERVE ROWS AS SELECT 1; SELECT 1")
    line.rollback()
    line.set_autocommit(True)
    assert ask(line, "SELECT to_regclass('here')") == (None,)


def test_many_rows_are_written_in_a_transaction_too(line):
    line.set_autocommit(False)
    with line.cursor() as cursor:
        cursor.executemany("SELECT %s", [[1], [2]])
    assert status(line) == BEGUN
    line.rollback()


def last_asked(line):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        pid = line.connection.info.backend_pid
        cursor.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [pid])
        return cursor.fetchone()[0]


def test_whether_a_connection_stands_is_not_asked_of_the_server(line):
    ask(line, "SELECT 'mine'")
    assert line.is_usable()
    assert last_asked(line) == "SELECT 'mine'"
    line.errors_occurred = True
    assert line.is_usable()
    assert last_asked(line) == "SELECT 1"


def test_a_server_that_hung_up_is_noticed(line):
    assert ask(connection, f"SELECT pg_terminate_backend({line.connection.info.backend_pid})")
    assert wait_until(lambda: not line.is_usable(), 5)


def plans():
    return ask(connection, "SELECT count(*) FROM pg_prepared_statements")[0]


def test_what_is_asked_often_is_planned_once(cast):
    of_hall = Ready(lambda hall, code: Service.objects.filter(hall=hall, code=code))
    before = plans()
    for code in ("A01", "A02", "%s", "A01"):
        assert [each.code for each in of_hall.ask(cast.hall.pk, code)] == [code] * (code != "%s")
    assert plans() == before + 1


def test_what_was_planned_is_not_planned_again_each_time(cast):
    visits = [cast.ticket("A01").visit_id for _ in range(3)]
    for _ in range(8):
        where_they_stand(cast.hall, visits, since=0)
    kept = "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE name = %s"
    assert ask(connection, kept, connection.plans[_WHERE]) == (8, 0)


def plan_made_while_nobody_waits() -> str:
    """Return how the line of a queue is read by a plan that was made when its table was empty."""
    line = Ready(lambda queue: Ticket.objects.filter(queue=queue, state="waiting"))
    with connection.cursor() as cursor:
        # In the place of the table, in which numbers that were rolled back have left pages.
        cursor.execute("CREATE TEMP TABLE queueing_ticket (LIKE queueing_ticket INCLUDING ALL)")
        cursor.execute("ANALYZE queueing_ticket")
        line.ask(1)
        *_, newest = connection.plans.values()
        cursor.execute(f"EXPLAIN EXECUTE {newest} (1)")
        return "\n".join(row[0] for row in cursor.fetchall())


def test_a_plan_from_before_the_first_number_does_not_read_the_whole_table(db):
    assert "Seq Scan" not in plan_made_while_nobody_waits()


def test_the_twin_of_that_without_a_word_for_the_index(db, monkeypatch):
    monkeypatch.setattr(base, "BY_INDEX", "SELECT 1")
    assert "Seq Scan" in plan_made_while_nobody_waits()
