"""The morning check on real screens, and five minutes in which everybody is called at once."""

import datetime as dt
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import barriers, chromium_path
from tests.ears import listen, names, placed, wait_for_state
from tests.pages import eventually
from tests.screens import Told, forget, measure, own_display
from tests.voices import rendered

pytest_plugins = ["tests.looking"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("voice")]
ALLOWED = "--autoplay-policy=no-user-gesture-required"


@pytest.fixture
def voiced(hall):
    """The running hall with everything rendered; its screens are as new afterwards."""
    folder = hall.var / "voice"
    if not folder.exists():
        folder.symlink_to(rendered() / "voice")
    yield hall
    forget(hall)


@pytest.fixture(scope="module")
def allowed(chromium):
    browser = chromium.browser_type.launch(
        executable_path=chromium_path(), args=["--no-sandbox", ALLOWED]
    )
    yield browser
    browser.close()


@pytest.fixture
def heard(allowed: Browser, look_in):
    """Open a page that may speak, with ears."""
    look = look_in(allowed)
    return lambda path, *prepare: look(path, prepare=lambda page: [p(page) for p in prepare])


# --- The morning check --------------------------------------------------------------------------


def check_of(hall, page: Page):
    device = hall.rows("SELECT id FROM queueing_device WHERE name = 'Layar utama'")[0][0]
    return page.get_by_test_id(f"check-{device}")


@pytest.mark.slow
def test_one_press_shows_and_says_a_test_and_the_page_lists_what_came(voiced, heard, look):
    screen = heard(own_display(voiced), listen)
    wait_for_state(screen, "ready")
    manager = look("devices/screens", who=voiced.demo["manager"])
    manager.get_by_test_id("check-all").click()
    expect(screen.get_by_test_id("screen-check")).to_be_visible(timeout=20_000)
    expect(screen.get_by_test_id("screen-check")).to_contain_text("Ini bukan panggilan")
    assert barriers(screen) == []
    expect(check_of(voiced, manager)).to_contain_text("Terlihat dan terdengar", timeout=30_000)
    assert names(screen)[:3] == ["id chime", "id test", "id letter-x"]
    assert voiced.events() == []
    assert barriers(manager) == []


@pytest.mark.slow
def test_a_screen_without_sound_is_seen_but_silent(voiced, look):
    voiced.rows("UPDATE queueing_device SET sound = false RETURNING 1")
    screen = look(own_display(voiced))
    manager = look("devices/screens", who=voiced.demo["manager"])
    manager.get_by_test_id("check-all").click()
    expect(screen.get_by_test_id("screen-check")).to_be_visible(timeout=20_000)
    expect(check_of(voiced, manager)).to_contain_text("tetapi senyap", timeout=30_000)
    voiced.rows("UPDATE queueing_device SET sound = true RETURNING 1")


def test_a_call_takes_the_place_of_a_test_at_once(voiced, look):
    voiced.rows("UPDATE queueing_device SET checked_at = clock_timestamp() RETURNING 1")
    screen = look(own_display(voiced))
    expect(screen.get_by_test_id("screen-check")).to_be_visible(timeout=20_000)
    voiced.take("A01"), voiced.press(1, "call-next")
    expect(screen.get_by_test_id("now-serving")).to_contain_text("A-001")
    expect(screen.get_by_test_id("screen-check")).to_be_hidden()


@pytest.mark.slow
def test_a_screen_tells_which_call_it_has_said(voiced, heard):
    screen = heard(own_display(voiced), listen)
    wait_for_state(screen, "ready")
    voiced.take("A01"), voiced.press(1, "call-next")
    said = "SELECT spoken_version FROM queueing_device WHERE spoken_version IS NOT NULL"
    assert eventually(lambda: voiced.rows(said) == [(2,)], 30)


@pytest.mark.parametrize("measured", [False, True])
def test_nobody_is_kept_out_of_setting_a_screen_up(voiced, look, measured):
    if measured:
        measure(voiced, 32, 12)
    manager = look("devices/screens", who=voiced.demo["manager"])
    manager.get_by_role("link", name="Layar utama").click()
    expect(manager.get_by_test_id("too-small")).to_have_count(int(measured))
    assert barriers(manager) == []


