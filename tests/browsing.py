"""A browser for the tests of the pages, and the question whether everybody can use them."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium_path() -> str | None:
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Give a Chromium of the machine, or else the one that playwright has installed."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        yield browser
        browser.close()


# A colour that is on its way to another is none that anybody reads.
ARRIVE = """() => document.getAnimations().filter((moving) => moving instanceof CSSTransition)
  .forEach((moving) => moving.finish())"""


def barriers(page: Page) -> list[str]:
    """Return what axe finds that keeps people out: rule and element of each."""
    page.wait_for_load_state()  # a page that has just come may be without its colours yet
    page.evaluate(ARRIVE)
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{rule['id']}: {node['target'][0]} {node.get('failureSummary', '')}"
        for rule in found
        for node in rule["nodes"]
    ]


# Every control that can be seen, with its box; a radio button is as large as its label.
CONTROLS = """() => [...document.querySelectorAll('button, a[href], input')]
  .filter((node) => node.checkVisibility() && !node.closest('.skip, .unseen'))
  .map((node) => {
    const box = node.getBoundingClientRect();
    const name = node.dataset.testid || node.textContent.trim() || node.id || node.value;
    return { name, left: box.left, top: box.top, right: box.right, bottom: box.bottom };
  })"""


def controls(page: Page) -> list[dict[str, Any]]:
    boxes: list[dict[str, Any]] = page.evaluate(CONTROLS)
    return boxes


def too_small(page: Page, least: float) -> list[str]:
    return [
        f"{box['name']}: {box['right'] - box['left']:.0f} x {box['bottom'] - box['top']:.0f}"
        for box in controls(page)
        if min(box["right"] - box["left"], box["bottom"] - box["top"]) < least
    ]


def too_close(page: Page, least: float) -> list[str]:
    """Return pairs of controls with a gap that is smaller than this, sideways and upright."""
    boxes = controls(page)
    return [
        f"{one['name']} and {other['name']}"
        for place, one in enumerate(boxes)
        for other in boxes[place + 1 :]
        if max(
            one["left"] - other["right"],
            other["left"] - one["right"],
            one["top"] - other["bottom"],
            other["top"] - one["bottom"],
        )
        < least
    ]


def out_of_sight(page: Page) -> list[str]:
    """Return controls that one would have to scroll to."""
    size = page.viewport_size or {"width": 0, "height": 0}
    return [
        box["name"]
        for box in controls(page)
        if min(box["left"], box["top"]) < 0
        or box["right"] > size["width"] + 0.5
        or box["bottom"] > size["height"] + 0.5
    ]


def weigh(page: Page, weights: list[int]) -> None:
    """Write down what each answer weighs on the wire, header and body."""

    def note(request: Request) -> None:
        sizes = request.sizes()
        weights.append(sizes["responseHeadersSize"] + sizes["responseBodySize"])

    page.on("requestfinished", note)
