"""The reception's page: a number in two touches, help that is heard, and any number of today."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from playwright.sync_api import Page, expect

from agencies.models import Service
from queueing import helping
from tests.browsing import barriers, too_small
from tests.pages import eventually, lose, once_told, only_first, overflows, silence, stop_the_clock

pytest_plugins = ["tests.looking"]

TABLET, PHONE = (1024, 768), (360, 740)
TABLET_AT_REST = {"size": TABLET, "reduced_motion": "reduce"}
SIZES = [TABLET, (1366, 768), PHONE]


# --- The page as it is sent ---------------------------------------------------------------------


def reception(cast) -> str:
    return reverse("greeter", args=[cast.hall.slug])


@pytest.fixture
def at_work(client, cast):
    client.force_login(cast.greeter)
    return client


def test_the_first_paint_offers_what_most_people_come_for_and_every_agency(at_work, cast):
    Service.objects.filter(hall=cast.hall, code="B02").update(frequent_rank=1)
    text = at_work.get(reception(cast)).content.decode()
    assert 'data-testid="service-B02"' in text
    assert 'data-testid="service-A01"' not in text
    assert all(f'data-testid="agency-{code}"' in text for code in "AB")


def test_the_page_knows_what_needs_a_person_before_it_asks(at_work, cast):
    helping.ask(cast.kiosk, "other")
    about = at_work.get(reception(cast)).context["about"]
    assert [alert["kind"] for alert in about["alerts"]] == ["help_asked"]


def test_more_frequent_services_are_no_more_questions(at_work, cast):
    at_work.get(reception(cast))  # the calendar is read once
    asked = []
    for codes in (["A01"], ["A01", "A02", "B01"]):
        Service.objects.filter(hall=cast.hall, code__in=codes).update(frequent_rank=1)
        with CaptureQueriesContext(connection) as queries:
            at_work.get(reception(cast))
        asked.append(len(queries))
    assert asked[0] == asked[1]


@pytest.mark.parametrize("who", ["officer", "supervisor"])
def test_the_reception_is_not_the_desk_of_others(client, cast, who):
    client.force_login(getattr(cast, who))
    assert client.get(reception(cast)).status_code == 403


# --- In the browser -----------------------------------------------------------------------------


class TestTheReception:
    pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("greeter")]

    @pytest.fixture
    def at_desk(self, hall, look):
        def open_it(language: str = "id", **wishes) -> Page:
            page = f"greeter?lang={language}"
            return look(page, who=hall.demo["greeter"], **{**TABLET_AT_REST, **wishes})

        return open_it

    def test_a_frequent_service_is_two_touches_from_its_number(self, hall, at_desk):
        page = at_desk(has_touch=True)
        count_touches(page)
        page.get_by_test_id("service-A01").tap()
        page.get_by_test_id("take-ticket").tap()
        expect(page.get_by_test_id("ticket-label")).to_have_text("A-001")
        assert page.evaluate("window.touches") == 2
        assert hall.rows("SELECT channel FROM queueing_visit") == [("greeter",)]

    def test_a_rare_service_is_an_agency_further(self, at_desk):
        page = at_desk()
        page.get_by_test_id("agency-B").click()
        expect(page.get_by_role("heading", name="DPMPTSP")).to_be_focused()
        page.get_by_test_id("service-B03").click()
        page.get_by_test_id("take-ticket").click()
        expect(page.get_by_test_id("ticket-label")).to_have_text("B-001")

    def test_a_service_is_found_by_plain_words_with_a_slip(self, at_desk):
        page = at_desk()
        page.get_by_test_id("search").fill("bikin pasport")
        page.locator("#services").get_by_test_id("service-G01").click()
        page.get_by_test_id("take-ticket").click()
        expect(page.get_by_test_id("ticket-label")).to_have_text("G-001")

    def test_priority_help_and_companion_go_with_the_number_and_not_with_the_next(
        self, hall, at_desk
    ):
        page = at_desk()
        page.get_by_test_id("service-A01").click()
        page.get_by_test_id("priority").select_option("pregnant")
        page.get_by_test_id("help").select_option("wheelchair")
        page.get_by_test_id("companion").check()
        page.get_by_test_id("take-ticket").click()
        expect(page.locator("#given-tags")).to_have_text("Ibu hamil · Kursi roda")
        page.get_by_test_id("service-A01").click()
        page.get_by_test_id("take-ticket").click()
        expect(page.get_by_test_id("ticket-label")).to_have_text("A-002")
        assert hall.rows(WISHES) == [("pregnant", "wheelchair", True), ("", "", False)]

    def test_the_number_comes_with_a_code_that_can_be_scanned(self, at_desk):
        page = at_desk()
        give(page)
        width = "document.getElementById('given-qr').naturalWidth"
        assert eventually(lambda: page.evaluate(width) > 0)

    def test_a_lost_answer_gives_one_number_and_not_two(self, hall, at_desk):
        page = at_desk()
        page.route("**/visits?*", only_first(lose))
        give(page)
        assert hall.rows("SELECT count(*) FROM queueing_ticket") == [(1,)]

    def test_a_queue_that_is_closed_says_so_and_gives_no_number(self, hall, at_desk):
        hall.rows("UPDATE agencies_queue SET status = 'closed' WHERE code = 'A'")
        try:
            page = at_desk()
            expect(page.get_by_test_id("service-A01")).to_contain_text("sedang tutup")
            page.get_by_test_id("service-A01").click()
            take = page.get_by_test_id("take-ticket")
            expect(take).to_have_attribute("aria-disabled", "true")
            take.click(force=True)
            assert hall.rows("SELECT count(*) FROM queueing_ticket") == [(0,)]
        finally:
            hall.rows("UPDATE agencies_queue SET status = 'open' WHERE code = 'A'")

    # --- Help -----------------------------------------------------------------------------------

    def test_help_reaches_the_reception_within_5_s_and_the_answer_goes_back(self, hall, at_desk):
        page = at_desk()
        expect(page.get_by_test_id("alerts-none")).to_be_visible()
        key = hall.demo["kiosks"][0]["key"]
        call = hall.post("help", {"kind": "wheelchair"}, key=key).json()
        alert = page.get_by_test_id("alert").filter(has_text="kursi roda")
        expect(alert).to_be_visible(timeout=5_500)
        expect(alert).to_contain_text("Anjungan 1: butuh bantuan")
        page.get_by_test_id("answer-help").click()
        expect(alert).to_be_hidden(timeout=2_000)
        answered = hall.client.get(
            f"/api/v1/halls/{hall.slug}/help/{call['id']}",
            headers={"Authorization": f"Bearer {key}"},
        )
        assert answered.json()["state"] == "answered"

    def test_an_answer_during_a_look_is_looked_for_after_it(self, hall, at_desk):
        call_for_help(hall)
        page = at_desk(prepare=stop_the_clock)  # no look comes by itself
        told, held = page.evaluate("JSON.parse(about.textContent).alerts"), []
        page.route("**/alerts", only_first(held.append))
        with page.expect_request("**/alerts"):
            page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        answer = page.get_by_test_id("answer-help")
        answer.click()
        expect(answer).to_have_attribute("aria-busy", "false")
        with page.expect_request("**/alerts"):
            held[0].fulfill(json={"alerts": told})
        expect(page.get_by_test_id("alerts-none")).to_be_visible()

    def test_a_queue_without_a_counter_is_told_at_once(self, hall, at_desk):
        page = once_told(at_desk)
        hall.press(10, "close")
        hall.take("C01")
        expect(page.get_by_test_id("alert").filter(has_text="Antrean C")).to_be_visible(
            timeout=3000
        )

    def test_the_manager_reads_the_same_and_may_go_too(self, hall, look):
        call_for_help(hall)
        page = look("manager", who=hall.demo["manager"])
        page.get_by_test_id("answer-help").click()
        expect(page.get_by_test_id("alerts-none")).to_be_visible(timeout=7_000)  # it asks every 5 s
        assert hall.rows("SELECT count(*) FROM queueing_helpcall WHERE answered_at IS NULL") == [
            (0,)
        ]

    # --- A number of today ----------------------------------------------------------------------

    def test_priority_is_set_and_taken_back_by_the_number_on_the_slip(self, hall, at_desk):
        hall.take("A01")
        page = at_desk()
        find(page, "a1")
        for group in ("elderly", ""):
            page.get_by_test_id("new-priority").select_option(group)
            page.get_by_test_id("prioritise").click()
            expect(page.locator("#found-told")).to_have_text("Prioritas disimpan.")
            assert eventually(
                lambda: hall.rows("SELECT priority FROM queueing_ticket") == [(group,)]  # noqa: B023
            )

    def test_a_number_is_cancelled_with_a_reason(self, hall, at_desk):
        hall.take("A01")
        page = at_desk()
        find(page, "A-001")
        page.get_by_test_id("cancel").click()
        page.get_by_label("Salah layanan").check()
        page.get_by_test_id("cancel-yes").click()
        expect(page.get_by_test_id("found-state")).to_have_text("Dibatalkan")
        expect(page.get_by_test_id("cancel")).to_be_hidden()
        assert hall.events()[-1]["detail"] == {"reason": "Salah layanan"}

    def test_a_slip_of_the_hand_cancels_nothing(self, hall, at_desk):
        hall.take("A01")
        page = at_desk()
        find(page, "A-001")
        page.get_by_test_id("cancel").click()
        page.keyboard.press("Escape")
        expect(page.get_by_test_id("found-state")).to_have_text("Menunggu")
        assert [event["kind"] for event in hall.events()] == ["issue"]

    def test_who_missed_the_call_is_put_back_in_line(self, hall, at_desk):
        (
            hall.take("A01"),
            hall.press(1, "call-next"),
            hall.press(1, "no-show", body={"said_so": True}),
        )
        page = at_desk()
        find(page, "A-001")
        expect(page.get_by_test_id("prioritise")).to_be_hidden()
        page.get_by_test_id("reinstate").click()
        expect(page.get_by_test_id("found-state")).to_have_text("Menunggu")

    def test_one_of_several_errands_is_put_first(self, hall, at_desk):
        hall.take("A01", "F01")
        page = at_desk()
        find(page, "F-001")
        page.get_by_role("button", name="Dahulukan dari A-001").click()
        expect(page.locator("#found-told")).to_contain_text("didahulukan")
        assert hall.rows("SELECT is_ordered FROM queueing_visit") == [(True,)]
        assert hall.press(1, "call-next").json()["ticket"] is None

    def test_who_is_called_meanwhile_is_offered_no_priority_any_more(self, hall, at_desk):
        hall.take("A01")
        page = at_desk()
        find(page, "A-001")
        hall.press(1, "call-next")
        expect(page.get_by_test_id("found-state")).to_have_text("Dipanggil", timeout=3_000)
        expect(page.get_by_test_id("prioritise")).to_be_hidden()

    def test_a_number_that_is_not_there_is_said_in_the_language_of_the_page(self, at_desk):
        page = at_desk("en")
        page.get_by_test_id("find-label").fill("A-077")
        page.get_by_test_id("find").click()
        expect(page.get_by_test_id("find-refusal")).to_have_text("There is no number A-077 today.")

    # --- For everybody --------------------------------------------------------------------------

    @pytest.mark.parametrize("language", ["id", pytest.param("en", marks=pytest.mark.slow)])
    @pytest.mark.parametrize("size", SIZES, ids=str)
    def test_nobody_is_kept_out_in_any_state(self, hall, at_desk, size, language):
        hall.take("A01"), call_for_help(hall)
        page = at_desk(language, size=size)
        for turn in STATES:
            turn(page)
            assert (barriers(page), overflows(page)) == ([], False), turn.__name__
            assert too_small(page, 24) == [], turn.__name__

    def test_nobody_is_kept_out_by_high_contrast_and_large_text(self, hall, at_desk):
        hall.take("A01"), call_for_help(hall)
        page = at_desk()
        for name in ("Kontras tinggi", "Huruf lebih besar"):
            page.get_by_role("button", name=name).click()
        for turn in STATES:
            turn(page)
            assert (barriers(page), overflows(page)) == ([], False), turn.__name__

    @pytest.mark.slow
    def test_silence_is_said(self, at_desk):
        page = at_desk(prepare=silence)
        expect(page.get_by_test_id("stale-badge")).to_be_visible(timeout=15_000)
        assert barriers(page) == []

    def test_the_overview_does_not_move_sideways_on_a_phone(self, hall, look):
        call_for_help(hall)
        hall.take("A01")
        page = look("manager", who=hall.demo["manager"], size=PHONE)
        expect(page.get_by_test_id("priority-shares")).to_be_visible()
        assert (barriers(page), overflows(page)) == ([], False)


WISHES = (
    "SELECT t.priority, v.help, v.companion FROM queueing_ticket t"
    " JOIN queueing_visit v ON v.id = t.visit_id ORDER BY t.id"
)


def count_touches(page: Page) -> None:
    page.evaluate("""() => {
        window.touches = 0;
        addEventListener("touchstart", () => { window.touches += 1; }, true);
    }""")


def give(page: Page) -> None:
    page.get_by_test_id("service-A01").click()
    page.get_by_test_id("take-ticket").click()
    expect(page.get_by_test_id("ticket-label")).to_be_visible(timeout=10_000)


def find(page: Page, label: str) -> None:
    page.get_by_test_id("find-label").fill(label)
    page.get_by_test_id("find").click()
    expect(page.get_by_test_id("found-label")).to_be_visible()


def call_for_help(hall) -> None:
    key = hall.demo["kiosks"][1]["key"]
    assert hall.post("help", {"kind": "sign"}, key=key).status_code == 201


# --- The states of the page, one after another --------------------------------------------------


def begin(page: Page) -> None:
    expect(page.get_by_test_id("alert").first).to_be_visible()


def choose(page: Page) -> None:
    page.get_by_test_id("service-A01").click()


def given(page: Page) -> None:
    page.get_by_test_id("take-ticket").click()
    expect(page.get_by_test_id("ticket-label")).to_be_visible()


def edited(page: Page) -> None:
    page.get_by_test_id("edit").click()
    expect(page.get_by_test_id("found-label")).to_be_visible()
    page.get_by_test_id("show-qr").click()


def about_to_cancel(page: Page) -> None:
    page.get_by_test_id("cancel").click()


def listed(page: Page) -> None:
    page.keyboard.press("Escape")
    page.locator("#found [data-close-side]").click()
    page.get_by_test_id("agency-A").click()


def found_nothing(page: Page) -> None:
    page.get_by_test_id("search").fill("xyzzyq")


STATES = [begin, choose, given, edited, about_to_cancel, listed, found_nothing]
