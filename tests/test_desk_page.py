"""The counter officer's desk: who may open it, what it knows, and one button that follows."""

from functools import partial

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from queueing import lifecycle
from queueing.desk import desk_state
from queueing.lifecycle import Way
from queueing.models import Ticket
from queueing.views import desk as desk_page
from tests.browsing import barriers
from tests.cast import fresh
from tests.desks import at_desk, events, knows_nothing_until
from tests.pages import lose, once_told, only_first, overflows

pytest_plugins = ["tests.looking"]
ACTOR = "operator:officer"
STARTED = "UPDATE queueing_ticket SET started_at = started_at"


def desk(cast, number: int | None = None) -> str:
    return (
        reverse("desk-counter", args=[cast.hall.slug, number])
        if number
        else reverse("desk", args=[cast.hall.slug])
    )


def labels(tickets) -> list[str]:
    return [ticket["label"] for ticket in tickets]


def a_queue(code: str, *, waiting: int) -> dict:
    return {
        "code": code,
        "waiting": waiting,
        "other_counters": 1,
        "incident_since": None,
        "estimate": None,
    }


# --- Who may open it ----------------------------------------------------------------------------


def test_a_stranger_is_sent_to_the_sign_in(client, cast):
    assert client.get(desk(cast)).url == f"/sign-in?next={desk(cast)}"
    assert client.get(desk(cast, 1)).url == f"/sign-in?next={desk(cast, 1)}"


def test_an_officer_is_sent_to_the_own_counter(client, cast):
    cast.officer.counter = cast.counter(2)
    cast.officer.save()
    client.force_login(cast.officer)
    assert client.get(desk(cast)).url == desk(cast, 2)


def test_an_officer_without_counter_chooses_one_of_the_agency(client, cast):
    client.force_login(cast.officer)
    shown = client.get(desk(cast)).context["counters"]
    assert [counter.number for counter in shown] == [1, 2]


def test_an_officer_at_the_wrong_counter_is_told_which_is_the_right_one(client, cast):
    cast.officer.counter = cast.counter(2)
    cast.officer.save()
    client.force_login(cast.officer)
    response = client.get(desk(cast, 1))
    assert response.status_code == 403
    assert "Loket 1 bukan loket Anda" in response.content.decode()
    assert f'href="{desk(cast, 2)}"' in response.content.decode()
    assert client.get(desk(cast, 3)).status_code == 404


def test_an_officer_who_is_assigned_is_offered_no_other_counter(client, cast):
    cast.officer.counter = cast.counter(2)
    cast.officer.save()
    client.force_login(cast.officer)
    assert "?choose" not in client.get(desk(cast, 2)).content.decode()
    shown = client.get(f"{desk(cast)}?choose").context["counters"]
    assert [counter.number for counter in shown] == [2]


def test_the_manager_may_choose_any_counter(client, cast):
    client.force_login(cast.manager)
    assert [each.number for each in client.get(desk(cast)).context["counters"]] == [1, 2, 3]


def test_a_counter_of_another_agency_does_not_exist(client, cast):
    client.force_login(cast.officer)
    assert client.get(desk(cast, 1)).status_code == 200
    assert client.get(desk(cast, 3)).status_code == 404
    assert client.get(f"{desk(cast, 3)}/state.json").status_code == 404


def test_another_hall_does_not_exist(client, cast, next_door):
    client.force_login(cast.officer)
    assert client.get(desk(next_door)).status_code == 404
    assert client.get(desk(next_door, 1)).status_code == 404


def test_a_greeter_has_no_desk(client, cast):
    client.force_login(cast.greeter)
    assert client.get(desk(cast)).status_code == 403
    assert client.get(desk(cast, 1)).status_code == 403


def test_the_state_is_not_told_to_strangers(client, cast):
    response = client.get(f"{desk(cast, 1)}/state.json")
    assert (response.status_code, response.json()) == (401, {"code": "not_known"})


# --- What it knows ------------------------------------------------------------------------------


def test_an_idle_desk_knows_the_next_five(cast):
    for _ in range(6):
        cast.ticket("A01")
    state = desk_state(cast.counter(1))
    assert state["current"] is None
    assert labels(state["next"]) == ["A-001", "A-002", "A-003", "A-004", "A-005"]
    assert state["queues"] == [a_queue("A", waiting=6)]


