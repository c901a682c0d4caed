"""The bridge beside a kiosk, as its page sees it: notes what it is asked to print, ends as told.

Only its answers over HTTP are set here; the real bridge with a printer behind it stands in
`tests.printing`.
"""

from collections.abc import Callable

from playwright.sync_api import Page, Route

from tests.kiosks import Kiosk

BRIDGE = "http://127.0.0.1:9109"
WITH_A_PRINTER = {"printer": "escpos", "bridge": BRIDGE}
READABLE = {"Access-Control-Allow-Origin": "*"}


def printing(outcome: str) -> Callable[[Page], None]:
    """Let every job end like this; "never" is a printer that does not answer."""

    def prepare(page: Page) -> None:
        page.jobs = []  # type: ignore[attr-defined]

        def answer(route: Route) -> None:
            if "/jobs/" not in route.request.url:
                return route.fulfill(json={"state": "ready"}, headers=READABLE)
            page.jobs.append(route.request.url)  # type: ignore[attr-defined]
            if outcome != "never":
                route.fulfill(json={"outcome": outcome}, headers=READABLE)
            return None

        page.route(f"{BRIDGE}/**", answer)

    return prepare


def asked(kiosk: Kiosk) -> list[str]:
    """Return the addresses of the jobs, the first one first."""
    return list(kiosk.page.jobs)  # type: ignore[attr-defined]
