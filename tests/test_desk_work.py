"""The rest of the day at a desk: taken back, out of turn, sent on, and what was given."""

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import barriers
from tests.desks import (
    agree,
    at_desk,
    dialog,
    events,
    knows_nothing_until,
    last,
    more,
    serve,
)
from tests.pages import lose, only_first

pytest_plugins = ["tests.looking"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk-work")]


def current(page: Page):
    return page.get_by_test_id("current-ticket")


# --- Taken back ---------------------------------------------------------------------------------


def test_a_finish_can_be_undone_by_a_button_or_a_key(hall, look):
    serve(hall, 1, "A01")
    page = at_desk(hall, look)
    for take_back in (page.get_by_test_id("undo").click, lambda: page.keyboard.press("u")):
        page.get_by_test_id("finish").click()
        expect(current(page)).to_be_hidden()
        expect(page.get_by_text("A-001 ditandai selesai.")).to_be_visible()
        expect(page.get_by_test_id("undo")).to_contain_text("dtk")
        take_back()
        expect(current(page)).to_be_visible()
        expect(page.locator("#told")).to_have_text("Diurungkan. Nomor A-001 kembali di loket ini.")
    assert events(hall, "finish", "undo_finish") == ["finish", "undo_finish"] * 2


def test_the_call_of_the_same_press_is_taken_back_with_it(hall, look):
    serve(hall, 1, "A01"), hall.take("A01")
    page = at_desk(hall, look)
    page.get_by_role("button", name="Selesai & panggil berikutnya").click()
    expect(current(page)).to_contain_text("A-002")
    page.get_by_test_id("undo").click()
    expect(current(page)).to_contain_text("A-001")
    expect(page.locator("#next")).to_contain_text("A-002")


def test_a_transfer_and_a_no_show_say_what_is_taken_back(hall, look):
    serve(hall, 1, "A01")
    page = at_desk(hall, look)
    page.keyboard.press("t")
    agree(page)
    expect(page.get_by_test_id("undo-bar")).to_contain_text("A-001 dialihkan.")
    page.keyboard.press("u")
    expect(current(page)).to_contain_text("A-001")


def test_once_the_next_one_is_served_nothing_is_offered_to_undo(hall, look):
    serve(hall, 1, "A01"), hall.take("A01")
    page = at_desk(hall, look)
    page.get_by_test_id("call-next").click()
    expect(page.get_by_test_id("undo-bar")).to_be_visible()
    page.get_by_test_id("start").click()
    expect(page.get_by_test_id("undo-bar")).to_be_hidden()


def test_after_ten_seconds_there_is_nothing_to_undo(hall, look):
    serve(hall, 1, "A01"), hall.press(1, "finish")
    hall.rows("UPDATE queueing_ticket SET ended_at = ended_at - interval '9 seconds'")
    page = at_desk(hall, look)
    expect(page.get_by_test_id("undo-bar")).to_be_hidden()
    page.keyboard.press("u")
    assert events(hall, "undo_finish") == []


# --- Out of turn --------------------------------------------------------------------------------


def test_somebody_without_a_number_is_served_in_three_touches(hall, look):
    page = at_desk(hall, look)
    more(page, "walk-in")
    page.get_by_label("Cari layanan").fill("A02")
    agree(page)
    expect(current(page)).to_contain_text("Dilayani")
    assert events(hall, "issue", "call", "start") == ["issue", "call", "start"]
    assert last(hall, "issue")["service"] == "A02"


def test_a_walk_in_is_offered_only_what_this_counter_serves(hall, look):
    page = at_desk(hall, look)
    more(page, "walk-in")
    page.get_by_label("Cari layanan").fill("F01")
    expect(dialog(page)).to_contain_text("Tidak ada layanan seperti itu.")
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)


def test_a_waiting_line_is_called_by_pressing_it_with_a_reason(hall, look):
    hall.take("A01"), hall.take("A01")
    page = at_desk(hall, look)
    page.locator("#next button", has_text="A-002").click()
    agree(page)
    expect(dialog(page)).to_be_visible()  # a reason is required
    page.get_by_label("Alasan", exact=True).fill("Sakit")
    agree(page)
    expect(current(page)).to_contain_text("A-002")
    assert last(hall, "call")["detail"]["reason"] == "Sakit"


