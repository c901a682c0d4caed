"""Five citizens take a walk: what each touches, reads and gets, in both languages and shapes.

    pytest -m browser tests/test_kiosk_walk.py --walk /tmp/walk

keeps a picture of every screen that they see in that folder.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browsing import barriers
from tests.kiosks import Kiosk
from tests.printers import WITH_A_PRINTER, printing

pytest_plugins = ["tests.looking", "tests.at_the_kiosk"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("kiosk-walk"),
    pytest.mark.parametrize(
        ("shape", "language"),
        [
            ("portrait", "id"),
            pytest.param("landscape", "en", marks=pytest.mark.slow),
            pytest.param("portrait", "en", marks=pytest.mark.slow),
            pytest.param("landscape", "id", marks=pytest.mark.slow),
        ],
    ),
]

SHAPES = {"portrait": (1080, 1920), "landscape": (1920, 1080)}


class Walk:
    """One citizen on the way: everybody may use each screen, and a picture of it is kept."""

    def __init__(self, kiosk: Kiosk, folder: Path | None, name: str) -> None:
        self.kiosk, self.folder, self.name = kiosk, folder, name
        self.steps = 0
        self.see()

    def touch(self, test_id: str) -> None:
        self.kiosk.touch(test_id)
        self.see()

    def see(self) -> None:
        assert barriers(self.kiosk.page) == []
        self.steps += 1
        if self.folder:
            self.kiosk.page.screenshot(path=self.folder / f"{self.name}-{self.steps}.png")

    def page_says(self, indonesian: str, english: str) -> Locator:
        words = re.compile(f"{re.escape(indonesian)}|{re.escape(english)}")
        return self.kiosk.page.get_by_text(words).locator("visible=true").first


@pytest.fixture
def set_out(request, open_kiosk, shape, language) -> Callable[..., Walk]:
    """Let a citizen come to the kiosk."""
    wanted = request.config.getoption("--walk")
    folder = Path(wanted) if wanted else None
    if folder:
        folder.mkdir(parents=True, exist_ok=True)

    def come(name: str, **wishes) -> Walk:
        kiosk = open_kiosk(f"?lang={language}", size=SHAPES[shape], **wishes)
        return Walk(kiosk, folder, f"{name}-{language}-{shape}")

    return come


def test_a_common_service(set_out):
    walk = set_out("1-common")
    walk.touch("service-A01")
    walk.touch("take-ticket")
    expect(walk.kiosk.page.get_by_test_id("ticket-label")).to_have_text("A-001")
    walk.see()
    assert walk.kiosk.touches <= 3


def test_a_service_of_some_agency(set_out):
    walk = set_out("1-agency")
    walk.touch("agency-G")
    walk.touch("service-G03")
    walk.touch("take-ticket")
    expect(walk.kiosk.page.get_by_test_id("ticket-label")).to_have_text("G-001")
    assert walk.kiosk.touches <= 3


def test_several_services(set_out):
    walk = set_out("2-several")
    walk.touch("service-A01")
    walk.touch("add-service")
    walk.touch("service-F01")
    walk.touch("add-service")
    walk.touch("take-ticket")
    assert walk.kiosk.labels == ["A-001", "F-001"]
    walk.see()


def test_what_a_life_event_needs(set_out):
    walk = set_out("2-lost-wallet")
    walk.touch("life-events")
    walk.touch("event-lost")
    walk.touch("take-ticket")
    assert walk.kiosk.labels == ["A-001", "F-001", "H-001", "S-001"]
    walk.see()


def test_priority(set_out):
    walk = set_out("3-priority")
    walk.touch("service-A01")
    walk.kiosk.page.locator("[name=priority][value=elderly]").check()
    walk.see()
    walk.touch("take-ticket")
    expect(walk.page_says("Prioritas", "Priority")).to_be_visible()
    assert walk.kiosk.label == "A-001"
    walk.see()


def test_a_closed_service(set_out, queue_f):
    queue_f("closed")
    walk = set_out("4-closed")
    expect(walk.kiosk.page.get_by_test_id("agency-F")).to_have_attribute("data-status", "closed")
    walk.touch("agency-F")
    walk.touch("service-F01")
    expect(walk.kiosk.page.get_by_test_id("take-ticket")).to_be_hidden()
    expect(walk.page_says("silakan ke resepsionis", "go to the reception")).to_be_visible()
    walk.touch("help")  # nobody is left without a way to go on


def test_a_printer_out_of_paper(set_out):
    walk = set_out("5-paper", prepare=printing("paper_out"), device=WITH_A_PRINTER)
    walk.touch("service-A01")
    walk.touch("take-ticket")
    expect(walk.page_says("Kertas habis.", "Out of paper.")).to_be_visible()
    expect(walk.kiosk.page.locator("[data-part=qr]")).to_be_visible()
    walk.see()
    walk.kiosk.touch("done")
    expect(walk.kiosk.page.locator("html")).to_have_attribute("lang", "id")
    expect(walk.kiosk.start).to_be_visible()
