"""The lobby screen: what it shows, how long, and what it says when it cannot know."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from queueing import lifecycle
from tests.browsing import barriers
from tests.pages import FULL_HD, UPRIGHT, eventually, overflows, silence, stop_the_clock

pytest_plugins = ["tests.looking"]
browser_test = [pytest.mark.browser, pytest.mark.xdist_group("display")]


def display(client, cast, screen="", **options):
    path = f"/{cast.hall.slug}/display"
    return client.get(f"{path}/{screen}" if screen else path, options)


def about(response) -> dict:
    return response.context["about"]


# --- The page as it is sent ---------------------------------------------------------------------


def test_the_first_paint_shows_the_last_calls(client, cast):
    for _ in range(2):
        cast.ticket("A01")
    cast.call(1), cast.call(2)
    response = display(client, cast)
    assert response.context["call"]["label"] == "A-002"
    assert [row and row["label"] for row in response.context["recent"]] == [
        "A-002",
        "A-001",
        None,
        None,
        None,
        None,
    ]


def test_a_number_called_again_takes_one_row(client, cast, clock):
    ticket = cast.ticket("A01")
    cast.call(1)
    clock.forward(seconds=31)
    lifecycle.recall(cast.counter(1), actor="operator:officer")
    rows = [row for row in display(client, cast).context["recent"] if row]
    assert [(row["label"], row["calls"]) for row in rows] == [(ticket.label, 2)]


def test_nobody_called_yet_is_welcomed(client, cast):
    assert "Selamat datang" in display(client, cast).content.decode()


def test_a_screen_may_show_one_agency(client, cast):
    cast.ticket("A01"), cast.ticket("B01")
    cast.call(1), cast.call(3)
    response = display(client, cast, "agency-b")
    assert [agency["code"] for agency in about(response)["agencies"]] == ["B"]
    assert response.context["call"]["label"] == "B-001"


def test_a_screen_may_show_one_zone(client, cast):
    codes = [agency["code"] for agency in about(display(client, cast, "a"))["agencies"]]
    assert codes == ["A", "B"]
    assert "Zona A" in display(client, cast, "a").content.decode()


@pytest.mark.parametrize("screen", ["z", "no-such-agency"])
def test_an_unknown_screen_is_not_here(client, cast, screen):
    assert display(client, cast, screen).status_code == 404


def test_anybody_may_look_without_being_paired(client, cast):
    response = display(client, cast)
    assert response.status_code == 200
    assert about(response)["is_paired"] is False


def test_a_key_in_the_address_pairs_the_screen_and_goes(client, cast):
    response = display(client, cast, pair=cast.key("display"))
    assert response.url == f"/{cast.hall.slug}/display"
    assert about(display(client, cast))["is_paired"] is True


def test_more_calls_take_no_more_queries(client, cast, django_assert_num_queries):
    cast.ticket(), cast.call(1)
    with django_assert_num_queries(7) as one:
        display(client, cast)
    for _ in range(3):
        cast.ticket("A01"), cast.ticket("B01")
    cast.call(2), cast.call(3)
    with django_assert_num_queries(len(one)):
        display(client, cast)


# --- In the lobby -------------------------------------------------------------------------------


# A screen keeps each board that it is told, not the one that it came with.
WAS_TOLD = "`board:${document.documentElement.dataset.hall}` in localStorage"


def silenced(look) -> Page:
    """A screen that was told one board over its socket, and hears nothing more.

    Its clock stands still, so that it is silent for exactly as long as a test lets pass.
    """

    page = look("display", prepare=lambda page: (stop_the_clock(page), silence(page)))
    assert eventually(lambda: page.evaluate(WAS_TOLD))
    return page


def a_day_passes(page: Page) -> None:
    """Let a screen that has begun to tell the time stand for a day."""
    expect(page.locator("#time-zone")).not_to_be_empty()
    page.clock.fast_forward("24:00:00")
    page.clock.run_for(1_000)


class TestInTheLobby:
    pytestmark = browser_test

    def test_a_call_is_large_within_a_second(self, hall, look):
        page = look("display", size=FULL_HD)
        expect(page.get_by_text("Selamat datang")).to_be_visible()
        hall.take("A01")
        expect(page.locator(".chip")).to_have_count(1)  # it hears the hall
        hall.press(3, "call-next")
        now = page.get_by_test_id("now-serving")
        expect(now).to_contain_text("A-001", timeout=1500)
        expect(now).to_contain_text("Loket 3")
        expect(page.get_by_test_id("call-1")).to_contain_text("A-001")
        assert page.locator("html").get_attribute("data-raised") == ""

    def test_a_recall_is_raised_again(self, hall, look):
        hall.take("A01"), hall.press(1, "call-next")
        page = look("display")
        expect(page.get_by_test_id("now-serving")).to_contain_text("A-001")
        hall.rows("UPDATE queueing_ticket SET last_call_at = last_call_at - interval '1 minute'")
        assert hall.press(1, "recall").status_code == 200
        expect(page.get_by_text("Panggilan ke-2")).to_be_visible()
        expect(page.get_by_test_id("call-2")).to_be_hidden()

    def test_counters_and_queues_are_shown(self, hall, look):
        hall.take("F01"), hall.take("A01"), hall.press(1, "call-next")
        page = look("display")
        expect(page.locator(".tile").first).to_contain_text("A-001")
        expect(page.locator(".chip")).to_have_text([re.compile(r"F\s*Samsat\s*1")])

    def test_silence_is_told_and_fresh_news_take_it_back(self, hall, look):
        page = silenced(look)
        badge = page.get_by_test_id("stale-badge")
        expect(badge).to_be_hidden()
        page.clock.run_for(11_000)
        expect(badge).to_be_hidden()
        page.clock.run_for(3_000)
        expect(badge).to_contain_text("Terputus, mencoba lagi")
        page.unroute("**/board")
        assert eventually(lambda: page.clock.run_for(1_000) or badge.is_hidden(), 15)

    def test_yesterday_is_never_shown_as_today(self, hall, look):
        hall.take("A01"), hall.press(1, "call-next")
        page = silenced(look)
        expect(page.get_by_test_id("now-serving")).to_contain_text("A-001")
        a_day_passes(page)
        expect(page.get_by_test_id("unknown")).to_be_visible()
        expect(page.get_by_test_id("now-serving")).to_be_hidden()

    def test_a_screen_that_knows_nothing_of_today_does_not_say_closed(self, hall, look):
        page = silenced(look)
        date = page.locator("#date").inner_text()
        a_day_passes(page)
        unknown = page.get_by_test_id("unknown")
        expect(unknown).to_contain_text("Tidak ada sambungan sejak pukul")
        expect(unknown).to_contain_text(date)
        expect(page.get_by_text("Sampai jumpa")).to_be_hidden()
        page.clock.resume()  # axe waits for timers of the page
        assert barriers(page) == []

    @pytest.mark.parametrize(
        ("passed", "told"),
        [
            ("00:00:40", r"data 4\d detik lalu"),
            ("00:59:30", "data 59 menit lalu"),
            ("03:05:30", "data 3 jam 5 menit lalu"),
            ("49:00:30", "data 2 hari 1 jam lalu"),
        ],
    )
    def test_silence_is_counted_in_hours_and_days(self, look, passed, told):
        page = silenced(look)
        page.clock.fast_forward(passed)
        page.clock.run_for(1_000)
        expect(page.locator("#stale-age")).to_have_text(re.compile(told))

    def test_a_paired_screen_reports_what_it_has_shown(self, hall, look):
        look(f"display?pair={hall.demo['displays'][0]['key']}")
        hall.take("A01"), hall.press(1, "call-next")
        version = hall.board()["version"]
        shown = "SELECT shown_version FROM queueing_device WHERE shown_version IS NOT NULL"
        assert eventually(lambda: hall.rows(shown) == [(version,)])

    def test_it_speaks_english_when_asked(self, hall, look):
        page = look("display?lang=en")
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.get_by_role("link", name="ID").count() == 1

    def test_who_wants_less_motion_sees_none(self, hall, look):
        page = look("display", reduced_motion="reduce")
        hall.take("A01"), hall.press(1, "call-next")
        expect(page.locator("html[data-raised]")).to_be_attached()
        style = "getComputedStyle(document.querySelector('.hero')).animationName"
        assert page.evaluate(style) == "none"

    @pytest.mark.parametrize("size", [FULL_HD, UPRIGHT, (1366, 768), (3840, 2160)])
    def test_the_longest_number_fits_every_screen(self, hall, look, size):
        page = look("display", size=size, prepare=lambda page: say(page, longest(hall.board())))
        expect(page.get_by_test_id("now-serving")).to_contain_text("AA-1000")
        assert not overflows(page)
        assert fits(page, "#call-label", ".hero")

    def test_nobody_is_kept_out(self, hall, look):
        page = look("display", size=FULL_HD)
        assert barriers(page) == []
        hall.take("A01"), hall.take("F01"), hall.press(1, "call-next")
        expect(page.get_by_test_id("now-serving")).to_be_visible()
        assert barriers(page) == []


def say(page: Page, *frames: dict) -> None:
    """Give the page these frames and no other."""

    def speak(socket) -> None:
        for frame in frames:
            socket.send(json.dumps(frame))

    page.route_web_socket("**/ws/**", speak)


def longest(board: dict) -> dict:
    call = {"version": 10**6, "label": "AA-1000", "queue": "A", "counter": 27, "calls": 3}
    counters = [
        {**each, "ticket": {"label": "AA-1000", "state": "called", "calls": 1}}
        for each in board["counters"]
    ]
    calls = [{**call, "at": board["at"]}]
    return {**board, "version": 10**6, "calls": calls, "counters": counters}


def fits(page: Page, inner: str, outer: str) -> bool:
    return bool(
        page.evaluate(
            """([inner, outer]) => {
                const [a, b] = [inner, outer].map((each) =>
                    document.querySelector(each).getBoundingClientRect());
                return a.left >= b.left && a.right <= b.right && a.bottom <= b.bottom;
            }""",
            [inner, outer],
        )
    )


# --- What it believes ---------------------------------------------------------------------------


def called(board: dict, version: int, **values) -> dict:
    """Return a later board, on which the number A-(version) was called last."""
    call = {"version": version, "label": f"A-{version:03d}", "queue": "A", "counter": 1, "calls": 1}
    return {**board, "version": version, "calls": [{**call, "at": board["at"]}], **values}


class TestWhatItBelieves:
    pytestmark = browser_test

    def test_the_version_never_falls(self, hall, look):
        new, old = (called(hall.board(), version) for version in (10, 9))
        page = look("display", prepare=lambda page: say(page, new, old))
        expect(page.get_by_test_id("call-1")).to_contain_text("A-010")
        page.wait_for_timeout(300)
        expect(page.get_by_test_id("call-1")).to_contain_text("A-010")

    def test_after_a_restore_the_new_history_counts(self, hall, look):
        before = called(hall.board(), 10)
        after = called(hall.board(), 4, epoch="00000000-0000-0000-0000-000000000001")
        page = look("display", prepare=lambda page: say(page, before, after))
        expect(page.get_by_test_id("now-serving")).to_contain_text("A-004")

    def test_a_beat_that_is_ahead_means_that_something_was_missed(self, hall, look):
        board = hall.board()
        beat = {"type": "beat", "epoch": board["epoch"], "version": 2, "at": board["at"]}
        hall.take("A01"), hall.press(2, "call-next")
        page = look("display", prepare=lambda page: say(page, board, beat))
        expect(page.get_by_test_id("call-1")).to_contain_text("A-001")


# --- Which call is large ------------------------------------------------------------------------

STAGE = """
async ([boards, moments]) => {
    const { Stage } = await import("/static/display/stage.js");
    const stage = new Stage();
    return moments.map((now) => {
        for (const [at, calls] of boards.filter(([at]) => at === now))
            stage.take("epoch", calls, at);
        const { call, isRaised } = stage.at(now);
        return [call && call.label, isRaised];
    });
}
"""


def call(version: int, at: int, label: str = "", calls: int = 1) -> dict:
    label = label or f"A-{version:03d}"
    return {"version": version, "label": label, "counter": version, "calls": calls, "at": at}


class TestWhichCallIsLarge:
    pytestmark = browser_test

    def shown(self, look, boards: list, moments: list[int]) -> list:
        return look("display").evaluate(STAGE, [boards, moments])

    def test_what_was_called_before_is_shown_but_not_raised(self, look):
        boards = [[0, [call(2, 0), call(1, 0)]]]
        assert self.shown(look, boards, [0]) == [["A-002", False]]

    def test_calls_at_once_are_each_held_for_five_seconds(self, look):
        three = [call(3, 100), call(2, 100), call(1, 100)]
        moments = [0, 100, 5099, 5100, 10_100, 18_099, 18_100]
        assert self.shown(look, [[0, []], [100, three]], moments) == [
            [None, False],
            ["A-001", True],
            ["A-001", True],
            ["A-002", True],
            ["A-003", True],
            ["A-003", True],
            ["A-003", False],
        ]

    def test_what_is_old_when_it_is_learned_of_is_not_raised(self, look):
        boards = [[0, []], [60_000, [call(1, 1000)]]]
        assert self.shown(look, boards, [0, 60_000]) == [[None, False], ["A-001", False]]

    def test_a_recall_replaces_the_call_that_still_waits(self, look):
        one, two = call(1, 0), call(2, 100)
        again = {**call(3, 200, label="A-002", calls=2), "counter": 2}
        boards = [[0, []], [50, [one]], [100, [two, one]], [200, [again, two, one]]]
        moments = [0, 50, 100, 200, 5050, 10_050]
        labels = [label for label, _ in self.shown(look, boards, moments)]
        assert labels == [None, "A-001", "A-001", "A-001", "A-002", "A-002"]

    def test_a_new_day_begins_empty(self, look):
        boards = [[0, [call(1, 0)]], [100, []]]
        assert self.shown(look, boards, [0, 100]) == [["A-001", False], [None, False]]