def reasons(cast, number: int = 1) -> list[tuple[str, bool, str]]:
    line = desk_state(cast.counter(number))["next"]
    return [(each["label"], each["callable"], each["why"]) for each in line]


def test_who_is_at_another_counter_keeps_the_place_and_the_desk_says_why(cast):
    cast.visit("A01", "B01")
    cast.ticket("A01")
    cast.call(3)
    passed_by = ("A-001", False, "Sedang di loket 3; tempatnya tetap.")
    assert reasons(cast) == [passed_by, ("A-002", True, "")]
    assert cast.call(1).label == "A-002"


def test_who_was_sent_to_another_counter_waits_for_that_one_while_it_is_open(cast):
    ticket = cast.ticket("A01")
    cast.serve(1)
    lifecycle.transfer(
        fresh(ticket), cast.queue("A"), way=Way(counter=cast.counter(2)), actor=ACTOR
    )
    assert reasons(cast, 1) == [("A-001", False, "Menunggu loket 2.")]
    assert reasons(cast, 2) == [("A-001", True, "Dialihkan ke loket ini.")]
    lifecycle.close_counter(cast.counter(2), actor=ACTOR)
    assert reasons(cast, 1)[0][:2] == ("A-001", True)


def test_every_place_that_is_not_by_the_hour_of_the_number_has_its_reason(cast, clock):
    for _ in range(2):
        cast.ticket("A01")
    cast.call(1)
    lifecycle.no_show(cast.counter(1), actor=ACTOR, said_so=True)
    moved = cast.ticket("B01")
    cast.serve(3)
    clock.forward(minutes=5)
    lifecycle.transfer(fresh(moved), cast.queue("A"), actor=ACTOR)
    cast.ticket("A01", priority="elderly")
    lifecycle.reinstate(fresh(Ticket.objects.get(state="no_show")), actor=ACTOR)
    assert reasons(cast) == [
        ("A-004", True, "Prioritas: dihitung datang 30 menit lebih awal."),
        ("A-002", True, ""),
        ("A-003", True, "Datang pukul 09.00; waktu itu tetap berlaku."),
        ("A-001", True, "Kembali setelah terlewat: sesudah 3 nomor."),
    ]


def test_the_desk_tells_what_may_be_undone_and_until_when(cast, clock):
    cast.ticket("A01")
    cast.serve(1)
    assert desk_state(cast.counter(1))["undo"] is None
    lifecycle.finish(cast.counter(1), actor=ACTOR)
    told = desk_state(cast.counter(1))["undo"]
    assert (told["label"], told["state"]) == ("A-001", "done")
    clock.forward(seconds=10)
    state = desk_state(cast.counter(1))
    assert (state["undo"], state["at"]) == (None, told["until"])


def test_the_desk_remembers_its_last_twenty_newest_first(cast, clock):
    for _ in range(22):
        cast.ticket("A01")
    for _ in range(22):
        cast.serve(1)
        clock.forward(seconds=30)
        lifecycle.finish(cast.counter(1), actor=ACTOR)
    history = labels(desk_state(cast.counter(1))["history"])
    assert history == [f"A-{number:03d}" for number in range(22, 2, -1)]


def test_the_current_ticket_comes_with_the_rest_of_the_visit(cast):
    cast.visit("A01", "A02", "B01")
    cast.call(1)
    current = desk_state(cast.counter(1))["current"]
    assert (current["label"], current["state"]) == ("A-001", "called")
    assert current["services"] == ["Layanan A01", "Layanan A02"]
    assert current["target_minutes"] == 20
    assert labels(current["others"]) == ["B-001"]


@pytest.mark.parametrize(("priority", "seconds"), [("", 90), ("elderly", 180)])
def test_it_tells_from_when_a_no_show_may_be_marked(cast, clock, priority, seconds):
    cast.ticket("A01", priority=priority)
    cast.call(1)
    told = desk_state(cast.counter(1))["current"]["no_show_from"]
    clock.forward(seconds=seconds)
    assert told == desk_state(cast.counter(1))["at"]


def test_it_tells_from_when_a_recall_is_possible_and_when_no_more(cast, clock):
    cast.ticket("A01")
    cast.call(1)
    for _ in range(2):
        told = desk_state(cast.counter(1))["current"]["recall_from"]
        clock.forward(seconds=30)
        assert told == desk_state(cast.counter(1))["at"]
        lifecycle.recall(cast.counter(1), actor=ACTOR)
    assert desk_state(cast.counter(1))["current"]["recall_from"] is None


