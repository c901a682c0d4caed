"""The survey as people meet it: on a small phone, on the tablet at the exit, and its results."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from survey.questions import QUESTIONNAIRE
from tests.browsing import barriers, out_of_sight, too_small, weigh
from tests.pages import overflows

pytest_plugins = ["tests.looking"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("survey")]

PHONE, TABLET = (360, 740), (1280, 800)
LOOKS = ["", pytest.param("high", marks=pytest.mark.slow)]
LATEST = "SELECT {} FROM survey_questionnaire ORDER BY id DESC LIMIT 1"


@pytest.fixture
def served(hall) -> Callable[[], dict[str, Any]]:
    """Somebody whose number was called, served and finished; the visit as the kiosk knows it."""

    def serve() -> dict[str, Any]:
        visit = hall.take("F01").json()
        for verb in ("call-next", "start", "finish"):
            assert hall.press(14, verb).status_code == 200
        return visit

    return serve


@pytest.fixture
def phone(look, served) -> Callable[..., Page]:
    def open_it(query: str = "", contrast: str = "", **wishes: Any) -> Page:
        token = served()["visit"]["token"]
        wishes = {"size": PHONE, "has_touch": True, "is_mobile": True, **wishes}
        prepare = wishes.pop("prepare", lambda page: wish(page, contrast))
        return look(f"/v/{token}/survey{query}", prepare=prepare, **wishes)

    return open_it


@pytest.fixture
def tablet(look, hall) -> Callable[..., Page]:
    """The tablet at its start, with the page's clock in the hand of the test."""

    def open_it(contrast: str = "") -> Page:
        def prepare(page: Page) -> None:
            page.clock.install()
            wish(page, contrast)

        page = look(f"survey?pair={hall.demo['surveys'][0]['key']}", size=TABLET, prepare=prepare)
        expect(page.locator("html[data-ready]")).to_have_count(1)
        return page

    return open_it


def wish(page: Page, contrast: str) -> None:
    if contrast:
        page.add_init_script(f"document.cookie = 'contrast={contrast}; path=/'")
        page.goto("/sign-in")  # any page of the hall, to be remembered from here on


def answer(page: Page, worth: int = 3) -> None:
    for key in QUESTIONNAIRE:
        page.get_by_test_id(f"{key}-{worth}").check()
    page.get_by_test_id("send-answers").click()


def type_in(page: Page, label: str) -> None:
    for key in label.replace("-", ""):
        page.locator(f"[data-key='{key}']").click()
    page.get_by_test_id("go").click()
    expect(page.locator("[data-steps]")).to_be_visible()
    expect(page.locator("html[data-ready]")).to_have_count(1)


def step_on(page: Page, key: str, worth: int = 4) -> None:
    """Touch an answer, and see what was chosen for the moment that it is shown."""
    page.get_by_test_id(f"{key}-{worth}").click()
    page.clock.run_for(400)


# --- The phone ----------------------------------------------------------------------------------


def test_nine_touches_and_a_send_are_enough_on_a_phone(phone, hall):
    page = phone()
    answer(page)
    expect(page.get_by_test_id("thanks")).to_be_visible()
    assert hall.rows(LATEST.format("persyaratan, pengaduan, channel")) == [(3, 3, "phone")]
    page.get_by_test_id("face-3").click()
    expect(page.get_by_test_id("smiled")).to_be_visible()
    assert barriers(page) == []


def test_it_needs_no_script(phone, hall):
    page = phone("?lang=en", java_script_enabled=False)
    answer(page, 4)
    expect(page.get_by_test_id("thanks")).to_contain_text("Thank you")
    assert hall.rows(LATEST.format("waktu, language")) == [(4, "en")]


def test_what_is_missing_can_be_reached_by_one_touch(phone):
    page = phone()
    page.get_by_test_id("persyaratan-2").check()
    page.get_by_test_id("send-answers").click()
    expect(page.get_by_role("alert")).to_contain_text("belum dijawab")
    expect(page.get_by_test_id("persyaratan-2")).to_be_checked()
    page.get_by_role("alert").get_by_role("link").first.click()
    expect(page.locator("#prosedur")).to_be_in_viewport()


@pytest.mark.parametrize("contrast", LOOKS)
def test_everybody_can_use_it_on_a_small_phone(phone, contrast):
    weights: list[int] = []
    page = phone(prepare=lambda page: (wish(page, contrast), weigh(page, weights)))
    page.wait_for_load_state("networkidle")
    assert sum(weights) < 60_000
    assert not overflows(page)
    assert too_small(page, 44) == []
    assert barriers(page) == []
    page.locator("html").evaluate("root => root.dataset.text = 'large'")
    assert not overflows(page)


# --- The tablet ---------------------------------------------------------------------------------


def test_a_touch_an_answer_leads_to_the_thanks_and_back_to_the_start(tablet, served, hall):
    label = served()["tickets"][0]["label"]
    page = tablet()
    type_in(page, label)
    for key in QUESTIONNAIRE:
        step_on(page, key)
    page.get_by_test_id("sex-p").check()
    page.get_by_test_id("send-answers").click()
    expect(page.get_by_test_id("thanks")).to_contain_text(label)
    assert hall.rows(LATEST.format("waktu, channel, sex")) == [(4, "tablet", "p")]
    expect(page.locator("html[data-ready]")).to_have_count(1)
    page.clock.run_for(16_000)
    expect(page.locator("#keypad")).to_be_visible()
    expect(page.locator("#label")).to_have_value("")


