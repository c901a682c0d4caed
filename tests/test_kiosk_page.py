"""The kiosk in a real browser against a hall that runs: from a need to a number."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from tests.browsing import barriers, weigh
from tests.kiosks import VISITS
from tests.pages import UPRIGHT
from tests.weight import Weight, weight_of

pytest_plugins = ["tests.looking", "tests.at_the_kiosk"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("kiosk")]


WIB = dt.timezone(dt.timedelta(hours=7))


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


# --- When something is wrong --------------------------------------------------------------------


@pytest.mark.slow
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
    expect(kiosk.notice).to_contain_text("silakan ke resepsionis")
    expect(kiosk.page.get_by_test_id("take-ticket")).to_be_hidden()


def test_a_closed_hall_says_when_it_opens(ordinary_hall, open_kiosk):
    ordinary_hall.set_clock(dt.datetime(2026, 11, 23, 18, 0, tzinfo=WIB))  # a Monday evening
    kiosk = open_kiosk()
    expect(kiosk.notice).to_contain_text("Buka lagi Selasa pukul 08.00")
    expect(kiosk.page.get_by_test_id("service-A01")).to_contain_text("Selesai hari ini")


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


# --- For a month --------------------------------------------------------------------------------

# A press that is still on its way to the disk has its listeners.
WRITTEN = """async () => {
  const { pressIsWritten } = await import("/static/kiosk/press.js");
  await pressIsWritten();
}"""


@pytest.mark.slow
def test_a_month_of_visitors_leaves_nothing_behind(kiosk):
    def visitors(count: int) -> Weight:
        for _ in range(count):
            kiosk.take()
            kiosk.press("done")
            kiosk.page.locator(".finder").click()
            kiosk.find("paspor")
            kiosk.page.keyboard.press("Escape")
        kiosk.page.evaluate(WRITTEN)
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
