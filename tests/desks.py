"""A counter officer's page in a browser, and what tests of it ask the hall."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, Route

from tests.pages import silence
from tests.running import RunningHall

WIDE, TABLET, UPRIGHT_TABLET = (1366, 768), (1024, 768), (800, 1280)


def at_desk(hall: RunningHall, look: Any, number: int = 1, **wishes: Any) -> Page:
    return look(f"desk/{number}", who=hall.demo["operators"][number - 1], **wishes)


def knows_nothing_until(verb: str) -> Callable[[Page], None]:
    """Let a desk hear nothing of the hall until it sends this order: the page that went stale."""

    def prepare(page: Page) -> None:
        sent: list[Route] = []

        def order(route: Route) -> None:
            sent.append(route)
            route.continue_()

        silence(page)
        page.route(f"**/counters/*/{verb}", order)
        page.route("**/state.json*", lambda route: route.continue_() if sent else route.abort())

    return prepare


def more(page: Page, name: str) -> None:
    """Press what stands in the menu beside the buttons."""
    page.get_by_test_id("more").click()
    page.get_by_test_id(name).click()


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def agree(page: Page) -> None:
    page.locator("dialog[open] button[value=yes]").click()


def serve(hall: RunningHall, counter: int, *services: str) -> None:
    """Somebody came, was called and is being served."""
    hall.take(*services), hall.press(counter, "call-next"), hall.press(counter, "start")


def events(hall: RunningHall, *kinds: str) -> list[str]:
    return [event["kind"] for event in hall.events() if event["kind"] in kinds]


def last(hall: RunningHall, kind: str) -> dict[str, Any]:
    return [event for event in hall.events() if event["kind"] == kind][-1]
