"""A kiosk with a printer beside it: a hall's first kiosk, a bridge, and a printer that may fail.

pytest_plugins = ["tests.looking", "tests.printing"]
"""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bridge.door import Bridge
from bridge.printer import Printer
from bridge.wires import wire_to
from tests.pages import UPRIGHT
from tests.receipt_printer import ReceiptPrinter
from tests.receipts import Receipt, read
from tests.running import RunningHall

AS_BEFORE = (
    "UPDATE queueing_device SET printer = 'none', paper = 80, bridge = '', locked = false,"
    " printer_state = '', printer_since = NULL RETURNING 1"
)


PRINT = """async ([ids, token, companion]) => {
    const { printSlip } = await import("/static/kiosk/slip.js");
    return (await printSlip(ids, { token }, { companion })).outcome;
}"""


class Corner:
    """Kiosk, bridge and printer of one corner of the hall."""

    def __init__(self, hall: RunningHall, look: Any, printer: ReceiptPrinter, port: int) -> None:
        self.hall, self.look, self.printer, self.port = hall, look, printer, port
        self.kiosk = hall.demo["kiosks"][0]

    def set_up(self, printer: str = "escpos", paper: int = 80) -> None:
        bridge = f"http://127.0.0.1:{self.port}" if printer == "escpos" else ""
        self.hall.rows(
            f"UPDATE queueing_device SET printer = '{printer}', paper = {paper},"  # noqa: S608
            f" bridge = '{bridge}' WHERE name = '{self.kiosk['name']}' RETURNING 1"
        )

    def open(self, **wishes: Any) -> Page:
        page: Page = self.look(f"kiosk?pair={self.kiosk['key']}", size=UPRIGHT, **wishes)
        expect(page.locator("html")).to_have_attribute("data-ready", "")
        return page

    def print(self, page: Page, visit: dict[str, Any], *, companion: bool = False) -> str:
        """Let a page print all slips of a new visit, as the kiosk does; return what it is told."""
        ids = [ticket["id"] for ticket in visit["tickets"]]
        outcome: str = page.evaluate(PRINT, [ids, visit["visit"]["token"], companion])
        return outcome

    @property
    def receipts(self) -> list[Receipt]:
        return [read(slip) for slip in self.printer.slips]

    @property
    def state(self) -> str:
        """What the hall knows of the printer."""
        query = "SELECT printer_state FROM queueing_device WHERE name = '{}'"
        return str(self.hall.rows(query.format(self.kiosk["name"]))[0][0])

    def slips(self) -> list[tuple[Any, ...]]:
        return self.hall.rows(
            "SELECT outcome, is_reprint, is_companion FROM queueing_slipprint ORDER BY id"
        )


@pytest.fixture
def corner(hall: RunningHall, look: Callable[..., Page]) -> Iterator[Corner]:
    with ReceiptPrinter() as printer:
        beside = Printer(wire_to(printer.address), patience=1.5, settle=0.3)
        with Bridge(0, beside, [hall.url]) as bridge:
            threading.Thread(target=bridge.serve_forever, args=(0.01,), daemon=True).start()
            corner = Corner(hall, look, printer, bridge.server_address[1])
            corner.set_up()
            yield corner
            bridge.shutdown()
    hall.rows(AS_BEFORE)
