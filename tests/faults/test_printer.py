"""A kiosk's printer fails: its person keeps the number, the staff know, and it comes out later."""

import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.pages import eventually

pytest_plugins = ["tests.looking", "tests.printing"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("faults-browser")]

ON_SCREEN = 15  # seconds
TOLD_WITHIN = 10


def break_it(printer: Any, fault: str) -> None:
    if fault == "off":
        printer.switch_off()
    else:
        printer.state = fault


def mend_it(printer: Any, fault: str) -> None:
    if fault == "off":
        printer.switch_on()
    printer.state = "ready"


def take(page: Page) -> None:
    page.get_by_test_id("service-A01").click()
    page.get_by_test_id("take-ticket").click()


@pytest.mark.fault(
    "T36",
    "a kiosk's printer is off, out of paper, or hangs for 30 s",
    "number on screen >= 15 s, staff told <= 10 s, the same number on paper later, copies counted",
)
@pytest.mark.parametrize(
    ("fault", "told"),
    [
        pytest.param("off", "gone", marks=pytest.mark.slow),
        pytest.param("paper_out", "paper_out", marks=pytest.mark.slow),
        pytest.param("hangs", "unknown", marks=pytest.mark.slow),
    ],
)
def test_a_number_outlives_its_printer(corner, look, row, fault, told):
    page = corner.open()
    break_it(corner.printer, fault)
    take(page)
    expect(page.get_by_test_id("ticket-label")).to_have_text("A-001")
    began = time.monotonic()
    assert eventually(lambda: corner.state == told, TOLD_WITHIN)
    row[f"{fault}_told_s"] = round(time.monotonic() - began, 1)
    words = {"gone": "tidak tersambung", "paper_out": "Kertas habis", "unknown": "tidak menjawab"}
    expect(
        look("devices", who=corner.hall.demo["manager"]).get_by_text(words[told])
    ).to_be_visible()
    assert corner.receipts == []
    mend_it(corner.printer, fault)
    printed_again(corner)
    assert eventually(lambda: time.monotonic() - began > ON_SCREEN, ON_SCREEN + 1)
    expect(page.get_by_test_id("ticket-label")).to_have_text("A-001")
    copies_are_counted(corner)


def printed_again(corner: Any) -> None:
    """The greeter has the kiosk print the number that did not come out."""
    [(ticket, kiosk)] = corner.hall.rows(
        "SELECT t.public_id::text, v.device_id FROM queueing_ticket t"
        " JOIN queueing_visit v ON v.id = t.visit_id"
    )
    greeter = corner.hall.demo["greeter"]["key"]
    corner.hall.post(f"tickets/{ticket}/reprint", {"kiosk": kiosk}, key=greeter)
    assert eventually(lambda: bool(corner.receipts), 20)
    assert [receipt.number.text for receipt in corner.receipts] == ["A-001"]
    assert eventually(lambda: corner.state == "ready", 20)


def copies_are_counted(corner: Any) -> None:
    """A further copy says that it is one, and both are in the hall's books."""
    [(ticket,)] = corner.hall.rows("SELECT public_id::text FROM queueing_ticket")
    greeter = corner.hall.demo["greeter"]["key"]
    again = corner.hall.post(f"tickets/{ticket}/slips", {"outcome": "printed"}, key=greeter).json()
    assert (again["copies"], again["is_reprint"]) == (2, True)
    assert len(corner.hall.tickets()) == 1
