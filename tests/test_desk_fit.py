"""The desk is at home on 1366 x 768 and on tablets, and keeps nobody out, whatever is going on."""

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import barriers, too_small
from tests.desks import TABLET, UPRIGHT_TABLET, WIDE, at_desk, more, serve
from tests.pages import overflows

pytest_plugins = ["tests.looking"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk-work")]
MAIN_WORK = ("#label", "#main-action", "[data-testid=finish]", "[data-testid=more]", "#next")

LATE = "UPDATE queueing_ticket SET started_at = started_at - interval '25 minutes'"


def a_full_day(hall) -> None:
    """Somebody with two errands is served too long; others wait, missed the call, or are held."""
    serve(hall, 1, "A05"), hall.press(1, "hold")
    hall.take("A06"), hall.press(1, "call-next"), hall.press(1, "no-show", body={"said_so": True})
    hall.take("A01", "A02", "F01", priority="elderly"), hall.press(1, "call-next")
    for code in ("A01", "A02", "A03", "A04", "A01", "A02"):
        hall.take(code)
    hall.take("A01", "C01"), hall.press(1, "start")
    hall.rows(LATE)


def is_in_sight(page: Page, selector: str) -> bool:
    box, size = page.locator(selector).bounding_box(), page.viewport_size
    assert box
    assert size
    fits = box["x"] + box["width"] <= size["width"] and box["y"] + box["height"] <= size["height"]
    return box["x"] >= 0 and box["y"] >= 0 and fits


@pytest.mark.parametrize("size", [WIDE, TABLET, UPRIGHT_TABLET])
def test_the_main_work_is_in_sight_without_scrolling(hall, look, size):
    a_full_day(hall)
    page = at_desk(hall, look, size=size, has_touch=size != WIDE)
    expect(page.get_by_text("lewat batas")).to_be_visible()
    assert [part for part in MAIN_WORK if not is_in_sight(page, part)] == []
    assert not overflows(page)


@pytest.mark.parametrize("size", [TABLET, UPRIGHT_TABLET])
@pytest.mark.slow
def test_every_control_is_large_enough_for_a_finger(hall, look, size):
    a_full_day(hall)
    page = at_desk(hall, look, size=size, has_touch=True)
    expect(page.get_by_text("lewat batas")).to_be_visible()
    small = too_small(page, 44)
    assert [name for name in small if not name.startswith(("A0", "A1"))] == []


def test_the_main_button_stays_under_the_finger(hall, look):
    a_full_day(hall)
    page = at_desk(hall, look)
    before = page.locator("#main-action").bounding_box()
    page.get_by_test_id("finish").click()
    expect(page.get_by_test_id("undo-bar")).to_be_visible()
    assert page.locator("#main-action").bounding_box() == before


def show(page: Page, dialog: str) -> None:
    if dialog in {"keys", "close"}:
        page.get_by_text("Menu loket").click()
        page.locator("#help" if dialog == "keys" else "#close").click()
    elif dialog == "transfer":
        page.get_by_test_id(dialog).click()
        page.get_by_label("Paling depan").check()
    else:
        more(page, dialog)
    expect(page.locator("dialog[open]")).to_be_visible()


@pytest.mark.parametrize("look_of", ["light", "contrast"])
def test_no_dialog_keeps_anybody_out(hall, look, look_of):
    hall.take("C01"), hall.take("C01"), hall.press(10, "call-next")
    page = at_desk(hall, look, 10)
    if look_of == "contrast":
        page.get_by_role("button", name="Kontras tinggi").click()
    for dialog in ("add-service", "change-service", "cancel", "keys"):
        show(page, dialog)
        assert barriers(page) == [], dialog
        page.evaluate("document.querySelector('dialog[open]').close()")
    hall.press(10, "start")
    expect(page.get_by_test_id("transfer")).to_be_enabled()
    show(page, "transfer")
    assert barriers(page) == []
    page.evaluate("document.querySelector('dialog[open]').close()")
    hall.press(10, "finish")
    expect(page.get_by_test_id("current-ticket")).to_be_hidden()
    for dialog in ("walk-in", "call", "close"):
        show(page, dialog)
        assert barriers(page) == [], dialog
        page.evaluate("document.querySelector('dialog[open]').close()")


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.slow
def test_no_state_keeps_anybody_out(hall, look, language):
    page = at_desk(hall, look)
    page.goto(f"{page.url}?lang={language}")
    hall.take("A01", "F01", priority="elderly"), hall.take("A02")
    expect(page.locator("#next")).to_contain_text("A-002")
    assert barriers(page) == []
    for verb in ("call-next", "start", "finish"):
        hall.press(1, verb)
        word = {"call-next": "called", "start": "serving", "finish": "idle"}[verb]
        expect(page.locator(f"#now[data-state={word}]")).to_be_visible()
        assert barriers(page) == [], verb
    for verb, body in (("break", {"reason": "Rapat"}), ("close", {})):
        hall.press(1, verb, body=body)
        expect(page.locator(f"#status.{'warn' if verb == 'break' else 'danger'}")).to_be_visible()
        assert barriers(page) == [], verb
    page.goto(f"{page.url.split('?')[0]}?lang=id")
