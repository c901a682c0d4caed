"""When something is down, the desk says what its officer should do, and presses nothing twice."""

import json

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browsing import barriers
from tests.desks import agree, at_desk, dialog, events

pytest_plugins = ["tests.looking"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk-work")]
API = "/api/v1/halls/payakumbuh"


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
    assert barriers(page) == []
    assert events(hall, "call") == []


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


def telling(hall, since: str | None):
    """What the state says once the hall knows of incidents (the contract of its API)."""

    def tell(route: Route) -> None:
        answer = route.fetch()
        state = answer.json()
        for queue in state.get("queues", []):
            queue["incident_since"] = since
        route.fulfill(response=answer, body=json.dumps(state))

    return tell


def open_menu(page: Page) -> None:
    page.get_by_text("Menu loket").click()


def test_a_hall_that_knows_no_incidents_offers_none(hall, look):
    page = at_desk(hall, look)
    open_menu(page)
    expect(page.locator("#help")).to_be_visible()
    expect(page.locator("#incidents button")).to_have_count(0)


@pytest.mark.parametrize(
    ("since", "button", "verb"),
    [
        (None, "Sistem A sedang gangguan…", "incident"),
        ("2026-11-24T09:41:00+07:00", "Gangguan A selesai", "clear"),
    ],
)
def test_the_officer_says_that_a_system_is_down_or_up_again(hall, look, since, button, verb):
    page = at_desk(
        hall, look, prepare=lambda page: page.route("**/state.json**", telling(hall, since))
    )
    page.route(f"**{API}/queues/**", lambda route: route.fulfill(status=200, json={}))
    hall.take("A01")
    expect(page.locator("#incidents button")).to_have_count(1)
    expect(page.locator("#incident")).to_have_text(
        "Sistem antrean A sedang gangguan sejak 09.41." if since else ""
    )
    open_menu(page)
    with page.expect_request(f"**{API}/queues/**") as sent:
        page.get_by_role("button", name=button).click()
        if not since:
            expect(dialog(page)).to_contain_text("Sistem antrean A sedang gangguan?")
            assert barriers(page) == []
            agree(page)
    assert sent.value.url.endswith(f"{API}/queues/A/{verb}")
    assert (sent.value.post_data, bool(sent.value.headers["idempotency-key"])) == ("{}", True)
