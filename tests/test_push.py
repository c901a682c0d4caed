"""A phone whose page is shut is told, by a message that only this phone can read."""

import base64
import json
import os
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from agencies.models import Hall
from queueing import push, pushing, tasks
from queueing.models import PushSubscription, Ticket
from queueing.refusals import Invalid
from tests.cast import Cast
from tests.programs import Program, refusal


def unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class PushService:
    """A real push service on this machine, which keeps what it is given."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.status, self.headers = 201, {}
        service = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service.got.append((self.path, dict(self.headers), body))
                self.send_response(service.status)
                for name, value in service.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *words: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()


class Browser:
    """A phone's browser: its keys never leave it."""

    def __init__(self, endpoint: str) -> None:
        self.key, self.auth, self.endpoint = (
            ec.generate_private_key(push.CURVE),
            os.urandom(16),
            endpoint,
        )

    @property
    def order(self) -> dict[str, Any]:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": push.in_base64(point), "auth": push.in_base64(self.auth)}
        return {"endpoint": self.endpoint, "keys": keys}

    def read(self, body: bytes) -> dict[str, Any]:
        return json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth))


@pytest.fixture
def service() -> Iterator[PushService]:
    service = PushService()
    yield service
    service.server.shutdown()
    service.server.server_close()


@pytest.fixture
def hall(cast, settings) -> Cast:
    """A hall that tells phones, with a push service in its own network."""
    settings.PUSH_INSIDE = ["127.0.0.1"]
    Hall.objects.filter(pk=cast.hall.pk).update(phone_push=True)
    cast.hall.refresh_from_db()
    return cast


def ask(
    cast: Cast, ticket: Ticket, order: dict[str, Any], *, stop: bool = False, language: str = ""
):
    address = f"/api/v1/visits/{ticket.visit.token}/push{'/stop' if stop else ''}"
    return Program(cast, language=language).post(address, order)


@pytest.fixture
def ticket(hall) -> Ticket:
    return [hall.ticket("A01") for _ in range(5)][4]


@pytest.fixture
def browser(hall, service, ticket) -> Browser:
    browser = Browser(f"{service.url}/wpush/v2/abc")
    assert ask(hall, ticket, browser.order).json() == {"on": True}
    return browser


# --- What is told --------------------------------------------------------------------------------


def test_a_phone_is_told_at_three_ahead_and_at_the_call(hall, service, ticket, browser):
    assert tasks.tell_phones() == 0
    hall.call(1)
    assert tasks.tell_phones() == 1
    for _ in range(3):
        hall.call(1, finish_current=True)
    assert tasks.tell_phones() == 0
    hall.call(2)
    assert tasks.tell_phones() == 1
    told = [browser.read(body) for _, _, body in service.got]
    assert [(each["title"], each["body"], each["urgent"]) for each in told] == [
        ("A-005 · Menunggu", "3 antrean di depan Anda", False),
        ("A-005 · Dipanggil", "Silakan ke Loket 2", True),
    ]
    assert told[0]["url"] == f"/v/{ticket.visit.token}"


def test_a_task_that_runs_twice_tells_once(hall, service, ticket, browser):
    hall.call(1)
    assert (tasks.tell_phones(), tasks.tell_phones(), len(service.got)) == (1, 0, 1)


def test_a_phone_is_told_in_the_language_of_its_page(hall, service, ticket):
    browser = Browser(f"{service.url}/en")
    ask(hall, ticket, browser.order, language="en")
    hall.call(1)
    tasks.tell_phones()
    assert browser.read(service.got[0][2])["body"] == "People ahead of you: 3"


def test_nobody_else_can_read_the_message(hall, service, ticket, browser):
    hall.call(1)
    tasks.tell_phones()
    other = Browser("")
    with pytest.raises(http_ece.ECEException):
        other.read(service.got[0][2])
    assert ticket.visit.token.encode() not in service.got[0][2]


def test_the_service_learns_who_sends_by_the_key_that_the_page_told(hall, service, ticket, browser):
    hall.call(1)
    tasks.tell_phones()
    _, headers, _ = service.got[0]
    scheme, fields = headers["Authorization"].split(" ", 1)
    told = dict(field.strip().split("=", 1) for field in fields.split(","))
    assert (scheme, told["k"]) == ("vapid", push.public_key())
    signed, _, signature = told["t"].rpartition(".")
    raw = unpadded(signature)
    halves = int.from_bytes(raw[:32]), int.from_bytes(raw[32:])
    sender = ec.EllipticCurvePublicKey.from_encoded_point(push.CURVE, unpadded(told["k"]))
    sender.verify(encode_dss_signature(*halves), signed.encode(), ec.ECDSA(SHA256()))
    assert json.loads(unpadded(signed.split(".")[1]))["aud"] == service.url
    assert (headers["Content-Encoding"], headers["Urgency"]) == ("aes128gcm", "high")


