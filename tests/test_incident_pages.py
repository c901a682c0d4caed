"""While an agency's system is down, every screen says so at once, and takes it back at once."""

import pytest
from playwright.sync_api import expect

from tests.browsing import barriers
from tests.pages import FULL_HD
from tests.running import RunningHall

pytest_plugins = ["tests.looking", "tests.at_the_kiosk"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("incident-pages")]

PHONE = (360, 740)


def say(hall: RunningHall, verb: str) -> None:
    assert hall.press_queue("A", verb).status_code == 200


def test_a_phone_says_it_keeps_the_place_and_takes_it_back(hall, look):
    hall.take("A01")
    token = hall.take("A01").json()["visit"]["token"]
    page = look(f"/v/{token}", size=PHONE)
    notice = page.get_by_test_id("incident")
    expect(page.get_by_test_id("estimate")).to_be_visible()
    expect(notice).to_be_hidden()
    say(hall, "incident")
    expect(notice).to_contain_text("Sistem Disdukcapil sedang gangguan. Tempat Anda tetap")
    expect(page.get_by_test_id("visit-state")).to_contain_text("1 antrean di depan Anda")
    expect(page.get_by_test_id("estimate")).to_be_hidden()
    assert not barriers(page)
    say(hall, "clear")
    expect(notice).to_be_hidden()
    expect(page.get_by_test_id("estimate")).to_be_visible()


def test_whoever_is_called_meanwhile_is_told_where_to_go(hall, look):
    token = hall.take("A01").json()["visit"]["token"]
    say(hall, "incident")
    hall.press(1, "call-next")
    page = look(f"/v/{token}", size=PHONE)
    expect(page.get_by_test_id("visit-state")).to_contain_text("Silakan ke Loket 1")
    expect(page.get_by_test_id("incident")).to_be_hidden()


def test_the_kiosk_says_it_and_gives_no_number_until_it_is_over(hall, kiosk):
    with kiosk.page.expect_response("**/outlook"):
        kiosk.touch("service-A01")
    expect(kiosk.page.get_by_test_id("take-ticket")).to_be_visible()
    with kiosk.page.expect_response("**/catalogue"):
        say(hall, "incident")
    expect(kiosk.notice).to_contain_text("Sistem Disdukcapil sedang gangguan.")
    expect(kiosk.notice).to_contain_text("silakan ke resepsionis")
    expect(kiosk.page.get_by_test_id("take-ticket")).to_be_hidden()
    say(hall, "clear")
    kiosk.touch("take-ticket")
    assert kiosk.label == "A-001"


def test_whoever_stands_at_the_kiosk_when_it_is_over_takes_a_number(hall, open_kiosk):
    say(hall, "incident")
    kiosk = open_kiosk()
    with kiosk.page.expect_response("**/outlook"):
        kiosk.touch("service-A01")
    expect(kiosk.notice).to_contain_text("Sistem Disdukcapil sedang gangguan.")
    say(hall, "clear")
    expect(kiosk.page.get_by_test_id("take-ticket")).to_be_visible()
    kiosk.touch("take-ticket")
    assert kiosk.label == "A-001"


@pytest.mark.parametrize(
    ("query", "word", "sentence"),
    [
        ("", "Gangguan", "Sistem Disdukcapil sedang gangguan."),
        ("?lang=en", "Outage", "The system of Disdukcapil is down."),
    ],
)
def test_the_kiosks_tile_and_the_agencys_screen_say_it(hall, open_kiosk, query, word, sentence):
    kiosk = open_kiosk(query)
    say(hall, "incident")
    expect(kiosk.page.get_by_test_id("agency-A")).to_contain_text(word)
    kiosk.touch("agency-A")
    expect(kiosk.notice).to_contain_text(sentence)


def test_the_lobby_and_the_reception_say_it(hall, look):
    say(hall, "incident")
    lobby = look("display", size=FULL_HD)
    expect(lobby.locator("#queues")).to_contain_text("gangguan")
    reception = look("greeter", who=hall.demo["greeter"])
    expect(reception.get_by_test_id("service-A01")).to_contain_text("sedang gangguan")
