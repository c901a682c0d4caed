"""A lobby screen in its room: how large it writes, what stands beside the calls, how it ages."""

import io
import math
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browsing import barriers
from tests.pages import FULL_HD, UPRIGHT, eventually, overflows
from tests.screens import CUT, INCH, Told, busy, ink, measure, opened

pytest_plugins = ["tests.looking", "tests.lobby"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("display")]


# --- How large ----------------------------------------------------------------------------------

ROOMS = [
    # inches, metres, picture, rows
    (43, 10, FULL_HD, 3),
    (55, 10, FULL_HD, 5),
    (65, 10, (3840, 2160), 6),
    (32, 6, (1366, 768), 4),
    (55, 8, UPRIGHT, 6),
]


def stand(hall, room: tuple) -> None:
    diagonal, farthest, size, _rows = room
    orientation = "portrait" if size == UPRIGHT else "landscape"
    measure(hall, diagonal, farthest, orientation=orientation)


@pytest.mark.parametrize("room", ROOMS)
def test_letters_on_the_glass_are_as_high_as_the_rule_says(lobby, look, room):
    diagonal, farthest, size, rows = room
    stand(lobby, room)
    told = Told(lobby.board())
    page = opened(look, lobby, told, size=size, reduced_motion="reduce")
    busy(told)
    expect(page.get_by_test_id(f"call-{rows}")).to_be_visible()
    millimetres = diagonal * INCH / math.hypot(*size)
    assert ink(page, "#call-label") * millimetres >= 12.2 * farthest
    assert ink(page, "#recent b") * millimetres >= 5.0 * farthest * 0.98
    assert ink(page, "#time") * millimetres >= 2.5 * farthest * 0.98
    assert page.locator("#recent li:visible").count() == rows
    assert not overflows(page)


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_nothing_leaves_its_place(lobby, look, room, language):
    stand(lobby, room)
    lobby.rows(a_lobby(text_id="Bawa KTP asli", text_en="Bring your ID card"))
    told = Told(lobby.board())
    page = opened(look, lobby, told, size=room[2], locale=language)
    page.goto(f"/{lobby.slug}/display?lang={language}")
    busy(told)
    told.call("AA-1000", 27, calls=2)
    expect(page.get_by_test_id("call-1")).to_contain_text("AA-1000")
    assert eventually(lambda: page.evaluate(CUT) == []), page.evaluate(CUT)


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_sign_of_a_cut_line_takes_no_place_from_the_number(lobby, look, language):
    measure(lobby, 43, 10)
    lobby.rows(a_lobby(text_id="Bawa KTP asli", text_en="Bring your ID card"))
    told = Told(lobby.board())
    page = opened(look, lobby, told, lambda page: page.clock.install(), size=FULL_HD)
    page.goto(f"/{lobby.slug}/display?lang={language}")
    busy(told)
    expect(page.get_by_test_id("call-3")).to_be_visible()
    page.unroute("**/ws/**")
    page.route_web_socket("**/ws/**", lambda socket: socket.close())
    page.route("**/board", lambda route: route.abort())
    stale = page.get_by_test_id("stale-badge")
    assert eventually(lambda: page.clock.run_for(2_000) or stale.is_visible(), 20)
    assert eventually(lambda: page.clock.run_for(1_000) or is_whole(page)), page.evaluate(CUT)


def is_whole(page: Page) -> bool:
    hero, rest = (page.locator(name).bounding_box() for name in (".hero", ".call-agency"))
    return page.evaluate(CUT) == [] and rest["y"] + rest["height"] <= hero["y"] + hero["height"]


def test_a_screen_that_nobody_measured_is_drawn_for_a_large_room(lobby, look):
    told = Told(lobby.board())
    page = look("display", size=FULL_HD, prepare=told)
    busy(told)
    expect(page.get_by_test_id("call-6")).to_be_visible()


# --- Above one counter --------------------------------------------------------------------------


def test_above_a_counter_stands_its_own_number_until_the_person_has_gone(lobby, look):
    told = Told(lobby.board())
    page = look("display/loket-3", size=(1024, 600), prepare=lambda p: (p.clock.install(), told(p)))
    expect(page.get_by_test_id("counter-state")).to_have_text("Siap")
    told.call("A-007", 4)
    told.call("A-008", 3)
    expect(page.get_by_test_id("now-serving")).to_contain_text("A-008")
    assert barriers(page) == []
    page.clock.run_for(9_000)
    expect(page.get_by_test_id("now-serving")).to_contain_text("A-008")
    told.tell(counters=[{**each, "ticket": None} for each in told.board["counters"]])
    page.clock.run_for(1_000)
    expect(page.get_by_test_id("now-serving")).to_be_hidden()
    expect(page.get_by_test_id("counter-state")).to_have_text("Siap")


