"""Slips as they come out: by the browser, measured in millimetres, and by the bridge of a kiosk."""

import re

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from tests.pages import DESK, eventually
from tests.receipts import decoded
from tests.test_doors import everybody_can_use

pytest_plugins = ["tests.looking", "tests.printing"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("display")]

POINT = 25.4 / 72
DPI = 203
PAPERS = [80, 58]
IS_CUT = "document.documentElement.scrollHeight > innerHeight + 1"
LONGEST = ["C01", "E08"]


@pytest.fixture
def visit(hall):
    return hall.take(*LONGEST, priority="elderly").json()


def pdf_of(page: Page) -> pypdfium2.PdfDocument:
    expect(page.locator("html")).to_have_attribute("data-ready", "")
    return pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True, print_background=True))


def capitals_mm(sheet: pypdfium2.PdfPage, label: str) -> float:
    """Return how high the number's letters are on the sheet; nothing else is as high."""
    text = sheet.get_textpage()
    boxes = [text.get_charbox(place) for place in range(text.count_chars())]
    heights = [(top - bottom) * POINT for _, bottom, _, top in boxes]
    number = [place for place, height in enumerate(heights) if height > 8]
    assert "".join(text.get_text_range(place, 1) for place in number) == label.replace("-", "")
    return min(heights[place] for place in number)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_each_slip_is_one_sheet_as_wide_as_the_paper(hall, look, visit, paper, language):
    hall.rows(f"UPDATE queueing_visit SET language = '{language}' RETURNING 1")  # noqa: S608
    page = look(f"/v/{visit['visit']['token']}/slip?paper={paper}&companion")
    sheets = list(pdf_of(page))
    assert len(sheets) == 2 * len(visit["tickets"])
    for sheet, ticket in zip(sheets[::2], visit["tickets"], strict=True):
        width, height = sheet.get_size()
        assert width * POINT == pytest.approx(paper, abs=0.5)
        assert 70 <= height * POINT <= 140
        assert capitals_mm(sheet, ticket["label"]) >= 14
        picture = sheet.render(scale=DPI / 72).to_pil().convert("L")
        [code] = decoded(picture)
        assert code.text.startswith(f"{hall.url}/v/{visit['visit']['token']}")
        place = code.position
        across = place.top_right.x - place.top_left.x
        assert across / DPI * 25.4 >= 22
        margin = {80: 3, 58: 4}[paper] / 25.4 * DPI
        dark = picture.point(lambda dot: 255 if dot < 128 else 0).getbbox()
        assert margin <= dark[0]
        assert dark[2] <= picture.width - margin


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("label", ["AB-1000", "S-012"])
def test_a_long_number_is_as_high_as_a_short_one(hall, look, visit, paper, label):
    page = look(f"/v/{visit['visit']['token']}/slip?paper={paper}")
    number = page.locator(".number text").first
    number.evaluate("(node, label) => { node.textContent = label; }", label)
    [sheet, *_] = list(pdf_of(page))
    assert capitals_mm(sheet, label) >= 14


def test_everybody_can_use_the_preview(hall, look):
    for way in ("", "?lang=en"):
        page = look(f"slip/preview{way}", who=hall.demo["manager"], size=DESK)
        page.wait_for_load_state("networkidle")
        assert everybody_can_use(page)
        assert [frame.evaluate(IS_CUT) for frame in page.frames[1:]] == [False, False]
        expect(page.get_by_test_id("receipt-58").get_by_text("A-012")).to_be_visible()


# --- At the kiosk -------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", PAPERS)
def test_a_kiosk_prints_each_ticket_of_a_visit_and_one_for_who_comes_along(corner, visit, paper):
    corner.set_up(paper=paper)
    assert corner.print(corner.open(), visit, companion=True) == "printed"
    numbers = [receipt.number.text for receipt in corner.receipts]
    assert numbers == [ticket["label"] for ticket in visit["tickets"] for _ in range(2)]
    assert ["Pendamping" in receipt.texts for receipt in corner.receipts] == [False, True] * 2
    assert eventually(lambda: len(corner.slips()) == 4)
    assert {outcome for outcome, *_ in corner.slips()} == {"printed"}