@pytest.mark.parametrize("contrast", LOOKS)
@pytest.mark.slow
def test_everybody_can_use_the_tablet(tablet, served, contrast):
    label = served()["tickets"][0]["label"]
    page = tablet(contrast)
    assert (barriers(page), out_of_sight(page), too_small(page, 44)) == ([], [], [])
    type_in(page, label)
    assert (barriers(page), out_of_sight(page), too_small(page, 44)) == ([], [], [])
    for key in QUESTIONNAIRE:
        step_on(page, key)
    assert (barriers(page), out_of_sight(page), too_small(page, 44)) == ([], [], [])


def test_by_keyboard_one_goes_on_when_one_wants_to(tablet, served):
    page = tablet()
    page.locator("#label").fill(served()["tickets"][0]["label"].lower())
    page.keyboard.press("Enter")
    expect(page.locator("[data-steps]")).to_be_visible()
    expect(page.locator("html[data-ready]")).to_have_count(1)
    page.get_by_test_id("persyaratan-1").focus()
    page.keyboard.press("ArrowDown")
    page.clock.run_for(1_000)
    expect(page.get_by_test_id("persyaratan-2")).to_be_visible()
    page.get_by_role("button", name="Lanjut").press("Enter")
    expect(page.get_by_test_id("prosedur-1")).to_be_visible()
    expect(page.locator("#prosedur")).to_be_focused()


def test_whoever_leaves_is_asked_first_and_leaves_nothing_behind(tablet, served):
    page = tablet()
    type_in(page, served()["tickets"][0]["label"])
    step_on(page, "persyaratan")
    page.clock.run_for(31_000)
    expect(page.get_by_text("Masih di sana?")).to_be_visible()
    page.get_by_role("button", name="Ya, lanjutkan").click()
    expect(page.get_by_test_id("prosedur-1")).to_be_visible()
    for _ in range(2):
        page.clock.run_for(30_000)
    expect(page.locator("#keypad")).to_be_visible()


@pytest.mark.slow
def test_when_the_line_is_cut_the_answers_stay_and_the_page_says_so(tablet, served):
    page = tablet()
    type_in(page, served()["tickets"][0]["label"])
    for key in QUESTIONNAIRE:
        step_on(page, key)
    page.context.set_offline(True)
    page.get_by_test_id("send-answers").click()
    expect(page.locator("#cut")).to_contain_text("Sambungan terputus")
    page.context.set_offline(False)
    page.get_by_test_id("send-answers").click()
    expect(page.get_by_test_id("thanks")).to_be_visible()


# --- The results --------------------------------------------------------------------------------

# Fifteen of twenty who were served in the month before said so much.
SAID = """
WITH visits AS (INSERT INTO queueing_visit (hall_id, date, token, language, channel, arrived_at)
  SELECT h.id, date_trunc('month', hall_now() AT TIME ZONE h.timezone) - interval '10 days',
  'said-' || n, 'id', 'kiosk', now()
  FROM agencies_hall h, generate_series(1, 20) n RETURNING id, hall_id, date),
tickets AS (INSERT INTO queueing_ticket (public_id, hall_id, visit_id, queue_id, date, number,
  state, priority, effective_time, issued_at, calls, returns, note)
  SELECT gen_random_uuid(), v.hall_id, v.id, q.id, v.date, row_number() OVER (), 'done', '', now(),
  now(), 1, 0, '' FROM visits v, agencies_queue q WHERE q.code = 'A'
  RETURNING id, hall_id, queue_id, date)
INSERT INTO survey_questionnaire (hall_id, agency_id, ticket_id, date, hours, language, channel,
  sex, education, work, {keys})
  SELECT t.hall_id, q.agency_id, t.id, t.date, 'morning', 'id', 'phone', '', '', '', {scores}
  FROM tickets t JOIN agencies_queue q ON q.id = t.queue_id LIMIT 15
"""


@pytest.fixture
def told(hall):
    scores = ", ".join("2" if key == "waktu" else "3" for key in QUESTIONNAIRE)
    hall.rows(SAID.format(keys=", ".join(QUESTIONNAIRE), scores=scores))
    return hall


@pytest.mark.parametrize(("size", "contrast"), [(PHONE, ""), (TABLET, "high")])
def test_everybody_can_read_the_results(told, look, size, contrast):
    page = look("skm", size=size, prepare=lambda page: wish(page, contrast))
    expect(page.get_by_test_id("ikm")).to_have_text("72,22")
    expect(page.get_by_role("row", name="Waktu penyelesaian")).to_contain_text(
        "Perbaiki lebih dulu"
    )
    expect(page.get_by_test_id("sample")).to_contain_text("15 responden dari 20")
    assert (barriers(page), overflows(page)) == ([], False)


def test_an_empty_hall_says_when_there_will_be_results(hall, look):
    page = look("skm", size=PHONE)
    expect(page.get_by_test_id("nothing-yet")).to_contain_text("diumumkan tanggal 1")
    assert (barriers(page), overflows(page)) == ([], False)


def test_the_manager_reads_prints_and_takes_the_report_along(told, look):
    page = look("skm/report", who=told.demo["manager"])
    expect(page.get_by_test_id("too-few")).to_be_visible()
    page.locator("#period").select_option(index=1)
    page.locator("#order").select_option("regulation")
    page.get_by_role("button", name="Tampilkan").click()
    expect(page.get_by_role("row", name="U8")).to_contain_text("Penanganan pengaduan")
    expect(page.get_by_role("button", name="Cetak")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_test_id("csv").click()
    assert "IKM unit pelayanan;72,22" in download.value.path().read_text(encoding="utf-8-sig")
    assert (barriers(page), overflows(page)) == ([], False)


def test_on_paper_there_is_the_report_and_nothing_to_press(told, look):
    page = look("skm/report", who=told.demo["manager"])
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Laporan survei")).to_be_visible()
    expect(page.locator("#period")).to_be_hidden()
    expect(page.locator(".top")).to_be_hidden()
