"""How much may come at once? Floods, long heads and bodies, and sockets, against a real server.

T44 and T46 of the reliability tests. One web process, so that its limits are exact.
"""

import os
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from typing import Any

import httpx
import psutil
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from queueing.standing import PER_HOLDER
from tests.running import RunningHall, at_once

pytestmark = pytest.mark.xdist_group("limits")
LIMITS = {"KIOSK_RATE": "30", "PHONE_RATE": "40", "SOCKETS_PER_ADDRESS": "30"}
BEHIND_A_PROXY = {"FORWARDED_ALLOW_IPS": "127.0.0.1"}


@pytest.fixture(scope="module")
def _limited() -> Iterator[RunningHall]:
    name = f"limited_{os.environ.get('PYTEST_XDIST_WORKER', 'gw')}"
    with RunningHall(name, processes=1, **LIMITS, **BEHIND_A_PROXY) as hall:
        yield hall


@pytest.fixture
def limited(_limited: RunningHall) -> RunningHall:
    _limited.begin_anew()
    return _limited


def forget_floods(hall: RunningHall) -> None:
    counted(hall)
    hall.rows("DELETE FROM queueing_flood RETURNING 1")


# --- Floods -------------------------------------------------------------------------------------


@pytest.mark.fault("T44", "500 presses of one kiosk", "30 pass; another kiosk p95 <= 500 ms")
@pytest.mark.slow
def test_a_flooding_kiosk_gets_its_pace_and_no_other_kiosk_notices(limited):
    seconds: list[float] = []

    def flood() -> Counter[int]:
        return Counter(limited.take("A01").status_code for _ in range(100))

    def citizen() -> set[int]:
        return {timed(seconds, lambda: limited.take("B01", kiosk=1)) for _ in range(20)}

    *floods, calm = at_once([flood] * 5 + [citizen])
    assert sum(floods, Counter()) == {201: 30, 429: 470}
    assert calm == {201}
    assert sorted(seconds)[18] < 0.5


def timed(seconds: list[float], act: Callable[[], Any]) -> int:
    began = time.monotonic()
    status = act().status_code
    seconds.append(time.monotonic() - began)
    return status


def test_a_refused_kiosk_learns_when_to_come_back(limited):
    answers = [limited.take("A01") for _ in range(31)]
    assert answers[-1].json()["code"] == "too_many"
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60


@pytest.mark.fault("T44", "a phone that looks without end", "refused with 429; another is not")
def test_a_flooding_phone_is_refused_and_another_is_not(limited):
    mine, other = (limited.take("A01").json()["visit"]["token"] for _ in range(2))
    told = Counter(look(limited, mine).status_code for _ in range(200))
    assert told == {200: 40, 429: 160}
    assert look(limited, other).status_code == 200
    page = limited.client.get(f"/v/{mine}")
    assert (page.status_code, "Tunggu sebentar" in page.text) == (429, True)
    assert 0 < int(page.headers["Retry-After"]) <= 60
    wish = limited.client.post(f"/api/v1/visits/{mine}/push/stop", json={"endpoint": "x"})
    assert (wish.status_code, wish.json()["code"]) == (429, "too_many")
    with pytest.raises(InvalidStatus):
        connect(f"{limited.url.replace('http', 'ws')}/ws/v/{mine}").close()


def look(hall: RunningHall, token: str) -> httpx.Response:
    return hall.client.get(f"/api/v1/visits/{token}")


@pytest.mark.slow
@pytest.mark.fault("T44", "200 presses of an officer", "none is refused")
def test_an_officer_is_never_refused(limited):
    told = {limited.press(1, verb).status_code for _ in range(100) for verb in ("open", "recall")}
    assert told == {200, 409}


@pytest.mark.slow
def test_the_refused_are_counted_by_their_kind(limited):
    forget_floods(limited)
    token = limited.take("A01").json()["visit"]["token"]
    for _ in range(45):
        look(limited, token)
    for _ in range(32):
        limited.take("A01")
    assert dict(counted(limited)) == {"phone": 5, "kiosk": 3}


def counted(hall: RunningHall) -> list[tuple[str, int]]:
    """Return the figures of the manager's page, which writes down what is still in memory."""
    cookies = signed_in(hall, hall.demo["manager"])
    assert httpx.get(f"{hall.url}/{hall.slug}/devices", cookies=cookies).status_code == 200
    return hall.rows("SELECT kind, count FROM queueing_flood")


