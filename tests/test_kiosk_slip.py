"""After the number: what the kiosk says while a slip is printed, and when it cannot be."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import barriers
from tests.kiosks import Kiosk, set_up, wait_idle, with_a_clock
from tests.pages import stop_the_clock
from tests.printers import WITH_A_PRINTER, asked, printing

pytest_plugins = ["tests.looking", "tests.at_the_kiosk"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("kiosk-slip")]


def at_a_time(outcome: str, clock: Callable[[Page], None]) -> Callable[[Page], None]:
    """A printer that ends like this, and the time in the test's hand."""

    def prepare(page: Page) -> None:
        clock(page)
        printing(outcome)(page)

    return prepare


@pytest.fixture
def open_printing(open_kiosk: Callable[..., Kiosk]) -> Callable[..., Kiosk]:
    """Take a number at a kiosk whose printer ends like this."""

    def open_it(outcome: str, clock: Callable[[Page], None] = with_a_clock) -> Kiosk:
        kiosk = open_kiosk(prepare=at_a_time(outcome, clock), device=WITH_A_PRINTER)
        kiosk.touch("service-A01")
        kiosk.touch("take-ticket")
        expect(kiosk.page.get_by_test_id("ticket-label")).to_have_text("A-001")
        return kiosk

    return open_it


def said(kiosk: Kiosk) -> Any:
    return kiosk.page.get_by_test_id("printing")


def test_a_printed_slip_ends_the_visit_after_eight_seconds(open_printing):
    kiosk = open_printing("printed", stop_the_clock)
    expect(said(kiosk)).to_have_text("Slip sudah dicetak. Silakan ambil.")
    wait_idle(kiosk, 6)
    expect(kiosk.page.get_by_test_id("ticket-label")).to_be_visible()
    wait_idle(kiosk, 3)
    expect(kiosk.start).to_be_visible()
    assert len(kiosk.keys) == 1


def test_a_kiosk_without_a_printer_says_nothing_of_slips(kiosk):
    kiosk.take()
    expect(said(kiosk)).to_be_hidden()
    expect(kiosk.page.get_by_test_id("print-again")).to_be_hidden()


def test_while_the_slip_is_coming_the_number_stays(open_printing):
    kiosk = open_printing("never")
    expect(said(kiosk)).to_have_text("Mengambil slip \N{HORIZONTAL ELLIPSIS}")
    expect(kiosk.page.get_by_test_id("print-again")).to_be_disabled()
    wait_idle(kiosk, 15)
    expect(kiosk.page.get_by_test_id("ticket-label")).to_be_visible()


@pytest.mark.parametrize(
    ("outcome", "words"), [("paper_out", "Kertas habis."), ("gone", "Pencetak tidak menjawab.")]
)
def test_without_paper_the_number_stays_large_with_its_code(open_printing, outcome, words):
    kiosk = open_printing(outcome)
    expect(said(kiosk)).to_contain_text(words)
    expect(said(kiosk)).to_contain_text("Foto nomor ini atau pindai kode.")
    expect(kiosk.page.locator("[data-part=qr]")).to_be_visible()
    wait_idle(kiosk, 30)
    expect(kiosk.page.get_by_test_id("ticket-label")).to_be_visible()
    assert barriers(kiosk.page) == []
    kiosk.touch("done")
    expect(kiosk.start).to_be_visible()


def test_a_printer_that_says_nothing_certain_takes_no_number_away(open_printing):
    kiosk = open_printing("unknown")
    expect(said(kiosk)).to_contain_text("Slip belum keluar?")
    assert kiosk.label == "A-001"


def test_a_slip_can_be_printed_again_and_keeps_its_number(open_printing):
    kiosk = open_printing("printed")
    expect(said(kiosk)).to_contain_text("Silakan ambil")
    kiosk.touch("print-again")
    expect(said(kiosk)).to_contain_text("Silakan ambil")
    assert len(asked(kiosk)) == 2
    assert kiosk.label == "A-001"
    assert len(kiosk.keys) == 1


def test_a_reload_prints_nothing_twice(open_printing):
    kiosk = open_printing("paper_out")
    expect(said(kiosk)).to_contain_text("Kertas habis")
    kiosk.page.reload()
    expect(kiosk.page.get_by_test_id("ticket-label")).to_have_text("A-001")
    assert len(asked(kiosk)) == 1


def test_all_numbers_of_a_visit_go_to_the_printer_at_once(open_kiosk):
    kiosk = open_kiosk(prepare=printing("printed"), device=WITH_A_PRINTER)
    kiosk.pick("A01", "F01")
    kiosk.touch("take-ticket")
    expect(said(kiosk)).to_contain_text("Silakan ambil")
    assert len(asked(kiosk)) == len(set(asked(kiosk))) == 2


# --- Locked -------------------------------------------------------------------------------------


def test_a_locked_kiosk_says_where_to_go(open_kiosk):
    kiosk = open_kiosk(device={"locked": True})
    expect(kiosk.page.get_by_role("heading", level=1)).to_have_text("Anjungan ini sedang dikunci.")
    expect(kiosk.page.get_by_test_id("locked")).to_contain_text("Silakan ke resepsionis.")
    expect(kiosk.page.get_by_test_id("agency-A")).to_have_count(0)
    assert barriers(kiosk.page) == []


def lock(kiosk: Kiosk, *, locked: bool) -> None:
    """Lock or unlock the kiosk, which hears of it at its next sign of life; here at once."""
    set_up(kiosk.hall, {"locked": locked})
    kiosk.page.evaluate(
        "(locked) => document.dispatchEvent(new CustomEvent('device', { detail: { locked } }))",
        locked,
    )


def test_a_lock_sends_whoever_is_choosing_to_the_reception(open_kiosk):
    kiosk = open_kiosk()
    kiosk.touch("service-A01")
    lock(kiosk, locked=True)
    kiosk.touch("take-ticket")
    expect(kiosk.notice).to_have_text("Anjungan ini sedang dikunci. Silakan ke resepsionis.")
    kiosk.page.keyboard.press("Escape")
    expect(kiosk.page.get_by_test_id("locked")).to_be_visible()


def test_an_unlocked_kiosk_goes_on(open_kiosk):
    kiosk = open_kiosk(device={"locked": True})
    lock(kiosk, locked=False)
    expect(kiosk.start).to_be_visible()
    assert kiosk.take() == "A-001"
