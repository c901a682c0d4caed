"""Who needs a hand? The call from the kiosk, and what it says until somebody comes."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browsing import barriers
from tests.ears import listen, placed, wait_for_sound
from tests.kiosks import Kiosk, wait_idle, with_a_clock
from tests.voices import rendered
from voice.languages import LANGUAGES
from voice.models import usual_name
from voice.reading import service_clip
from voice.words import agency_clip

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


@pytest.fixture
def voiced(hall):
    folder = hall.var / "voice"
    if not folder.exists():
        folder.symlink_to(rendered() / "voice")
    return hall


def heard(kiosk: Kiosk) -> list[str]:
    """Have the screen read aloud, and return what was placed on the sound card."""
    kiosk.page.evaluate("heard.length = 0")
    kiosk.touch("help")
    kiosk.touch("aloud")
    expect(kiosk.page.locator("#help")).to_be_hidden()
    return [clip["name"] for clip in placed(kiosk.page)]


@pytest.mark.parametrize(("query", "language"), [("", "id"), ("?lang=en", "en")])
@pytest.mark.slow
def test_every_screen_can_be_heard(voiced, open_kiosk, query, language):
    kiosk = open_kiosk(query, prepare=listen)
    assert heard(kiosk) == ["screen-start"]
    wait_for_sound(kiosk.page)
    agency = agency_clip(usual_name("Disdukcapil", LANGUAGES[language]))
    name = voiced.rows(f"SELECT name_{language} FROM agencies_service WHERE code = 'A01'")[0][0]  # noqa: S608
    kiosk.touch("agency-A")
    assert heard(kiosk) == [agency, "screen-agency"]
    kiosk.touch("service-A01")
    assert heard(kiosk) == [service_clip(name), agency, "screen-service"]
    kiosk.touch("take-ticket")
    assert kiosk.label == "A-001"
    zero, one = LANGUAGES[language].below_hundred(0), LANGUAGES[language].below_hundred(1)
    assert heard(kiosk) == ["number", "letter-a", *zero, *zero, *one, "screen-number"]


def test_a_visit_is_heard_service_by_service(voiced, open_kiosk):
    kiosk = open_kiosk(prepare=listen)
    kiosk.pick("A01", "F01")
    said = heard(kiosk)
    assert [part.split("-")[0] for part in said] == ["service", "agency"] * 2 + ["screen"]


def test_a_kiosk_without_sound_offers_no_voice(open_kiosk):
    kiosk = open_kiosk(device={"sound": False})
    kiosk.touch("help")
    expect(kiosk.page.get_by_test_id("aloud")).to_be_hidden()


def test_a_voice_that_is_not_there_leads_to_a_person(hall, open_kiosk):
    kiosk = open_kiosk()
    kiosk.page.route("**/reading.json", lambda route: route.abort())
    kiosk.touch("help")
    kiosk.touch("aloud")
    expect(kiosk.page.get_by_test_id("help-state")).to_contain_text("Suara belum siap")
    assert barriers(kiosk.page) == []
