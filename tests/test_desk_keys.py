"""Every key does what its officer wishes: changed on the page, kept, never two things at once."""

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import barriers
from tests.desks import at_desk, dialog, events, serve

pytest_plugins = ["tests.looking"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk-work")]


def open_keys(page: Page) -> None:
    page.get_by_text("Menu loket").click()
    page.get_by_role("button", name="Tombol papan ketik").click()


def give(page: Page, wish: str, key: str) -> None:
    page.get_by_role("button", name=f"Ubah tombol {wish}").click()
    page.keyboard.press(key)


def told(page: Page):
    return page.locator("#keys-told")


def test_another_key_does_the_same_and_is_kept(hall, look):
    serve(hall, 1, "A01")
    page = at_desk(hall, look)
    open_keys(page)
    give(page, "Tunda", "j")
    expect(told(page)).to_have_text("“Tunda” sekarang dengan tombol J.")
    assert barriers(page) == []
    page.get_by_role("button", name="Mengerti").click()
    page.reload()
    expect(page.get_by_test_id("hold")).to_contain_text("J")
    expect(page.get_by_test_id("hold")).to_have_attribute("aria-keyshortcuts", "J")
    page.keyboard.press("h")
    page.keyboard.press("j")
    expect(page.locator("#held")).to_contain_text("A-001")
    assert events(hall, "hold") == ["hold"]


def test_a_key_that_is_taken_is_refused_in_a_sentence(hall, look):
    page = at_desk(hall, look)
    open_keys(page)
    give(page, "Tunda", "T")
    said = "Tombol T sudah dipakai untuk “Alihkan”. Pilih tombol lain."
    expect(told(page)).to_have_text(said)
    give(page, "Tunda", "F5")
    expect(told(page)).to_have_text("Tombol F5 dipakai peramban. Pilih tombol lain.")
    expect(page.locator("[data-wish=hold] kbd")).to_have_text("H")


def test_escape_keeps_the_key_and_the_dialog(hall, look):
    page = at_desk(hall, look)
    open_keys(page)
    give(page, "Tunda", "Escape")
    expect(dialog(page)).to_be_visible()
    expect(page.locator("[data-wish=hold] kbd")).to_have_text("H")


def test_all_keys_go_back_to_what_they_were(hall, look):
    page = at_desk(hall, look)
    open_keys(page)
    give(page, "Panggil berikutnya", "F4")
    expect(told(page)).to_contain_text("sudah dipakai")
    give(page, "Panggil berikutnya", "+")
    page.get_by_label("Tombol huruf").uncheck()
    page.get_by_role("button", name="Seperti semula").click()
    expect(page.locator("[data-wish=call-next] kbd")).to_have_text("F2")
    expect(page.get_by_label("Tombol huruf")).to_be_checked()


def test_letters_are_the_officers_own(hall, look):
    """What one officer changes at a shared machine is not the next one's."""
    serve(hall, 1, "A01")
    page = at_desk(hall, look)
    open_keys(page)
    give(page, "Tunda", "j")
    kept = page.evaluate("Object.keys(localStorage).filter((name) => name.includes('keys'))")
    assert kept == ["desk-keys:loket-01"]


def test_without_letters_the_function_keys_stay(hall, look):
    hall.take("A01")
    page = at_desk(hall, look)
    open_keys(page)
    page.get_by_label("Tombol huruf").uncheck()
    page.get_by_role("button", name="Mengerti").click()
    expect(page.get_by_test_id("transfer").locator("kbd")).to_be_hidden()
    page.keyboard.press("?")
    expect(dialog(page)).to_have_count(0)
    page.keyboard.press("F2")
    expect(page.get_by_test_id("current-ticket")).to_contain_text("A-001")


def test_nobody_who_types_presses_a_key(hall, look):
    serve(hall, 1, "A01")
    page = at_desk(hall, look)
    page.locator("#finish-note").press_sequentially("xht u?")
    expect(page.locator("#finish-note")).to_have_value("xht u?")
    expect(dialog(page)).to_have_count(0)
    page.keyboard.press("F9")
    expect(page.get_by_test_id("current-ticket")).to_be_hidden()
    assert events(hall, "finish", "hold", "transfer") == ["finish"]
