"""The visit on a phone: the number, its state in words, the place in line, live."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
import segno
from playwright.sync_api import Page, expect

from queueing import lifecycle
from queueing.models import Ticket
from queueing.views import follow
from tests.browsing import barriers, too_small, weigh
from tests.pages import overflows, silence

pytest_plugins = ["tests.looking"]

PHONE = (360, 740)
VISIT = re.compile(r"/api/v1/visits/[\w-]+$")


# --- The page as it is sent ---------------------------------------------------------------------


def page_of(client, ticket: Ticket, **options: str):
    return client.get(f"/v/{ticket.visit.token}", options)


def test_the_first_paint_says_number_state_and_place(client, cast):
    cast.ticket("A01")
    ticket = cast.ticket("A01")
    first = page_of(client, ticket).context["first"]
    assert (first["label"], first["title"]) == ("A-002", "Menunggu")
    assert first["sentence"] == "1 antrean di depan Anda"


def test_whoever_has_nobody_ahead_is_next(client, cast):
    assert page_of(client, cast.ticket()).context["first"]["sentence"].startswith("Anda berikutnya")


def test_a_called_number_is_told_its_counter(client, cast):
    ticket = cast.ticket("A01")
    cast.call(1)
    first = page_of(client, ticket).context["first"]
    assert (first["title"], first["sentence"]) == ("Dipanggil", "Silakan ke Loket 1")


@pytest.mark.parametrize("state", Ticket.State)
def test_every_state_has_its_words(state):
    ticket = {"state": state, "ahead": 3, "counter": 7}
    told = follow.told(ticket)
    assert told["title"]
    assert told["sentence"]
    assert "%" not in told["sentence"]


def test_the_most_urgent_of_several_numbers_stands_first(client, cast):
    of_a, _ = cast.visit("A01", "B01")
    cast.call(3)
    response = page_of(client, of_a)
    assert response.context["first"]["label"] == "B-001"
    assert [other["label"] for other in response.context["others"]] == ["A-001"]


def test_what_to_have_ready_is_listed(client, cast):
    assert "<li>KTP</li>" in page_of(client, cast.ticket()).content.decode()


def test_english_is_a_wish_away(client, cast):
    assert page_of(client, cast.ticket(), lang="en").context["first"]["title"] == "Waiting"


def test_the_page_lives_a_day_longer_than_its_day(client, cast, clock):
    ticket = cast.ticket()
    clock.forward(days=1)
    assert page_of(client, ticket).status_code == 200
    clock.forward(days=1)
    gone = page_of(client, ticket)
    assert gone.status_code == 404
    assert "sudah tidak berlaku" in gone.content.decode()
    assert client.get(f"/v/{ticket.visit.token}/qr.svg").status_code == 404


def test_an_unknown_token_is_answered_kindly(client, cast):
    response = client.get("/v/nobody")
    assert response.status_code == 404
    assert "silakan ke resepsionis" in response.content.decode()


def test_no_robot_and_no_referrer_learns_the_address(client, cast):
    response = page_of(client, cast.ticket())
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]


def test_without_scripts_the_page_loads_itself_again(client, cast):
    text = page_of(client, cast.ticket()).content.decode()
    assert '<noscript><meta http-equiv="refresh" content="15"></noscript>' in text


@pytest.mark.parametrize(("language", "wish"), [("id", ""), ("en", "?lang=en")])
def test_the_qr_code_is_the_address_in_the_visitors_language(client, cast, language, wish):
    wanted = [cast.service("A01")]
    [ticket] = lifecycle.issue(cast.hall, wanted, actor="test", channel="kiosk", language=language)
    visit = ticket.visit
    drawn = client.get(f"/v/{visit.token}/qr.svg")
    expected = io.BytesIO()
    code = segno.make(f"http://testserver/v/{visit.token}{wish}", error="m", micro=False)
    code.save(expected, kind="svg", border=2, omitsize=True, xmldecl=False)
    assert drawn.content == expected.getvalue()
    assert drawn["Content-Type"] == "image/svg+xml"


def test_a_second_number_takes_only_the_question_for_its_place(
    client, cast, django_assert_num_queries
):
    one, two = cast.ticket("A01"), cast.visit("A01", "B01")[0]
    with django_assert_num_queries(6):
        page_of(client, one)
    with django_assert_num_queries(7):
        page_of(client, two)


# --- The page as it is used ---------------------------------------------------------------------


@pytest.fixture
def take(hall) -> Callable[..., dict[str, Any]]:
    def take_it(*services: str) -> dict[str, Any]:
        return hall.take(*services).json()

    return take_it


@pytest.fixture
def phone(look, take) -> Callable[..., Page]:
    """Open a visit's page on a small phone."""

    def open_it(visit: dict[str, Any] | None = None, query: str = "", **wishes: Any) -> Page:
        token = (visit or take("F01"))["visit"]["token"]
        wishes = {"size": PHONE, "has_touch": True, "is_mobile": True, **wishes}
        return look(f"/v/{token}{query}", **wishes)

    return open_it


