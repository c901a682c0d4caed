"""A country in one database, its peak hour from outside, and a judge who misses nothing."""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import time
from itertools import pairwise
from statistics import mean

import pytest

from agencies.keys import hash_key
from agencies.models import Counter, Hall, Operator, Queue, Window
from queueing.models import Device
from queueing.nation import country, crowds, judging, loading
from queueing.nation.books import Books, Given, Press
from queueing.nation.judging import Row
from queueing.nation.screens import Screen
from queueing.nation.wire import Pool
from tests.running import REPOSITORY

pytestmark = pytest.mark.long

HALL = "negeri-001"
NUMBER = (HALL, "A-001")


@pytest.fixture(scope="module")
def places():
    return country.places(2, seed=1)


@pytest.fixture
def books() -> Books:
    """One number that was given, called at second 10, and on all screens a moment later."""
    books = Books()
    books.presses = [Press("issue", 1.0, 0.02, 201, ""), Press("call-next", 10.0, 0.02, 200, "")]
    books.given = [Given(*NUMBER, "one")]
    books.called[NUMBER] = [10.0]
    books.seen[NUMBER] = [10.05, 10.06, 10.08]
    return books


def judged(books: Books, *rows: Row, faults=()) -> judging.Verdict:
    verdict = judging.judge(books)
    judging.compare(verdict, books, rows or [Row(*NUMBER, "one", 1)], faults)
    return verdict


# --- A country is loaded ------------------------------------------------------------------------


def test_every_hall_has_its_own_of_everything(db, places):
    loading.load(places, always_open=False)
    assert [hall.slug for hall in Hall.objects.all()] == [place.slug for place in places]
    assert len({hall.epoch for hall in Hall.objects.all()}) == len(places)
    for hall in Hall.objects.all():
        assert (hall.agencies.count(), hall.counters.count()) == (17, 27)
        assert {queue.hall for queue in Queue.objects.filter(counters__hall=hall)} == {hall}
        assert {queue.hall for queue in Queue.objects.filter(services__hall=hall)} == {hall}
        assert Window.objects.filter(timetable__hall=hall).exists()
        assert hall.operators.count() == 27
    assert len(set(Counter.objects.values_list("queues_mark"))) == 27 * len(places)
    desks_and_kiosks_have_keys_and_nobody_a_password()
    made = Hall.objects.create(slug="one-more", name_id="Satu lagi")
    assert made.pk > Hall.objects.get(slug=places[-1].slug).pk


def desks_and_kiosks_have_keys_and_nobody_a_password() -> None:
    officer = Operator.objects.get(username=f"{HALL}.loket-27")
    assert officer.key_hash == hash_key(country.key_of(HALL, officer.username))
    assert officer.counter.number == 27
    assert not any(each.has_usable_password() for each in Operator.objects.all())
    assert Device.objects.filter(hall=officer.hall).count() == 6


def test_no_country_moves_into_a_living_hall_unless_told_so(cast, places):
    with pytest.raises(loading.InhabitedError, match=cast.hall.slug):
        loading.load(places, always_open=False)
    assert Hall.objects.count() == 1
    loading.load(places, always_open=False, into_living=True)
    assert Hall.objects.count() == 3
    with pytest.raises(loading.InhabitedError, match="already"):
        loading.load(places, always_open=False, into_living=True)


def test_a_kiosk_holds_one_person_at_a_time(places):
    presses = crowds.of_the_morning(places[0], seed=1, begins=0, ends=300)
    kiosks = [[at for at, kiosk, _ in presses if kiosk == number] for number in range(3)]
    stays = [later - earlier for kiosk in kiosks for earlier, later in pairwise(kiosk)]
    assert min(stays) > 0
    assert len(stays) > 30
    assert mean(stays) == pytest.approx(crowds.AT_THE_KIOSK, rel=0.2)
    assert len(set(stays)) == len(stays)  # else a whole country would press in one beat


# --- How it presses -----------------------------------------------------------------------------


async def lines_that_pressed() -> list[int]:
    """Press twice at once, then four times one after the other; return by which line each came."""
    lines: list[asyncio.StreamWriter] = []
    came: list[int] = []
    both_are_there = asyncio.Barrier(2)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.append(writer)
        with contextlib.suppress(asyncio.IncompleteReadError):
            while await reader.readuntil(b"{}"):
                came.append(lines.index(writer))
                if len(came) <= 2:
                    await both_are_there.wait()
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        pool = Pool("127.0.0.1", server.sockets[0].getsockname()[1])
        await asyncio.gather(*(pool.post("here", "key", {}) for _ in range(2)))
        for _ in range(4):
            assert (await pool.post("here", "key", {})).status == 200
        pool.close()
        for line in lines:
            line.close()
    return came[2:]


