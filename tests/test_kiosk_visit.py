"""Several services in one visit: picked, reviewed, taken at once."""

import pytest
from playwright.sync_api import expect

from tests.kiosks import VISITS, wait_idle, with_a_clock
from tests.pages import lose, only_first, switch_off_and_on

pytest_plugins = ["tests.looking", "tests.at_the_kiosk"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("kiosk-visit")]


def test_several_services_become_one_visit(hall, kiosk):
    kiosk.pick("A01", "F01")
    kiosk.touch("take-ticket")
    assert kiosk.labels == ["A-001", "F-001"]
    assert hall.rows("SELECT count(*) FROM queueing_visit") == [(1,)]
    assert len(kiosk.keys) == 1
    expect(kiosk.page.locator("[data-part=qr]")).to_have_count(1)


def test_services_of_one_queue_become_one_number_and_it_says_so(hall, kiosk):
    kiosk.pick("A01", "A07")
    expect(kiosk.page.get_by_text("Layanan satu instansi memakai satu nomor")).to_be_visible()
    expect(kiosk.page.get_by_test_id("take-ticket")).to_have_text("Ambil nomor antrean")
    kiosk.touch("take-ticket")
    assert kiosk.labels == ["A-001"]
    assert hall.rows("SELECT count(*) FROM queueing_ticket_services") == [(2,)]


def test_the_button_says_how_many_numbers_it_takes(kiosk):
    kiosk.pick("A01", "F01")
    expect(kiosk.page.get_by_test_id("take-ticket")).to_have_text("Ambil 2 nomor antrean")


def test_what_was_picked_stays_in_sight_until_it_is_taken(kiosk):
    strip = kiosk.page.get_by_test_id("basket")
    expect(strip).to_be_hidden()
    kiosk.touch("service-A01")
    kiosk.touch("add-service")
    expect(strip).to_contain_text("1 layanan dipilih: KTP baru")
    kiosk.touch("agency-B")
    expect(strip).to_be_visible()
    kiosk.touch("basket")
    kiosk.touch("take-ticket")
    kiosk.touch("done")
    expect(strip).to_be_hidden()


def test_a_service_may_be_left_out_and_picked_again(hall, kiosk):
    kiosk.pick("A01", "F01")
    kiosk.touch("remove-F01")
    expect(kiosk.page.get_by_test_id("pick-F01")).to_be_focused()
    kiosk.touch("remove-A01")
    expect(kiosk.page.get_by_test_id("take-ticket")).to_be_hidden()
    kiosk.touch("pick-F01")
    kiosk.touch("take-ticket")
    assert kiosk.labels == ["F-001"]


def test_a_life_event_picks_what_it_needs(hall, kiosk):
    kiosk.touch("life-events")
    kiosk.touch("event-lost")
    expect(kiosk.page.get_by_role("heading", level=1)).to_have_text("Dompet hilang")
    kiosk.touch("take-ticket")
    assert kiosk.labels == ["A-001", "F-001", "H-001", "S-001"]
    assert kiosk.touches == 3


def test_a_life_event_leaves_out_what_is_closed(kiosk, queue_f):
    queue_f("paused")
    expect(kiosk.page.get_by_test_id("agency-F")).to_contain_text("Dijeda")
    kiosk.touch("life-events")
    kiosk.touch("event-lost")
    expect(kiosk.page.locator(".want", has_text="Samsat")).to_have_count(0)
    row = kiosk.page.locator(".want", has_text="STNK")
    expect(row).to_contain_text("sedang dijeda")
    expect(row.get_by_role("button")).to_have_count(0)
    kiosk.touch("take-ticket")
    assert kiosk.labels == ["A-001", "H-001", "S-001"]


@pytest.mark.slow
def test_at_most_six_services_make_a_visit(kiosk):
    kiosk.pick("A01", "A07", "A13", "D01", "F01", "G01")
    expect(kiosk.page.get_by_test_id("add-service")).to_be_hidden()
    kiosk.touch("take-ticket")
    assert kiosk.labels == ["A-001", "D-001", "F-001", "G-001"]


def test_another_language_forgets_nothing(kiosk):
    kiosk.pick("A01", "F01")
    kiosk.page.get_by_role("link", name="English").click()
    expect(kiosk.page.get_by_role("heading", level=1)).to_have_text("Your visit")
    expect(kiosk.page.get_by_test_id("take-ticket")).to_have_text("Take 2 queue numbers")


