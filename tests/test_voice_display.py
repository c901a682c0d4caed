"""Does the lobby hear a call? Read from the audio graph of a real browser."""

import datetime as dt
import io
import json
import wave
from functools import partial

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import barriers, chromium_path
from tests.ears import listen, names, placed, wait_for_sound, wait_for_state
from tests.pages import eventually
from tests.voices import rendered
from voice.languages import LANGUAGES
from voice.models import usual_name
from voice.words import PAUSES, Call, sequence

pytest_plugins = ["tests.looking"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("voice")]
ALLOWED = "--autoplay-policy=no-user-gesture-required"
ASKED = "--autoplay-policy=document-user-activation-required"


@pytest.fixture
def voiced(hall):
    """The running hall with everything rendered."""
    folder = hall.var / "voice"
    if not folder.exists():
        folder.symlink_to(rendered() / "voice")
    yield hall
    hall.rows("DELETE FROM voice_voice RETURNING 1")


def spoken(label: str, counter: int, *, calls: int = 1, agency: str = "Disdukcapil", **how):
    """Return what Python would say, as the ears tell it."""
    languages = how.pop("languages", ["id", "en"])
    said = ["id chime"]
    for code in languages:
        language = LANGUAGES[code]
        call = Call(label, counter, calls, usual_name(agency, language))
        parts = [part for part in sequence(call, language, **how) if part not in PAUSES]
        said += [f"{code} {part}" for part in parts]
    return said


# --- Composed in the browser as on the server ---------------------------------------------------

COMPOSE = """async ([calls, manifest]) => {
  const { sequence } = await import("/static/voice/words.js");
  const { grammar } = await (await fetch(manifest)).json();
  const hows = [{}, { isWhole: true }, { isBrief: true }];
  return hows.map((how) => calls.map((call) => sequence(call, grammar, how)));
}"""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def some_calls() -> list[Call]:
    """Return calls of every letter, counter and recall, and numbers of every shape to 9999."""
    numbers = [*range(1, 130), *range(130, 10_000, 17), 10_000]
    return [
        Call(f"{LETTERS[n % 26]}-{n:03d}", n % 100 + 1, n % 4 + 1, "Samsat" if n % 2 else "")
        for n in numbers
    ] + [Call("AB-1000", 27)]


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_browser_says_what_the_server_spells(voiced, look, code):
    calls, language = some_calls(), LANGUAGES[code]
    sent = [{**vars(call), "agency": call.agency and "agency-samsat"} for call in calls]
    manifest = f"/{voiced.slug}/voice/{code}/manifest.json"
    assert look("/sign-in").evaluate(COMPOSE, [sent, manifest]) == [
        [sequence(call, language, **how) for call in calls]
        for how in ({}, {"is_whole": True}, {"is_brief": True})
    ]


# --- In a hall with a sound card ----------------------------------------------------------------


def another_browser(chromium: Browser, *flags: str) -> Browser:
    args = ["--no-sandbox", *flags]
    return chromium.browser_type.launch(executable_path=chromium_path(), args=args)


@pytest.fixture(scope="module")
def allowed(chromium):
    """A kiosk browser whose flag lets a page speak untouched."""
    browser = another_browser(chromium, ALLOWED)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def asked(chromium):
    """An ordinary browser: a page keeps still until it is touched."""
    browser = another_browser(chromium, ASKED)
    yield browser
    browser.close()


@pytest.fixture
def lobby(allowed, voiced, look_in):
    """Open the lobby screen with ears, and wait until it can speak."""
    return partial(opened, look_in(allowed))


def opened(look, *prepare, path: str = "display", silent: bool = False) -> Page:
    def listening(page: Page) -> None:
        listen(page)
        for each in prepare:
            each(page)

    page = look(path, prepare=listening)
    if not silent:
        wait_for_state(page, "ready")
    return page


def calm(page: Page) -> None:
    """Let every clip last 10 ms and every pause 5, so that a test need not listen for a minute."""
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setparams((1, 2, 22_050, 0, "NONE", ""))
        file.writeframes(bytes(2 * 220))
    page.route("**/voice/**/*.wav", lambda route: route.fulfill(body=sound.getvalue()))

    def quickly(route) -> None:
        told = route.fetch().json()
        told["grammar"]["pauses"] = dict.fromkeys(told["grammar"]["pauses"], 0.005)
        route.fulfill(json=told)

    page.route("**/manifest.json", quickly)