def test_connections_take_turns_so_that_each_web_process_has_its_share():
    first, second, *rest = asyncio.run(lines_that_pressed())
    assert first != second
    assert rest == [first, second]


# --- What a screen sees -------------------------------------------------------------------------


def board(version: int, *calls: tuple[int, str]) -> bytes:
    told = [
        {"version": at, "label": label, "queue": "A", "counter": 1, "calls": 1, "at": "now"}
        for at, label in calls
    ]
    shown = {"type": "board", "version": version, "counters": [], "calls": told}
    return json.dumps(shown, separators=(",", ":")).encode()


def test_a_screen_notes_each_call_once():
    books = Books()
    screen = Screen(HALL, books)
    screen.hear(board(5, (5, "A-001")), 1.0)
    screen.hear(board(9, (9, "A-003"), (8, "A-002"), (5, "A-001")), 2.0)
    assert books.seen == {
        (HALL, "A-001"): [1.0],
        (HALL, "A-002"): [2.0],
        (HALL, "A-003"): [2.0],
    }
    assert books.faults == []


def test_a_screen_that_goes_back_is_a_fault():
    books = Books()
    screen = Screen(HALL, books)
    screen.hear(board(5), 1.0)
    screen.hear(board(4), 2.0)
    assert books.faults == [f"a screen of {HALL} went back from 5 to 4"]


# --- The judge ----------------------------------------------------------------------------------


def test_an_hour_in_which_all_went_well_holds(books):
    verdict = judged(books)
    assert verdict.holds
    assert verdict.to_screen.p95 == pytest.approx(80, abs=1)


def test_each_five_minutes_are_told_by_themselves(books):
    late = (HALL, "A-002")
    books.called[late] = [10.0 + 7 * 60]
    books.seen[late] = [books.called[late][0] + 0.3] * 3
    found = judging.judge(books).meanwhile
    assert {minute: round(each.p95) for minute, each in found.items()} == {0: 80, 5: 300}


def test_a_number_that_was_given_and_is_not_there_is_lost(books):
    assert judged(books, Row(HALL, "A-002", "two", 1)).lost[0] == (
        f"{HALL} A-001 was given and is not there"
    )


def test_a_number_that_two_people_hold_is_double(books):
    books.given.append(Given(*NUMBER, "another"))
    two = (Row(*NUMBER, "one", 1), Row(*NUMBER, "another", 0))
    assert judged(books, *two).double == [
        f"{HALL} A-001 was given 2 times",
        f"{HALL} A-001 is there 2 times",
    ]


def test_a_number_that_two_desks_called_is_double(books):
    books.called[NUMBER].append(11.0)
    assert judged(books, Row(*NUMBER, "one", 2)).double == [f"{HALL} A-001 was called 2 times"] * 2


def test_a_call_that_one_screen_never_showed_is_unseen(books):
    books.seen[NUMBER].pop()
    assert judged(books).unseen == [f"{HALL} A-001 was seen on 2 of 3 screens"]


def test_what_the_rows_contradict_is_told(books):
    assert judged(books, faults=["a hole"]).lost == ["a hole"]


def test_only_an_honest_no_is_no_error(books):
    books.presses += [
        Press("issue", 2.0, 0.1, 409, "quota_exhausted"),
        Press("start", 3.0, 0.1, 409, "illegal_move"),
        Press("start", 3.0, 30.0, 0, ""),
    ]
    verdict = judged(books)
    assert verdict.turned_away == 1
    assert verdict.errors == ["start: 409 illegal_move", "start: 0 "]


def test_calls_that_come_late_do_not_hold(books):
    books.seen[NUMBER] = [10.1, 10.2, 10.4]
    verdict = judged(books)
    assert verdict.is_sound
    assert not verdict.holds


# --- The whole of it ----------------------------------------------------------------------------


@pytest.mark.slow
def test_a_tiny_country_plays_without_a_fault(tmp_path):
    told = tmp_path / "told.json"
    told.touch()
    for path in (*tmp_path.parents, tmp_path, told):
        if path.owner() == tmp_path.owner():
            path.chmod(0o777)  # played as another user when this one is root
    words = ["--halls=2", "--minutes=1", "--begin=1", "--phones=1", f"--json={told}"]
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "manage.py", "nation", *words],
        cwd=REPOSITORY,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(told.read_text())
    assert [found[name] for name in ("errors", "lost", "double", "unseen")] == [0, 0, 0, 0]
    assert found["to_screen"]["count"] > 5
    assert {each["part"] for each in found["costs"]} >= {"web-0", "web-1", "postgres", "worker"}
    assert time.monotonic() - began < 200
