"""A person in front of the kiosk, and the way through its screens."""

import re
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Locator, Page, Request, expect

from tests.running import RunningHall

VISITS = re.compile(r"/api/v1/halls/\w+/visits$")


def set_up(hall: RunningHall, settings: dict[str, Any]) -> None:
    """Set the hall's first kiosk up, as a manager does on its page."""
    words = {True: "true", False: "false"}
    news = ", ".join(
        f"{name} = {words[value]}" if isinstance(value, bool) else f"{name} = '{value}'"
        for name, value in settings.items()
    )
    name = hall.demo["kiosks"][0]["name"]
    hall.rows(f"UPDATE queueing_device SET {news} WHERE name = '{name}'")  # noqa: S608


class Kiosk:
    """A person in front of the kiosk: counts the touches."""

    def __init__(self, hall: RunningHall, page: Page) -> None:
        self.hall, self.page = hall, page
        self.touches = 0
        self.keys: list[str] = []
        page.on("request", self.note)

    def note(self, request: Request) -> None:
        if VISITS.search(request.url):
            self.keys.append(request.headers["idempotency-key"])

    def touch(self, test_id: str) -> None:
        self.page.get_by_test_id(test_id).click()
        self.touches += 1

    def press(self, part: str) -> None:
        self.page.locator(f"#main [data-part={part}]").click()

    def type(self, word: str) -> None:
        for letter in word:
            self.page.locator(f"[data-key='{letter}']").click()

    def find(self, words: str) -> list[str]:
        self.page.locator("[data-part=query]").fill(words)
        return self.page.locator(".choice").evaluate_all("all => all.map(one => one.dataset.code)")

    def seek(self, test_id: str) -> Locator:
        """Turn the pages of a list until this is on the screen."""
        found, following = (
            self.page.get_by_test_id(test_id),
            self.page.locator("#main [data-part=next]"),
        )
        while not found.is_visible() and following.get_attribute("aria-disabled") != "true":
            following.click()
        return found

    def take(self, service: str = "A01") -> str:
        self.touch(f"agency-{service[0]}")
        self.touch(f"service-{service}")
        self.touch("take-ticket")
        return self.label

    def pick(self, *services: str) -> None:
        """Put services of the start's short list into one visit, and review it."""
        for place, service in enumerate(services):
            if place > 1:
                self.touch("add-service")  # from the review back to the start
            self.touch(f"service-{service}")
            self.touch("add-service")
        if len(services) == 1:
            self.touch("basket")

    @property
    def label(self) -> str:
        return self.page.get_by_test_id("ticket-label").inner_text()

    @property
    def labels(self) -> list[str]:
        labels = self.page.get_by_test_id("ticket-label")
        labels.first.wait_for()
        return labels.all_inner_texts()

    @property
    def notice(self) -> Locator:
        return self.page.locator("#main [data-part=notice]")

    @property
    def start(self) -> Locator:
        return self.page.get_by_role(
            "heading", name=re.compile("Anda mau mengurus apa|What do you need")
        )

    def set(self, text: str) -> None:
        self.page.locator(f"[data-appearance={text}]").click()


# --- The passing of time ------------------------------------------------------------------------


def with_a_clock(page: Page) -> None:
    page.clock.install()


def wait_idle(kiosk: Kiosk, seconds: int) -> None:
    for _ in range(seconds):
        kiosk.page.clock.run_for(1_000)


# --- The screens --------------------------------------------------------------------------------


def every_screen(kiosk: Kiosk) -> Iterator[str]:
    """Walk through all screens, one after the other."""
    page = kiosk.page
    yield "start"
    kiosk.seek("agency-B").click()
    yield "agency"
    page.keyboard.press("Escape")
    page.locator(".finder").click()
    yield "search"
    kiosk.find("pajak")
    yield "results"
    page.keyboard.press("Escape")
    kiosk.seek("agency-M").click()
    kiosk.touch("service-M01")  # the longest list of papers
    yield "service"
    kiosk.touch("add-service")
    yield "start with a service picked"
    kiosk.touch("service-F01")
    yield "service that joins"
    kiosk.touch("add-service")
    yield "visit"
    kiosk.touch("add-service")
    kiosk.seek("life-events").click()
    yield "life events"
    kiosk.touch("event-lost")
    yield "life event"
    kiosk.touch("take-ticket")
    page.get_by_test_id("ticket-label").first.wait_for()
    yield "numbers"
    kiosk.touch("done")
    kiosk.touch("service-A01")
    kiosk.touch("take-ticket")
    expect(page.get_by_test_id("ticket-label")).not_to_be_empty()
    yield "number"


def every_question(kiosk: Kiosk) -> Iterator[str]:
    """Open each dialog of the kiosk in turn."""
    page = kiosk.page
    kiosk.touch("help")
    yield "help"
    kiosk.touch("help-close")
    kiosk.touch("service-A01")
    page.evaluate("document.getElementById('doubt').showModal()")
    yield "doubt"
    page.keyboard.press("Escape")
    page.evaluate("document.getElementById('idle').showModal()")
    yield "idle"