def test_the_held_and_the_missed_are_listed_for_every_counter_of_the_queue(cast, clock):
    cast.ticket("A01"), cast.ticket("A02")
    cast.serve(1)
    lifecycle.hold(cast.counter(1), actor=ACTOR)
    cast.call(1)
    lifecycle.no_show(cast.counter(1), actor=ACTOR, said_so=True)
    state = desk_state(cast.counter(2))
    assert labels(state["held"]) == ["A-001"]
    assert labels(state["no_shows"]) == ["A-002"]


def test_who_may_not_come_back_again_is_not_offered(cast):
    ticket = cast.ticket("A01")
    for _ in range(3):
        cast.call(1)
        lifecycle.no_show(cast.counter(1), actor=ACTOR, said_so=True)
        if fresh(ticket).returns < 2:
            lifecycle.reinstate(fresh(ticket), actor=ACTOR)
    assert desk_state(cast.counter(1))["no_shows"] == []


def test_the_counter_counts_whom_it_has_served(cast):
    cast.ticket("A01")
    cast.serve(1)
    lifecycle.finish(cast.counter(1), actor=ACTOR)
    assert desk_state(cast.counter(1))["served_today"] == 1
    assert desk_state(cast.counter(2))["served_today"] == 0


def test_more_people_take_no_more_queries(cast, django_assert_num_queries):
    def everybody() -> None:
        cast.visit("A01", "B01"), cast.visit("A02", "B01")
        cast.call(2)
        lifecycle.no_show(cast.counter(2), actor=ACTOR, said_so=True)

    everybody(), everybody()
    cast.call(1)
    counter = cast.counter(1)
    with django_assert_num_queries(19):
        desk_state(counter)
    for _ in range(3):
        everybody()
    counter.queues.add(cast.queue("B"))
    with django_assert_num_queries(19):
        desk_state(counter)


def test_every_queue_of_the_counter_is_counted(cast):
    cast.ticket("A01"), cast.ticket("B01"), cast.ticket("B02")
    cast.counter(1).queues.add(cast.queue("B"))
    told = desk_state(cast.counter(1))["queues"]
    assert told == [a_queue("A", waiting=1), a_queue("B", waiting=2)]


def test_a_press_while_the_page_is_made_is_news_to_the_page(client, cast, monkeypatch):
    """The page asks anew only at a board that is not the one it came with."""

    def and_somebody_comes(read):
        return lambda place: (read(place), cast.ticket())[0]

    for name in ("board", "desk_state"):
        monkeypatch.setattr(desk_page, name, and_somebody_comes(getattr(desk_page, name)))
    client.force_login(cast.officer)
    about = client.get(desk(cast, 1)).context["about"]
    assert about["state"]["version"] >= about["board"]["version"]


# --- At the desk --------------------------------------------------------------------------------


