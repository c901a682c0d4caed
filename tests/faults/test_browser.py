"""Kiosk and lobby screen in a browser whose power is cut, and whose server is not there."""

import datetime as dt
from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import APIResponse, Page, expect

from tests.browsing import chromium_path
from tests.faults.device import Device
from tests.pages import FULL_HD, UPRIGHT, eventually
from tests.proxy import FaultProxy
from tests.running import at_once
from tests.test_kiosk_page import VISITS
from tests.weight import weight_of

pytest_plugins = ["tests.looking"]
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("faults-browser")]

IS_KEPT = """async () => Boolean(
    navigator.serviceWorker.controller && await caches.match(location.pathname))"""


@pytest.fixture
def door(hall) -> Iterator[FaultProxy]:
    with FaultProxy(hall.web.port) as door:
        yield door


@pytest.fixture
def device(chromium, door, tmp_path) -> Iterator[Device]:
    device = Device(chromium, chromium_path(), tmp_path / "disk", f"http://127.0.0.1:{door.port}")
    yield device
    device.stop()
    assert device.faults == []


# --- The power of a kiosk is cut ----------------------------------------------------------------


def choose(page: Page) -> None:
    page.locator("html[data-ready]").wait_for(state="attached")
    page.get_by_test_id("service-A01").click()


@pytest.fixture
def kiosk(hall, device) -> Page:
    return device.start(f"/{hall.slug}/kiosk", size=UPRIGHT)


def again(hall, device) -> Page:
    device.cut_power()
    return device.start(f"/{hall.slug}/kiosk", size=UPRIGHT)


def label_of(page: Page) -> str:
    return page.get_by_test_id("ticket-label").inner_text()


@pytest.mark.fault("F-K1", "a kiosk's power cut before the press is sent", "1 number, and it shows")
def test_a_press_that_was_never_sent_is_sent_after_the_cut(hall, device, kiosk):
    kiosk.route(VISITS, lambda route: None)
    with kiosk.expect_request(VISITS):
        choose(kiosk), kiosk.get_by_test_id("take-ticket").click()
    assert hall.tickets() == []
    assert label_of(again(hall, device)) == "A-001"
    assert len(hall.tickets()) == 1


@pytest.mark.fault("F-K2", "after the commit, before the answer is read", "1 number, and it shows")
def test_an_answer_that_nobody_read_is_given_again(hall, device, kiosk):
    answers: list[APIResponse] = []
    kiosk.route(VISITS, lambda route: answers.append(route.fetch()))
    choose(kiosk), kiosk.get_by_test_id("take-ticket").click()
    expect(kiosk.get_by_text("Mengambil nomor")).to_be_visible()
    assert eventually(lambda: kiosk.evaluate("true") and bool(answers))
    page = again(hall, device)
    assert label_of(page) == "A-001"
    expect(page.get_by_text("bukan nomor baru")).to_be_visible()
    assert len(hall.tickets()) == 1


@pytest.mark.fault("F-K3", "while the number is showing", "the same number shows again")
def test_a_number_that_was_showing_shows_again(hall, device, kiosk):
    choose(kiosk), kiosk.get_by_test_id("take-ticket").click()
    assert label_of(kiosk) == "A-001"
    page = again(hall, device)
    assert label_of(page) == "A-001"
    expect(page.locator("[data-part=qr]")).to_be_visible()
    assert len(hall.tickets()) == 1


# --- A device starts, and its server does not ---------------------------------------------------


def start_once(device: Device, address: str, size: tuple[int, int]) -> Page:
    """Let a device see its page, and keep what it is made of."""
    page = device.start(address, size=size)
    assert eventually(lambda: page.evaluate(IS_KEPT), 15)
    return page


@pytest.mark.fault(
    "F-D1", "a lobby screen starts while its server is away", "the last board, with the badge"
)
@pytest.mark.parametrize("fault", ["refuse", "stall"])
def test_a_screen_starts_with_its_last_board_and_says_so(hall, device, door, fault):
    address = f"/{hall.slug}/display"
    hall.take("A01"), hall.press(1, "call-next")
    page = start_once(device, address, FULL_HD)
    hall.take("A02"), hall.press(2, "call-next")
    expect(page.get_by_test_id("now-serving")).to_contain_text("A-002", timeout=10_000)
    device.stop()
    door.set(fault)
    page = device.start(address, size=FULL_HD)
    expect(page.get_by_test_id("stale-badge")).to_be_visible(timeout=15_000)
    expect(page.get_by_test_id("now-serving")).to_contain_text("A-002")
    door.set("pass")
    hall.take("A01"), hall.press(3, "call-next")
    expect(page.get_by_test_id("now-serving")).to_contain_text("A-003", timeout=20_000)
    expect(page.get_by_test_id("stale-badge")).to_be_hidden()


