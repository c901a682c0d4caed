"""The pages at the doors, as people see them: pairing, devices, the lock, the second factor."""

import datetime as dt
import re
import time
from collections.abc import Iterator

import pytest
from django_otp.oath import TOTP
from playwright.sync_api import Page, expect

from tests.browsing import barriers
from tests.pages import DESK, FULL_HD, UPRIGHT, overflows
from tests.running import RunningHall

pytest_plugins = ["tests.looking"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("display")]
WAYS = ["", "?lang=en"]
A_CODE = re.compile(r"[A-Z2-9]{4} [A-Z2-9]{4}")


@pytest.fixture
def ordinary(hall: RunningHall) -> Iterator[RunningHall]:
    """A hall that is no demo: no browser is a kiosk by itself."""
    hall.rows("UPDATE agencies_hall SET always_open = false RETURNING 1")
    yield hall
    hall.rows("UPDATE agencies_hall SET always_open = true RETURNING 1")
    hall.rows("UPDATE queueing_device SET is_active = true RETURNING 1")


@pytest.fixture
def strict(hall: RunningHall) -> Iterator[RunningHall]:
    """A hall that wants the second factor of its managers."""
    hall.rows("UPDATE agencies_hall SET second_factor = true RETURNING 1")
    yield hall
    hall.rows("UPDATE agencies_hall SET second_factor = false RETURNING 1")
    hall.rows("DELETE FROM otp_totp_totpdevice RETURNING 1")
    hall.rows("DELETE FROM otp_static_statictoken RETURNING 1")
    hall.rows("DELETE FROM otp_static_staticdevice RETURNING 1")


def everybody_can_use(page: Page) -> bool:
    """Whether axes finds nothing and nothing reaches over, in both looks."""
    page.emulate_media(reduced_motion="reduce")  # colours change at once
    found = [*barriers(page), *(["too wide"] if overflows(page) else [])]
    page.evaluate("document.documentElement.dataset.contrast = 'high'")
    found += barriers(page)
    page.evaluate("delete document.documentElement.dataset.contrast")
    assert found == []
    return True


# --- Pairing ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "size"), [("kiosk", UPRIGHT), ("display", FULL_HD)])
def test_a_screen_goes_on_by_itself_once_the_manager_typed_its_code(ordinary, look, kind, size):
    screen = look("kiosk" if kind == "kiosk" else "pair/display", size=size)
    code = screen.get_by_test_id("pairing-code")
    expect(code).to_have_text(A_CODE)
    assert everybody_can_use(screen)
    manager = look("devices", who=ordinary.demo["manager"])
    let_in(manager, code.inner_text(), f"Baru {kind}")
    screen.wait_for_url(f"**/{ordinary.slug}/{kind}", timeout=10_000)  # a kiosk's is the same
    expect(screen.get_by_test_id("pairing-code")).to_have_count(0, timeout=10_000)


def let_in(manager: Page, code: str, name: str) -> None:
    manager.get_by_label("Kode di layar").fill(code)
    manager.get_by_label("Nama perangkat", exact=True).first.fill(name)
    manager.get_by_role("button", name="Pasangkan", exact=True).click()
    expect(manager.get_by_label(f"Cabut {name}", exact=True)).to_be_visible()


@pytest.mark.slow
def test_a_revoked_display_stops_showing_and_says_so(ordinary, look):
    screen = look(f"display?pair={ordinary.demo['displays'][1]['key']}", size=FULL_HD)
    expect(screen.locator("#counters")).to_be_attached()
    manager = look("devices", who=ordinary.demo["manager"])
    name = ordinary.demo["displays"][1]["name"]
    manager.get_by_label(f"Cabut {name}", exact=True).click()
    assert everybody_can_use(manager)
    manager.get_by_role("button", name=f"Ya, cabut {name}").click()
    heading = screen.get_by_role("heading", level=1)
    expect(heading).to_have_text("Layar ini tidak lagi terdaftar", timeout=60_000)
    expect(screen.get_by_test_id("pairing-code")).to_have_text(A_CODE)
    assert everybody_can_use(screen)


# --- The manager's page -------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
def test_everybody_can_use_the_list_of_devices(hall, look, way):
    page = look(f"devices{way}", who=hall.demo["manager"], size=DESK)
    assert everybody_can_use(page)


def test_a_wrong_code_is_told_kindly(hall, look):
    page = look("devices", who=hall.demo["manager"])
    page.get_by_label("Kode di layar").fill("ABCDEFGH")
    page.get_by_label("Nama perangkat", exact=True).first.fill("Anjungan 5")
    page.get_by_role("button", name="Pasangkan", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Periksa lagi kode di layar")
    assert everybody_can_use(page)


# --- The lock -----------------------------------------------------------------------------------


def test_an_idle_desk_is_locked_and_goes_on_where_it_was(hall, look):
    hall.take("A01"), hall.press(1, "call-next")
    page = look("desk/1")
    fresh_sign_in(page, hall.demo["operators"][0])
    expect(page.get_by_test_id("ticket-label")).to_have_text("A-001")
    half_an_hour_passes(hall)
    expect(page.get_by_role("heading", level=1)).to_have_text("Layar terkunci", timeout=60_000)
    assert everybody_can_use(page)
    page.get_by_label("Kata sandi").fill(hall.demo["operators"][0]["password"])
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("ticket-label")).to_have_text("A-001")


def fresh_sign_in(page: Page, who: dict[str, str]) -> None:
    """Sign in by hand: the session of this test is nobody else's."""
    page.get_by_label("Nama pengguna").fill(who["username"])
    page.get_by_label("Kata sandi").fill(who["password"])
    page.keyboard.press("Enter")


def half_an_hour_passes(hall: RunningHall) -> None:
    hall.set_clock(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=31))


# --- The second factor --------------------------------------------------------------------------


def test_a_manager_sets_up_the_second_factor(strict, look):
    page = look("manager")
    fresh_sign_in(page, strict.demo["manager"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Pasang kode kedua")
    assert everybody_can_use(page)
    page.get_by_label("Kode", exact=True).fill(code_now(strict))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Simpan kode pemulihan ini")
    assert everybody_can_use(page)
    page.get_by_role("link", name="Sudah saya simpan").click()
    page.wait_for_url(f"**/{strict.slug}/manager")


def code_now(hall: RunningHall) -> str:
    totp = TOTP(bytes.fromhex(hall.rows("SELECT key FROM otp_totp_totpdevice")[0][0]))
    totp.time = time.time()
    return f"{totp.token():06d}"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("path", ["/sign-in", "/admin/login/"])
def test_everybody_can_sign_in(look, path, way):
    page = look(f"{path}{way}", size=DESK)
    expect(page.locator("#password")).to_be_visible()
    assert everybody_can_use(page)
