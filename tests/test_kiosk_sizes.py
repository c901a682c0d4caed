"""Can everybody read and touch it? The kiosk in millimetres, on the screens that halls buy."""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import barriers, controls, out_of_sight
from tests.kiosks import Kiosk, every_question, every_screen

pytest_plugins = ["tests.looking", "tests.at_the_kiosk"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("kiosk-sizes")]

TARGET, GAP, CAPITAL = 20, 3, 7.3  # millimetres (domain section 9)
PAGE = Path(__file__).parent.parent / "docs/kiosk.md"

SCREENS: dict[str, tuple[tuple[int, int], dict[str, Any]]] = {
    '21.5" portrait': ((1080, 1920), {"diagonal": 21.5}),
    '32" portrait': ((1080, 1920), {"diagonal": 32}),
    '15.6" portrait': ((1080, 1920), {"diagonal": 15.6}),
    '21.5" landscape': ((1920, 1080), {"diagonal": 21.5}),
    '32" landscape': ((1920, 1080), {"diagonal": 32}),
    '21.5" landscape, 768 lines': ((1366, 768), {"diagonal": 21.5}),
    '32" portrait, 4K': ((2160, 3840), {"diagonal": 32}),
    '21.5" portrait, low hands': ((1080, 1920), {"diagonal": 21.5, "reach": "low"}),
    '32" portrait, low hands': ((1080, 1920), {"diagonal": 32, "reach": "low"}),
}

USUAL = {'21.5" portrait', '32" landscape'}  # the others with `make thorough`
ON_EVERY_SCREEN = [
    pytest.param(name, marks=() if name in USUAL else pytest.mark.slow) for name in SCREENS
]