def signed_in(hall: RunningHall, who: dict[str, str], **headers: str) -> dict[str, str]:
    """Sign somebody in; return the cookies of that browser."""
    with httpx.Client(base_url=hall.url, headers=headers) as browser:
        sign_in(browser, who["username"], who["password"])
        return dict(browser.cookies)


def sign_in(browser: httpx.Client, username: str, password: str) -> httpx.Response:
    browser.get("/sign-in")
    token = browser.cookies["csrftoken"]
    form = {"username": username, "password": password, "csrfmiddlewaretoken": token}
    return browser.post("/sign-in", data=form, headers={"Referer": f"{browser.base_url}/sign-in"})


# --- From where somebody comes ------------------------------------------------------------------


def last_address(hall: RunningHall) -> str:
    query = "SELECT address FROM agencies_auditaddress ORDER BY entry_id DESC LIMIT 1"
    return hall.rows(query)[0][0].removesuffix("/32")


def test_a_forwarded_address_is_believed_from_the_listed_proxy(limited):
    signed_in(limited, limited.demo["manager"], **{"X-Forwarded-For": "203.0.113.5"})
    assert last_address(limited) == "203.0.113.5"


def test_a_forwarded_address_of_anybody_else_is_not_believed(hall):
    signed_in(hall, hall.demo["manager"], **{"X-Forwarded-For": "203.0.113.5"})
    assert last_address(hall) == "127.0.0.1"


def test_whoever_makes_up_addresses_waits_all_the_same(hall):
    for place in range(5):
        headers = {"X-Forwarded-For": f"203.0.113.{place}"}
        with httpx.Client(base_url=hall.url, headers=headers) as browser:
            held = sign_in(browser, "nobody-here", "wrong")
    assert held.status_code == 429
    assert 0 < int(held.headers["Retry-After"]) <= 900


# --- Long heads and bodies ----------------------------------------------------------------------


def raw(hall: RunningHall, *pieces: bytes) -> bytes:
    """Send bytes as they are; return the first line of the answer."""
    with socket.create_connection(("127.0.0.1", hall.web.port), timeout=20) as line:
        with suppress(ConnectionError):
            for piece in pieces:
                line.sendall(piece)
        with suppress(ConnectionError):
            return line.recv(65536).split(b"\r\n")[0] or b"cut"
    return b"cut"


def memory(hall: RunningHall) -> int:
    return sum(psutil.Process(each.pid).memory_info().rss for each in hall.web.processes)


START = b"POST /api/v1/halls/payakumbuh/visits HTTP/1.1\r\nHost: localhost\r\n"
LONG = {
    "ten thousand headers": [START, b"X-Again: yes\r\n" * 10_000, b"\r\n"],
    "a header of a megabyte": [START, b"X-Long: ", b"x" * 2**20, b"\r\n\r\n"],
    "an endless address": [b"GET /", b"x" * 2**20, b" HTTP/1.1\r\n\r\n"],
}


@pytest.mark.fault("T46", "a head without end", "400; the server grows by <= 20 MB")
@pytest.mark.parametrize("pieces", LONG.values(), ids=LONG)
def test_too_long_a_head_is_refused_and_costs_nothing(limited, pieces):
    before = memory(limited)
    told = {raw(limited, *pieces) for _ in range(5)}
    assert told <= {b"HTTP/1.1 400 Bad Request", b"cut"}
    assert memory(limited) - before < 20e6
    assert limited.client.get("/health/ready").status_code == 200


def test_many_short_requests_on_one_line_are_no_long_head(limited):
    with httpx.Client(base_url=limited.url, headers={"X-Fill": "x" * 2000}) as browser:
        assert {browser.get("/health/live").status_code for _ in range(60)} == {200}


def post_raw(hall: RunningHall, content: Any) -> httpx.Response:
    key = hall.demo["kiosks"][0]["key"]
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "x"}
    return hall.client.post(f"/api/v1/halls/{hall.slug}/visits", content=content, headers=headers)


TEN_MEGABYTES = b"x" * 10_000_000


@pytest.mark.fault("T46", "a body of 10 MB", "413; the server grows by <= 20 MB")
def test_a_body_of_ten_megabytes_is_refused_and_costs_nothing(limited):
    before = memory(limited)
    answer = post_raw(limited, TEN_MEGABYTES)
    assert answer.status_code == 413
    assert limited.client.post("/sign-in", content=TEN_MEGABYTES).status_code in {400, 403, 413}
    assert memory(limited) - before < 20e6


