"""A lobby screen for months: it loads itself anew, burns nothing in, and grows old gracefully."""

import datetime as dt
import json
import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, expect

from tests.pages import FULL_HD, eventually, overflows
from tests.screens import CUT, Told, opened

pytest_plugins = ["tests.looking", "tests.lobby"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("display")]


def answers(page: Page, **other) -> list:
    """Let the hall answer signs of life with another set-up; return what the screen told."""
    said = []
    device = json.loads(page.locator("#about").inner_text())["device"]

    def answer(route) -> None:
        said.append(route.request.post_data_json)
        route.fulfill(json={"device": {**device, **other}, "check": None})

    page.route("**/displays/seen", answer)
    return said


def loads(page: Page) -> list:
    """Return a list that grows whenever the page is loaded anew."""
    expect(page.locator("#time-zone")).not_to_be_empty()
    seen = []
    page.on("load", lambda page: seen.append(page.url))
    return seen


def passes(page: Page, milliseconds: int) -> None:
    """Let time pass; a page that is just going has no clock any more."""
    with suppress(Error):
        page.clock.run_for(milliseconds)


def clocked(page: Page) -> None:
    page.clock.install()


def call_and_wait(page: Page, told: Told, label: str) -> None:
    told.call(label, 1)
    expect(page.get_by_test_id("call-1")).to_contain_text(label)
    passes(page, 500)


@pytest.mark.slow
def test_a_new_release_is_loaded_but_never_during_a_call(lobby, look):
    told = Told(lobby.board())
    page = opened(look, lobby, told, clocked)
    new = loads(page)
    labels = (f"A-{number:03d}" for number in range(1, 100))
    call_and_wait(page, told, "B-001")
    said = answers(page, release="another")
    while len(said) < 2:
        call_and_wait(page, told, next(labels))
        passes(page, 3_000)
    assert new == []
    assert eventually(lambda: passes(page, 2_000) or new, 20)


@pytest.mark.slow
def test_an_old_page_loads_anew_at_night_when_the_hall_is_closed(lobby, look):
    board = lobby.board()
    closed = [{**each, "status": "closed", "waiting": 0} for each in board["queues"]]
    told = Told(board | {"at": f"{board['date']}T00:30:00+07:00"})
    page = opened(look, lobby, told, clocked)
    new, said = loads(page), answers(page)
    page.clock.fast_forward("21:00:00")
    assert eventually(lambda: passes(page, 2_000) or len(said) > 2, 20)
    assert new == []  # people may still come
    told.tell(queues=closed)
    assert eventually(lambda: passes(page, 2_000) or new, 20)


@pytest.mark.slow
def test_the_picture_moves_a_little_so_that_nothing_burns_in(lobby, look):
    page = look("display", size=FULL_HD, prepare=lambda page: page.clock.install())
    expect(page.locator("#time-zone")).not_to_be_empty()
    places = set()
    for _ in range(9):
        box = page.locator(".hero").bounding_box()
        places.add((round(box["x"], 1), round(box["y"], 1)))
        assert not overflows(page)
        page.clock.run_for(3 * 60_000)
    assert len(places) == 9


def test_a_screen_tells_how_large_it_is_and_what_it_runs(lobby, look):
    opened(look, lobby, size=(1280, 720))
    told = "SELECT screen, release <> '' FROM queueing_device WHERE name = 'Layar utama'"
    assert eventually(lambda: lobby.rows(told) == [("1280x720@1", True)], 15)


def test_a_wrong_clock_in_the_device_changes_nothing(lobby, look):
    board = lobby.board()

    def wrong(page: Page) -> None:
        page.clock.install(time="2031-01-05T03:00:00")

    page = look("display", prepare=wrong)
    at = dt.datetime.fromisoformat(board["at"])
    told, later = (f"{each:%H.%M}" for each in (at, at + dt.timedelta(minutes=1)))
    expect(page.locator("#time")).to_have_text(re.compile(f"{told}|{later}"))
    lobby.take("A01"), lobby.press(1, "call-next")
    expect(page.locator("html[data-raised]")).to_be_attached()
    expect(page.get_by_test_id("now-serving")).to_contain_text("A-001")


def test_a_television_of_some_years_ago_shows_calls_without_a_voice(lobby, look):
    """It knows neither `AbortSignal.timeout` nor wake locks, nor how to take in a container."""

    def age(page: Page) -> None:
        page.add_init_script("delete AbortSignal.timeout; delete Navigator.prototype.wakeLock")
        page.route("**/display*.css", lambda route: route.fulfill(**without_containers(route)))

    page = look("display", size=FULL_HD, prepare=age)
    lobby.take("A01"), lobby.press(1, "call-next")
    expect(page.get_by_test_id("now-serving")).to_contain_text("A-001")
    assert page.evaluate(CUT) == []


def without_containers(route) -> dict:
    given = route.fetch()
    style = re.sub(r"[^;{]*(cqh|cqw|container-type)[^;}]*;", "", given.text())
    return {"response": given, "body": style}
