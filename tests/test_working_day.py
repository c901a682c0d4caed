"""A working day of three officers of two agencies, and of the supervisor of one.

    pytest -m browser tests/test_working_day.py --walk /tmp/day

keeps a picture of each of their steps in that folder.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browsing import barriers
from tests.checker import judge
from tests.desks import at_desk, events

pytest_plugins = ["tests.looking"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk-work")]


CALM = {"reduced_motion": "reduce"}  # or a colour may be seen on its way to another


class Seen:
    """Everybody may use what each step shows, and a picture of it is kept."""

    def __init__(self, folder: Path | None) -> None:
        self.folder, self.steps = folder, 0

    def __call__(self, page: Page, name: str) -> None:
        expect(page.locator("html[data-busy]")).to_have_count(0)
        assert barriers(page) == []
        self.steps += 1
        if self.folder:
            page.screenshot(path=self.folder / f"{self.steps:02d}-{name}.png")


@pytest.fixture
def seen(request) -> Seen:
    wanted = request.config.getoption("--walk")
    folder = Path(wanted) if wanted else None
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    return Seen(folder)


@pytest.fixture
def supervisor(hall, look) -> Callable[[], Page]:
    """The manager hires a supervisor of Samsat, who signs in with the password that is told."""

    def hire() -> Page:
        office = look("staff", who=hall.demo["manager"])
        office.get_by_label("Nama pengguna").fill("penyelia-samsat")
        office.get_by_label("Instansi").select_option("F")
        office.get_by_role("button", name="Tambahkan").click()
        password = office.get_by_test_id("told").locator("code").inner_text()
        person = office.get_by_test_id("person").filter(has_text="penyelia-samsat")
        person.get_by_label("Peran").select_option(label="Penyelia instansi")
        person.get_by_role("button", name="Simpan tugas").click()
        who = {"username": "penyelia-samsat", "password": password}
        return look("manager", who=who, **CALM)

    yield hire
    hall.rows("DELETE FROM agencies_operator WHERE username = 'penyelia-samsat' RETURNING 1")


def number(page: Page) -> Locator:
    return page.get_by_test_id("ticket-label")


@pytest.mark.slow
def test_a_day_is_worked_through(hall, look, seen, supervisor):
    for services in (["A01"], ["A02"], ["A01", "F01"], ["A03"], ["F01"], ["F02"], ["A01"]):
        hall.take(*services)
    mouse, keys, samsat = (at_desk(hall, look, counter, **CALM) for counter in (1, 2, 14))
    chief = supervisor()
    one_press_a_citizen(mouse, seen)
    never_a_mouse(keys, seen)
    a_system_that_is_down_for_a_while(hall, samsat, chief, seen)
    a_number_of_somebody_who_left(chief, seen)
    a_break(samsat, chief, seen)
    the_end_of_the_day(mouse, keys, seen)
    assert events(hall, "incident", "clear", "cancel", "hold", "resume") == [
        *("hold", "incident", "clear", "cancel", "resume")
    ]
    judge(hall.evidence())


def one_press_a_citizen(mouse: Page, seen: Seen) -> None:
    mouse.get_by_test_id("call-next").click()
    expect(number(mouse)).to_have_text("A-001")
    mouse.get_by_test_id("start").click()
    expect(mouse.get_by_test_id("finish")).to_be_enabled()
    seen(mouse, "serving")
    mouse.get_by_test_id("call-next").click()
    expect(number(mouse)).to_have_text("A-002")
    expect(mouse.get_by_test_id("undo-bar")).to_contain_text("A-001")
    seen(mouse, "called")


def never_a_mouse(keys: Page, seen: Seen) -> None:
    """Call, serve, think better of a transfer, and set the number aside: all by keys."""
    keys.keyboard.press("F2")
    expect(number(keys)).to_have_text("A-003")
    keys.keyboard.press("F8")
    expect(keys.get_by_test_id("finish")).to_be_enabled()
    keys.keyboard.press("t")
    dialog = keys.get_by_role("dialog")
    expect(dialog).to_be_visible()
    seen(keys, "transfer")
    keys.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    keys.keyboard.press("h")
    expect(keys.locator("#held")).to_contain_text("A-003")
    seen(keys, "held")


def a_system_that_is_down_for_a_while(hall, samsat: Page, chief: Page, seen: Seen) -> None:
    """Whoever has another number at Disdukcapil is free again, and served meanwhile."""
    samsat.get_by_test_id("call-next").click()
    expect(number(samsat)).to_have_text("F-001")
    samsat.get_by_test_id("start").click()
    choose(samsat, "Sistem F sedang gangguan")
    agree(samsat)
    expect(chief.locator('.alert[data-kind="incident"]')).to_be_visible()
    seen(chief, "incident")
    assert hall.take("F01").status_code == 409
    choose(samsat, "Gangguan F selesai")
    expect(chief.locator('.alert[data-kind="incident"]')).to_have_count(0)
    assert hall.take("F01").status_code == 201
    seen(samsat, "cleared")


def a_number_of_somebody_who_left(chief: Page, seen: Seen) -> None:
    """The supervisor sees the own agency alone."""
    expect(chief.get_by_test_id("queue-row")).to_have_count(1)
    chief.get_by_test_id("queue-row").get_by_role("button").click()
    row = chief.get_by_test_id("waiting-row").filter(has_text="F-003")
    seen(chief, "line")
    row.get_by_role("button", name="Batalkan").click()
    chief.locator("#ask-reason").fill("Pulang")
    chief.locator("#ask-yes").click()
    expect(row).to_have_count(0)


def a_break(samsat: Page, chief: Page, seen: Seen) -> None:
    samsat.get_by_test_id("finish").click()
    expect(samsat.get_by_test_id("call-next")).to_contain_text("Panggil berikutnya")
    choose(samsat, "Istirahat")
    samsat.get_by_label("Rapat").check()
    agree(samsat)
    expect(samsat.locator("#status")).to_contain_text("Rapat")
    seen(samsat, "break")
    counter = chief.locator('[data-testid="manage-counter"][data-number="14"]')
    expect(counter).to_contain_text("Rapat")


def the_end_of_the_day(mouse: Page, keys: Page, seen: Seen) -> None:
    """What was held comes back in line, and all who wait are served."""
    keys.locator("#held button").press("Enter")
    expect(keys.locator("#held")).not_to_contain_text("A-003")
    for label in ("A-003", "A-004", "A-005"):
        keys.keyboard.press("F2")
        expect(number(keys)).to_have_text(label)
        expect(keys.get_by_test_id("start")).to_be_visible()
        keys.keyboard.press("F8")
        expect(keys.get_by_test_id("finish")).to_be_enabled()
    keys.keyboard.press("F9")
    mouse.get_by_test_id("start").click()
    expect(mouse.get_by_test_id("finish")).to_be_enabled()
    mouse.get_by_test_id("finish").click()
    for page in (mouse, keys):
        expect(page.get_by_test_id("call-next")).to_contain_text("Panggil berikutnya")
    seen(mouse, "end")


def choose(page: Page, act: str) -> None:
    page.get_by_text("Menu loket").click()
    page.get_by_role("button", name=act).click()


def agree(page: Page) -> None:
    page.locator("dialog[open] button[value=yes]").click()