def test_a_number_is_called_by_what_its_slip_says(hall, look):
    hall.take("A01"), hall.take("A01")
    page = at_desk(hall, look)
    more(page, "call")
    page.get_by_label("Nomor", exact=True).fill("a2")
    page.get_by_label("Alasan", exact=True).fill("Sakit")
    page.get_by_label("Alasan", exact=True).press("Enter")
    expect(current(page)).to_contain_text("A-002")


def test_a_number_that_is_not_there_is_said(hall, look):
    page = at_desk(hall, look)
    more(page, "call")
    page.get_by_label("Nomor", exact=True).fill("A-099")
    page.get_by_label("Alasan", exact=True).fill("Sakit")
    agree(page)
    expect(page.get_by_role("alert")).to_have_text("Nomor A-099 tidak ada hari ini.")


def test_somebody_of_the_history_is_called_back(hall, look):
    serve(hall, 1, "A01"), hall.press(1, "finish")
    page = at_desk(hall, look)
    page.get_by_role("button", name="Panggil kembali A-001").click()
    page.get_by_label("Alasan", exact=True).fill("KTP tertinggal")
    agree(page)
    expect(current(page)).to_contain_text("A-001")
    assert last(hall, "call")["detail"]["reason"] == "KTP tertinggal"


def test_who_is_at_another_counter_looks_it_and_cannot_be_pressed(hall, look):
    hall.take("A01", "F01"), hall.take("A01"), hall.press(14, "call-next")
    page = at_desk(hall, look)
    line = page.locator("#next li", has_text="A-001")
    expect(line).to_contain_text("Sedang di loket 14; tempatnya tetap.")
    expect(line.get_by_role("button")).to_be_disabled()
    expect(page.locator("#next button", has_text="A-002")).to_be_enabled()


# --- The right errand ---------------------------------------------------------------------------


def test_a_wrong_choice_is_mended_and_keeps_its_place(hall, look):
    hall.take("A01"), hall.press(1, "call-next")
    page = at_desk(hall, look)
    more(page, "change-service")
    page.get_by_label("Cari layanan").fill("A02")
    agree(page)
    expect(page.locator("#services")).to_have_text("Penggantian KTP-el Hilang")
    assert last(hall, "change_service")["service"] == "A02"


def test_a_further_errand_elsewhere_is_a_further_number(hall, look):
    serve(hall, 1, "A01")
    page = at_desk(hall, look)
    more(page, "add-service")
    page.get_by_label("Cari layanan").fill("F01")
    agree(page)
    expect(page.get_by_role("alert")).to_have_text("Orang ini juga mendapat nomor F-001.")
    expect(page.locator("#others")).to_contain_text("F-001")


def test_what_was_given_is_what_was_asked_without_a_question(hall, look):
    serve(hall, 1, "A01", "A02")
    page = at_desk(hall, look)
    page.get_by_test_id("finish").click()
    expect(current(page)).to_be_hidden()
    assert last(hall, "finish")["detail"] == {"delivered": ["A01", "A02"]}


def test_what_was_not_given_is_switched_off_and_a_note_is_kept(hall, look):
    serve(hall, 1, "A01", "A02"), hall.take("A01")
    page = at_desk(hall, look)
    page.locator("#delivered input[value=A02]").uncheck()
    page.get_by_label("Catatan", exact=True).fill("blangko habis")
    hall.take("A01")
    expect(page.locator("#next")).to_contain_text("A-003")
    page.get_by_test_id("call-next").click()
    expect(current(page)).to_contain_text("A-002")
    assert last(hall, "finish")["detail"] == {"delivered": ["A01"], "note": "blangko habis"}
    page.get_by_test_id("start").click()
    expect(page.get_by_label("Catatan", exact=True)).to_have_value("")
    expect(page.locator("#delivered input")).to_be_checked()


