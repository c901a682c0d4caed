"""Does a press at the kiosk count exactly once? Through double taps, bad lines and power cuts."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browsing import barriers, out_of_sight, too_small
from tests.kiosks import VISITS, Kiosk, with_a_clock
from tests.pages import lose, only_first, switch_off_and_on

pytest_plugins = ["tests.looking", "tests.at_the_kiosk"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("kiosk-presses")]


TWENTY_MM = 81  # px on 21.5" at 1080 x 1920


def test_a_double_tap_gives_one_number(hall, kiosk):
    kiosk.touch("service-A01")
    kiosk.page.get_by_test_id("take-ticket").dblclick()
    assert kiosk.label == "A-001"
    assert len(hall.tickets()) == 1


def tap_again(kiosk: Kiosk, place: Locator) -> None:
    """The second tap of a double tap, on what has come under the finger meanwhile."""
    place.hover()
    kiosk.page.mouse.down(click_count=2)
    kiosk.page.mouse.up(click_count=2)


def test_the_second_tap_does_not_close_the_number_unseen(kiosk):
    assert kiosk.take() == "A-001"
    tap_again(kiosk, kiosk.page.get_by_test_id("done"))
    expect(kiosk.page.get_by_test_id("ticket-label")).to_have_text("A-001")
    kiosk.touch("done")
    expect(kiosk.page.get_by_test_id("ticket-label")).to_be_hidden()


def test_two_taps_on_a_service_take_no_number(hall, kiosk):
    kiosk.touch("service-A01")
    tap_again(kiosk, kiosk.page.get_by_test_id("take-ticket"))
    kiosk.page.get_by_role("button", name="Kembali").click()
    expect(kiosk.start).to_be_visible()
    assert hall.tickets() == []


def test_the_second_tap_on_the_same_screen_counts(kiosk):
    kiosk.page.locator(".finder").click()
    kiosk.type("a")
    tap_again(kiosk, kiosk.page.locator("[data-key='a']"))
    expect(kiosk.page.locator("[data-part=query]")).to_have_value("aa")


def test_an_answer_that_was_lost_is_asked_for_with_the_same_key(hall, kiosk):
    kiosk.page.route(VISITS, only_first(lose))
    assert kiosk.take() == "A-001"
    assert len(set(kiosk.keys)) == 1
    assert len(kiosk.keys) > 1
    assert len(hall.tickets()) == 1


def test_after_a_power_cut_the_number_is_shown_with_an_explanation(hall, kiosk):
    kiosk.page.route(VISITS, lose)
    kiosk.touch("service-A01")
    kiosk.touch("take-ticket")
    expect(kiosk.notice).to_contain_text("tidak akan dobel")
    switch_off_and_on(kiosk.page)
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


def test_a_touch_before_the_kept_press_is_known_does_not_take_its_place(hall, kiosk):
    hold_the_store = """() => {
        const open = indexedDB.open.bind(indexedDB), held = new Promise((go) => (window.go = go));
        indexedDB.open = (...what) => {
            let real;
            const asked = { get result() { return real.result; } };
            held.then(() => { real = open(...what);
                for (const name in asked) if (name.startsWith("on")) real[name] = asked[name]; });
            return asked; }; }"""
    kiosk.page.add_init_script(f"({hold_the_store})()")
    leave_a_press(kiosk, seconds_ago=5)
    kiosk.page.get_by_test_id("agency-B").dispatch_event("click")
    expect(kiosk.start).to_be_visible()
    kiosk.page.evaluate("go()")
    assert kiosk.label == "A-001"
    assert len(hall.tickets()) == 1


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


# --- A bad line ---------------------------------------------------------------------------------


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


@pytest.mark.slow
def test_a_cut_link_is_told_and_taken_back(kiosk):
    badge = kiosk.page.get_by_test_id("stale-badge")
    expect(badge).to_be_hidden()
    kiosk.page.context.set_offline(offline=True)
    expect(badge).to_be_visible(timeout=20_000)
    expect(badge).to_contain_text("silakan ke resepsionis")
    kiosk.page.context.set_offline(offline=False)
    expect(badge).to_be_hidden(timeout=15_000)
