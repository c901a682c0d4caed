"""Who has a thread next? What is urgent, then what has waited longest."""

import asyncio
import threading
from collections import Counter
from concurrent.futures import Future
from typing import Any

import pytest
from django.db import connection

from agencies.models import Hall
from mpp.asgi import pages, presses
from mpp.pool import Pool
from mpp.threads import Threads
from queueing.feeds import BoardFeed, Outbox
from queueing.hub import Hub
from queueing.verbs import COUNTER_VERBS


class Busy:
    """Work that keeps a thread until `go`."""

    def __init__(self) -> None:
        self.began, self.go = threading.Event(), threading.Event()

    def __call__(self) -> None:
        self.began.set()
        assert self.go.wait(10)


def test_what_is_urgent_goes_before_what_has_waited_longer():
    pool, busy, done = Pool(1, "one"), Busy(), []
    pool.lane(is_urgent=False).submit(busy)
    assert busy.began.wait(10)
    works = [pool.lane(is_urgent=name in "CD").submit(done.append, name) for name in "ABCD"]
    busy.go.set()
    for work in works:
        work.result(10)
    assert done == ["C", "D", "A", "B"]


def test_as_many_are_done_at_once_as_there_are_threads():
    pool, all_there = Pool(3, "three"), threading.Barrier(3)
    works = [pool.lane(is_urgent=place == 0).submit(all_there.wait, 10) for place in range(3)]
    assert sorted(work.result(10) for work in works) == [0, 1, 2]


def test_each_is_done_once_whoever_hands_it_in():
    pool, done = Pool(4, "four"), []

    def hand_in(whose: int) -> list[Future[Any]]:
        return [
            pool.lane(is_urgent=number % 3 == 0).submit(done.append, (whose, number))
            for number in range(500)
        ]

    for work in [work for whose in range(4) for work in hand_in(whose)]:
        work.result(10)
    assert Counter(done) == {(whose, number): 1 for whose in range(4) for number in range(500)}


def test_what_went_wrong_is_told_and_the_thread_goes_on():
    lane = Pool(1, "one").lane(is_urgent=False)
    wrong = lane.submit(int, "no number")
    assert lane.submit(int, "7").result(10) == 7
    with pytest.raises(ValueError, match="no number"):
        wrong.result(10)


def test_what_was_given_up_before_its_turn_is_not_done():
    busy, done = Busy(), []
    lane = Pool(1, "one").lane(is_urgent=False)
    lane.submit(busy)
    given_up, other = (lane.submit(done.append, name) for name in ("given up", "other"))
    assert given_up.cancel()
    busy.go.set()
    other.result(10)
    assert done == ["other"]


# --- Who is urgent ------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", COUNTER_VERBS)
def test_of_the_presses_at_a_counter_calls_are_urgent(verb):
    path = f"/api/v1/halls/payakumbuh/counters/3/{verb}"
    assert presses.is_urgent(path) == (verb in {"call-next", "call", "recall"})


def test_numbers_and_pages_are_not_urgent():
    assert not presses.is_urgent("/api/v1/halls/payakumbuh/visits")
    assert not pages.is_urgent("/payakumbuh/desk/3/call-next")


def test_a_call_goes_before_presses_that_came_earlier():
    busy, order = Busy(), []

    def application(environ: Any, start_response: Any) -> list[bytes]:
        order.append(environ["PATH_INFO"])
        if environ["PATH_INFO"] == "/first":
            busy()
        start_response("200 OK", [])
        return [b""]

    threads = Threads(application, workers=1, is_urgent=presses.is_urgent)

    async def press(path: str) -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            pass

        about = {"query_string": b"", "headers": [], "scheme": "http", "http_version": "1.1"}
        await threads({"type": "http", "method": "POST", "path": path, **about}, receive, send)

    async def day() -> None:
        first = asyncio.create_task(press("/first"))
        assert await asyncio.to_thread(busy.began.wait, 10)
        others = [asyncio.create_task(press(path)) for path in ("/visits", "/start", "/call-next")]
        await asyncio.sleep(0)  # each of them waits for a thread now
        busy.go.set()
        await asyncio.gather(first, *others)

    asyncio.run(day())
    assert order == ["/first", "/call-next", "/visits", "/start"]


class OneThread(Hub):
    """A hub with one thread, in the hand of a test."""

    def __init__(self) -> None:
        super().__init__()
        self._threads = Pool(1, "hub")

    def watch(self, hall: Hall) -> None:
        self.feeds[BoardFeed, hall.pk] = BoardFeed(hall)
        self.feeds[BoardFeed, hall.pk].outboxes.add(Outbox())
        self._start(self._show(hall.pk))

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()


def hang_up() -> None:
    connection.close()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rings", "order"),
    [
        ("A0 B0 C0", "ABC"),
        ("A0 B0 C1", "CAB"),
        ("A0 B0 C0 B1", "BAC"),  # it waited already when somebody was called
    ],
)
def test_the_board_of_a_call_is_built_before_others_that_were_wanted_earlier(caplog, rings, order):
    """None of these halls is there: which board is built next is told by what goes wrong."""
    hub, busy = OneThread(), Busy()
    halls = {slug: Hall(pk=-number, slug=slug) for number, slug in enumerate("ABC")}

    async def rung() -> None:
        asked = asyncio.create_task(hub.ask(busy))
        assert await asyncio.to_thread(busy.began.wait, 10)
        for hall in halls.values():
            hub.watch(hall)
        for version, (slug, has_called) in enumerate(rings.split()):
            hub.hear(halls[slug].pk, version, has_called=has_called == "1")
            await asyncio.sleep(0)
            await asyncio.sleep(0)  # it waits for the thread now
        busy.go.set()
        await asked
        await hub.ask(hang_up)  # behind all of them
        hub.stop()

    asyncio.run(rung())
    assert "".join(record.args[1] for record in caplog.records)[: len(order)] == order


def test_what_was_heard_is_no_news_once_it_was_built():
    feed = BoardFeed(Hall())
    feed.heard, feed.version = 8, 7
    assert feed.has_news()
    feed.version = 8
    assert not feed.has_news()
    feed.is_wanted = True
    assert feed.has_news()


def test_who_waits_already_can_be_hurried():
    pool, busy, done = Pool(1, "one"), Busy(), []
    pool.lane(is_urgent=False).submit(busy)
    assert busy.began.wait(10)
    works = [pool.lane(is_urgent=False).submit(done.append, name) for name in "ABC"]
    assert pool.hurry(works[2])
    assert not pool.hurry(works[2])
    busy.go.set()
    for work in works:
        work.result(10)
    assert not pool.hurry(works[0])
    assert done == ["C", "A", "B"]