def state_of(page: Page):
    return page.get_by_test_id("visit-state")


@pytest.mark.browser
@pytest.mark.xdist_group("follow")
class TestLive:
    def test_the_place_in_line_moves_up(self, hall, take, phone):
        take("F01"), take("F01")
        page = phone()
        expect(page.get_by_text("2 antrean di depan Anda")).to_be_visible()
        hall.press(14, "call-next")
        expect(page.get_by_text("1 antrean di depan Anda")).to_be_visible()
        hall.press(15, "call-next")
        expect(state_of(page)).to_contain_text("Anda berikutnya")

    def test_a_call_shows_at_once_and_fills_the_screen(self, hall, phone):
        page = phone()
        page.wait_for_timeout(4_000)  # the first questions are over
        hall.press(14, "call-next")
        expect(state_of(page)).to_contain_text("Dipanggil", timeout=1_500)
        expect(page.get_by_text("Silakan ke Loket 14")).to_be_visible()
        expect(page.locator("body")).to_have_css("background-color", "rgb(242, 183, 5)")
        assert page.title() == "F-001 · Dipanggil"

    def test_a_call_shows_even_when_the_visit_cannot_be_asked(self, hall, phone):
        page = phone(prepare=lambda page: page.route(VISIT, lambda route: route.abort()))
        hall.press(14, "call-next")
        expect(page.get_by_text("Silakan ke Loket 14")).to_be_visible()

    def test_a_visit_is_followed_to_its_end(self, hall, phone):
        page = phone()
        for verb, words in [
            ("call-next", "Dipanggil"),
            ("start", "Dilayani"),
            ("hold", "Ditunda"),
        ]:
            hall.press(14, verb)
            expect(state_of(page)).to_contain_text(words, timeout=8_000)

    def test_other_queues_raise_no_question(self, hall, take, phone):
        asked: list[str] = []
        page = phone(
            prepare=lambda page: page.on(
                "request", lambda request: VISIT.search(request.url) and asked.append(request.url)
            )
        )
        page.wait_for_timeout(4_000)
        asked.clear()
        take("A01"), take("G01"), hall.press(1, "call-next")
        page.wait_for_timeout(4_000)
        assert asked == []

    def test_a_burst_in_the_own_queue_raises_few_questions(self, take, phone):
        asked: list[str] = []
        page = phone(
            prepare=lambda page: page.on(
                "request", lambda request: VISIT.search(request.url) and asked.append(request.url)
            )
        )
        page.wait_for_timeout(4_000)
        asked.clear()
        for _ in range(12):
            take("F01")
        page.wait_for_timeout(6_000)
        assert 1 <= len(asked) <= 3

    def test_silence_is_told(self, phone):
        page = phone(prepare=silence)
        badge = page.get_by_test_id("stale-badge")
        expect(badge).to_be_hidden()
        expect(badge).to_contain_text("Sambungan terputus", timeout=16_000)
        expect(badge).to_contain_text("Keadaan pukul")

    def test_several_numbers_of_a_visit_are_listed(self, hall, take, phone):
        page = phone(take("F01", "A01"))
        expect(page.locator(".other")).to_have_count(1)
        hall.press(14, "call-next")
        expect(page.get_by_test_id("ticket-label")).to_have_text("F-001")
        expect(page.locator(".other")).to_contain_text("A-001")


