"""A lobby screen in the hand of a test: in a room of some size, told anything by its socket."""

import io
import json

from PIL import Image
from playwright.sync_api import Page

INCH = 25.4


SET_UP = (
    "UPDATE queueing_device SET diagonal = {diagonal}, farthest = {farthest}, part = '{part}',"
    " orientation = '{orientation}', look = '{look}', screen = ''"
    " WHERE name = 'Layar utama' RETURNING 1"
)
USUAL = {"orientation": "landscape", "part": "", "look": "light"}


def measure(hall, diagonal: float, farthest: float, **values: str) -> None:
    """Set the first display of the hall up for a room."""
    told = {**USUAL, "diagonal": diagonal, "farthest": farthest, **values}
    hall.rows(SET_UP.format(**told))


def forget(hall) -> None:
    hall.rows(
        "UPDATE queueing_device SET farthest = NULL, orientation = 'auto', part = '',"
        " look = 'light', checked_at = NULL, check_seen_at = NULL, check_outcome = '' RETURNING 1"
    )


def own_display(hall) -> str:
    """Return the address by which a browser becomes the first display."""
    return f"display?pair={hall.demo['displays'][0]['key']}"


class Told:
    """A socket that says what the hall would say."""

    def __init__(self, board: dict) -> None:
        self.board = {**board, "version": 100, "calls": []}

    def __call__(self, page: Page) -> None:
        page.route_web_socket("**/ws/**", self.connect)

    def connect(self, socket) -> None:
        self.socket = socket
        socket.send(json.dumps(self.board))

    def tell(self, **board) -> None:
        self.board |= {"version": self.board["version"] + 1, **board}
        self.socket.send(json.dumps(self.board))

    def call(self, label: str, counter: int, *, calls: int = 1, **board) -> None:
        """Call a number as the hall would: newest first, the last twelve."""
        version = self.board["version"] + 1
        call = {"version": version, "label": label, "queue": label[0], "counter": counter}
        call |= {"calls": calls, "at": board.get("at", self.board["at"])}
        counters = [
            {**each, "ticket": {"label": label, "state": "called", "calls": calls}}
            if each["number"] == counter
            else each
            for each in self.board["counters"]
        ]
        self.tell(calls=[call, *self.board["calls"]][:12], counters=counters, **board)


def ink(page: Page, selector: str) -> float:
    """Return how high the ink of an element stands on the picture of the page, in its pixels."""
    picture = Image.open(io.BytesIO(page.locator(selector).first.screenshot())).convert("L")
    paper = picture.getpixel((1, picture.height // 2))
    marks = picture.point(lambda grey: 255 * (abs(grey - paper) > 110))
    _left, top, _right, bottom = marks.getbbox()
    return bottom - top


def opened(look, hall, told: Told | None = None, *prepare, **options) -> Page:
    def get_ready(page: Page) -> None:
        for each in [told, *prepare]:
            if each:
                each(page)

    return look(own_display(hall), prepare=get_ready, **options)


def busy(told: Told) -> None:
    for number in range(1, 8):
        told.call(f"H-{100 + number}", number)


# Parts that reach out of the part that holds them, or of the picture.
CUT = """() => ["h1", ".head-time", ".call-word", ".call-label", ".call-way", ".call-agency",
    ".row-label", ".row-counter", ".tile", ".chip", ".ticker", ".tile-name", ".chip-waiting", "h2"]
  .flatMap((name) => [...document.querySelectorAll(name)].map((node) => [name, node]))
  .filter(([, node]) => node.checkVisibility() && node.getBoundingClientRect().width > 1)
  .filter(([name, node]) => {
    const holder = node.closest(".hero, .recent li, .tile, .chip, .head") ?? document.body;
    const [a, b] = [node, holder === node ? document.body : holder].map((n) =>
      n.getBoundingClientRect());
    const isOut = a.left < b.left - 1 || a.right > b.right + 1 || a.bottom > innerHeight + 1;
    return isOut || (name !== ".call-label" && node.scrollWidth > node.clientWidth + 1);
  })
  .map(([name, node]) => `${name} ${node.textContent}`)"""
