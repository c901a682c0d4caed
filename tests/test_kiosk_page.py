"""The kiosk in a real browser against a hall that runs: from a need to a number."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

from tests.browsing import barriers, out_of_sight, too_close, too_small, weigh
from tests.pages import UPRIGHT
from tests.running import RunningHall
from tests.weight import Weight, weight_of

pytest_plugins = ["tests.looking"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("kiosk")]

SCREENS = [UPRIGHT, (1920, 1080), (1366, 768), (2160, 3840)]
TWENTY_MM = 81  # px on 21.5" at 1080 x 1920
THREE_MM = 12
CAPITALS = 42  # px of font whose capitals are 7.3 mm
WIB = dt.timezone(dt.timedelta(hours=7))
VISITS = re.compile(r"/api/v1/halls/\w+/visits$")


class Kiosk:
    """A person in front of the kiosk: counts the touches."""

    def __init__(self, hall: RunningHall, page: Page) -> None:
        self.hall, self.page = hall, page
        self.touches = 0
        self.keys: list[str] = []
        page.on("request", self.note)

    def note(self, request: Request) -> None:
        if VISITS.search(request.url):
            self.keys.append(request.headers["idempotency-key"])

    def touch(self, test_id: str) -> None:
        self.page.get_by_test_id(test_id).click()
        self.touches += 1

    def press(self, part: str) -> None:
        self.page.locator(f"#main [data-part={part}]").click()

    def type(self, word: str) -> None:
        for letter in word:
            self.page.locator(f"[data-key='{letter}']").click()

    def find(self, words: str) -> list[str]:
        self.page.locator("[data-part=query]").fill(words)
        return self.page.locator(".choice").evaluate_all("all => all.map(one => one.dataset.code)")

    def take(self, service: str = "A01") -> str:
        self.touch(f"agency-{service[0]}")
        self.touch(f"service-{service}")
        self.touch("take-ticket")
        return self.label

    @property
    def label(self) -> str:
        return self.page.get_by_test_id("ticket-label").inner_text()

    @property
    def notice(self) -> Locator:
        return self.page.locator("#main [data-part=notice]")


@pytest.fixture
def open_kiosk(look, hall: RunningHall) -> Callable[..., Kiosk]:
    """Open the kiosk as a paired device does, on a screen of 21.5 inches."""

    def open_it(query: str = "", *, size: tuple[int, int] = UPRIGHT, **wishes: Any) -> Kiosk:
        pairing = f"?pair={hall.demo['kiosks'][0]['key']}"
        page = look(f"kiosk{query or pairing}", size=size, has_touch=True, **wishes)
        expect(page.locator("[data-clock]")).not_to_be_empty()
        return Kiosk(hall, page)

    return open_it


@pytest.fixture
def kiosk(open_kiosk: Callable[..., Kiosk]) -> Kiosk:
    return open_kiosk()


@pytest.fixture
def queue_f(hall: RunningHall) -> Iterator[Callable[[str], None]]:
    """Set the state of queue F; it is open again afterwards."""

    def become(status: str) -> None:
        hall.rows(f"UPDATE agencies_queue SET status = '{status}' WHERE code = 'F'")  # noqa: S608
        hall.rows("UPDATE agencies_hall SET version = version + 1")

    yield become
    become("open")


@pytest.fixture
def ordinary_hall(hall: RunningHall) -> Iterator[RunningHall]:
    """A hall that is no demo; it is one again afterwards."""
    hall.rows("UPDATE agencies_hall SET always_open = false")
    yield hall
    hall.rows("UPDATE agencies_hall SET always_open = true")


# --- The way to a number ------------------------------------------------------------------------


def test_a_frequent_service_takes_two_touches(kiosk):
    kiosk.touch("service-A01")
    kiosk.touch("take-ticket")
    assert kiosk.label == "A-001"
    assert kiosk.touches == 2


def test_any_service_of_an_agencys_first_page_takes_three_touches(kiosk):
    assert kiosk.take("G03") == "G-001"
    assert kiosk.touches == 3


def test_the_number_says_how_many_are_ahead_and_where_to_go(hall, kiosk):
    hall.take("F01")
    kiosk.take("F02")
    expect(kiosk.page.locator(".ahead")).to_have_text("1 antrean di depan Anda")
    expect(kiosk.page.locator(".where")).to_contain_text("Zona B · Loket 14\N{EN DASH}15")
    expect(kiosk.page.locator(".for")).to_contain_text("Samsat")


def test_the_qr_code_is_a_picture_of_the_visits_page(kiosk):
    kiosk.take()
    picture = kiosk.page.locator("[data-part=qr]")
    expect(picture).to_have_js_property("complete", value=True)
    assert picture.evaluate("picture => picture.naturalWidth") > 0


def test_a_priority_group_travels_with_the_ticket(hall, kiosk):
    kiosk.touch("service-A01")
    kiosk.page.get_by_label("Lansia").check()
    kiosk.touch("take-ticket")
    expect(kiosk.page.get_by_text("Prioritas", exact=True)).to_be_visible()
    assert hall.rows("SELECT priority FROM queueing_ticket") == [("elderly",)]


def test_the_service_says_what_to_bring_and_what_it_costs(kiosk):
    kiosk.touch("agency-H")
    kiosk.touch("service-H05")
    facts = kiosk.page.locator(".facts")
    expect(facts).to_contain_text("Rp80.000")
    expect(facts).to_contain_text("Belum termasuk biaya tes kesehatan")
    expect(facts).to_contain_text("Tidak ada antrean")
    assert kiosk.page.locator(".needs li").count() > 2


def test_a_free_service_says_so(kiosk):
    kiosk.touch("service-A01")
    expect(kiosk.page.locator(".facts")).to_contain_text("Gratis")


def test_the_second_page_of_an_agency_holds_the_rest(kiosk):
    kiosk.touch("agency-A")
    assert kiosk.page.locator(".choice").count() == 12
    kiosk.press("next")
    expect(kiosk.page.get_by_test_id("service-A24")).to_be_visible()


def test_back_returns_to_the_same_page_of_the_agency(kiosk):
    kiosk.touch("agency-A")
    kiosk.press("next")
    kiosk.touch("service-A20")
    kiosk.page.get_by_role("button", name="Kembali").click()
    expect(kiosk.page.get_by_test_id("service-A20")).to_be_visible()


def test_a_tile_counts_those_who_wait(hall, kiosk):
    hall.take("F01")
    hall.take("F02")
    expect(kiosk.page.get_by_test_id("agency-F")).to_contain_text("2 orang menunggu")


# --- Search -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "service"),
    [
        ("pindah rumah", "A09"),
        ("KK hilang", "A08"),
        ("bikin paspor", "G01"),
        ("bayar pajak motor", "F01"),
        ("bikin pasport", "G01"),
        ("kartu keluraga", "A07"),
        ("disdukcapil", "A01"),
        ("driving licence", "H05"),
        ("birth certificate", "A13"),
    ],
)
def test_everyday_words_find_the_service(kiosk, words, service):
    kiosk.page.locator(".finder").click()
    assert service in kiosk.find(words)[:3]


def test_search_works_with_the_keyboard_on_the_screen(kiosk):
    kiosk.page.locator(".finder").click()
    kiosk.type("skcx")
    kiosk.page.get_by_label("Hapus huruf").click()
    kiosk.type("k")
    expect(kiosk.page.locator("[data-part=query]")).to_have_value("skck")
    kiosk.touch("service-H03")
    kiosk.touch("take-ticket")
    assert kiosk.label == "H-001"


def test_words_that_fit_nothing_are_answered_with_what_to_do(kiosk):
    kiosk.page.locator(".finder").click()
    assert kiosk.find("xyzzy") == []
    expect(kiosk.page.get_by_text("silakan ke resepsionis")).to_be_visible()


# --- Exactly once -------------------------------------------------------------------------------


def test_a_double_tap_gives_one_number(hall, kiosk):
    kiosk.touch("service-A01")
    kiosk.page.get_by_test_id("take-ticket").dblclick()
    assert kiosk.label == "A-001"
    assert len(hall.tickets()) == 1


def test_an_answer_that_was_lost_is_asked_for_with_the_same_key(hall, kiosk):
    def lose_the_first(route: Route) -> None:
        route.fetch()
        if len(kiosk.keys) == 1:
            route.abort()
        else:
            route.continue_()

    kiosk.page.route(VISITS, lose_the_first)
    assert kiosk.take() == "A-001"
    assert len(set(kiosk.keys)) == 1
    assert len(kiosk.keys) > 1
    assert len(hall.tickets()) == 1


def test_after_a_power_cut_the_number_is_shown_with_an_explanation(hall, kiosk):
    kiosk.page.route(VISITS, lambda route: (route.fetch(), route.abort()))
    kiosk.touch("service-A01")
    kiosk.touch("take-ticket")
    expect(kiosk.notice).to_contain_text("tidak akan dobel")
    kiosk.page.unroute_all(behavior="ignoreErrors")
    kiosk.page.reload()
    expect(kiosk.page.get_by_text("bukan nomor baru")).to_be_visible()
    assert kiosk.label == "A-001"
    assert len(hall.tickets()) == 1


def test_a_number_on_the_screen_survives_a_reload(hall, kiosk):
    kiosk.take()
    kiosk.page.reload()
    assert kiosk.label == "A-001"
    expect(kiosk.page.get_by_text("bukan nomor baru")).to_be_hidden()
    assert len(hall.tickets()) == 1


def test_a_press_of_somebody_who_left_is_forgotten(hall, kiosk):
    leave_a_press(kiosk, seconds_ago=121)
    expect(kiosk.page.get_by_role("heading", name="Anda mau mengurus apa?")).to_be_visible()
    assert hall.tickets() == []


def leave_a_press(kiosk: Kiosk, seconds_ago: int) -> None:
    """Let the kiosk start with a press that it kept a while ago."""
    kiosk.page.evaluate(
        """async (seconds) => {
             const { keep } = await import("/static/kiosk/memory.js");
             await keep({ key: "old", body: { services: ["A01"], priority: null, language: "id" },
                          isShown: false, at: Date.now() - seconds * 1000 }); }""",
        seconds_ago,
    )
    kiosk.page.reload()


def test_who_comes_back_late_is_asked_whether_the_number_is_theirs(kiosk):
    leave_a_press(kiosk, seconds_ago=60)
    question = kiosk.page.get_by_role("group", name="Ini nomor Anda?")
    expect(question).to_be_visible()
    assert kiosk.label == "A-001"
    expect(kiosk.page.locator("[data-part=qr]")).to_be_hidden()
    kiosk.touch("mine")
    expect(question).to_be_hidden()
    expect(kiosk.page.locator("[data-part=qr]")).to_be_visible()
    expect(kiosk.page.get_by_text("bukan nomor baru")).to_be_visible()


def test_the_question_is_asked_until_it_is_answered(kiosk):
    leave_a_press(kiosk, seconds_ago=60)
    expect(kiosk.page.get_by_role("group", name="Ini nomor Anda?")).to_be_visible()
    kiosk.page.goto(f"{kiosk.page.url}?lang=en")
    expect(kiosk.page.get_by_role("group", name="Is this your number?")).to_be_visible()
    expect(kiosk.page.locator("[data-part=qr]")).to_be_hidden()


@pytest.mark.parametrize("wish", ["", "?lang=en", "contrast", "text"])
def test_the_question_whose_number_it_is_keeps_nobody_out(open_kiosk, wish):
    kiosk = open_kiosk(wish if wish.startswith("?") else "")
    if wish in {"contrast", "text"}:
        kiosk.page.locator(f"[data-appearance={wish}]").click()
    leave_a_press(kiosk, seconds_ago=60)
    expect(kiosk.page.get_by_test_id("mine")).to_be_visible()
    assert barriers(kiosk.page) == []
    assert too_small(kiosk.page, TWENTY_MM) == []
    assert out_of_sight(kiosk.page) == []


def test_a_stranger_does_not_get_the_way_to_the_number(kiosk):
    leave_a_press(kiosk, seconds_ago=60)
    kiosk.touch("not-mine")
    expect(kiosk.page.get_by_role("heading", name="Anda mau mengurus apa?")).to_be_visible()
    kiosk.page.reload()
    expect(kiosk.page.get_by_test_id("agency-A")).to_be_visible()
    expect(kiosk.page.get_by_test_id("ticket-label")).to_have_count(0)


def test_a_second_person_gets_a_second_number(hall, kiosk):
    assert kiosk.take() == "A-001"
    kiosk.press("done")
    assert kiosk.take() == "A-002"
    assert len(set(kiosk.keys)) == 2


# --- When something is wrong --------------------------------------------------------------------


def test_a_kiosk_whose_module_is_missing_says_that_it_is_not_ready(look):
    page = look(
        "kiosk", prepare=lambda page: page.route("**/kiosk.js", lambda route: route.abort())
    )
    notice = page.get_by_text("Anjungan ini belum siap")
    expect(notice).to_be_hidden()
    expect(notice).to_be_visible(timeout=10_000)


@pytest.mark.parametrize(("status", "word"), [("closed", "Tutup"), ("paused", "Dijeda")])
def test_a_queue_that_gives_no_numbers_says_so_and_what_to_do(kiosk, queue_f, status, word):
    queue_f(status)
    expect(kiosk.page.get_by_test_id("agency-F")).to_contain_text(word)
    kiosk.touch("agency-F")
    expect(kiosk.notice).to_contain_text("silakan ke resepsionis")
    kiosk.touch("service-F01")
    expect(kiosk.notice).to_contain_text("Silakan ke resepsionis")
    expect(kiosk.page.get_by_test_id("take-ticket")).to_be_hidden()


def test_a_closed_hall_says_when_it_opens(ordinary_hall, open_kiosk):
    ordinary_hall.set_clock(dt.datetime(2026, 11, 23, 18, 0, tzinfo=WIB))  # a Monday evening
    kiosk = open_kiosk()
    expect(kiosk.notice).to_contain_text("Buka lagi Selasa pukul 08.00")
    expect(kiosk.page.get_by_test_id("service-A01")).to_contain_text("Tutup")


def test_a_hall_that_has_just_closed_refuses_in_words(hall, kiosk):
    kiosk.touch("service-A01")
    kiosk.page.route(
        VISITS,
        lambda route: route.fulfill(
            status=409, json={"code": "closed", "message": "Sedang tutup. Buka lagi Senin 08.00."}
        ),
    )
    kiosk.touch("take-ticket")
    expect(kiosk.notice).to_contain_text("Buka lagi Senin 08.00")
    kiosk.page.unroute_all(behavior="ignoreErrors")
    kiosk.touch("take-ticket")
    assert kiosk.label == "A-001"
    assert len(set(kiosk.keys)) == 2  # what was refused is over; the next press is a new one


def test_a_hall_that_does_not_answer_is_tried_again_with_the_same_key(open_kiosk):
    kiosk = open_kiosk(prepare=with_a_clock)
    kiosk.page.route(VISITS, lambda route: route.abort())
    kiosk.touch("service-A01")
    kiosk.touch("take-ticket")
    for _ in range(60):
        kiosk.page.clock.run_for(1_000)
        if kiosk.notice.get_attribute("class") == "notice danger":
            break
    expect(kiosk.notice).to_contain_text("silakan ke resepsionis")
    kiosk.page.unroute_all(behavior="ignoreErrors")
    kiosk.page.get_by_role("button", name="Coba lagi").click()
    assert kiosk.label == "A-001"
    assert len(set(kiosk.keys)) == 1


def test_a_cut_link_is_told_and_taken_back(kiosk):
    badge = kiosk.page.get_by_test_id("stale-badge")
    expect(badge).to_be_hidden()
    kiosk.page.context.set_offline(offline=True)
    expect(badge).to_be_visible(timeout=15_000)
    expect(badge).to_contain_text("silakan ke resepsionis")
    kiosk.page.context.set_offline(offline=False)
    expect(badge).to_be_hidden(timeout=15_000)


def test_the_language_stays_when_the_hall_does_not_answer(kiosk):
    kiosk.page.route("**/catalogue", lambda route: route.abort())
    kiosk.page.get_by_role("link", name="English").click()
    expect(kiosk.page.get_by_test_id("stale-badge")).to_contain_text("Bahasa belum dapat diganti")


def test_an_unpaired_browser_learns_what_to_do(ordinary_hall, look):
    page = look("kiosk", size=UPRIGHT)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Perangkat ini belum dipasangkan")
    assert barriers(page) == []
    assert ordinary_hall.client.get(f"/{ordinary_hall.slug}/kiosk").status_code == 403


def test_a_demo_hall_pairs_any_browser_by_itself(look):
    page = look("kiosk", size=UPRIGHT)
    expect(page.get_by_test_id("agency-A")).to_be_visible()
    expect(page.get_by_text("Peragaan")).to_be_visible()


# --- Whoever leaves -----------------------------------------------------------------------------


def with_a_clock(page: Page) -> None:
    page.clock.install()


def wait_idle(kiosk: Kiosk, seconds: int) -> None:
    for _ in range(seconds):
        kiosk.page.clock.run_for(1_000)


def wait_until_asked(kiosk: Kiosk, address: str) -> None:
    """Let the time pass until the page asks for this address, and no further."""
    asked: list[str] = []
    kiosk.page.on("request", lambda request: asked.append(request.url))
    for _ in range(360):
        if any(url.endswith(address) for url in asked):
            return
        kiosk.page.clock.run_for(1_000)


def test_after_half_a_minute_the_kiosk_asks_and_then_starts_anew(open_kiosk):
    kiosk = open_kiosk(prepare=with_a_clock)
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
    kiosk.page.keyboard.press("Tab")
    kiosk.page.keyboard.press("Enter")
    assert kiosk.label == "A-001"


def test_escape_goes_back_and_the_heading_has_the_focus(kiosk):
    kiosk.touch("agency-A")
    expect(kiosk.page.get_by_role("heading", level=1)).to_be_focused()
    kiosk.page.keyboard.press("Escape")
    expect(kiosk.page.get_by_test_id("agency-A")).to_be_visible()


# --- For everybody, for a month -----------------------------------------------------------------


def every_screen(kiosk: Kiosk) -> Iterator[str]:
    """Walk through all screens, one after the other."""
    yield "start"
    kiosk.touch("agency-B")
    yield "agency"
    kiosk.page.keyboard.press("Escape")
    kiosk.page.locator(".finder").click()
    yield "search"
    kiosk.find("pajak")
    yield "results"
    kiosk.page.keyboard.press("Escape")
    kiosk.touch("agency-M")
    kiosk.touch("service-M01")  # the longest list of papers
    yield "service"
    kiosk.touch("take-ticket")
    expect(kiosk.page.get_by_test_id("ticket-label")).not_to_be_empty()
    yield "number"


@pytest.mark.parametrize("wish", ["", "?lang=en", "contrast", "text"])
def test_nothing_keeps_anybody_out(open_kiosk, wish):
    kiosk = open_kiosk(wish if wish.startswith("?") else "")
    if wish in {"contrast", "text"}:
        kiosk.page.locator(f"[data-appearance={wish}]").click()
    for screen in every_screen(kiosk):
        assert barriers(kiosk.page) == [], screen


def test_the_question_whether_anybody_is_there_is_for_everybody_too(kiosk):
    kiosk.touch("service-A01")
    kiosk.page.evaluate("document.getElementById('idle').showModal()")
    assert barriers(kiosk.page) == []


def test_targets_are_twenty_millimetres_with_gaps_of_three(kiosk):
    for screen in every_screen(kiosk):
        assert too_small(kiosk.page, TWENTY_MM) == [], screen
        assert too_close(kiosk.page, THREE_MM) == [], screen


NEEDED = """() => [...document.querySelectorAll('main *, .bar *')]
  .filter((node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()))
  .filter((node) => node.checkVisibility() && !node.closest('.unseen, .tile-gist, .choice-more'))
  .map((node) => [parseFloat(getComputedStyle(node).fontSize), node.textContent.trim()])
  .filter(([size]) => size < LEAST)"""


def test_all_needed_text_has_capitals_of_seven_millimetres(kiosk):
    for screen in every_screen(kiosk):
        small = kiosk.page.evaluate(NEEDED.replace("LEAST", str(CAPITALS - 0.01)))
        assert small == [], screen


@pytest.mark.parametrize("size", SCREENS, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("text", ["", "large"])
def test_no_control_has_to_be_scrolled_to(open_kiosk, size, text):
    kiosk = open_kiosk(size=size)
    if text:
        kiosk.page.locator("[data-appearance=text]").click()
    for screen in every_screen(kiosk):
        assert out_of_sight(kiosk.page) == [], screen
        assert too_close(kiosk.page, 1) == [], screen


def test_a_month_of_visitors_leaves_nothing_behind(kiosk):
    def visitors(count: int) -> Weight:
        for _ in range(count):
            kiosk.take()
            kiosk.press("done")
            kiosk.page.locator(".finder").click()
            kiosk.find("paspor")
            kiosk.page.keyboard.press("Escape")
        return weight_of(kiosk.page)

    before = visitors(3)
    grown = visitors(10).grown(before)
    assert grown.listeners <= 0
    assert grown.nodes <= 50
    assert grown.heap <= 1


def test_the_first_page_weighs_at_most_150_kilobytes(open_kiosk):
    weights: list[int] = []
    kiosk = open_kiosk(prepare=lambda page: weigh(page, weights))
    kiosk.page.wait_for_load_state("networkidle")
    assert 10_000 < sum(weights) <= 150_000