class TestACallIsHeard:
    def test_a_call_over_the_socket_is_said_as_it_is_spelled(self, voiced, lobby):
        page = lobby()
        voiced.take("A01"), voiced.press(3, "call-next")
        wait_for_sound(page)
        assert names(page) == spoken("A-001", 3)

    @pytest.mark.slow  # beside other browsers the sound card of a test machine may come late
    def test_no_clip_waits_for_the_one_before_and_none_overlaps(self, voiced, lobby):
        page = lobby()
        voiced.take("A01"), voiced.press(3, "call-next")
        assert eventually(lambda: len(placed(page)) == len(spoken("A-001", 3)))
        clips = placed(page)
        ends = [clip["at"] + clip["seconds"] for clip in clips]
        gaps = [after["at"] - end for end, after in zip(ends, clips[1:], strict=False)]
        pauses = [round(gap, 3) for gap in gaps if gap > 0.001]
        assert min(gaps) > -0.001
        assert pauses == [0.32, 0.12, 0.12, 0.32, 0.32, 0.32, 0.12, 0.12, 0.32, 0.32]

    def test_the_number_is_on_the_screen_before_it_is_heard(self, voiced, lobby):
        page = lobby(lambda page: page.route("**/voice/**/*.wav", lambda route: None), silent=True)
        voiced.take("A01"), voiced.press(3, "call-next")
        expect(page.get_by_test_id("now-serving")).to_contain_text("A-001")
        assert placed(page) == []

    def test_a_recall_says_that_it_is_the_second(self, voiced, lobby):
        voiced.take("A01"), voiced.press(1, "call-next")
        page = lobby(calm)
        voiced.rows(EARLIER)
        assert voiced.press(1, "recall").status_code == 200
        expected = spoken("A-001", 1, calls=2)
        assert eventually(lambda: names(page) == expected), names(page)

    def test_what_was_called_before_is_not_repeated(self, voiced, lobby):
        voiced.take("A01"), voiced.take("A01"), voiced.press(1, "call-next")
        page = lobby(calm)
        page.reload()
        wait_for_state(page, "ready")
        voiced.press(2, "call-next")
        assert eventually(lambda: names(page) == spoken("A-002", 2)), names(page)

    def test_a_screen_of_another_zone_is_silent(self, voiced, lobby):
        page = lobby(calm, path="display/c")
        voiced.take("A01"), voiced.take("N01")
        voiced.press(1, "call-next"), voiced.press(counter_of(voiced, "N"), "call-next")
        said = spoken("N-001", counter_of(voiced, "N"), agency="BPJS Kesehatan")
        assert eventually(lambda: names(page) == said), names(page)

    def test_the_hall_decides_how_it_speaks(self, voiced, lobby):
        voiced.rows(SETTING.format("true, false, true, 'whole', false, 40"))
        voiced.take("A01")
        page = lobby(calm)
        voiced.press(1, "call-next")
        said = spoken("A-001", 1, agency="", is_whole=True, languages=["id", "min"])
        assert eventually(lambda: names(page) == said), names(page)

    def test_a_hall_may_be_silent(self, voiced, lobby):
        voiced.rows(SETTING.format("false, true, false, 'digits', true, 100"))
        page = lobby(silent=True)
        assert page.locator("html").get_attribute("data-sound") is None


EARLIER = "UPDATE queueing_ticket SET last_call_at = last_call_at - interval '1 minute' RETURNING 1"
SETTING = (
    "INSERT INTO voice_voice (hall_id, is_on, speaks_english, speaks_minangkabau, numbers,"
    " says_agency, volume) SELECT id, {} FROM agencies_hall RETURNING 1"
)


def counter_of(hall, code: str) -> int:
    return next(each["number"] for each in hall.board()["counters"] if each["agency"] == code)


# --- Many at once -------------------------------------------------------------------------------


class Told:
    """A socket in the hand of a test: it says what the hall would say."""

    def __init__(self, board: dict) -> None:
        self.board = {**board, "version": 100, "calls": []}

    def __call__(self, page: Page) -> None:
        page.route_web_socket("**/ws/**", self.connect)

    def connect(self, socket) -> None:
        self.socket = socket
        socket.send(json.dumps(self.board))

    def tell(self, *calls: dict, **board) -> None:
        calls = [{**call, "at": call.get("at", self.board["at"])} for call in calls]
        self.board |= {"version": self.board["version"] + 1, "calls": calls, **board}
        self.socket.send(json.dumps(self.board))


def a_call(number: int, **values) -> dict:
    call = {"version": 100 + number, "label": f"A-{number:03d}", "queue": "A", "counter": 1}
    return {**call, "calls": 1, **values}


class TestManyAtOnce:
    def test_six_calls_are_said_in_order_and_shortened_by_the_rules(self, voiced, lobby):
        told = Told(voiced.board())
        page = lobby(calm, told)
        told.tell(*[a_call(number) for number in (6, 5, 4, 3, 2, 1)])
        said = [
            *spoken("A-001", 1, languages=["id"], is_brief=True),  # five wait
            *spoken("A-002", 1, languages=["id"]),  # four wait
            *spoken("A-003", 1, languages=["id"]),
            *spoken("A-004", 1),  # two wait
            *spoken("A-005", 1),
            *spoken("A-006", 1),
        ]
        assert eventually(lambda: len(placed(page)) >= len(said), 20)
        assert names(page) == said

    def test_a_new_call_never_cuts_one_off(self, voiced, lobby):
        told = Told(voiced.board())
        page = lobby(calm, told)
        told.tell(a_call(1))
        assert eventually(lambda: len(placed(page)) > 5)
        told.tell(a_call(2), a_call(1))
        assert eventually(lambda: len(placed(page)) == 2 * len(spoken("A-001", 1)))
        first, second = placed(page)[: len(spoken("A-001", 1))], placed(page)[-1]
        assert second["at"] > first[-1]["at"] + first[-1]["seconds"]

    def test_what_is_old_when_it_is_learned_of_is_not_said(self, voiced, lobby):
        board = voiced.board()
        told = Told(board)
        page = lobby(calm, told)
        told.tell(a_call(2), a_call(1, at=seconds_before(board["at"], 46)))
        assert eventually(lambda: names(page) == spoken("A-002", 1)), names(page)

    def test_a_number_called_again_while_it_waits_is_said_once(self, voiced, lobby):
        told = Told(voiced.board())
        page = lobby(calm, told)
        told.tell(a_call(2), a_call(1))
        told.tell(a_call(3, label="A-002", calls=2), a_call(2), a_call(1))
        said = [*spoken("A-001", 1), *spoken("A-002", 1, calls=2)]
        assert eventually(lambda: names(page) == said), names(page)