class TestAtTheDesk:
    pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]

    def test_one_button_leads_through_a_visit(self, hall, look):
        hall.take("A01"), hall.take("A02")
        page = at_desk(hall, look)
        page.get_by_test_id("call-next").click()
        expect(page.get_by_test_id("current-ticket")).to_contain_text("A-001")
        page.get_by_test_id("start").click()
        page.get_by_role("button", name="Selesai & panggil berikutnya").click()
        expect(page.get_by_test_id("current-ticket")).to_contain_text("A-002")
        assert events(hall, "call", "start", "finish") == ["call", "start", "finish", "call"]

    def test_the_keys_do_the_same(self, hall, look):
        hall.take("A01")
        page = at_desk(hall, look)
        for key, word in [("F2", "Dipanggil"), ("F8", "Dilayani")]:
            page.keyboard.press(key)
            expect(page.get_by_text(word, exact=True)).to_be_visible()
        page.keyboard.press("F9")
        expect(page.get_by_test_id("current-ticket")).to_be_hidden()
        assert events(hall, "finish") == ["finish"]

    def test_a_called_number_is_read_aloud(self, hall, look):
        hall.take("A01")
        page = at_desk(hall, look)
        page.get_by_test_id("call-next").click()
        expect(page.locator("#told")).to_have_text("Nomor A-001 dipanggil ke loket 1.")

    def test_nobody_waiting_is_said(self, hall, look):
        page = at_desk(hall, look)
        page.get_by_test_id("call-next").click()
        expect(page.get_by_role("alert")).to_have_text("Belum ada yang menunggu.")

    def test_a_no_show_needs_patience(self, hall, look):
        hall.take("A01")
        page = at_desk(hall, look)
        page.get_by_test_id("call-next").click()
        expect(page.get_by_test_id("no-show")).to_be_disabled()
        expect(page.get_by_test_id("no-show")).to_contain_text("dtk")
        hall.rows("UPDATE queueing_ticket SET called_at = called_at - interval '2 minutes'")
        page.reload()
        page.keyboard.press("x")
        expect(page.locator("#no-shows")).to_contain_text("A-001")
        page.get_by_role("button", name="Masukkan lagi A-001").click()
        expect(page.locator("#next")).to_contain_text("A-001")

    def test_a_held_number_comes_back(self, hall, look):
        hall.take("A01"), hall.press(1, "call-next"), hall.press(1, "start")
        page = at_desk(hall, look)
        page.keyboard.press("h")
        page.get_by_role("button", name="Lanjutkan A-001").click()
        expect(page.locator("#next")).to_contain_text("A-001")

    def test_a_list_that_changes_under_the_finger_loses_no_press(self, hall, look):
        hall.take("A01"), hall.press(1, "call-next"), hall.press(1, "start")
        page = at_desk(hall, look)
        page.keyboard.press("h")
        page.get_by_role("button", name="Lanjutkan A-001").hover()
        page.mouse.down()
        hall.take("A01")
        expect(page.locator("#next")).to_contain_text("A-002")
        page.mouse.up()
        expect(page.locator("#next")).to_contain_text("A-001")

    def test_a_transfer_takes_its_note_along(self, hall, look):
        hall.take("A01"), hall.press(1, "call-next"), hall.press(1, "start")
        page = at_desk(hall, look)
        page.keyboard.press("t")
        page.get_by_label("Instansi").select_option("F")
        page.get_by_label("Catatan untuk petugas").fill("xht: surat kurang")
        page.get_by_label("Catatan untuk petugas").press("Enter")
        expect(page.get_by_test_id("current-ticket")).to_be_hidden()
        hall.press(14, "call-next")
        there = at_desk(hall, look, 14)
        expect(there.get_by_text("Catatan: xht: surat kurang")).to_be_visible()

    def test_thinking_better_of_it_changes_nothing(self, hall, look):
        hall.take("A01"), hall.press(1, "call-next"), hall.press(1, "start")
        page = at_desk(hall, look)
        page.get_by_test_id("transfer").click()
        page.keyboard.press("Escape")
        expect(page.get_by_test_id("current-ticket")).to_contain_text("A-001")
        assert events(hall, "transfer") == []

    def test_a_number_is_cancelled_only_after_asking(self, hall, look):
        hall.take("A01"), hall.press(1, "call-next")
        page = at_desk(hall, look)
        page.get_by_test_id("more").click()
        page.get_by_test_id("cancel").click()
        page.get_by_role("button", name="Batalkan nomor").click()
        expect(page.get_by_test_id("current-ticket")).to_be_hidden()
        assert events(hall, "cancel") == ["cancel"]

    def test_a_break_says_why_and_until_when(self, hall, look):
        page = at_desk(hall, look)
        page.get_by_text("Menu loket").click()
        page.get_by_role("button", name="Istirahat…").click()
        page.get_by_label("Rapat").check()
        page.get_by_role("button", name="Mulai istirahat").click()
        expect(page.locator("#status")).to_contain_text("Rapat, kembali")
        page.get_by_role("button", name="Buka loket").last.click()
        expect(page.locator("#status")).to_have_text("Buka")

    def test_closing_asks_while_people_wait(self, hall, look):
        hall.take("C01")
        page = at_desk(hall, look, 10)
        page.get_by_text("Menu loket").click()
        page.get_by_role("button", name="Tutup loket…").click()
        expect(page.get_by_text("tidak ada loket lain yang buka")).to_be_visible()
        page.get_by_role("button", name="Tetap tutup").click()
        expect(page.locator("#status")).to_have_text("Tutup")

    def test_letters_can_be_switched_off(self, hall, look):
        hall.take("A01"), hall.press(1, "call-next"), hall.press(1, "start")
        page = at_desk(hall, look)
        page.keyboard.press("?")
        page.get_by_label("Tombol huruf").uncheck()
        page.get_by_role("button", name="Mengerti").click()
        page.keyboard.press("t")
        expect(page.get_by_role("dialog")).to_have_count(0)

    def test_two_taps_are_one_press(self, hall, look):
        hall.take("A01"), hall.take("A01")
        page = at_desk(hall, look)
        page.get_by_test_id("call-next").dblclick()
        expect(page.get_by_test_id("current-ticket")).to_contain_text("A-001")
        assert events(hall, "call", "start") == ["call"]

    def test_a_lost_answer_is_asked_for_again_and_counts_once(self, hall, look):
        hall.take("A01"), hall.take("A01")
        page = at_desk(hall, look)
        page.route("**/call-next", only_first(lose))
        with page.expect_response("**/call-next"):
            page.get_by_test_id("call-next").click()
        expect(page.get_by_test_id("current-ticket")).to_contain_text("A-001")
        assert events(hall, "call") == ["call"]

    def test_a_stale_form_token_is_renewed(self, hall, look):
        hall.take("A01")
        page = at_desk(hall, look)
        page.context.clear_cookies(name="csrftoken")
        page.evaluate("document.querySelector('meta[name=csrf]').content = ''")
        page.get_by_test_id("call-next").click()
        expect(page.get_by_test_id("current-ticket")).to_contain_text("A-001")

    def test_a_press_that_came_too_late_is_explained(self, hall, look):
        hall.take("A01")
        page = at_desk(hall, look, prepare=knows_nothing_until("call-next"))
        hall.press(1, "close")
        page.get_by_test_id("call-next").click()
        expect(page.get_by_role("alert")).to_have_text("Loket sedang tutup. Buka loket dulu.")
        expect(page.get_by_role("button", name="Buka loket").last).to_be_visible()

    def test_what_others_do_is_seen_at_once(self, hall, look):
        page = once_told(partial(at_desk, hall, look))
        hall.take("A01")
        expect(page.locator("#next")).to_contain_text("A-001", timeout=2000)
        hall.press(1, "call-next")
        expect(page.get_by_test_id("current-ticket")).to_contain_text("A-001", timeout=2000)

    def test_an_ended_session_leads_to_the_sign_in(self, hall, look):
        page = at_desk(hall, look)
        page.context.clear_cookies(name="sessionid")
        page.get_by_test_id("call-next").click()
        page.wait_for_url("**/sign-in?next=**")

    @pytest.mark.parametrize(("minutes", "word"), [(8, "mendekati batas"), (11, "lewat batas")])
    def test_the_timer_says_when_it_takes_long(self, hall, look, minutes, word):
        hall.take("A01"), hall.press(1, "call-next"), hall.press(1, "start")
        hall.rows(f"{STARTED} - interval '{minutes} minutes'")
        page = at_desk(hall, look)
        expect(page.get_by_text(f"{word} 10 menit")).to_be_visible()
        assert barriers(page) == []

    @pytest.mark.parametrize("size", [(1366, 768), (1024, 768), (820, 1180), (390, 844)])
    def test_it_fits(self, hall, look, size):
        hall.take("A01", "F01", priority="elderly"), hall.press(1, "call-next")
        page = at_desk(hall, look, size=size)
        expect(page.get_by_test_id("current-ticket")).to_contain_text("A-001")
        assert not overflows(page)

    def test_nobody_is_kept_out(self, hall, look):
        hall.take("A01", "F01", priority="elderly"), hall.take("A02")
        page = at_desk(hall, look)
        assert barriers(page) == []
        for button in ("call-next", "start", "transfer"):
            page.get_by_test_id(button).click()
            expect(page.locator("#main-action[aria-busy=true]")).to_have_count(0)
            assert barriers(page) == []

    def test_nobody_is_kept_out_in_high_contrast(self, hall, look):
        hall.take("A01"), hall.press(1, "call-next")
        page = at_desk(hall, look)
        page.get_by_role("button", name="Kontras tinggi").click()
        page.get_by_role("button", name="Huruf lebih besar").click()
        assert barriers(page) == []
        page.reload()
        assert page.locator("html").get_attribute("data-contrast") == "high"
