"""The visit on a phone as it is used: three errands, one day, in a real browser."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browsing import barriers, too_small, weigh
from tests.pages import eventually, lose, once_told, only_first, overflows, silence

pytest_plugins = ["tests.looking"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("follow")]

PHONE = (360, 740)
VISIT = re.compile(r"/api/v1/visits/[\w-]+$")
REGISTER = """async (scope) => {
  const rules = trustedTypes.createPolicy("test", { createScriptURL: (url) => url });
  await navigator.serviceWorker.register(rules.createScriptURL("/phone.js"), { scope });
  await navigator.serviceWorker.ready;
}"""
SHOWN = """async (scope) => {
  const worker = await navigator.serviceWorker.getRegistration(scope);
  for (;;) {
    const [shown] = await worker.getNotifications();
    if (shown) return { title: shown.title, body: shown.body, url: shown.data.url };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}"""
SHAKES = "window.shakes = []; navigator.vibrate = (pattern) => window.shakes.push(pattern.length)"


@pytest.fixture
def take(hall) -> Callable[..., dict[str, Any]]:
    def take_it(*services: str) -> dict[str, Any]:
        return hall.take(*services).json()

    return take_it


@pytest.fixture
def phone(look, take) -> Callable[..., Page]:
    """Open a visit's page on a small phone."""

    def open_it(visit: dict[str, Any] | None = None, query: str = "", **wishes: Any) -> Page:
        token = (visit or take("F01"))["visit"]["token"]
        wishes = {"size": PHONE, "has_touch": True, "is_mobile": True, **wishes}
        return look(f"/v/{token}{query}", **wishes)

    return open_it


def state_of(page: Page):
    return page.get_by_test_id("visit-state")


def other(page: Page, label: str):
    return page.locator(".other").filter(has=page.get_by_role("heading", name=label))


def connected(page: Page) -> Page:
    """Wait until the page has begun to listen: the alarm's button is there."""
    expect(page.get_by_test_id("alerts-on")).to_be_visible()
    return page


# --- Told by the hall -----------------------------------------------------------------------------


def test_the_place_in_line_moves_up_and_a_call_fills_the_screen(hall, take, phone):
    take("F01"), take("F01")
    page = phone()
    expect(page.get_by_text("2 antrean di depan Anda")).to_be_visible()
    hall.press(14, "call-next")
    expect(page.get_by_text("1 antrean di depan Anda")).to_be_visible()
    hall.press(15, "call-next")
    expect(state_of(page)).to_contain_text("Anda berikutnya")
    hall.press(14, "call-next", body={"finish_current": True})
    expect(state_of(page)).to_contain_text("Dipanggil")
    expect(state_of(page)).to_contain_text("Silakan ke Loket 14")
    expect(page.locator("body")).to_have_css("background-color", "rgb(242, 183, 5)")
    assert page.title() == "F-003 · Dipanggil"


def test_a_visit_is_followed_to_its_end_without_being_asked_for(hall, phone):
    asked: list[str] = []
    page = phone(prepare=lambda page: page.on("request", lambda request: asked.append(request.url)))
    steps = {"call-next": "Dipanggil", "start": "Dilayani", "finish": "Selesai"}
    for verb, words in steps.items():
        hall.press(14, verb)
        expect(state_of(page)).to_contain_text(words)
    assert [url for url in asked if VISIT.search(url)] == []


def test_where_no_socket_comes_through_the_visit_is_asked_for(hall, phone):
    def without_sockets(page: Page) -> None:
        page.clock.install()
        page.route_web_socket("**/ws/**", lambda socket: socket.close())

    page = connected(phone(prepare=without_sockets))
    hall.press(14, "call-next")
    with page.expect_response(VISIT):
        for _ in range(6):
            page.clock.run_for(3_000)
            page.evaluate("fetch('/health/live')")  # an answer has the time to come
    expect(state_of(page)).to_contain_text("Silakan ke Loket 14")
    expect(page.get_by_test_id("stale-badge")).to_be_hidden()


def test_silence_is_told_and_then_the_truth(hall, phone):
    """Out of reach in the parking garage, and back."""
    lines: list[WebSocketRoute] = []

    def through_us(page: Page) -> None:
        page.clock.install()
        page.route_web_socket("**/ws/**", lambda socket: lines.append(socket.connect_to_server()))

    page = connected(phone(prepare=through_us))
    expect(state_of(page)).to_contain_text("Anda berikutnya")
    page.context.set_offline(True)
    lines[0].close()
    page.route(VISIT, lambda route: route.abort())
    for _ in range(5):
        page.clock.run_for(3_000)
    badge = page.get_by_test_id("stale-badge")
    expect(badge).to_contain_text("Sambungan terputus")
    expect(badge).to_contain_text("Keadaan pukul")
    hall.press(14, "call-next")
    page.context.set_offline(False)
    page.unroute(VISIT)
    called = state_of(page).filter(has_text="Silakan ke Loket 14")
    assert eventually(lambda: page.clock.run_for(1_000) or called.is_visible(), 15)
    expect(badge).to_be_hidden()


def test_an_incident_is_told_and_taken_back(hall, phone):
    page = connected(phone())
    hall.press_queue("F", "incident")
    expect(page.get_by_test_id("incident")).to_contain_text("Sistem Samsat sedang gangguan")
    assert barriers(page) == []
    hall.press_queue("F", "clear")
    expect(page.get_by_test_id("incident")).to_be_hidden()


def test_a_page_whose_visit_is_over_and_forgotten_says_so(hall, phone):
    page = once_told(phone)
    hall.rows(
        "UPDATE queueing_visit SET date = date - 3; UPDATE queueing_ticket SET date = date - 3"
    )
    hall.take("F01")
    expect(page.get_by_role("heading", name="Nomor ini sudah tidak berlaku")).to_be_visible()
    assert barriers(page) == []


def test_one_call_shakes_and_is_said_once(hall, phone):
    page = phone(prepare=lambda page: page.add_init_script(SHAKES))
    page.get_by_test_id("alerts-on").click()
    expect(page.get_by_text("Pemberitahuan aktif")).to_be_visible()
    hall.press(14, "call-next")
    alarm = page.locator("[data-part=alarm]")
    expect(alarm).to_have_text("Nomor F-001 dipanggil ke Loket 14.")
    assert page.evaluate("window.shakes") == [3, 5]
    hall.press(14, "start")
    expect(alarm).to_have_text("")
    page.get_by_role("button", name="Matikan pemberitahuan").click()
    expect(page.get_by_text("Pemberitahuan mati")).to_be_visible()


# --- Three errands --------------------------------------------------------------------------------


def test_three_errands_stand_in_the_order_in_which_they_come(hall, take, phone):
    take("F01"), take("F01"), take("F01"), take("G01")
    page = phone(take("A01", "F01", "G01"))
    expect(page.get_by_test_id("ticket-label")).to_have_text("A-001")
    expect(page.locator(".other h3")).to_have_text(["G-002", "F-004"])
    expect(other(page, "F-004")).to_contain_text("3 antrean di depan Anda")
    hall.press(14, "call-next")
    expect(other(page, "F-004")).to_contain_text("2 antrean di depan Anda")
    hall.press(1, "call-next")
    expect(state_of(page)).to_contain_text("Silakan ke Loket 1")
    expect(page.locator("[data-counter='1']")).to_have_class("here")
    hall.press(1, "finish"), hall.press(1, "start"), hall.press(1, "finish")
    expect(page.get_by_test_id("ticket-label")).to_have_text("G-002")
    expect(other(page, "A-001")).to_contain_text("Selesai")


def test_an_errand_can_be_put_first(take, phone):
    told: list[Any] = []

    def keep_orders(page: Page) -> None:
        def answer(route: Any) -> None:
            told.append(json.loads(route.request.post_data))
            route.fulfill(json={})

        page.route("**/order", answer)

    visit = take("A01", "F01")
    page = phone(visit, prepare=keep_orders)
    with page.expect_response("**/order"):
        other(page, "F-001").get_by_role("button", name="Dahulukan ini").click()
    ids = {ticket["label"]: ticket["id"] for ticket in visit["tickets"]}
    expect(page.locator("[data-part=refusal]")).to_be_hidden()
    assert told == [{"tickets": [ids["F-001"], ids["A-001"]]}]


# --- What one may ask for -------------------------------------------------------------------------


def test_a_number_goes_after_the_next_three(hall, take, phone):
    page = phone(take("F01"))
    for _ in range(4):
        take("F01")
    page.get_by_role("button", name="Minta diundur 3 nomor").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Undurkan nomor F-001?")
    expect(dialog).to_contain_text("Sisa 2 kali.")
    assert barriers(page) == []
    page.get_by_role("button", name="Ya, undurkan").click()
    expect(page.get_by_text("3 antrean di depan Anda")).to_be_visible()
    expect(dialog).to_be_hidden()


def test_who_goes_away_goes_with_all_numbers_and_comes_back_with_all(hall, take, phone):
    page = phone(take("A01", "F01"))
    page.get_by_role("button", name="Pergi sebentar A-001").click()
    assert barriers(page) == []
    page.get_by_role("button", name="Ya, saya pergi").click()
    expect(state_of(page)).to_contain_text("Pergi sampai")
    expect(other(page, "F-001")).to_contain_text("Pergi sampai")
    assert hall.press(14, "call-next").json()["ticket"] is None
    page.get_by_role("button", name="Saya sudah kembali A-001").click()
    expect(state_of(page)).to_contain_text("Anda berikutnya")
    expect(other(page, "F-001")).to_contain_text("Anda berikutnya")


def test_a_double_tap_on_a_slow_line_is_one_wish(hall, take, phone):
    def slowly(page: Page) -> None:
        page.route("**/postpone", only_first(lose))

    page = phone(take("F01"), prepare=slowly)
    take("F01")
    page.get_by_role("button", name="Minta diundur 3 nomor").click()
    page.get_by_role("button", name="Ya, undurkan").dblclick()
    expect(page.get_by_text("1 antrean di depan Anda")).to_be_visible()
    assert hall.rows("SELECT postponed FROM queueing_ticket ORDER BY id") == [(1,), (0,)]


def test_a_refusal_is_told_in_words(hall, phone):
    page = phone()
    page.get_by_role("button", name="Minta diundur 3 nomor").click()
    page.get_by_role("button", name="Ya, undurkan").click()
    expect(page.locator("[data-part=refusal]")).to_have_text("Belum ada nomor sesudah nomor Anda.")


def test_a_wrong_choice_is_mended_where_the_agency_lets_one(hall, take, phone):
    hall.rows("UPDATE agencies_agency SET phone_change = true WHERE code = 'F'")
    page = phone(take("F01"))
    page.get_by_role("button", name="Ganti layanan F-001").click()
    assert barriers(page) == []
    page.get_by_role("dialog").get_by_role("button", name="Ganti layanan").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    hall.rows("UPDATE agencies_agency SET phone_change = false")
    ((first, now),) = hall.rows(
        "SELECT e.detail->'from'->>0, s.code FROM queueing_ticketevent e,"
        " queueing_ticket_services t JOIN agencies_service s ON s.id = t.service_id"
        " WHERE e.kind = 'change_service'"
    )
    assert (first, now != first) == ("F01", True)


def test_a_number_is_cancelled_after_a_question(hall, phone):
    page = phone()
    cancel = page.get_by_role("button", name="Batalkan nomor ini")
    cancel.click()
    page.get_by_role("button", name="Tidak, saya tetap menunggu").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    cancel.click()
    expect(page.get_by_role("dialog")).to_contain_text("Batalkan nomor F-001?")
    page.get_by_role("button", name="Ya, batalkan nomor").click()
    expect(state_of(page)).to_contain_text("Dibatalkan")
    expect(page.get_by_role("button", name="Batalkan nomor ini")).to_be_hidden()
    assert hall.rows("SELECT state FROM queueing_ticket") == [("cancelled",)]


# --- Everybody ------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "?lang=en"])
def test_nothing_keeps_anybody_out_in_any_state(hall, take, phone, query):
    page = phone(take("F01", "A01"), query)
    page.get_by_role("button", name=re.compile("Kontras tinggi|High contrast")).click()
    assert barriers(page) == []
    page.get_by_role("button", name=re.compile("Kontras tinggi|High contrast")).click()
    for verb, state in [("call-next", "called"), ("start", "serving"), ("finish", "waiting")]:
        hall.press(14, verb)
        expect(page.locator("body")).to_have_attribute("data-state", state)
        assert barriers(page) == []
    assert barriers(page) == []


@pytest.mark.parametrize("size", [PHONE, (320, 568), (1366, 768)])
def test_it_fits_with_larger_text(take, phone, size):
    page = phone(take("F01", "A01"), size=size)
    page.get_by_role("button", name="Huruf lebih besar").click()
    page.get_by_text("Ubah nomor ini").click()
    assert not overflows(page)
    assert too_small(page, 44) == []
    page.get_by_role("button", name="Pergi sebentar").first.click()
    assert not overflows(page)


def test_it_works_without_scripts(hall, phone):
    visit = hall.take("F01").json()
    page = phone(visit, java_script_enabled=False)
    expect(state_of(page)).to_contain_text("Anda berikutnya")
    assert page.get_by_role("main").get_by_role("button").count() == 0
    hall.press(14, "call-next")
    page.reload()
    expect(state_of(page)).to_contain_text("Silakan ke Loket 14")


@pytest.mark.parametrize("query", ["", "?lang=en"])
def test_it_weighs_at_most_60_kilobytes(take, phone, query):
    weights: list[int] = []
    page = phone(take("F01", "A01", "G01"), query, prepare=lambda page: weigh(page, weights))
    page.wait_for_load_state("networkidle")
    assert 10_000 < sum(weights) <= 60_000


def test_nobody_is_told_more_than_the_own_visit(take, phone):
    frames: list[Any] = []
    page = connected(phone(take("F01"), prepare=lambda page: frames.append(silence(page))))
    expect(state_of(page)).to_contain_text("Anda berikutnya")
    assert page.evaluate("Object.keys(localStorage)") == []


# --- When the page is shut ------------------------------------------------------------------------


def test_a_message_to_a_shut_page_is_shown_and_leads_back(take, phone):
    """The worker alone: the way from the hall to the phone's maker is the maker's own."""
    token = take("F01")["visit"]["token"]
    page = phone(
        {"visit": {"token": token}}, service_workers="allow", permissions=["notifications"]
    )
    session = page.context.new_cdp_session(page)
    registered: list[str] = []

    def note(event: Any) -> None:
        registered.extend(each["registrationId"] for each in event["registrations"])

    session.on("ServiceWorker.workerRegistrationUpdated", note)
    session.send("ServiceWorker.enable")
    page.evaluate(REGISTER, f"/v/{token}")
    assert eventually(lambda: page.wait_for_timeout(50) or bool(registered))
    message = {"title": "F-001 · Dipanggil", "body": "Silakan ke Loket 14", "tag": "F-001"}
    message |= {"url": f"/v/{token}", "urgent": True}
    order = {"origin": page.evaluate("location.origin"), "registrationId": registered[0]}
    session.send("ServiceWorker.deliverPushMessage", {**order, "data": json.dumps(message)})
    shown = page.evaluate(SHOWN, f"/v/{token}")
    assert shown == {
        "title": "F-001 · Dipanggil",
        "body": "Silakan ke Loket 14",
        "url": f"/v/{token}",
    }