@pytest.mark.fault("T46", "chunks without a length", "refused; the server grows by <= 20 MB")
def test_a_body_without_a_length_is_refused_and_costs_nothing(limited):
    before = memory(limited)
    chunks = (TEN_MEGABYTES[:50_000] for _ in range(200))
    with suppress(httpx.WriteError, httpx.ReadError):
        assert post_raw(limited, chunks).status_code in {400, 411, 413, 422}
    assert memory(limited) - before < 20e6
    assert limited.rows("SELECT count(*) FROM queueing_ticket") == [(0,)]


# --- Sockets ------------------------------------------------------------------------------------


def open_socket(hall: RunningHall, cookie: str = "") -> ClientConnection:
    headers = {"Cookie": cookie} if cookie else {}
    return connect(hall.socket_url, additional_headers=headers, open_timeout=10)


def how_many(hall: RunningHall, wanted: int, cookie: str = "") -> int:
    """Return how many of so many sockets are let in."""
    let_in = 0
    with ExitStack() as sockets:
        for _ in range(wanted):
            with suppress(InvalidStatus):
                sockets.enter_context(open_socket(hall, cookie))
                let_in += 1
    return let_in


def display_cookie(hall: RunningHall) -> str:
    return f"display={hall.demo['displays'][0]['key']}"


def test_a_device_has_at_most_twenty_sockets(limited):
    assert how_many(limited, 25, display_cookie(limited)) == PER_HOLDER


def test_strangers_of_one_address_have_a_limit_of_their_own_and_get_their_seats_back(limited):
    forget_floods(limited)
    assert [how_many(limited, 35) for _ in range(2)] == [30, 30]
    assert dict(counted(limited)) == {"socket": 10}


def closed_with(line: ClientConnection, seconds: float) -> int | None:
    """Read on until the server closes; return its code."""
    give_up_at = time.monotonic() + seconds
    try:
        while time.monotonic() < give_up_at:
            line.recv(timeout=max(0.01, give_up_at - time.monotonic()))
    except TimeoutError:
        return None
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else -1
    return None


def test_a_frame_over_four_kilobytes_ends_the_socket(limited):
    with open_socket(limited) as line:
        line.send("x" * 5000)
        assert closed_with(line, 5) == 1009


def test_too_many_messages_end_the_socket(limited):
    with open_socket(limited) as line:
        with suppress(ConnectionClosed):  # it may be over before all are said
            for _ in range(25):
                line.send("hello")
        assert closed_with(line, 5) == 4429


@pytest.mark.slow
def test_a_few_messages_do_no_harm(limited):
    with open_socket(limited) as line:
        for _ in range(5):
            line.send("hello")
        assert closed_with(line, 3) is None


@pytest.mark.slow
def test_whoever_is_sent_away_loses_the_open_socket_within_a_minute(limited):
    manager, officers = limited.demo["manager"], limited.demo["operators"]
    leaving, left, moved = (signed_in(limited, who) for who in (manager, *officers[:2]))
    cookies = [f"sessionid={each['sessionid']}" for each in (leaving, left, moved)]
    with ExitStack() as stack:
        cookies.append(display_cookie(limited))
        lines = [stack.enter_context(open_socket(limited, each)) for each in cookies]
        stays = stack.enter_context(open_socket(limited))
        send_away(limited, leaving)
        codes = at_once([lambda line=line: closed_with(line, 60) for line in lines])
        assert codes == [4403] * 4
        assert closed_with(stays, 1) is None


def send_away(hall: RunningHall, leaving: dict[str, str]) -> None:
    """One signs out, one is deactivated, one gets another role; a display is revoked."""
    form = {"csrfmiddlewaretoken": leaving["csrftoken"]}
    assert httpx.post(f"{hall.url}/sign-out", data=form, cookies=leaving).status_code == 302
    for change in (
        "agencies_operator SET is_active = false WHERE username = 'loket-01'",
        "agencies_operator SET role = 'supervisor' WHERE username = 'loket-02'",
        f"queueing_device SET is_active = false WHERE name = '{hall.demo['displays'][0]['name']}'",
    ):
        hall.rows(f"UPDATE {change} RETURNING 1")
