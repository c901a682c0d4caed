"""What a test asks a page: to let somebody in, whether it fits, and what it does in silence."""

import datetime as dt
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from playwright.sync_api import Page, Route, WebSocketRoute

DESK = (1366, 768)
FULL_HD = (1920, 1080)
UPRIGHT = (1080, 1920)


def sign_in(page: Page, who: dict[str, Any]) -> None:
    page.goto("/sign-in")
    page.fill("#username", who["username"])
    page.fill("#password", who["password"])
    page.get_by_role("main").get_by_role("button").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def overflows(page: Page) -> bool:
    """Return whether something reaches over the right edge of the page."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def silence(page: Page) -> list[Any]:
    """Let the page's sockets bring the first board and then nothing, and no board be fetched.

    Return the frames that came, which grow as they do.
    """
    heard: list[Any] = []

    def first_only(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def pass_on(frame: Any) -> None:
            if not heard:
                socket.send(frame)
            heard.append(frame)

        server.on_message(pass_on)

    page.route_web_socket("**/ws/**", first_only)
    page.route("**/board", lambda route: route.abort())
    return heard


def only_first(answer: Callable[[Route], Any]) -> Callable[[Route], None]:
    """Answer the first request so; later ones pass.

    Not `times=1`: while that takes the route away again, Chromium may forget a request
    (microsoft/playwright#41802).
    """
    seen: list[Route] = []

    def pass_on(route: Route) -> None:
        seen.append(route)
        if len(seen) == 1:
            answer(route)
        else:
            route.continue_()

    return pass_on


def lose(route: Route) -> None:
    """Let the hall do what is asked of it, and keep its answer from the page."""
    route.fetch()
    route.abort()


def stop_the_clock(page: Page) -> None:
    """Let time pass on the page that will be opened only by `page.clock.run_for`.

    Not beside `barriers`: axe itself waits for timers of the page.
    """
    now = dt.datetime.now(dt.UTC)
    page.clock.install(time=now - dt.timedelta(minutes=1))
    page.clock.pause_at(now)


def switch_off_and_on(page: Page) -> None:
    """Cut the power of a page whose requests were held up; they pass when it comes again."""
    address = page.url
    page.goto("about:blank")  # a page that is still there would send once more, and be answered
    page.unroute_all(behavior="ignoreErrors")
    page.goto(address)


def eventually(truth: Callable[[], bool], seconds: float = 5) -> bool:
    """Return whether something came true in time."""
    give_up_at = time.monotonic() + seconds
    while not truth():
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.1)
    return True


def once_told(open_it: Callable[..., Page]) -> Page:
    """Open a page, and wait until a socket has brought its first board.

    While that is built the hub may miss a doorbell; then the page hears of it 2 s later.
    """
    heard: list[Any] = []
    note = partial(list.append, heard)  # playwright wants no method of a builtin

    def listen(page: Page) -> None:
        page.on("websocket", lambda socket: socket.on("framereceived", note))

    page = open_it(prepare=listen)

    def has_come() -> bool:
        page.wait_for_timeout(50)  # frames are heard while something is waited for
        return bool(heard)

    assert eventually(has_come)
    return page