def test_who_is_away_is_not_told_that_the_turn_is_near(hall, service, ticket, browser):
    Program(hall).post(
        f"/api/v1/visits/{ticket.visit.token}/tickets/{ticket.public_id}/step-away",
        {"reason": "prayer", "minutes": 15},
    )
    hall.call(1)
    assert tasks.tell_phones() == 0


# --- Who is not told any more --------------------------------------------------------------------


@pytest.mark.parametrize("status", [404, 410])
def test_a_phone_that_is_gone_is_forgotten(hall, service, ticket, browser, status):
    service.status = status
    hall.call(1)
    tasks.tell_phones()
    assert not PushSubscription.objects.exists()


def test_a_redirect_is_not_followed(hall, service, ticket, browser):
    service.status, service.headers = 307, {"Location": f"{service.url}/elsewhere"}
    hall.call(1)
    assert tasks.tell_phones() == 0
    assert [path for path, *_ in service.got] == ["/wpush/v2/abc"]


def test_a_service_that_does_not_answer_disturbs_nobody(hall, service, ticket, browser):
    service.server.shutdown()
    service.server.server_close()
    hall.call(1)
    assert tasks.tell_phones() == 0


def test_who_no_longer_wants_it_is_forgotten_at_once(hall, ticket, browser):
    told = ask(hall, ticket, {"endpoint": browser.endpoint}, stop=True)
    assert told.json() == {"on": False}
    assert not PushSubscription.objects.exists()


def test_the_day_after_nobody_is_remembered(hall, ticket, browser, clock):
    assert tasks.forget_phones() == 0
    clock.forward(days=400)
    assert tasks.forget_phones() == 1


def test_a_hall_that_tells_no_phones_refuses(cast):
    ticket = cast.ticket()
    browser = Browser("https://push.example.com/abc")
    assert refusal(ask(cast, ticket, browser.order)) == (409, "illegal_move")


def test_a_hall_that_stops_telling_tells_nothing(hall, ticket, browser):
    Hall.objects.update(phone_push=False)
    hall.call(1)
    assert tasks.tell_phones() == 0


def test_a_visit_has_five_phones(hall, ticket):
    for number in range(5):
        assert (
            ask(hall, ticket, Browser(f"https://push.example.com/{number}").order).status_code
            == 200
        )
    assert refusal(ask(hall, ticket, Browser("https://push.example.com/6").order))[0] == 409
    assert ask(hall, ticket, Browser("https://push.example.com/1").order).status_code == 200


# --- Where our server may be sent ----------------------------------------------------------------

INSIDE = [
    "http://push.example.com/abc",
    "https://localhost/abc",
    "https://127.0.0.1/abc",
    "https://127.1/abc",
    "https://2130706433/abc",
    "https://0x7f.1/abc",
    "https://10.0.0.7/abc",
    "https://[::1]/abc",
    "https://[::ffff:10.0.0.7]/abc",
    "https://8.8.8.8/abc",
    "https://printer/abc",
    "https://printer.local/abc",
    "https://push.example.com:8443/abc",
    "https://user@push.example.com/abc",
    "https://push.example.com:port/abc",
    "ftp://push.example.com/abc",
    "file:///etc/passwd",
    "",
]


@pytest.mark.parametrize("endpoint", INSIDE)
def test_no_address_inside_a_house_is_kept(hall, ticket, settings, endpoint):
    settings.PUSH_INSIDE = []
    assert refusal(ask(hall, ticket, Browser(endpoint).order)) == (422, "invalid")


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "224.0.0.1", "::1", "fe80::1", "fd00::1", "::ffff:192.168.1.1"),  # noqa: S104
        *("64:ff9b::a01:203", "2002:a01:203::1", "2001:0:a01:203::1"),
    ],
)
def test_a_name_that_leads_into_a_house_is_not_called(address):
    assert not push.is_outside(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111"])
def test_the_internet_is_outside(address):
    assert push.is_outside(address)


def test_a_name_is_judged_by_where_it_leads(settings):
    settings.PUSH_INSIDE = []
    with pytest.raises(Invalid):
        pushing.address_of("localhost", 443)


@pytest.mark.parametrize("keys", [{"p256dh": "x", "auth": "x"}, {"p256dh": "!", "auth": "AAAA"}])
def test_keys_that_are_none_are_refused(hall, ticket, keys):
    order = {"endpoint": "https://push.example.com/abc", "keys": keys}
    assert refusal(ask(hall, ticket, order)) == (422, "invalid")


def test_the_hall_has_one_key_in_all_its_processes():
    assert push.public_key() == push.public_key()
    assert len(unpadded(push.public_key())) == 65
