"""Pages of the running hall as people see them: `pytest_plugins = ["tests.looking"]`.

    def test_the_lobby_is_welcomed(look):
        page = look("display", size=FULL_HD)
        expect(page.get_by_text("Selamat datang")).to_be_visible()
        assert not barriers(page)

What a test asks a page stands in `tests.pages`.
"""

import os
import time
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browsing import a_browser
from tests.pages import DESK, sign_in
from tests.running import RunningHall

AWAKE = 20 * 60  # seconds; whoever presses nothing for half an hour is locked out


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser. Playwright keeps a loop running, in which Django would refuse to be asked."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with a_browser() as browser:
        yield browser
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Visitor:
    """Opens pages of the hall, each in a context of its own."""

    signed_in: ClassVar[dict[tuple[str, str], tuple[float, Any]]] = {}

    def __init__(self, browser: Browser, hall: RunningHall) -> None:
        self.browser, self.hall = browser, hall
        self.contexts: list[BrowserContext] = []
        self.faults: list[str] = []

    def __call__(
        self,
        path: str = "",
        *,
        who: dict[str, Any] | None = None,
        size: tuple[int, int] = DESK,
        prepare: Callable[[Page], Any] | None = None,
        **wishes: Any,
    ) -> Page:
        """Open a page below the hall's address (or from the root, with a slash) as somebody."""
        viewport = {"width": size[0], "height": size[1]}
        wishes = {"service_workers": "block", **wishes}  # so that a test may hold up any request
        context = self.browser.new_context(viewport=viewport, base_url=self.hall.url, **wishes)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self.hear)
        if who:
            self.be(page, who)
        if prepare:
            prepare(page)
        page.goto(path if path.startswith(("/", "http:")) else f"/{self.hall.slug}/{path}")
        return page

    def be(self, page: Page, who: dict[str, Any]) -> None:
        """Sign in for all tests of this process, anew after a while; then bring the cookies."""
        name, now = (self.hall.url, who["username"]), time.monotonic()
        since, cookies = self.signed_in.get(name, (now - AWAKE, []))
        if now - since >= AWAKE:
            sign_in(page, who)
            since, cookies = now, page.context.cookies()
            self.signed_in[name] = since, cookies
        page.context.add_cookies(cookies)

    def hear(self, message: Any) -> None:
        """Remember what breaks the security policy."""
        if "Content Security Policy" in message.text or "TrustedScript" in message.text:
            self.faults.append(message.text)


@pytest.fixture
def look_in(hall: RunningHall) -> Iterator[Callable[[Browser], Visitor]]:
    """Look at pages of the running hall in any browser; none may raise an error."""
    visitors: list[Visitor] = []

    def look_in(browser: Browser) -> Visitor:
        visitors.append(Visitor(browser, hall))
        return visitors[-1]

    yield look_in
    for context in [context for visitor in visitors for context in visitor.contexts]:
        context.close()
    assert [fault for visitor in visitors for fault in visitor.faults] == []


@pytest.fixture
def look(chromium: Browser, look_in: Callable[[Browser], Visitor]) -> Visitor:
    """The same in the browser of all tests."""
    return look_in(chromium)
