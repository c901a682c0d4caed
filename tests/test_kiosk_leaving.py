"""What happens when somebody leaves the kiosk? It asks, then starts anew for the next one."""

import pytest
from playwright.sync_api import expect

from tests.kiosks import Kiosk, wait_idle, with_a_clock
from tests.pages import stop_the_clock

pytest_plugins = ["tests.looking", "tests.at_the_kiosk"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("kiosk-leaving")]


def wait_until_asked(kiosk: Kiosk, address: str) -> None:
    """Let the time pass until the page asks for this address, and no further."""
    asked: list[str] = []
    kiosk.page.on("request", lambda request: asked.append(request.url))
    for _ in range(360):
        if any(url.endswith(address) for url in asked):
            return
        kiosk.page.clock.run_for(1_000)


def test_after_half_a_minute_the_kiosk_asks_and_then_starts_anew(open_kiosk):
    kiosk = open_kiosk(prepare=stop_the_clock)
    page = kiosk.page
    kiosk.touch("service-A01")
    wait_idle(kiosk, 29)
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_be_hidden()
    wait_idle(kiosk, 3)
    expect(dialog).to_be_visible()
    page.get_by_role("button", name="Ya, lanjutkan").click()
    expect(page.get_by_test_id("take-ticket")).to_be_visible()
    wait_idle(kiosk, 33)
    expect(dialog).to_be_visible()
    wait_idle(kiosk, 22)
    expect(page.get_by_role("heading", name="Anda mau mengurus apa?")).to_be_visible()


@pytest.mark.slow
def test_who_is_still_there_may_say_so_ten_times_and_more(open_kiosk):
    kiosk = open_kiosk(prepare=with_a_clock)
    kiosk.touch("service-A01")
    for _ in range(11):
        wait_idle(kiosk, 32)
        kiosk.page.get_by_role("button", name="Ya, lanjutkan").click()
    expect(kiosk.page.get_by_test_id("take-ticket")).to_be_visible()


def test_the_number_stays_twenty_seconds_and_longer_on_request(open_kiosk):
    kiosk = open_kiosk(prepare=with_a_clock)
    page = kiosk.page
    kiosk.take()
    wait_idle(kiosk, 15)
    kiosk.press("longer")
    wait_idle(kiosk, 15)
    expect(page.get_by_test_id("ticket-label")).to_have_text("A-001")
    wait_idle(kiosk, 6)
    expect(page.get_by_role("heading", name="Anda mau mengurus apa?")).to_be_visible()


def test_the_language_changes_on_any_screen_and_goes_with_its_person(kiosk):
    kiosk.touch("service-A13")
    kiosk.page.get_by_role("link", name="English").click()
    expect(kiosk.page.get_by_role("heading", level=1)).to_have_text("Birth certificate")
    kiosk.touch("take-ticket")
    kiosk.press("done")
    expect(kiosk.page.locator("html")).to_have_attribute("lang", "id")


@pytest.mark.slow
def test_no_touch_is_lost_with_the_page_of_the_language_before(open_kiosk):
    kiosk = open_kiosk("?lang=en")
    eye = kiosk.page.context.new_cdp_session(kiosk.page)  # sees a page that is being left
    kiosk.take("A01")
    kiosk.page.route("**/kiosk?lang=id", lambda route: None)  # it is held
    with kiosk.page.expect_request("**/kiosk?lang=id"):
        kiosk.press("done")
    left = eye.send("Runtime.evaluate", {"expression": "document.getElementById('main').inert"})
    assert left["result"]["value"] is True
    kiosk.page.unroute("**/kiosk?lang=id")
    kiosk.touch("service-A01")
    expect(kiosk.page.get_by_test_id("take-ticket")).to_be_visible()


def test_a_look_that_was_left_at_the_start_goes_by_itself(open_kiosk):
    kiosk = open_kiosk("?lang=en", prepare=with_a_clock)
    kiosk.page.locator("[data-appearance=contrast]").click()
    wait_idle(kiosk, 52)
    expect(kiosk.page.locator("html")).to_have_attribute("lang", "id")
    expect(kiosk.page.locator("html")).not_to_have_attribute("data-contrast", "high")


def test_a_resting_kiosk_learns_what_the_catalogue_has_become(hall, open_kiosk):
    kiosk = open_kiosk(prepare=with_a_clock)
    hall.rows("UPDATE agencies_service SET is_open = false WHERE code = 'B01'")
    try:
        with kiosk.page.expect_response("**/catalogue") as catalogue:
            wait_until_asked(kiosk, "/catalogue")
        catalogue.value.finished()
        kiosk.touch("agency-B")
        expect(kiosk.page.get_by_test_id("service-B01")).to_contain_text("Tutup")
    finally:
        hall.rows("UPDATE agencies_service SET is_open = true WHERE code = 'B01'")


def test_the_look_goes_with_its_person(kiosk):
    kiosk.page.get_by_role("button", name="Kontras").click()
    kiosk.page.get_by_role("button", name="Perbesar").click()
    expect(kiosk.page.locator("html")).to_have_attribute("data-contrast", "high")
    kiosk.take()
    kiosk.press("done")
    expect(kiosk.page.locator("html")).not_to_have_attribute("data-contrast", "high")
    expect(kiosk.page.locator("html")).not_to_have_attribute("data-text", "large")


def test_a_keyboard_is_enough(kiosk):
    kiosk.page.get_by_test_id("service-A01").focus()
    kiosk.page.keyboard.press("Enter")
    expect(kiosk.page.get_by_role("heading", level=1)).to_be_focused()
    kiosk.page.keyboard.press("Tab")
    kiosk.page.keyboard.press("ArrowDown")  # from "no" to the first group
    expect(kiosk.page.get_by_label("Lansia")).to_be_checked()
    kiosk.page.keyboard.press("Tab")  # past "add another service"
    kiosk.page.keyboard.press("Tab")
    kiosk.page.keyboard.press("Enter")
    assert kiosk.label == "A-001"


def test_escape_goes_back_and_the_heading_has_the_focus(kiosk):
    kiosk.touch("agency-A")
    expect(kiosk.page.get_by_role("heading", level=1)).to_be_focused()
    kiosk.page.keyboard.press("Escape")
    expect(kiosk.page.get_by_test_id("agency-A")).to_be_visible()