@pytest.mark.slow
def test_what_somebody_picked_and_left_is_forgotten(open_kiosk):
    kiosk = open_kiosk(prepare=with_a_clock)
    kiosk.touch("service-A01")
    kiosk.touch("add-service")
    wait_idle(kiosk, 32)
    expect(kiosk.page.get_by_role("alertdialog")).to_be_visible()  # asked at the start, too
    wait_idle(kiosk, 22)
    expect(kiosk.page.get_by_test_id("basket")).to_be_hidden()


def test_a_priority_group_travels_with_every_number(hall, kiosk):
    kiosk.pick("A01", "F01")
    kiosk.page.get_by_label("Lansia").check()
    kiosk.touch("take-ticket")
    assert kiosk.labels == ["A-001", "F-001"]
    assert hall.rows("SELECT DISTINCT priority FROM queueing_ticket") == [("elderly",)]


# --- Exactly once -------------------------------------------------------------------------------


def test_a_double_tap_takes_each_number_once(hall, kiosk):
    kiosk.pick("A01", "F01")
    kiosk.page.get_by_test_id("take-ticket").dblclick()
    assert kiosk.labels == ["A-001", "F-001"]
    assert len(hall.tickets()) == 2


def test_an_answer_that_was_lost_takes_each_number_once(hall, kiosk):
    kiosk.page.route(VISITS, only_first(lose))
    kiosk.pick("A01", "F01")
    kiosk.touch("take-ticket")
    assert kiosk.labels == ["A-001", "F-001"]
    assert len(set(kiosk.keys)) == 1
    assert len(kiosk.keys) > 1
    assert len(hall.tickets()) == 2


def test_after_a_power_cut_the_numbers_of_the_visit_are_shown(hall, kiosk):
    kiosk.page.route(VISITS, lose)
    kiosk.pick("A01", "F01")
    kiosk.touch("take-ticket")
    expect(kiosk.notice).to_contain_text("tidak akan dobel")
    kiosk.page.evaluate("sessionStorage.clear()")  # as a browser that was switched off
    switch_off_and_on(kiosk.page)
    expect(kiosk.page.get_by_text("bukan nomor baru")).to_be_visible()
    assert kiosk.labels == ["A-001", "F-001"]
    assert len(hall.tickets()) == 2


def test_numbers_on_the_screen_survive_a_reload(hall, kiosk):
    kiosk.pick("A01", "F01")
    kiosk.touch("take-ticket")
    assert kiosk.labels == ["A-001", "F-001"]
    kiosk.page.reload()
    assert kiosk.labels == ["A-001", "F-001"]
    assert len(hall.tickets()) == 2


@pytest.mark.parametrize("services", [["A01"], ["A01", "F01"]])
def test_nobody_leaves_while_numbers_are_being_taken(kiosk, services):
    kiosk.page.route(VISITS, lambda route: None)  # never answered
    kiosk.pick(*services)
    kiosk.touch("take-ticket")
    expect(kiosk.page.get_by_test_id("take-ticket")).to_be_disabled()
    for way in ("Awal", "Kembali"):
        button = kiosk.page.get_by_role("button", name=way, exact=True)
        expect(button).to_have_attribute("aria-disabled", "true")
    kiosk.page.keyboard.press("Escape")
    expect(kiosk.page.get_by_test_id("take-ticket")).to_be_visible()


MEETING = """() => {
  const boxes = [...document.querySelectorAll("button")].filter((each) => each.offsetParent)
    .map((each) => each.getBoundingClientRect());
  return boxes.some((a, i) => boxes.slice(i + 1).some((b) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom));
}"""


@pytest.mark.parametrize(
    "codes", [("A01", "F01"), ("A01", "F01", "G01"), ("A01", "D01", "F01", "G01")]
)
def test_no_button_lies_over_another_when_every_number_has_an_estimate(hall, kiosk, codes):
    hall.rows(KNOWN)
    kiosk.pick(*codes)
    kiosk.touch("take-ticket")
    expect(kiosk.page.locator(".ahead").last).to_contain_text("perkiraan dipanggil")
    assert kiosk.page.evaluate(MEETING) is False


KNOWN = (
    "INSERT INTO queueing_forecast"
    " (queue_id, version, told_at, at, ahead, middle, late, why, simple, stretch)"
    " SELECT id, 0, now(), now(), 12, now() + interval '20 min', now() + interval '35 min',"
    " '', 20, 1 FROM agencies_queue RETURNING 1"
)