@pytest.mark.parametrize(("status", "word"), [("break", "Istirahat"), ("closed", "Tutup")])
def test_above_a_counter_stands_that_nobody_is_there(lobby, look, status, word):
    board = lobby.board()
    board["counters"][2] |= {"status": status}
    page = look("display/loket-3", prepare=Told(board))
    expect(page.get_by_test_id("counter-state")).to_have_text(word)


def test_a_counter_that_is_not_there_is_not_shown(client, cast):
    assert client.get("/hall/display/loket-99").status_code == 404


# --- A queue that stands still, a wait that is known --------------------------------------------


def queues(board: dict, **values) -> list[dict]:
    return [{**each, **values} if each["code"] == "F" else each for each in board["queues"]]


def test_an_incident_is_told_with_its_hour(lobby, look):
    board = lobby.board()
    since = board["at"][:11] + "09:05:00.000+07:00"
    told = Told(board | {"queues": queues(board, status="paused", incident_since=since)})
    page = look("display", size=FULL_HD, prepare=told)
    sentence = "Samsat (F) gangguan sejak 09.05. Nomor Anda tetap berlaku."
    expect(page.get_by_test_id("ticker")).to_have_text(sentence)
    expect(page.locator(".chip")).to_have_text(re.compile(r"F\s*Samsat\s*gangguan"))
    assert barriers(page) == []
    told.tell(queues=board["queues"])
    expect(page.get_by_test_id("ticker")).to_be_hidden()


def test_a_wait_is_told_as_a_range_when_somebody_can_say(lobby, look):
    board = lobby.board()
    hours = {"from": f"{board['date']}T09:10:00+07:00", "to": f"{board['date']}T09:25:00+07:00"}
    at = f"{board['date']}T09:00:00+07:00"
    told = Told(board | {"at": at, "queues": queues(board, waiting=4, estimate=hours)})
    page = look("display", size=FULL_HD, prepare=told)
    expect(page.locator(".chip")).to_have_text(re.compile(r"F\s*Samsat\s*09.10\W+09.25\s*4"))


# --- Text and pictures --------------------------------------------------------------------------


A_LOBBY = (
    "INSERT INTO queueing_lobby (hall_id, text_is_on, media_are_on, logo, text_id, text_en, colour)"
    " SELECT id, true, true, '', '{text_id}', '{text_en}', '{colour}' FROM agencies_hall"
    " RETURNING 1"
)


def a_lobby(**values: str) -> str:
    return A_LOBBY.format(**{"text_id": "", "text_en": "", "colour": "", **values})


def test_messages_take_turns_and_may_be_paused(lobby, look):
    lobby.rows(a_lobby(text_id="Bawa KTP asli.\nLoket 5 pindah."))
    page = look("display", size=FULL_HD, prepare=lambda page: page.clock.install())
    text = page.get_by_test_id("ticker")
    expect(text).to_have_text("Bawa KTP asli.")
    page.clock.run_for(9_500)
    expect(text).to_have_text("Loket 5 pindah.")
    page.get_by_role("button", name="Jeda pengumuman").click()
    page.clock.run_for(30_000)
    expect(text).to_have_text("Loket 5 pindah.")
    assert barriers(page) == []


def test_a_long_message_is_read_line_by_line_and_never_cut(lobby, look):
    words = [f"kata{number}" for number in range(40)]
    lobby.rows(a_lobby(text_id=" ".join(words)))
    page = look("display", size=FULL_HD, prepare=lambda page: page.clock.install())
    text, read = page.get_by_test_id("ticker"), []
    expect(text).to_contain_text("kata0")
    while len(read) < len(words):
        assert text.evaluate("node => node.scrollWidth <= node.clientWidth")
        read += text.inner_text().split()
        page.clock.run_for(9_000)
    assert read == words


def dots() -> str:
    drawn = io.BytesIO()
    Image.new("RGB", (160, 90), "#1d4f91").save(drawn, "PNG")
    return drawn.getvalue().hex()


PICTURE = (
    "INSERT INTO queueing_medium (hall_id, name, place, is_on, seconds, kind, content_type,"
    " digest, size, content) SELECT id, 'Alur paspor', 1, true, 15, 'picture', 'image/png', 'abc',"
    " length(dots), dots FROM agencies_hall, decode('{}', 'hex') dots RETURNING 1"
)
OVERLAP = """() => {
  const [a, b, hero] = [".media", ".recent", ".hero"].map((name) =>
    document.querySelector(name).getBoundingClientRect());
  const meet = (p, q) =>
    p.left < q.right && q.left < p.right && p.top < q.bottom && q.top < p.bottom;
  return meet(a, b) || meet(a, hero);
}"""


