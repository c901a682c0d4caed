"""A printer in the place of the kiosk's own: notes what it is asked for, and ends as told."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.kiosks import Kiosk

PRINTER = """
window.asked = [];
export async function printSlip(tickets, visit, { companion }) {
  window.asked.push({ tickets: tickets.length, token: visit.token, companion });
  return OUTCOME;
}
"""


def printing(outcome: str) -> Callable[[Page], None]:
    """Let the printer end like this; "never" is one that does not answer."""
    answer = {"never": "new Promise(() => {})", "breaks": "Promise.reject(new Error('broken'))"}
    body = PRINTER.replace("OUTCOME", answer.get(outcome, f'{{ outcome: "{outcome}" }}'))

    def prepare(page: Page) -> None:
        page.route(
            "**/kiosk/slip.js",
            lambda route: route.fulfill(body=body, content_type="text/javascript"),
        )

    return prepare


def asked(kiosk: Kiosk) -> list[dict[str, Any]]:
    return kiosk.page.evaluate("window.asked")
