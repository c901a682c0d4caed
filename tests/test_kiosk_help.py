"""Who needs a hand? The call from the kiosk, and what it says until somebody comes."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.kiosks import wait_idle, with_a_clock

pytest_plugins = ["tests.looking", "tests.at_the_kiosk"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("kiosk-help")]


class Greeter:
    """The hall's side of a call for help."""

    def __init__(self, status: int = 201) -> None:
        self.status, self.state = status, "asked"
        self.calls: list[dict[str, Any]] = []

    def __call__(self, page: Page) -> None:
        page.route("**/help", self.hear)
        page.route("**/help/7", lambda route: route.fulfill(json={"state": self.state}))

    def hear(self, route: Route) -> None:
        self.calls.append(route.request.post_data_json)
        route.fulfill(status=self.status, json={"id": "7", "state": "asked"})


def told(page: Page) -> Any:
    return page.get_by_test_id("help-state")


@pytest.mark.parametrize("kind", ["wheelchair", "sign", "guide", "other"])
def test_one_icon_calls_the_greeter(open_kiosk, kind):
    greeter = Greeter()
    kiosk = open_kiosk(prepare=greeter)
    kiosk.touch("help")
    kiosk.touch(f"help-{kind}")
    expect(told(kiosk.page)).to_contain_text("sudah diberi tahu")
    assert greeter.calls == [{"kind": kind}]


def test_the_screen_says_when_somebody_is_coming(open_kiosk):
    greeter = Greeter()
    kiosk = open_kiosk(prepare=greeter)
    kiosk.touch("help")
    kiosk.touch("help-guide")
    expect(told(kiosk.page)).to_contain_text("sudah diberi tahu")
    kiosk.touch("help-close")
    greeter.state = "answered"
    expect(kiosk.page.locator("[data-help-told]")).to_have_text(
        "Petugas sedang menuju Anda.", timeout=10_000
    )


def test_a_call_that_does_not_get_through_says_where_to_go(open_kiosk):
    kiosk = open_kiosk(prepare=Greeter(status=404))
    kiosk.touch("help")
    kiosk.touch("help-sign")
    expect(told(kiosk.page)).to_contain_text("Silakan ke resepsionis")


def test_help_and_companion_travel_with_the_visit(open_kiosk):
    kiosk = open_kiosk(prepare=Greeter())
    kiosk.touch("help")
    kiosk.touch("help-wheelchair")
    expect(told(kiosk.page)).to_contain_text("sudah diberi tahu")
    kiosk.touch("companion")
    kiosk.touch("help-close")
    kiosk.touch("service-A01")
    with kiosk.page.expect_request("**/visits") as press:
        kiosk.touch("take-ticket")
    body = press.value.post_data_json
    assert (body["help"], body["companion"]) == ("wheelchair", True)


def test_who_asks_for_nothing_sends_nothing(kiosk):
    kiosk.touch("service-A01")
    with kiosk.page.expect_request("**/visits") as press:
        kiosk.touch("take-ticket")
    assert press.value.post_data_json.keys() == {"services", "priority", "language"}


def test_the_next_person_has_called_nobody(open_kiosk):
    def prepare(page: Page) -> None:
        with_a_clock(page)
        Greeter()(page)

    kiosk = open_kiosk(prepare=prepare)
    kiosk.touch("help")
    kiosk.touch("help-other")
    expect(told(kiosk.page)).to_contain_text("sudah diberi tahu")
    wait_idle(kiosk, 60)
    expect(kiosk.page.locator("#help")).to_be_hidden()
    expect(kiosk.page.locator("[data-help-told]")).to_be_hidden()


def test_help_can_be_called_from_the_keyboard(open_kiosk: Callable[..., Any]):
    greeter = Greeter()
    kiosk = open_kiosk(prepare=greeter)
    kiosk.page.get_by_test_id("help").focus()
    kiosk.page.keyboard.press("Enter")
    kiosk.page.get_by_test_id("help-wheelchair").focus()
    kiosk.page.keyboard.press("Enter")
    expect(told(kiosk.page)).to_contain_text("sudah diberi tahu")
    kiosk.page.keyboard.press("Escape")
    expect(kiosk.page.locator("#help")).to_be_hidden()
    expect(kiosk.start).to_be_visible()


# --- Read aloud ---------------------------------------------------------------------------------


# What the device will be told once the hall's voice has clips for the kiosk.
CLIPS = """document.addEventListener("readystatechange", () => {
  const tag = document.getElementById("device");
  if (document.readyState !== "interactive" || !tag) return;
  const clips = { service: "/static/root/none.opus" };
  tag.firstChild.data = JSON.stringify({ ...JSON.parse(tag.textContent), sound: true, clips });
});"""


def test_a_hall_without_clips_offers_no_voice(kiosk):
    kiosk.touch("help")
    expect(kiosk.page.get_by_test_id("aloud")).to_be_hidden()


def test_a_screen_with_a_clip_of_the_hall_can_be_heard(open_kiosk):
    kiosk = open_kiosk(prepare=lambda page: page.add_init_script(CLIPS))
    kiosk.touch("help")
    expect(kiosk.page.get_by_test_id("aloud")).to_be_hidden()  # the start has none
    kiosk.touch("help-close")
    kiosk.touch("service-A01")
    kiosk.touch("help")
    with kiosk.page.expect_request("**/none.opus"):
        kiosk.touch("aloud")
