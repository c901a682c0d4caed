"""When something is down, the desk says what its officer should do, and presses nothing twice."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browsing import barriers
from tests.desks import agree, at_desk, dialog, events
from tests.pages import eventually, only_first

pytest_plugins = ["tests.looking"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk-work")]


# --- The hall does not answer -------------------------------------------------------------------


def cut(page: Page) -> None:
    """The server is away, and the page's clock can be moved on."""
    page.route("**/api/**", lambda route: route.abort())
    page.route("**/state.json**", lambda route: route.abort())


def press_in_vain(page: Page) -> None:
    page.get_by_test_id("call-next").click()
    for _ in range(12):
        page.clock.run_for(2_500)
        page.evaluate("() => new Promise((done) => queueMicrotask(done))")


def test_without_an_answer_the_officer_is_told_to_keep_serving(hall, look):
    hall.take("A01")
    page = at_desk(hall, look, prepare=lambda page: page.clock.install())
    cut(page)
    press_in_vain(page)
    said = page.get_by_role("alert")
    expect(said).to_contain_text("Tetap layani orang di depan Anda dan catat nomornya di kertas.")
    expect(said).not_to_contain_text("resepsionis")
    expect(page.locator("html[data-busy]")).to_have_count(0)
    assert barriers(page) == []
    assert events(hall, "call") == []


def test_a_state_that_could_not_be_read_is_asked_for_again(hall, look):
    page = at_desk(hall, look, prepare=lambda page: page.clock.install())
    page.route("**/state.json*", only_first(lambda route: route.fulfill(status=503)))
    with page.expect_response(lambda answer: answer.status == 503):
        hall.take("A01")
    known = page.locator("#next").filter(has_text="A-001")
    assert eventually(lambda: page.clock.run_for(1_000) or known.is_visible())


def test_the_same_press_after_an_outage_is_the_same_order(hall, look):
    """The first press counted and nobody heard it; pressing again calls nobody else."""
    hall.take("A01"), hall.take("A01")
    page = at_desk(hall, look, prepare=lambda page: page.clock.install())
    keys: list[str] = []

    def lose(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(set(keys)) == 1 and len(keys) == 1:
            route.fetch()
        route.abort()

    page.route_web_socket("**/ws/**", lambda socket: socket.close())
    page.reload()
    page.route("**/state.json**", lambda route: route.abort())
    page.route("**/board", lambda route: route.abort())
    page.route("**/call-next", lose)
    press_in_vain(page)
    expect(page.get_by_role("alert")).to_contain_text("tekan lagi tombol yang sama")
    expect(page.locator("html[data-busy]")).to_have_count(0)
    page.unroute("**/call-next")
    page.unroute("**/state.json**")
    with page.expect_request("**/call-next") as again:
        page.get_by_test_id("call-next").click()
    assert {*keys, again.value.headers["idempotency-key"]} == {keys[0]}
    expect(page.get_by_test_id("current-ticket")).to_contain_text("A-001")
    assert events(hall, "call") == ["call"]


def test_a_cut_link_says_what_to_do_meanwhile(hall, look):
    page = at_desk(hall, look, prepare=lambda page: page.clock.install())
    page.route("**/board", lambda route: route.abort())
    page.route_web_socket("**/ws/**", lambda socket: socket.close())
    page.reload()
    for _ in range(6):
        page.clock.run_for(2_500)
    expect(page.get_by_test_id("stale-badge")).to_be_visible()
    expect(page.locator("#outage")).to_contain_text("Tetap layani orang di depan Anda")
    assert barriers(page) == []


# --- The agency's system is down ----------------------------------------------------------------


def test_the_officer_says_that_the_system_is_down_and_up_again(hall, look):
    page = at_desk(hall, look, reduced_motion="reduce")
    page.get_by_text("Menu loket").click()
    page.get_by_role("button", name="Sistem A sedang gangguan…").click()
    expect(dialog(page)).to_contain_text("Sistem antrean A sedang gangguan?")
    assert barriers(page) == []
    agree(page)
    expect(page.locator("#incident")).to_contain_text("Sistem antrean A sedang gangguan sejak")
    expect(page.locator("html[data-busy]")).to_have_count(0)
    assert barriers(page) == []
    page.get_by_text("Menu loket").click()
    page.get_by_role("button", name="Gangguan A selesai").click()
    expect(page.locator("#incident")).to_be_hidden()
    assert events(hall, "incident", "clear") == ["incident", "clear"]


def test_thinking_better_of_it_leaves_the_system_up(hall, look):
    page = at_desk(hall, look)
    page.get_by_text("Menu loket").click()
    page.get_by_role("button", name="Sistem A sedang gangguan…").click()
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)
    assert events(hall, "incident") == []
