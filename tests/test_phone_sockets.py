"""What phones are told over their sockets, against two real web processes."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.running import RunningHall

pytestmark = pytest.mark.xdist_group("live")


def address_of(hall: RunningHall, token: str) -> str:
    return f"{hall.url.replace('http', 'ws')}/ws/v/{token}"


def token_of(hall: RunningHall, *services: str) -> str:
    return hall.take(*services).json()["visit"]["token"]


def frame(socket: ClientConnection) -> dict[str, Any]:
    return json.loads(socket.recv(timeout=6))


def visit_frame(socket: ClientConnection) -> dict[str, Any]:
    """Return the next frame that is no beat."""
    return next(told for told in iter(lambda: frame(socket), None) if told["type"] != "beat")


def told_with(socket: ClientConnection, words: str) -> bool:
    """Wait for a frame in which these words stand; whoever waits in vain gets a TimeoutError."""
    return any(words in socket.recv(timeout=6) for _ in iter(int, 1))


def test_the_first_frame_is_what_the_api_tells(hall):
    token = token_of(hall, "A01", "B01")
    with connect(address_of(hall, token)) as socket:
        told = visit_frame(socket)
    asked = hall.client.get(f"/api/v1/visits/{token}").json()
    assert {**told, "at": ""} == {**asked, "at": ""}


def test_a_call_reaches_the_phone_and_a_quiet_one_hears_a_beat(hall):
    called, quiet = token_of(hall, "A01"), token_of(hall, "B01")
    with connect(address_of(hall, called)) as mine, connect(address_of(hall, quiet)) as other:
        visit_frame(mine), visit_frame(other)
        hall.press(1, "call-next")
        assert visit_frame(mine)["tickets"][0]["state"] == "called"
        assert frame(other)["type"] == "beat"


@contextmanager
def kept_from_reading(hall: RunningHall, table: str, but: str = "id") -> Iterator[None]:
    """Let the web processes read no other columns of this table meanwhile."""
    hall.rows(f"REVOKE SELECT ON {table} FROM mpp_app")  # noqa: S608 - a name of ours
    hall.rows(f"GRANT SELECT ({but}) ON {table} TO mpp_app")
    try:
        yield
    finally:
        hall.rows(f"GRANT SELECT ON {table} TO mpp_app")


def test_while_phones_cannot_be_told_screens_still_are(hall):
    token = token_of(hall, "A01")
    with connect(address_of(hall, token)) as phone, connect(hall.socket_url) as screen:
        visit_frame(phone)
        with kept_from_reading(hall, "queueing_estimate"):
            label = hall.press(1, "call-next").json()["ticket"]["label"]
            assert told_with(screen, f'"label":"{label}","state":"called"')
        assert visit_frame(phone)["tickets"][0]["state"] == "called"


def test_while_no_board_can_be_built_phones_are_still_told(hall):
    token = token_of(hall, "A01")
    with connect(address_of(hall, token)) as phone, connect(hall.socket_url) as screen:
        visit_frame(phone), visit_frame(screen)
        hall.press(1, "call-next")
        assert visit_frame(phone)["tickets"][0]["state"] == "called"
        with kept_from_reading(hall, "queueing_forecast", but="queue_id, at"):
            hall.press(1, "start")
            assert visit_frame(phone)["tickets"][0]["state"] == "serving"
        assert told_with(screen, '"state":"serving"')


def test_a_token_that_opens_nothing_is_refused(hall):
    with pytest.raises(InvalidStatus) as refused:
        connect(address_of(hall, "nobody")).close()
    assert refused.value.response.status_code == 403


def test_a_page_of_another_host_is_refused(hall):
    with pytest.raises(InvalidStatus):
        connect(address_of(hall, token_of(hall, "A01")), origin="https://elsewhere.example").close()


def refusals(hall: RunningHall, stack: ExitStack, token: str, many: int) -> int:
    """Open so many sockets for one visit; return how many were refused."""
    refused = 0
    for _ in range(many):
        try:
            stack.enter_context(connect(address_of(hall, token)))
        except InvalidStatus:
            refused += 1
    return refused


def test_no_visit_takes_the_seats_of_others_behind_the_same_address(hall):
    """Twenty for a visit in each of two processes; a whole hall may stand behind one address."""
    greedy, other = token_of(hall, "A01"), token_of(hall, "A01")
    with ExitStack() as stack:
        assert refusals(hall, stack, greedy, 45) >= 5
        assert refusals(hall, stack, other, 1) == 0