@pytest.mark.parametrize("size", [FULL_HD, UPRIGHT])
def test_a_picture_has_a_place_of_its_own_and_covers_no_call(lobby, look, size):
    lobby.rows(PICTURE.format(dots()))
    told = Told(lobby.board())
    page = look("display", size=size, prepare=told)
    busy(told)
    expect(page.get_by_role("img", name="Alur paspor")).to_be_visible()
    expect(page.get_by_test_id("call-3")).to_be_visible()
    expect(page.get_by_test_id("call-4")).to_be_hidden()
    assert page.evaluate(OVERLAP) is False
    assert barriers(page) == []


RECORD = """() => new Promise((done) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 180 });
  const pen = canvas.getContext("2d"), parts = [];
  const draw = () => { pen.fillStyle = "#1d4f91"; pen.fillRect(Math.random() * 9, 0, 320, 180); };
  const recorder = new MediaRecorder(canvas.captureStream(10), { mimeType: "video/webm" });
  recorder.ondataavailable = ({ data }) => parts.push(data);
  recorder.onstop = async () => {
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    done(Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""));
  };
  recorder.start();
  const timer = setInterval(draw, 50);
  setTimeout(() => { clearInterval(timer); recorder.stop(); }, 1000);
})"""


def recorded(chromium) -> str:
    """A film of one second, made by the browser itself."""
    page = chromium.new_page()
    try:
        return page.evaluate(RECORD)
    finally:
        page.close()


# A film of a second may be over before a test looks at it: the page notes what it plays.
NOTE_FILMS = """window.played = [];
addEventListener("playing", ({ target }) =>
  played.push([target.getAttribute("aria-label"), target.muted]), true)"""


def test_a_film_plays_without_sound_and_makes_room_for_what_is_next(chromium, lobby, look):
    lobby.rows(PICTURE.format(dots()))
    lobby.rows(
        PICTURE.format(recorded(chromium))
        .replace("'Alur paspor', 1, true", "'Cara antre', 0, true")
        .replace("'picture', 'image/png', 'abc'", "'film', 'video/webm', 'abd'")
    )
    page = look("display", size=FULL_HD, prepare=lambda page: page.add_init_script(NOTE_FILMS))
    expect(page.get_by_role("img", name="Alur paspor")).to_be_visible()  # it has ended
    expect(page.locator("video")).to_have_count(0)
    assert page.evaluate("[...new Set(played.map(String))]") == ["Cara antre,true"]


def test_where_there_is_no_room_there_is_no_picture(lobby, look):
    lobby.rows(PICTURE.format(dots()))
    measure(lobby, 43, 10)
    page = opened(look, lobby, Told(lobby.board()), size=FULL_HD)
    expect(page.locator("#welcome")).to_be_visible()
    expect(page.locator("#media")).to_be_hidden()


def test_the_hall_has_a_colour_and_the_screen_may_be_dark(lobby, look):
    lobby.rows(a_lobby(colour="#1d4f91", text_id="Halo"))
    measure(lobby, 55, 6, look="dark")
    told = Told(lobby.board())
    page = opened(look, lobby, told, size=FULL_HD)
    colour = "getComputedStyle(document.querySelector('.hero')).backgroundColor"
    assert eventually(lambda: page.evaluate(colour) == "rgb(29, 79, 145)")
    assert barriers(page) == []
    busy(told)
    expect(page.get_by_test_id("now-serving")).to_be_visible()
    assert barriers(page) == []


SEVEN_TO_ONE = """() => {
  const light = (text) => text.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0.05);
  const ground = (node) => {
    const colour = getComputedStyle(node).backgroundColor;
    return /, 0\\)$/.test(colour) ? ground(node.parentElement) : colour;
  };
  return [...document.querySelectorAll("body *")]
    .filter((node) => node.checkVisibility() && [...node.childNodes].some((each) =>
      each.nodeType === 3 && each.data.trim()) && !node.closest(".languages, .skip, .demo"))
    .map((node) => [node, light(getComputedStyle(node).color), light(ground(node))])
    .filter(([, a, b]) => Math.max(a, b) / Math.min(a, b) < 7)
    .map(([node, a, b]) => `${node.className || node.id} ${Math.max(a, b) / Math.min(a, b)}`);
}"""


@pytest.mark.parametrize("style", ["light", "dark"])
def test_every_letter_stands_out_seven_to_one(lobby, look, style):
    lobby.rows(a_lobby(text_id="Halo"))
    measure(lobby, 55, 6, look=style)
    board = lobby.board()
    told = Told(board | {"queues": queues(board, status="paused")})
    page = opened(look, lobby, told, size=FULL_HD)
    expect(page.get_by_test_id("ticker")).to_be_visible()
    assert page.evaluate(SEVEN_TO_ONE) == []
    busy(told)
    expect(page.get_by_test_id("call-6")).to_be_visible()
    assert page.evaluate(SEVEN_TO_ONE) == []