# How tall a capital H is in the font that is really used, for every needed text on the screen.
CAPITALS = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  const tall = (style) => {
    pen.font = `${style.fontWeight} 200px ${style.fontFamily}`;
    return pen.measureText("H").actualBoundingBoxAscent / 200 * parseFloat(style.fontSize);
  };
  const asking = document.querySelector("dialog[open]");
  const isText = ({ nodeType, data }) => nodeType === 3 && data.trim();
  const speaks = ({ childNodes }) => [...childNodes].some(isText);
  const all = asking ? asking.querySelectorAll("*") : document.querySelectorAll("main *, .foot *");
  return [...all]
    .filter((node) => speaks(node) && node.checkVisibility())
    .filter((node) => !node.closest(".unseen, .tile-gist, .results .choice-more"))
    .map((node) => [tall(getComputedStyle(node)), node.textContent.trim()]);
}"""


class Ruler:
    """Measures a page in millimetres of the screen that it is shown on."""

    def __init__(self, kiosk: Kiosk, inches: float) -> None:
        self.page = kiosk.page
        size = self.page.viewport_size or {"width": 0, "height": 0}
        self.pixels = (size["width"] ** 2 + size["height"] ** 2) ** 0.5 / (inches * 25.4)

    def targets(self) -> dict[str, float]:
        """Return the shorter side of each control."""
        boxes = shown(self.page)
        sides = [(b["name"], min(b["right"] - b["left"], b["bottom"] - b["top"])) for b in boxes]
        return {name: side / self.pixels for name, side in sides}

    def gaps(self) -> dict[str, float]:
        boxes = shown(self.page)
        return {
            f"{one['name']} and {other['name']}": gap(one, other) / self.pixels
            for place, one in enumerate(boxes)
            for other in boxes[place + 1 :]
        }

    def capitals(self) -> dict[str, float]:
        return {text: tall / self.pixels for tall, text in self.page.evaluate(CAPITALS)}


def shown(page: Page) -> list[dict[str, Any]]:
    """Return the controls of the page, or of the question that lies over it."""
    is_asking = page.locator("dialog[open]").count()
    inside = "node.closest('dialog[open]')" if is_asking else "true"
    names = page.evaluate(
        f"() => [...document.querySelectorAll('button, a[href], input')]"
        f".filter((node) => node.checkVisibility() && !node.closest('.skip, .unseen'))"
        f".map((node) => Boolean({inside}))"
    )
    return [box for box, is_shown in zip(controls(page), names, strict=True) if is_shown]


def gap(one: dict[str, Any], other: dict[str, Any]) -> float:
    return max(
        one["left"] - other["right"],
        other["left"] - one["right"],
        one["top"] - other["bottom"],
        other["top"] - one["bottom"],
    )


def all_that_shows(kiosk: Kiosk) -> Iterator[str]:
    yield from every_screen(kiosk)
    kiosk.touch("done")
    yield from every_question(kiosk)


def below(measured: dict[str, float], least: float) -> dict[str, float]:
    return {name: round(value, 2) for name, value in measured.items() if value < least - 0.01}


def row(name: str, size: tuple[int, int], least: list[float]) -> str:
    return f"| {name} | {size[0]} x {size[1]} | {' | '.join(f'{value:.1f}' for value in least)} |"


@pytest.mark.parametrize("name", ON_EVERY_SCREEN)
def test_everything_can_be_touched_and_read_in_millimetres(open_kiosk, name):
    size, device = SCREENS[name]
    kiosk = open_kiosk(size=size, device=device)
    ruler = Ruler(kiosk, device["diagonal"])
    least = [1e9, 1e9, 1e9]
    for screen in all_that_shows(kiosk):
        measured = [ruler.targets(), ruler.gaps(), ruler.capitals()]
        for values, bar in zip(measured, (TARGET, GAP, CAPITAL), strict=True):
            assert below(values, bar) == {}, screen
        assert out_of_sight(kiosk.page) == [], screen
        pairs = zip(least, measured, strict=True)
        least = [min([before, *values.values()]) for before, values in pairs]
    assert row(name, size, least) in PAGE.read_text()


@pytest.mark.parametrize("name", ON_EVERY_SCREEN)
def test_larger_text_keeps_everything_in_reach(open_kiosk, name):
    size, device = SCREENS[name]
    kiosk = open_kiosk(size=size, device=device)
    kiosk.set("text")
    ruler = Ruler(kiosk, device["diagonal"])
    for screen in all_that_shows(kiosk):
        assert below(ruler.targets(), TARGET) == {}, screen
        assert below(ruler.gaps(), GAP) == {}, screen
        assert out_of_sight(kiosk.page) == [], screen


# A word is cut when its box hides a part of it; whole lines that are left out are shown by dots.
CUT = """() => [...document.querySelectorAll("main button, main button *, .foot *, dialog[open] *")]
  .filter((node) => node.checkVisibility() && !node.closest(".unseen, svg, .tile-gist, .basket"))
  .filter((node) => node.scrollWidth > node.clientWidth + 2 && node.clientWidth
                 || node.matches("button") && node.scrollHeight > node.clientHeight + 2)
  .map((node) => node.textContent.trim())"""


@pytest.mark.parametrize("query", ["", "?lang=en"])
@pytest.mark.parametrize("name", ON_EVERY_SCREEN)
def test_no_word_is_cut(open_kiosk, name, query):
    size, device = SCREENS[name]
    kiosk = open_kiosk(query, size=size, device=device)
    for screen in all_that_shows(kiosk):
        assert kiosk.page.evaluate(CUT) == [], screen


@pytest.mark.parametrize("status", ["closed", "paused"])
@pytest.mark.parametrize("name", sorted(SCREENS, key=lambda name: name != '21.5" landscape'))
def test_a_frequent_service_that_is_closed_cuts_nothing(open_kiosk, queue_f, name, status):
    queue_f(status)
    size, device = SCREENS[name]
    for query in ("?lang=en", "?lang=id"):
        kiosk = open_kiosk(query, size=size, device=device)
        expect(kiosk.page.locator(f".frequent [data-status={status}]")).to_have_count(1)
        assert kiosk.page.evaluate(CUT) == []


@pytest.mark.parametrize("name", ['21.5" portrait, low hands', '32" portrait, low hands'])
@pytest.mark.slow
def test_low_hands_reach_every_control(open_kiosk, name):
    size, device = SCREENS[name]
    kiosk = open_kiosk(size=size, device=device)
    for screen in every_screen(kiosk):
        high = [box["name"] for box in controls(kiosk.page) if box["top"] < size[1] / 2 - 1]
        assert [name for name in high if name != "query"] == [], screen  # typed into from below


def test_all_agencies_stand_on_one_screen_where_it_is_large_enough(open_kiosk):
    for size in ((1080, 1920), (1920, 1080), (1366, 768)):
        kiosk = open_kiosk(size=size)
        assert kiosk.page.locator(".tile[data-code]").count() == 17
        assert kiosk.page.locator("#main [data-part=pages]").is_hidden()


def test_a_small_screen_turns_pages_to_show_them_all(open_kiosk):
    kiosk = open_kiosk(device={"diagonal": 15.6})
    codes: list[str] = []
    for page in range(3):
        codes += kiosk.page.locator(".tile[data-code]").evaluate_all(
            "all => all.map(({ dataset }) => dataset.code)"
        )
        if page < 2:
            kiosk.press("next")
    assert "".join(codes) == "ABCDEFGHJKLMNPQRS"


# --- Every dress --------------------------------------------------------------------------------


DRESSES = list(product(["portrait", "landscape"], ["usual", "contrast", "text"], ["", "?lang=en"]))
USUALLY_WORN = {
    ("portrait", "usual", ""),
    ("landscape", "contrast", "?lang=en"),
}


@pytest.mark.parametrize(
    ("shape", "dress", "query"),
    [
        pytest.param(*worn, marks=() if worn in USUALLY_WORN else pytest.mark.slow)
        for worn in DRESSES
    ],
)
def test_nothing_keeps_anybody_out(open_kiosk, shape, dress, query):
    kiosk = open_kiosk(query, size=(1080, 1920) if shape == "portrait" else (1920, 1080))
    if dress != "usual":
        kiosk.set(dress)
    for screen in all_that_shows(kiosk):
        assert barriers(kiosk.page) == [], screen


def test_the_switches_stand_on_every_screen(kiosk):
    for screen in every_screen(kiosk):
        for switch in ("[data-help]", "[data-appearance=text]", "[data-language-link]"):
            assert kiosk.page.locator(switch).is_visible(), (screen, switch)
        assert kiosk.page.locator("[data-appearance=contrast]").is_visible(), screen


def test_the_table_of_the_page_names_the_screens_that_are_measured():
    rows = re.findall(r"^\| (\d[^|]*?) \| \d+ x \d+ \|", PAGE.read_text(), re.MULTILINE)
    assert rows == list(SCREENS)