@pytest.mark.browser
@pytest.mark.xdist_group("follow")
class TestGivingUp:
    def test_a_number_is_cancelled_after_a_question(self, hall, phone):
        page = phone()
        page.get_by_role("button", name="Batalkan nomor ini").click()
        expect(page.get_by_role("dialog")).to_contain_text("Batalkan nomor F-001?")
        page.get_by_role("button", name="Ya, batalkan nomor").click()
        expect(state_of(page)).to_contain_text("Dibatalkan")
        assert hall.rows("SELECT state FROM queueing_ticket") == [("cancelled",)]

    def test_a_change_of_mind_costs_nothing(self, hall, phone):
        page = phone()
        page.get_by_role("button", name="Batalkan nomor ini").click()
        page.get_by_role("button", name="Tidak, saya tetap menunggu").click()
        expect(page.get_by_role("dialog")).to_be_hidden()
        assert hall.rows("SELECT state FROM queueing_ticket") == [("waiting",)]

    def test_one_of_several_numbers_may_go(self, hall, take, phone):
        page = phone(take("F01", "A01"))
        page.locator(".other").get_by_role("button").click()
        page.get_by_role("button", name="Ya, batalkan nomor").click()
        expect(page.locator(".other")).to_contain_text("Dibatalkan")
        assert sorted(hall.rows("SELECT state FROM queueing_ticket")) == [
            ("cancelled",),
            ("waiting",),
        ]

    def test_a_number_that_is_being_served_cannot_go(self, hall, phone):
        page = phone()
        hall.press(14, "call-next"), hall.press(14, "start")
        expect(state_of(page)).to_contain_text("Dilayani", timeout=8_000)
        expect(page.get_by_role("button", name="Batalkan nomor ini")).to_be_hidden()


@pytest.mark.browser
@pytest.mark.xdist_group("follow")
class TestEverybody:
    @pytest.mark.parametrize("query", ["", "?lang=en"])
    def test_nothing_keeps_anybody_out(self, hall, take, phone, query):
        page = phone(take("F01", "A01"), query)
        assert barriers(page) == []
        page.locator("[data-part=cancel]").first.click()
        assert barriers(page) == []
        page.keyboard.press("Escape")
        hall.press(14, "call-next")
        expect(page.locator("body")).to_have_attribute("data-state", "called")
        assert barriers(page) == []

    def test_high_contrast_keeps_nobody_out(self, phone):
        page = phone()
        page.get_by_role("button", name="Kontras tinggi").click()
        assert barriers(page) == []

    def test_the_page_of_a_forgotten_visit_keeps_nobody_out(self, look):
        page = look("/v/forgotten", size=PHONE)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert barriers(page) == []

    @pytest.mark.parametrize("size", [PHONE, (320, 568), (1366, 768)])
    def test_it_fits(self, take, phone, size):
        page = phone(take("F01", "A01"), size=size)
        page.get_by_role("button", name="Huruf lebih besar").click()
        assert not overflows(page)
        assert too_small(page, 44) == []

    def test_it_works_without_scripts(self, hall, phone):
        visit = hall.take("F01").json()
        page = phone(visit, java_script_enabled=False)
        expect(state_of(page)).to_contain_text("Anda berikutnya")
        hall.press(14, "call-next")
        page.reload()
        expect(page.get_by_text("Silakan ke Loket 14")).to_be_visible()

    @pytest.mark.parametrize("query", ["", "?lang=en"])
    def test_it_weighs_at_most_60_kilobytes(self, take, phone, query):
        weights: list[int] = []
        page = phone(take("F01", "A01"), query, prepare=lambda page: weigh(page, weights))
        page.wait_for_load_state("networkidle")
        assert 10_000 < sum(weights) <= 60_000
