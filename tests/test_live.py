"""Every screen is right, or says that it is not: sockets against two real web processes.

T16, T17 and T20-T23 of the reliability tests; the screens are programs here, the badge in the
browser is tested with the display page.
"""

import asyncio
import datetime as dt
import json
import signal
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

import psutil
import pytest
import redis
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from agencies.models import Hall
from mpp.embedded import wait_until
from queueing import feeds as feeds_module
from queueing import hub as hub_module
from queueing.feeds import BoardFeed, Feed, Outbox
from queueing.gauges import FAILED_RINGS
from queueing.hub import Hub
from queueing.live import CHANNEL, Doorbell, Ring
from tests.proxy import FaultProxy
from tests.running import RunningHall
from tests.servers import Servers

pytestmark = pytest.mark.xdist_group("live")


class Screen:
    """Watches a hall as a lobby screen does: keeps the highest version of an epoch."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.board: dict = {}
        self.versions: list[int] = []
        self.beats = 0

    def read(self, seconds: float) -> dict:
        frame = json.loads(self.socket.recv(timeout=seconds))
        if frame["type"] == "board":
            self.board = frame
            self.versions.append(frame["version"])
        else:
            self.beats += 1
        return frame

    def read_until(self, version: int, seconds: float = 5) -> float:
        """Read until this version is shown; return how long that took."""
        begun = time.monotonic()
        while not self.versions or self.versions[-1] < version:
            self.read(max(0.01, seconds - (time.monotonic() - begun)))
        return time.monotonic() - begun


@contextmanager
def watching(hall: RunningHall, port: int | None = None) -> Iterator[Screen]:
    address = hall.socket_url.replace(f":{hall.web.port}", f":{port or hall.web.port}")
    with connect(address, open_timeout=10) as socket:
        screen = Screen(socket)
        screen.read(5)
        yield screen


def version_of(hall: RunningHall) -> int:
    return hall.rows("SELECT version FROM agencies_hall")[0][0]


def without_clock(board: dict) -> dict:
    return {name: value for name, value in board.items() if name != "at"}


@pytest.fixture(scope="module")
def own_valkey() -> Iterator[Servers]:
    """A Valkey that a test may kill."""
    servers = Servers()
    servers.valkey.start()
    servers.wait_for_valkey()
    yield servers
    servers.stop()


@pytest.fixture(scope="module")
def fragile_hall(own_valkey) -> Iterator[RunningHall]:
    name = f"fragile_{uuid.uuid4().hex[:8]}"
    with RunningHall(name, REDIS_URL=own_valkey.redis_url) as hall:
        hall.begin_anew()
        yield hall


# --- What a socket is sent ----------------------------------------------------------------------


def test_the_first_frame_is_the_board_that_the_api_gives(hall):
    hall.take("A01")
    with watching(hall) as screen:
        assert without_clock(screen.board) == without_clock(hall.board())


def test_a_call_is_on_the_screen_at_once(hall):
    with watching(hall) as screen:
        hall.take("A01")
        screen.read_until(version_of(hall))
        hall.press(1, "call-next")
        assert screen.read_until(version_of(hall)) < 1.0
        assert screen.board["calls"][0]["label"] == "A-001"
        assert screen.board["counters"][0]["ticket"] == {
            "label": "A-001",
            "state": "called",
            "calls": 1,
        }


def test_the_version_never_falls(hall):
    with watching(hall) as screen:
        for _ in range(30):
            hall.take("A01")
        screen.read_until(30)
        assert screen.versions == sorted(screen.versions)
        assert screen.board["queues"][0]["waiting"] == 30


@pytest.mark.slow
def test_a_quiet_screen_hears_a_beat_every_5_seconds_and_is_never_closed(hall):
    with watching(hall) as screen:
        for _ in range(3):
            begun = time.monotonic()
            frame = screen.read(6)
            assert time.monotonic() - begun <= 5.2
            assert frame.keys() >= {"type", "epoch", "version", "at"}
        assert screen.beats >= 2


@pytest.mark.slow
@pytest.mark.fault(
    "T21",
    "a screen idle for 90 s (or --idle seconds)",
    "0 closes, a beat at least every 6 s, the server grows by <= 5 MB",
)
def test_a_screen_that_is_idle_is_never_closed(hall, row, idle):
    processes = [psutil.Process(each.pid) for each in hall.web.processes]
    with watching(hall) as screen:
        before = sum(each.memory_info().rss for each in processes)
        end = time.monotonic() + idle
        while time.monotonic() < end:
            screen.read(6)
        grown = (sum(each.memory_info().rss for each in processes) - before) / 1e6
    row.update(idle_s=idle, beats=screen.beats, grown_mb=round(grown, 1))
    assert screen.beats >= idle / 6
    assert grown <= 5


def test_a_page_of_another_host_is_refused(hall):
    with pytest.raises(InvalidStatus) as refused:
        connect(hall.socket_url, origin="https://elsewhere.example").close()
    assert refused.value.response.status_code == 403


def test_a_page_of_this_host_is_let_in(hall):
    with connect(hall.socket_url, origin=hall.url) as socket:
        assert json.loads(socket.recv(timeout=5))["type"] == "board"


@pytest.mark.parametrize("path", ["/ws/nope", "/ws/", "/nowhere"])
def test_an_address_without_a_socket_is_refused(hall, path):
    with pytest.raises(InvalidStatus) as refused:
        connect(f"{hall.url.replace('http', 'ws')}{path}").close()
    assert refused.value.response.status_code == 403


def test_an_unknown_hall_has_no_socket(hall):
    with pytest.raises(InvalidStatus):
        connect(hall.socket_url.replace(hall.slug, "nowhere")).close()


def test_orders_from_a_socket_are_not_listened_to(hall):
    hall.take("A01")
    with watching(hall) as screen:
        screen.socket.send('{"type": "call-next", "counter": 1}')
        screen.socket.send(b"\x00\x01")
        hall.take("A01")
        screen.read_until(2)
        assert screen.board["calls"] == []


def test_a_frame_of_more_than_4_kb_closes_the_socket(hall):
    with watching(hall) as screen:
        screen.socket.send("x" * 5000)
        with pytest.raises(ConnectionClosed):
            screen.read_until(10**9, 15)


def test_a_socket_that_does_not_drain_is_dropped_and_no_other(monkeypatch):
    dropped: list[str] = []
    stuck, quick, quiet = (
        Outbox(drop=partial(dropped.append, name)) for name in ("stuck", "quick", "quiet")
    )

    async def send_to_both() -> None:
        for outbox in (stuck, quick):
            outbox.put("board")
            assert await outbox.get() == "board"
        with suppress(TimeoutError):
            async with asyncio.timeout(0):
                await quick.get()  # has sent it, and asks for the next one

    asyncio.run(send_to_both())
    feed = Feed(Hall())
    feed.outboxes = {stuck, quick, quiet}
    feed.drop_stuck()
    assert dropped == []
    monkeypatch.setattr(feeds_module, "DRAIN_WITHIN", 0.0)
    feed.drop_stuck()
    assert dropped == ["stuck"]


TURN = dt.datetime(2026, 11, 24, 2, 0, tzinfo=dt.UTC)  # of a minute


def country(halls: int) -> tuple[Hub, list[BoardFeed]]:
    """Return a hub whose halls are each watched at version 7."""
    hub, feeds = Hub(), [BoardFeed(Hall(pk=number)) for number in range(halls)]
    for feed in feeds:
        feed.outboxes.add(Outbox())
        hub.feeds[BoardFeed, feed.hall.pk] = feed
        feed.version, feed.sent_at = 7, time.monotonic()
    return hub, feeds


def test_in_a_country_a_new_minute_never_holds_up_a_call(monkeypatch):
    monkeypatch.setattr(hub_module, "UNHURRIED", 2)
    hub, feeds = country(5)
    versions = {feed.hall.pk: ("", 7, None) for feed in feeds} | {4: ("", 8, None)}

    def old() -> list[int]:
        return [feed.hall.pk for feed in hub.refresh(TURN, versions)]

    assert old() == [0, 1]
    assert [feed.hall.pk for feed in feeds if feed.is_wanted] == [4]
    assert [old(), old()] == [[2, 3], []]


@pytest.mark.parametrize(
    ("told_before", "old"), [(None, [1]), (30.0, [1]), (4.5, [0, 1]), (0.5, [0, 1])]
)
def test_what_was_built_for_a_press_is_not_built_for_a_minute_or_an_estimate_again(
    told_before, old
):
    """Nine seconds after the turn, and so long after the estimate; one was built 4 s ago."""
    hub, feeds = country(2)
    feeds[0].built_at, feeds[1].built_at = time.monotonic() - 4, time.monotonic() - 12
    now = TURN + dt.timedelta(seconds=9)
    told_at = told_before and now - dt.timedelta(seconds=told_before)
    versions = {feed.hall.pk: ("", 7, told_at) for feed in feeds}
    assert sorted(feed.hall.pk for feed in hub.refresh(now, versions)) == old
    assert hub.refresh(now, versions) == []


def test_a_screen_that_is_to_be_built_anew_hears_the_beat_meanwhile():
    hub, feeds = country(1)
    feeds[0].sent_at -= feeds_module.BEAT_AFTER
    (outbox,) = feeds[0].outboxes
    outbox.is_served = True
    assert hub.refresh(TURN, {0: ("", 7, None)}) == feeds
    assert '"beat"' in asyncio.run(outbox.get())


def test_an_outbox_holds_one_frame_and_the_newest_wins():
    outbox = Outbox()
    outbox.put("board 1")
    outbox.put("board 2")
    outbox.remind("beat")
    assert asyncio.run(outbox.get()) == "board 2"


# --- The doorbell -------------------------------------------------------------------------------


def test_the_doorbell_says_which_version_has_a_call(fragile_hall, own_valkey):
    with redis.Redis.from_url(own_valkey.redis_url) as client, client.pubsub() as channel:
        channel.subscribe(CHANNEL)
        channel.get_message(timeout=5)  # that it listens

        def heard() -> tuple[int, int]:
            _hall, version, has_call = map(int, channel.get_message(timeout=5)["data"].split())
            return version - version_of(fragile_hall), has_call

        fragile_hall.take("A01")
        assert heard() == (0, 0)
        for verb, has_call in (("call-next", 1), ("start", 0), ("finish", 0)):
            fragile_hall.press(1, verb)
            assert heard() == (0, has_call)


def test_a_ring_of_an_older_release_is_heard_too(fragile_hall, own_valkey):
    """It says nothing of calls. During an upgrade both may ring for a while."""
    ((hall,),) = fragile_hall.rows("SELECT id FROM agencies_hall")
    with redis.Redis.from_url(own_valkey.redis_url) as client, watching(fragile_hall) as screen:
        client.publish(CHANNEL, f"{hall} {version_of(fragile_hall)}")
        fragile_hall.take("A01")
        assert screen.read_until(version_of(fragile_hall)) < 1.0


class Bell(Doorbell):
    def ring_at_once(self, hall: int, *rings: tuple[int, bool]) -> None:
        *before, (version, has_called) = rings
        for ring in before:  # its thread, which would take them, has not begun
            self._rings.put(Ring(hall, *ring))
        self.ring(hall, version, has_called=has_called)


def test_rings_that_pile_up_are_one_and_none_forgets_a_call(settings):
    hall = uuid.uuid4().int % 10**12  # others ring at this Valkey, too
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=10) as client:
        channel = client.pubsub(ignore_subscribe_messages=True)
        channel.subscribe(CHANNEL)
        Bell(settings.REDIS_URL).ring_at_once(hall, (7, False), (9, True), (8, False))
        heard = (message["data"].decode() for message in channel.listen())
        assert next(ring for ring in heard if ring.startswith(str(hall))) == f"{hall} 9 1"
        channel.close()


def test_the_next_ring_is_heard_when_valkey_has_come_back(own_valkey):
    """The line that was kept is dead by then, and nobody has noticed."""
    bell = Doorbell(own_valkey.redis_url)
    for version in (1, 2):
        with redis.Redis.from_url(own_valkey.redis_url, socket_timeout=10) as client:
            channel = client.pubsub(ignore_subscribe_messages=True)
            channel.subscribe(CHANNEL)
            channel.get_message(timeout=5)  # that it listens
            bell.ring(7, version)
            heard = (message["data"] for message in channel.listen())
            assert next(ring for ring in heard if ring.startswith(b"7 ")) == b"7 %d 0" % version
        own_valkey.valkey.kill(signal.SIGKILL)
        own_valkey.valkey.start()
        own_valkey.wait_for_valkey()


def test_a_ring_that_nobody_can_take_is_counted(own_valkey):
    bell, failed = Doorbell(own_valkey.redis_url), FAILED_RINGS._value.get  # noqa: SLF001
    own_valkey.valkey.kill(signal.SIGKILL)
    try:
        before = failed()
        bell.ring(7, 1)
        assert wait_until(lambda: failed() == before + 1, 5)
    finally:
        own_valkey.valkey.start()
        own_valkey.wait_for_valkey()


# --- T16, T17, T20: the doorbell fails ----------------------------------------------------------


def twenty_calls_arrive(hall: RunningHall, screens: list[Screen]) -> None:
    for _ in range(20):
        hall.take("A01")
        version = version_of(hall)
        assert max(screen.read_until(version, 4) for screen in screens) <= 3.0


@pytest.mark.fault(
    "T16",
    "Valkey killed, back after a while",
    "no press fails, none over 1 s; screens <= 3 s behind",
)
def test_screens_follow_within_3_seconds_while_valkey_is_dead(fragile_hall, own_valkey):
    with ExitStack() as stack:
        screens = [stack.enter_context(watching(fragile_hall)) for _ in range(4)]
        own_valkey.valkey.kill(signal.SIGKILL)
        for _ in range(3):
            answers = [fragile_hall.take("A01"), fragile_hall.press(1, "call-next")]
            assert answers[0].status_code == 201
            assert max(each.elapsed.total_seconds() for each in answers) <= 1.0
            assert max(each.read_until(version_of(fragile_hall), 4) for each in screens) <= 3.0
        own_valkey.valkey.start()
        twenty_calls_arrive(fragile_hall, screens)
        assert all(without_clock(s.board) == without_clock(fragile_hall.board()) for s in screens)


@pytest.mark.fault("T17", "FLUSHALL on a healthy system", "20 of 20 changes within 3 s")
@pytest.mark.slow
def test_after_a_flush_screens_hear_the_next_20_changes(fragile_hall, own_valkey):
    with watching(fragile_hall) as screen:
        redis.Redis.from_url(own_valkey.redis_url).flushall()
        twenty_calls_arrive(fragile_hall, [screen])


@pytest.mark.fault("T20", "the subscriptions are killed in Valkey", "20 of 20 changes within 3 s")
@pytest.mark.slow
def test_screens_outlive_a_subscription_that_was_forgotten(fragile_hall, own_valkey):
    with watching(fragile_hall) as screen, redis.Redis.from_url(own_valkey.redis_url) as valkey:
        assert valkey.client_kill_filter(_type="pubsub") >= 1
        twenty_calls_arrive(fragile_hall, [screen])


def test_a_hung_valkey_delays_no_press(fragile_hall, own_valkey):
    with watching(fragile_hall) as screen:
        own_valkey.valkey.kill(signal.SIGSTOP)
        try:
            answers = [fragile_hall.take("B01") for _ in range(5)]
            assert max(each.elapsed.total_seconds() for each in answers) <= 1.0
            assert screen.read_until(version_of(fragile_hall), 4) <= 3.0
        finally:
            own_valkey.valkey.kill(signal.SIGCONT)


# --- T22, T23: the line fails -------------------------------------------------------------------


@pytest.mark.fault("T23", "60 changes missed while offline", "the board is equal again")
def test_who_was_cut_off_comes_back_to_the_whole_truth(hall):
    with FaultProxy(hall.web.port) as proxy:
        with watching(hall, proxy.port) as screen:
            proxy.set("refuse")
            with pytest.raises(ConnectionClosed):
                screen.read(5)
        for _ in range(60):
            hall.take("A01")
        proxy.set("pass")
        with watching(hall, proxy.port) as screen:
            assert without_clock(screen.board) == without_clock(hall.board())


def sockets_open(port: int) -> int:
    """Return how many connections the server's side of this port holds."""
    ends = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[1].endswith(f":{port:04X}") and row[3] == "01" for row in ends)


@pytest.mark.slow
@pytest.mark.fault("T22", "a half-open line", "the server frees the socket <= 20 s")
def test_the_server_frees_a_half_open_socket_within_20_seconds(hall):
    with FaultProxy(hall.web.port) as proxy:
        before = sockets_open(hall.web.port)
        with watching(hall, proxy.port):
            assert sockets_open(hall.web.port) > before
            proxy.set("blackhole")
            freed = wait_until(lambda: sockets_open(hall.web.port) <= before, 20)
            proxy.set("reset")
    assert freed
