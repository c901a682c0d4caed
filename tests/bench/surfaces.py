"""What does each page weigh, and how soon can it be used? In Chromium, beside an empty page."""

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Browser, BrowserContext

from tests.bench.hall import BenchHall
from tests.bench.rows import Bar, Part, Row, middle_of, ratio
from tests.browsing import a_browser, weigh
from tests.pages import DESK, FULL_HD, UPRIGHT, sign_in

EMPTY = "/health/live"
PHONE = (360, 740)
Sizes = Mapping[str, tuple[int, int]]
SIZES: Sizes = {"kiosk": UPRIGHT, "display": FULL_HD, "phone": PHONE, "desk": DESK, "manager": DESK}
HEAVIEST = {"phone": 60_000}  # bytes; the others stand in the hall's own network
AWAKE = Bar("interactive ms", 1000)
QUIET_FOR = 500  # ms without a long task

# Long tasks (over 50 ms) are work during which a touch would wait.
NOTE_TASKS = """
window.longTasksEnd = 0;
new PerformanceObserver((list) => {
  for (const task of list.getEntries()) {
    window.longTasksEnd = Math.max(window.longTasksEnd, task.startTime + task.duration);
  }
}).observe({ type: "longtask", buffered: true });
"""
FIGURES = """(quiet) => new Promise((done) => setTimeout(() => {
  const [visit] = performance.getEntriesByType("navigation");
  const [paint] = performance.getEntriesByName("first-contentful-paint");
  done({
    "first paint ms": paint ? paint.startTime : 0,
    "interactive ms": Math.max(visit.domContentLoadedEventEnd, window.longTasksEnd),
  });
}, quiet))"""
NOTE = """\
Each page is opened {times} times with nothing in the browser's cache, on the machine that also
serves it. `bytes` is all that comes over the wire, compressed, headers included. `interactive` is
when its modules have run and no task of more than 50 ms stands before a touch; `of empty` compares
that with a page that says nothing at all. The phone's 60,000 bytes are for citizens' own data."""


def opened(context: BrowserContext, path: str) -> dict[str, float]:
    """Open a page in a fresh context; return its figures, and close it."""
    page, weights = context.new_page(), list[int]()
    weigh(page, weights)
    page.add_init_script(NOTE_TASKS)
    page.goto(path, wait_until="load")
    figures: dict[str, float] = page.evaluate(FIGURES, QUIET_FOR)
    return {"bytes": sum(weights), "requests": len(weights), **figures}


class Visitor:
    """Opens pages of the hall as whoever they are for, each time with an empty cache."""

    def __init__(self, browser: Browser, hall: BenchHall) -> None:
        self.browser, self.hall = browser, hall

    def context(self, name: str) -> BrowserContext:
        width, height = SIZES.get(name, DESK)
        return self.browser.new_context(
            viewport={"width": width, "height": height},
            base_url=self.hall.url,
            service_workers="block",
        )

    def cookies(self, name: str) -> list[Any]:
        """Return what the browser of this surface carries: paired or signed in once."""
        demo = self.hall.demo
        with self.context(name) as context:
            page = context.new_page()
            if name in {"kiosk", "display"}:
                page.goto(f"/{self.hall.slug}/{name}?pair={demo[f'{name}s'][0]['key']}")
            elif name in {"desk", "manager"}:
                sign_in(page, demo["operators"][0] if name == "desk" else demo["manager"])
            return context.cookies()

    def figures(self, name: str, path: str, times: int) -> dict[str, float]:
        cookies, rounds = self.cookies(name), []
        for _ in range(times):
            with self.context(name) as context:
                context.add_cookies(cookies)
                rounds.append(opened(context, path))
        return middle_of(rounds)


def paths(hall: BenchHall) -> dict[str, str]:
    visit = hall.take("F01", "A01").json()["visit"]
    own = {name: f"/{hall.slug}/{name}" for name in SIZES}
    return own | {"desk": f"/{hall.slug}/desk/1", "phone": f"/v/{visit['token']}"}


def row(name: str, figures: dict[str, float], empty: Mapping[str, float]) -> Row:
    awake = figures["interactive ms"]
    weight = Bar("bytes", HEAVIEST.get(name, 150_000))
    figures = {**figures, "of empty": ratio(awake, empty["interactive ms"])}
    return Row(name, figures, (weight, AWAKE))


def parts(hall: BenchHall, *, quick: bool) -> list[Part]:
    times = 2 if quick else 7
    hall.begin_anew()
    hall.let_wait(12)
    with hall.doors(), a_browser() as browser:
        for counter in range(1, 11):
            hall.press(counter, "call-next")
        visitor = Visitor(browser, hall)
        empty = visitor.figures("empty", EMPTY, times)
        rows = [
            row(name, visitor.figures(name, path, times), empty)
            for name, path in paths(hall).items()
        ]
    rows.append(Row("empty page", empty))
    return [Part("The pages", rows, NOTE.format(times=times))]