@pytest.mark.slow
def test_nobody_is_kept_out_of_recording_the_voice(voiced, look):
    voiced.rows(
        "INSERT INTO voice_voice (hall_id, is_on, speaks_english, speaks_minangkabau,"
        " numbers, says_agency, volume) SELECT id, true, true, false, 'digits', true, 100"
        " FROM agencies_hall RETURNING 1"
    )
    row = voiced.rows("SELECT id FROM voice_voice")[0][0]
    page = look(f"/admin/voice/voice/{row}/record/id/", who=voiced.demo["manager"])
    expect(page.get_by_test_id("word-test")).to_be_visible()
    assert barriers(page) == []
    voiced.rows("DELETE FROM voice_voice RETURNING 1")


# --- Everybody at once --------------------------------------------------------------------------

CALLS, EACH = 120, 2.5  # seconds: five minutes
COUNTERS = 27

# The sound card follows the clock in the hand of the test; the page writes down what was large.
EMULATED = """
Object.defineProperty(AudioContext.prototype.__proto__, "currentTime", {
  get: () => performance.now() / 1000 });
window.large = [];
addEventListener("DOMContentLoaded", () => {
  const label = document.getElementById("call-label");
  const note = () => large.push([label.textContent, performance.now() / 1000]);
  new MutationObserver(note).observe(label, { childList: true });
});
"""


def label_of(number: int) -> str:
    return f"A-{number:03d}"


def said(page: Page) -> list[tuple[int, float, float]]:
    """Return of each spoken call its number, when it began and when it ended."""
    words = ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"]
    calls: list[list[dict]] = []
    for clip in placed(page):
        if clip["name"] == "chime":
            calls.append([])
        calls[-1].append(clip)
    spoken = []
    for clips in calls:
        own = [clip for clip in clips if clip["language"] == "id"]
        at = next(i for i, clip in enumerate(own) if clip["name"] == "letter-a")
        digits = [words.index(clip["name"]) for clip in own[at + 1 : at + 4]]
        number = int("".join(map(str, digits)))
        spoken.append((number, clips[0]["at"], clips[-1]["at"] + clips[-1]["seconds"]))
    return spoken


@pytest.mark.slow
def test_in_a_burst_of_120_calls_each_is_shown_and_none_is_cut_off(voiced, heard):
    told = Told(voiced.board())
    page = heard("display", listen, lambda page: page.add_init_script(EMULATED), clocked, told)
    assert eventually(lambda: page.clock.run_for(500) or is_ready(page), 20)
    began = page.evaluate("performance.now() / 1000")
    first = dt.datetime.fromisoformat(told.board["at"])
    for number in range(1, CALLS + 1):
        at = (first + dt.timedelta(seconds=EACH * (number - 1))).isoformat()
        told.call(label_of(number), (number - 1) % COUNTERS + 1, at=at)
        expect(page.get_by_test_id("call-1")).to_contain_text(label_of(number))
        page.clock.run_for(EACH * 1000)
    while page.locator("html[data-raised]").count():
        page.clock.run_for(5_000)
    assert shown_in_order(page)
    assert spoken_by_the_rules(said(page), began)


def clocked(page: Page) -> None:
    page.clock.install()


def is_ready(page: Page) -> bool:
    return page.locator("html").get_attribute("data-sound") == "ready"


def shown_in_order(page: Page) -> bool:
    """Whether every call was large, in its order, for at least 5 s."""
    large = page.evaluate("large")
    held = [after[1] - before[1] for before, after in pairwise(large)]
    assert [label for label, _ in large] == [label_of(number) for number in range(1, CALLS + 1)]
    return min(held) > 4.9


def spoken_by_the_rules(spoken: list[tuple[int, float, float]], began: float) -> bool:
    """Whether calls were said in order, none over another; what was left out was over 45 s old."""
    numbers = [number for number, _, _ in spoken]
    assert numbers == sorted(set(numbers))
    ends = [end for _, _, end in spoken]
    assert all(after[1] >= end for end, after in zip(ends, spoken[1:], strict=False))
    begins = {number: begin for number, begin, _ in spoken}
    for number in set(range(1, CALLS + 1)) - set(numbers):
        later = [begin for other, begin in begins.items() if other > number]
        turn = min(later, default=spoken[-1][2])
        assert turn - (began + EACH * (number - 1)) >= 44, number
    return len(numbers) >= CALLS / 4
