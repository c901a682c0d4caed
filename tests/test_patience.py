"""A database that is silent keeps nobody waiting for ever, and is used again when it answers."""

import os
import time
from contextlib import contextmanager

import httpx
import psycopg2
import pytest
from a2wsgi import WSGIMiddleware
from asgiref.sync import async_to_sync
from psycopg2.extensions import parse_dsn, set_wait_callback

from mpp.embedded import wait_until
from queueing import patience
from queueing.patience import Hung, within
from tests.programs import Program, refusal
from tests.proxy import FaultProxy

pytestmark = pytest.mark.long


@pytest.fixture(autouse=True)
def _waits_end():
    patience.install()
    yield
    set_wait_callback(None)
    patience.watch.heard()


@pytest.fixture
def door(monkeypatch):
    where = parse_dsn(os.environ["DATABASE_URL"])
    with FaultProxy(int(where["port"])) as proxy:
        monkeypatch.setattr(patience.watch, "ask", lambda: connect(proxy).close())
        yield proxy


def connect(door: FaultProxy):
    where = parse_dsn(os.environ["DATABASE_URL"])
    there = {"host": "127.0.0.1", "port": door.port, "dbname": "mpp"}
    return psycopg2.connect(**{**where, **there})


def ask(connection) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone()[0]


@contextmanager
def takes(least: float, most: float):
    begun = time.monotonic()
    yield
    assert least <= time.monotonic() - begun <= most


def give_up(connection, seconds: float = patience.SILENCE) -> None:
    with pytest.raises(Hung), within(seconds):
        ask(connection)


@pytest.mark.parametrize("how", ["stall", "blackhole"])
def test_a_statement_without_an_answer_is_given_up(door, how):
    connection = connect(door)
    door.set(how)
    with takes(0.2, 2):
        give_up(connection, 0.2)
    assert connection.closed


def test_a_request_that_had_no_time_left_says_nothing_of_the_database(door):
    first, second = connect(door), connect(door)
    door.set("delay")
    give_up(first, 0)
    assert ask(second) == 1


def test_a_connection_without_an_answer_is_given_up(door):
    door.set("blackhole")
    with takes(0.2, 2), pytest.raises(Hung), within(0.2):
        connect(door)


def test_all_that_is_asked_within_a_time_shares_it(door):
    door.lag = 0.15
    connection = connect(door)
    door.set("delay")
    with takes(0.5, 2), pytest.raises(Hung), within(0.5):
        list(map(ask, [connection] * 100))


def test_a_slow_answer_in_time_is_an_answer(door):
    connection = connect(door)
    door.set("delay")
    with within(5):
        assert ask(connection) == 1


def test_while_it_is_hung_the_next_ones_are_refused_at_once(door):
    first, second = connect(door), connect(door)
    door.set("stall")
    give_up(first)
    with takes(0, patience.SILENCE / 2):
        give_up(second, 5)


def test_it_is_found_out_when_the_database_answers_again(door):
    door.set("stall")
    with pytest.raises(Hung), within(patience.SILENCE):
        connect(door)
    assert is_refused(door)
    door.set("pass")
    assert wait_until(lambda: not is_refused(door), 10)
    assert ask(connect(door)) == 1


def test_who_sets_no_limit_may_wait_longer_than_a_statement_may_run():
    assert patience.deadline.left() == patience.A_WAIT > 5


def test_a_try_that_breaks_off_keeps_nobody_out_for_ever(door, monkeypatch):
    monkeypatch.setattr(patience.watch, "ask", lambda: 1 / 0)
    connection = connect(door)
    door.set("stall")
    give_up(connection)
    door.set("pass")
    assert wait_until(lambda: not is_refused(door), 5)


def is_refused(door: FaultProxy) -> bool:
    try:
        connect(door).close()
    except Hung:
        return True
    return False


# --- More requests than can be answered ---------------------------------------------------------


@pytest.fixture
def has_waited():
    """The request that comes next has stood in line so many seconds for a thread."""
    tokens = []

    def waited(seconds: float) -> None:
        tokens.append(patience.arrived.set(time.monotonic() - seconds))

    yield waited
    for token in reversed(tokens):
        patience.arrived.reset(token)


def test_whoever_waited_too_long_for_a_thread_is_told_so_and_nothing_is_asked(
    cast, client, has_waited, django_assert_num_queries
):
    has_waited(patience.A_REQUEST - 0.9)
    with django_assert_num_queries(0):
        answer = Program(cast, "kiosk").take("A01")
        page = client.get(f"/{cast.hall.slug}/kiosk")
    assert refusal(answer) == (503, "try_again")
    assert (page.status_code, page.headers["Retry-After"]) == (503, answer.headers["Retry-After"])
    for told in (answer, page):
        assert told.headers["Content-Length"] == str(len(told.content))


def test_a_short_wait_for_a_thread_costs_nobody_the_answer(cast, has_waited):
    has_waited(1.0)
    assert Program(cast, "kiosk").take("A01").status_code == 201


def test_a_thread_knows_when_its_request_came():
    def application(_environ, start_response):
        start_response("200 OK", [])
        return [str(patience.A_REQUEST - patience.left_of_a_request()).encode()]

    noted = patience.NoteArrival(WSGIMiddleware(application, workers=1))
    transport = httpx.ASGITransport(noted)

    async def ask() -> float:
        async with httpx.AsyncClient(transport=transport, base_url="http://hall") as client:
            return float((await client.get("/")).text)

    assert 0 < async_to_sync(ask)() < 1