def seconds_before(moment: str, seconds: int) -> str:
    return (dt.datetime.fromisoformat(moment) - dt.timedelta(seconds=seconds)).isoformat()


# --- What may go wrong --------------------------------------------------------------------------


class TestWhatMayGoWrong:
    def test_a_browser_that_wants_a_touch_says_so_and_then_speaks(self, voiced, asked, look_in):
        """To be looked at by a program counts as a touch, so the page itself tells what it does."""
        said: list[str] = []
        page = look_in(asked)("display", prepare=partial(tell, said=said))
        assert comes(page, "sound blocked, note shown", said)
        voiced.take("A01"), voiced.take("A01")
        voiced.press(1, "call-next")
        assert comes(page, "called", said)
        page.mouse.click(300, 300)
        assert comes(page, "sound ready, note hidden", said)
        voiced.press(2, "call-next")
        wait_for_sound(page)
        assert names(page) == spoken("A-002", 2)  # and nothing of what was called in silence

    def test_nobody_is_kept_out_by_the_note(self, look):
        page = look("display")
        page.evaluate("document.getElementById('sound-blocked').hidden = false")
        assert barriers(page) == []

    def test_a_browser_with_the_kiosk_flag_needs_no_touch(self, lobby):
        page = lobby(calm)
        expect(page.get_by_test_id("sound-blocked")).to_be_hidden()

    def test_a_paired_screen_tells_the_hall_that_it_is_not_heard(self, voiced, asked, look_in):
        look_in(asked)(f"display?pair={voiced.demo['displays'][0]['key']}")
        told = "the sound of Layar utama is blocked; missing clips: 0"
        assert eventually(lambda: told in voiced.web.log(), 15)

    def test_a_missing_clip_is_skipped_and_told(self, voiced, lobby):
        told: list[str] = []

        def lose(page: Page) -> None:
            page.route("**/voice/id/satu.*", lambda route: route.fulfill(status=404))
            page.route("**/voice/id/dua.*", lambda route: route.fulfill(body="no sound"))
            page.on("console", lambda message: told.append(message.text))

        voiced.take("A01")
        page = lobby(calm, lose)
        voiced.press(2, "call-next")
        said = [name for name in spoken("A-001", 2) if name not in {"id satu", "id dua"}]
        assert eventually(lambda: names(page) == said), names(page)
        assert {"no clip id satu", "no clip id dua"} <= set(told)

    def test_before_anything_is_rendered_the_screen_shows_the_call(self, hall, allowed, look_in):
        prepare = partial(route, address="**/manifest.json", answer=nothing)
        page = look_in(allowed)("display", prepare=prepare)
        hall.take("A01"), hall.press(1, "call-next")
        expect(page.get_by_test_id("now-serving")).to_contain_text("A-001")
        for note in ("sound-blocked", "sound-broken"):
            expect(page.get_by_test_id(note)).to_be_hidden()

    @pytest.mark.slow
    def test_a_sound_card_whose_clock_stands_still_is_told(self, lobby):
        page = lobby(calm)
        page.evaluate(STAND_STILL)
        expect(page.get_by_test_id("sound-broken")).to_be_visible(timeout=10_000)
        assert barriers(page) == []


TELL = """
new MutationObserver(([{ attributeName }]) => {
  if (attributeName === "data-raised") return console.log("called");
  const note = document.getElementById("sound-blocked").hidden ? "hidden" : "shown";
  console.log(`sound ${document.documentElement.dataset.sound}, note ${note}`);
}).observe(document, { subtree: true, attributeFilter: ["data-sound", "data-raised"] });
"""


def tell(page: Page, said: list[str]) -> None:
    listen(page)
    page.add_init_script(TELL)
    page.on("console", lambda message: said.append(message.text))


def comes(page: Page, text: str, said: list[str]) -> bool:
    return eventually(lambda: page.wait_for_timeout(50) or text in said, 15)


STAND_STILL = """Object.defineProperty(AudioContext.prototype.__proto__, "currentTime", {
  get: () => 1 })"""


def route(page: Page, address: str, answer) -> None:
    page.route(address, answer)


def nothing(route) -> None:
    route.fulfill(json={"grammar": {"pauses": {}}, "agencies": {}, "clips": {}})