@pytest.mark.fault("F-D2", "the same on another day", "says since when it knows nothing")
def test_a_screen_of_another_day_says_that_it_does_not_know(hall, device, door):
    address = f"/{hall.slug}/display"
    hall.take("A01"), hall.press(1, "call-next")
    page = start_once(device, address, FULL_HD)
    expect(page.get_by_test_id("now-serving")).to_contain_text("A-001")
    device.stop()
    door.set("refuse")
    tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    page = device.start(address, size=FULL_HD, moment=tomorrow)
    expect(page.get_by_test_id("unknown")).to_contain_text("Tidak ada sambungan sejak pukul")
    expect(page.locator("#closed")).to_be_hidden()
    expect(page.get_by_test_id("stale-badge")).to_be_visible(timeout=15_000)
    assert "A-001" not in page.get_by_role("main").inner_text()


@pytest.mark.fault("F-K4", "a kiosk starts while its server is away", "says so, and recovers")
def test_a_kiosk_starts_says_that_it_cannot_and_recovers(hall, device, door):
    address = f"/{hall.slug}/kiosk"
    start_once(device, address, UPRIGHT)
    device.stop()
    door.set("refuse")
    page = device.start(address, size=UPRIGHT)
    badge = page.get_by_test_id("stale-badge")
    expect(badge).to_be_visible(timeout=15_000)
    expect(badge).to_contain_text("silakan ke resepsionis")
    door.set("pass")
    expect(badge).to_be_hidden(timeout=20_000)
    choose(page), page.get_by_test_id("take-ticket").click()
    assert label_of(page) == "A-001"


# --- A day in the lobby -------------------------------------------------------------------------

CYCLES = 160  # of eight officers: each one number, one call, and start and finish of the last
COUNTERS = {"A": (1, 2, 3, 4), "F": (14, 15), "G": (16, 17)}
COUNT_WAKE_LOCKS = """
    Math.random = () => 0;  // the shortest pause before coming back
    window.asked = 0;
    navigator.wakeLock.request = async () => { window.asked += 1; };
"""


def work_through(hall, cycles: int) -> None:
    """Let officers of three agencies call one number after the other."""

    def officer(letter: str, counter: int) -> None:
        for _ in range(cycles):
            hall.take(f"{letter}01")
            hall.press(counter, "call-next", body={"finish_current": True})

    at_once([partial(officer, letter, each) for letter, here in COUNTERS.items() for each in here])


def cut_and_wait(page: Page, door: FaultProxy) -> None:
    with page.expect_event("websocket", timeout=10_000) as reconnected:
        door.set("reset")
        door.set("pass")
    reconnected.value.wait_for_event("framereceived")


def is_ours(message) -> bool:
    """Whether the page complains, and not the browser that a line was cut."""
    return message.type == "error" and "net::ERR_" not in message.text


@pytest.mark.fault(
    "T37",
    "5,000 updates and 200 reconnects of a lobby screen",
    "heap + <= 5 MB, nodes + <= 50, listeners + <= 20, 0 console errors; awake after hide and show",
)
def test_a_screen_is_as_light_after_a_day_as_before(hall, look, door, row):
    errors: list[str] = []
    address = f"http://127.0.0.1:{door.port}/{hall.slug}/display"
    page = look(address, prepare=lambda page: page.add_init_script(COUNT_WAKE_LOCKS))
    page.on("console", lambda message: errors.append(message.text) if is_ours(message) else None)
    work_through(hall, 3)
    cut_and_wait(page, door)
    before = weight_of(page)
    for _ in range(10):
        work_through(hall, CYCLES // 10)
        for _ in range(20):
            cut_and_wait(page, door)
    grown = weight_of(page).grown(before)
    row.update(version=hall.board()["version"], **grown._asdict(), errors=len(errors))
    asked = page.evaluate("window.asked")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert page.evaluate("window.asked") == asked + 1
    assert row["version"] >= 5000
    assert (grown.heap <= 5, grown.nodes <= 50, grown.listeners <= 20, errors) == (True,) * 3 + (
        [],
    )