@pytest.mark.parametrize(
    ("state", "told"),
    [("paper_out", "paper_out"), ("cover_open", "gone"), ("hangs", "unknown")],
)
def test_a_printer_in_trouble_is_told_to_the_page_and_to_the_staff(corner, state, told):
    visit = corner.hall.take("A01").json()
    page = corner.open()
    corner.printer.state = state
    assert corner.print(page, visit) == told
    known = {"hangs": "unknown"}.get(state, state)
    assert eventually(lambda: corner.state == known)
    assert corner.receipts == []


def test_a_printer_or_bridge_that_is_not_there_is_told(corner):
    visit = corner.hall.take("A01").json()
    page = corner.open()
    corner.printer.switch_off()
    assert corner.print(page, visit) == "gone"
    page.route(re.compile(r":\d+/jobs/"), lambda route: route.abort())
    assert corner.print(page, visit) == "gone"


def test_an_answer_of_the_bridge_that_is_lost_makes_no_second_slip(corner):
    visit = corner.hall.take("A01").json()
    page = corner.open()
    lost: list[object] = []

    def lose_the_first(route):
        if not lost and route.request.method == "POST":
            lost.append(route.fetch())
            route.abort()
        else:
            route.continue_()

    page.route(re.compile(r":\d+/jobs/"), lose_the_first)
    assert corner.print(page, visit) == "printed"
    assert len(corner.receipts) == 1


def test_a_kiosk_without_a_printer_prints_nothing_and_says_so(corner):
    corner.set_up("none")
    assert corner.print(corner.open(), corner.hall.take("A01").json()) == "none"
    assert corner.slips() == []


def test_a_browser_prints_the_slips_in_a_frame_that_nobody_sees(corner):
    corner.set_up("browser", 58)
    visit = corner.hall.take("A01").json()
    page = corner.open()
    page.evaluate("window.print = null")  # the frame prints, not the kiosk's page
    assert corner.print(page, visit) == "printed"
    [frame] = [each for each in page.frames if "/slip?" in each.url]
    assert visit["tickets"][0]["label"] in frame.locator(".number").text_content()
    assert page.locator("iframe").count() == 1
    assert eventually(lambda: corner.slips() == [("printed", False, False)])


# --- Care ---------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_manager_sees_a_test_slip_come_out_and_the_paper_end(corner, look):
    corner.open()
    pk = corner.hall.rows("SELECT id FROM queueing_device WHERE name = 'Anjungan 1'")[0][0]
    page = look(f"devices/{pk}", who=corner.hall.demo["manager"])
    assert everybody_can_use(page)
    page.get_by_role("button", name="Uji cetak").click()
    expect(page.get_by_test_id("test-outcome")).to_contain_text("Tercetak", timeout=30_000)
    assert "Ini bukan nomor antrean." in corner.receipts[-1].text
    corner.printer.state = "paper_out"
    expect(page.get_by_test_id("printer-state")).to_contain_text("Kertas habis", timeout=30_000)
    assert everybody_can_use(page)


@pytest.mark.slow
def test_a_greeter_has_a_kiosk_print_a_number_again(corner):
    ticket = corner.hall.take("A01").json()["tickets"][0]
    corner.open()
    pk = corner.hall.rows("SELECT id FROM queueing_device WHERE name = 'Anjungan 1'")[0][0]
    greeter = corner.hall.demo["greeter"]["key"]
    corner.hall.post(f"tickets/{ticket['id']}/reprint", {"kiosk": pk}, key=greeter)
    assert eventually(lambda: len(corner.receipts) == 1, 20)
    assert corner.receipts[0].number.text == ticket["label"]
    assert eventually(lambda: corner.slips() == [("printed", False, False)])


RELEASE = re.compile(r'"release": ?"\w+"')


@pytest.mark.slow
def test_a_kiosk_of_an_older_release_loads_the_new_page_at_rest_and_not_before(corner):
    def make_older(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=RELEASE.sub('"release": "older"', answer.text()))

    page = corner.open(
        prepare=lambda page: (page.clock.install(), page.route("**/kiosk*", make_older))
    )
    page.unroute("**/kiosk*")
    page.evaluate("window.isOld = true")
    page.get_by_test_id("service-A01").click()
    with page.expect_response("**/kiosks/seen"):
        page.clock.run_for(15_000)
    page.clock.run_for(20_000)
    assert page.evaluate("window.isOld")
    page.keyboard.press("Escape")
    page.evaluate("document.documentElement.dataset.old = ''")
    with page.expect_response("**/kiosk"):
        page.clock.run_for(120_000)
    expect(page.locator("html[data-ready]:not([data-old])")).to_have_count(1)