# --- Sent on ------------------------------------------------------------------------------------


def test_a_transfer_names_a_counter_a_reason_a_note_and_the_way_back(hall, look):
    serve(hall, 1, "A01"), hall.take("F01")
    page = at_desk(hall, look)
    page.get_by_test_id("transfer").click()
    page.get_by_label("Instansi").select_option("F")
    page.get_by_label("Loket", exact=True).select_option("14")
    page.get_by_label("Paling depan").check()
    page.get_by_label("Alasan di depan").fill("Lansia")
    page.get_by_label("Catatan untuk petugas").fill("surat ada")
    page.get_by_label("Kembali ke sini").check()
    agree(page)
    expect(current(page)).to_be_hidden()
    said = last(hall, "transfer")["detail"]
    said.pop("to")
    assert said == {"counter": 14, "front": "Lansia", "note": "surat ada", "comes_back": True}


def test_whoever_was_only_called_is_taken_over_by_another_counter(hall, look):
    hall.take("A01"), hall.press(1, "call-next")
    page = at_desk(hall, look)
    page.get_by_test_id("transfer").click()
    page.get_by_label("Loket", exact=True).select_option("2")
    agree(page)
    expect(current(page)).to_be_hidden()
    assert last(hall, "pass_on")["detail"]["counter"] == 2


# --- Bad luck -----------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["undo", "walk-in"])
def test_a_lost_answer_counts_once(hall, look, verb):
    serve(hall, 1, "A01")
    hall.press(1, "finish")
    page = at_desk(hall, look)
    page.route(f"**/{verb}", only_first(lose))
    with page.expect_response(f"**/{verb}"):
        if verb == "undo":
            page.keyboard.press("u")
        else:
            more(page, "walk-in")
            page.get_by_label("Cari layanan").fill("A02")
            agree(page)
    expect(current(page)).to_contain_text("Dilayani")
    kind = {"undo": "undo_finish", "walk-in": "issue"}[verb]
    assert len(events(hall, kind)) == {"undo": 1, "walk-in": 2}[verb]


def test_two_clicks_on_undo_are_one(hall, look):
    serve(hall, 1, "A01")
    page = at_desk(hall, look)
    page.get_by_test_id("finish").click()
    expect(current(page)).to_be_hidden()
    page.get_by_test_id("undo").dblclick()
    expect(current(page)).to_be_visible()
    page.keyboard.press("F9")
    expect(current(page)).to_be_hidden()
    assert events(hall, "finish", "undo_finish") == ["finish", "undo_finish", "finish"]


def test_a_question_that_was_overtaken_sends_nothing(hall, look):
    serve(hall, 1, "A01"), hall.take("A01")
    page = at_desk(hall, look)
    page.get_by_test_id("transfer").click()
    hall.press(1, "call-next", body={"finish_current": True})
    expect(page.locator("#label")).to_have_text("A-002")
    agree(page)
    expect(page.get_by_role("alert")).to_contain_text("Keadaan loket sudah berubah.")
    assert events(hall, "transfer") == []


def test_a_stale_page_is_refused_in_words_and_catches_up(hall, look):
    hall.take("A01"), hall.press(1, "call-next")
    page = at_desk(hall, look, prepare=knows_nothing_until("start"))
    hall.press(1, "no-show", body={"said_so": True})
    page.get_by_test_id("start").click()
    expect(page.get_by_role("alert")).to_have_text("Tidak ada nomor di loket ini.")
    expect(current(page)).to_be_hidden()


def test_the_officer_sees_that_somebody_needs_a_hand(hall, look):
    key = hall.demo["kiosks"][0]["key"]
    hall.post(
        "visits", {"services": ["A01"], "priority": "disability", "help": "wheelchair"}, key=key
    )
    page = at_desk(hall, look)
    page.get_by_test_id("call-next").click()
    expect(page.get_by_test_id("wanted-help")).to_have_text("Butuh bantuan: Kursi roda")
    expect(page.locator("#priority")).to_be_visible()
    expect(page.locator("html[data-busy]")).to_have_count(0)
    assert barriers(page) == []
