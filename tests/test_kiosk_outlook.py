"""What does the kiosk say before a number that cannot be had, or may not help?"""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute, expect

from tests.kiosks import Kiosk
from tests.running import RunningHall

pytest_plugins = ["tests.looking", "tests.at_the_kiosk"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("kiosk-outlook")]

WIB = dt.timezone(dt.timedelta(hours=7))
OUTLOOK = {
    "service": "A01",
    "open": True,
    "state": "open",
    "sentence": "",
    "minutes_left": 120,
    "served_today": "likely",
}


def expecting(**outlook: Any) -> Callable[[Page], None]:
    """Let the hall look at its day like this."""
    answer = {**OUTLOOK, **outlook}
    return lambda page: page.route("**/outlook", lambda route: route.fulfill(json=answer))


def test_a_good_outlook_asks_nothing(open_kiosk):
    kiosk = open_kiosk(prepare=expecting())
    kiosk.touch("service-A01")
    kiosk.touch("take-ticket")
    assert kiosk.label == "A-001"


@pytest.mark.parametrize(
    ("outlook", "sentence"),
    [
        ({"served_today": "unlikely"}, "Kemungkinan besar tidak sempat dilayani hari ini."),
        ({"minutes_left": 12}, "Masih dibuka 12 menit lagi."),
    ],
)
def test_a_number_that_may_not_help_is_asked_about(hall, open_kiosk, outlook, sentence):
    kiosk = open_kiosk(prepare=expecting(**outlook))
    kiosk.touch("service-A01")
    expect(kiosk.notice).to_have_text(sentence)
    kiosk.touch("take-ticket")
    expect(kiosk.page.get_by_test_id("doubt")).to_contain_text(sentence)
    expect(kiosk.page.get_by_test_id("doubt")).to_contain_text("silakan ke resepsionis")
    assert hall.tickets() == []
    kiosk.touch("take-anyway")
    assert kiosk.label == "A-001"


def test_another_service_may_be_chosen_instead(hall, open_kiosk):
    kiosk = open_kiosk(prepare=expecting(served_today="unlikely"))
    kiosk.touch("service-A01")
    expect(kiosk.notice).to_be_visible()
    kiosk.touch("take-ticket")
    kiosk.touch("other-service")
    expect(kiosk.start).to_be_visible()
    assert hall.tickets() == []


def test_a_hall_without_an_outlook_gives_its_numbers(open_kiosk):
    kiosk = open_kiosk(prepare=lambda page: page.route("**/outlook", lambda route: route.abort()))
    kiosk.touch("service-A01")
    kiosk.touch("take-ticket")
    assert kiosk.label == "A-001"


def test_a_service_that_has_just_ended_gives_no_number(open_kiosk):
    over = {"open": False, "state": "over", "sentence": "Hari ini selesai. Buka lagi Kamis, 08.00."}
    kiosk = open_kiosk(prepare=expecting(**over))
    kiosk.touch("service-A01")
    expect(kiosk.notice).to_contain_text("Buka lagi Kamis, 08.00.")
    expect(kiosk.page.get_by_test_id("take-ticket")).to_be_hidden()


class BoardsByHand:
    """The boards that a kiosk hears, and how often it asks for an outlook that stays the same."""

    def __init__(self, hall: RunningHall, **outlook: Any) -> None:
        self.board, self.outlook, self.questions = hall.board(), {**OUTLOOK, **outlook}, 0

    def prepare(self, page: Page) -> None:
        page.route_web_socket("**/ws/**", self.connect)
        page.route("**/outlook", self.answer)

    def connect(self, socket: WebSocketRoute) -> None:
        self.socket = socket
        socket.send(json.dumps(self.board))

    def answer(self, route: Route) -> None:
        self.questions += 1
        route.fulfill(json=self.outlook)

    def tell(self, code: str, waiting: int) -> None:
        self.board["version"] += 1
        queue = next(queue for queue in self.board["queues"] if queue["code"] == code)
        queue["waiting"] = waiting
        self.socket.send(json.dumps(self.board))


def test_what_the_board_cannot_know_stays_closed_and_is_asked_once_a_change(hall, open_kiosk):
    hand = BoardsByHand(hall, open=False, state="quota", sentence="Kuota sudah habis.")
    kiosk = open_kiosk(prepare=hand.prepare)
    kiosk.touch("service-A01")
    for waiting in (3, 4):
        expect(kiosk.notice).to_contain_text("Kuota sudah habis.")
        hand.tell("F", waiting)  # another queue is no reason
        with kiosk.page.expect_response("**/outlook"):
            hand.tell("A", waiting)
        expect(kiosk.page.locator(".facts")).to_contain_text(f"{waiting} orang menunggu")
    expect(kiosk.page.get_by_test_id("take-ticket")).to_be_hidden()
    assert hand.questions == 3


# --- What the catalogue says --------------------------------------------------------------------


def without(state: str, sentence: str, opens_at: dt.datetime | None = None) -> dict[str, Any]:
    told = {"state": state, "open": False, "sentence": {"id": sentence, "en": "Not now."}}
    return {"A01": {**told, "opens_at": opens_at and opens_at.isoformat()}}


def in_days(days: int) -> dt.datetime:
    today = dt.datetime.now(WIB).replace(hour=8, minute=0, second=0, microsecond=0)
    return today + dt.timedelta(days=days)


def lists(kiosk: Kiosk) -> Any:
    """Return the row of A01 in the list of its agency."""
    kiosk.touch("agency-A")
    return kiosk.page.get_by_test_id("service-A01")


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("not_yet", "Belum buka"),
        ("over", "Selesai hari ini"),
        ("closed", "Tutup"),
        ("paused", "Dijeda"),
        ("quota", "Kuota habis"),
    ],
)
def test_each_state_is_said_in_words(open_kiosk, state, word):
    kiosk = open_kiosk(offers=without(state, "Kalimat dari kalender."))
    expect(kiosk.page.get_by_test_id("service-A01")).to_contain_text(word)
    row = lists(kiosk)
    expect(row).to_contain_text(word)
    row.click()
    expect(kiosk.notice).to_contain_text("Kalimat dari kalender.")
    expect(kiosk.notice).to_contain_text("silakan ke resepsionis")
    expect(kiosk.page.get_by_test_id("take-ticket")).to_be_hidden()
    expect(kiosk.page.get_by_test_id("add-service")).to_be_hidden()


def test_a_used_up_quota_says_on_which_day_it_opens_again(open_kiosk):
    days = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]
    opening = in_days(2)
    kiosk = open_kiosk(offers=without("quota", "Kuota habis.", opening))
    expect(lists(kiosk)).to_contain_text(f"buka lagi {days[opening.weekday()]} 08.00")


def test_a_service_opens_by_the_clock_without_being_told(open_kiosk):
    kiosk = open_kiosk(offers=without("not_yet", "Belum buka.", in_days(-1)))
    kiosk.touch("service-A01")
    kiosk.touch("take-ticket")
    assert kiosk.label == "A-001"


def test_what_is_left_of_a_quota_is_told_before_the_number(open_kiosk):
    kiosk = open_kiosk(offers={"A01": {"state": "open", "quota_left": 7}})
    lists(kiosk).click()
    expect(kiosk.page.locator(".facts")).to_contain_text("Sisa kuota")
    expect(kiosk.page.locator(".facts")).to_contain_text("7")
