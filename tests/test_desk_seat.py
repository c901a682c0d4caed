"""One officer, two browsers: the newest has the seat, the older one is told and can do no harm."""

import json
import uuid

import pytest
from django.test import Client
from playwright.sync_api import expect

from queueing.models import Seat, Ticket, TicketEvent
from tests.browsing import barriers
from tests.desks import knows_nothing_until
from tests.pages import sign_in
from tests.programs import Program, refusal

pytest_plugins = ["tests.looking"]
DESK = "/hall/desk/1"


class Desk:
    """A browser of its own, with the page of a counter open in it."""

    def __init__(self, who, path: str = DESK) -> None:
        self.client, self.path = Client(), path
        self.client.force_login(who)
        self.open()

    def open(self) -> None:
        self.seat = self.client.get(self.path).context["about"]["seat"]

    def state(self) -> int:
        return self.client.get(f"{self.path}/state.json?seat={self.seat}").status_code

    def press(self, button: str, *, once: str = ""):
        return self.client.post(
            f"/api/v1/halls/hall/{button}",
            json.dumps({}),
            content_type="application/json",
            headers={"Idempotency-Key": once or uuid.uuid4().hex, "Seat": self.seat},
        )


@pytest.fixture
def older(cast) -> Desk:
    cast.ticket("A01"), cast.ticket("A01")
    return Desk(cast.officer)


@pytest.fixture
def newer(cast, older) -> Desk:
    return Desk(cast.officer)


def test_the_newest_browser_works_and_the_older_is_told(older, newer):
    assert (newer.state(), older.state()) == (200, 409)
    assert newer.press("counters/1/call-next").status_code == 200
    assert refusal(older.press("counters/1/start")) == (409, "seat_taken")
    assert older.press("counters/1/start").json()["message"].startswith("Loket Anda dibuka")
    assert Ticket.objects.get(number=1).state == "called"


def test_the_older_one_presses_no_ticket_either(cast, older, newer):
    ticket = Ticket.objects.get(number=1)
    assert refusal(older.press(f"tickets/{ticket.public_id}/cancel")) == (409, "seat_taken")
    assert not TicketEvent.objects.filter(kind="cancel").exists()


def test_opening_the_page_again_takes_the_seat_back(older, newer):
    older.open()
    assert (newer.state(), older.state()) == (409, 200)
    assert older.press("counters/1/call-next").status_code == 200


def test_two_pages_of_one_browser_are_one_seat(older):
    seat = older.seat
    older.open()
    assert (older.seat, Seat.objects.count()) == (seat, 1)


def test_a_press_that_counted_is_answered_again_though_the_seat_is_lost(cast, older):
    once = uuid.uuid4().hex
    told = older.press("counters/1/call-next", once=once)
    Desk(cast.officer)
    again = older.press("counters/1/call-next", once=once)
    assert (again.content, again.headers["Idempotency-Replayed"]) == (told.content, "true")


def test_programs_and_colleagues_are_not_touched(cast, older, newer):
    assert Desk(cast.supervisor).state() == 200
    assert newer.state() == 200
    assert Program(cast, "officer").post("counters/1/call-next").status_code == 200


def test_a_seat_that_nobody_gave_is_no_seat(cast, older):
    older.seat = "invented"
    assert older.state() == 409


def test_whoever_asks_without_a_seat_is_answered(older, newer):
    assert older.client.get(f"{DESK}/state.json").status_code == 200


# --- In the browser -----------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.xdist_group("desk")
def test_the_older_page_says_so_in_a_sentence_and_can_be_taken_back(hall, look):
    hall.take("A01")
    officer = hall.demo["operators"][0]
    older = look("desk/1", who=officer, prepare=knows_nothing_until("call-next"))
    newer = look("health/live")
    sign_in(newer, officer)
    newer.goto("/payakumbuh/desk/1")
    older.get_by_test_id("call-next").click()
    told = older.get_by_test_id("seat-taken")
    expect(told).to_contain_text("Loket Anda dibuka di peramban lain.")
    assert barriers(older) == []
    for key in ("Escape", "Escape", "F2"):
        older.keyboard.press(key)
    expect(told).to_be_visible()
    assert [event["kind"] for event in hall.events()] == ["issue"]
    older.get_by_test_id("seat-back").click()
    older.get_by_test_id("call-next").click()
    expect(older.get_by_test_id("current-ticket")).to_contain_text("A-001")
    newer.keyboard.press("F8")
    expect(newer.get_by_test_id("seat-taken")).to_be_visible()


def test_a_page_that_is_over_still_answers_and_presses_nothing(hall, look):
    hall.take("A01")
    officer = hall.demo["operators"][0]
    older = look("desk/1", who=officer, prepare=knows_nothing_until("call-next"))
    newer = look("health/live")
    sign_in(newer, officer)
    newer.goto("/payakumbuh/desk/1")
    older.get_by_test_id("call-next").click()
    expect(older.get_by_test_id("seat-taken")).to_be_visible()
    older.evaluate("document.getElementById('seat-dialog').remove()")
    older.keyboard.press("F2")
    assert older.evaluate("new Promise((done) => setTimeout(done, 50, true))")
    assert [event["kind"] for event in hall.events()] == ["issue"]
