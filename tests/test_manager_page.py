"""The page of supervisors and the manager: all that is going on, and what can be done about it."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Locator, Page, expect

from agencies.models import Operator, Quota
from queueing import lifecycle
from queueing.alerts import alerts
from queueing.overview import breaks_of, overview
from tests.browsing import barriers, too_small
from tests.pages import DESK, overflows

pytest_plugins = ["tests.looking"]

BY = {"actor": "operator:officer"}
PHONE = (360, 740)


def signed_in(person: Operator) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def told(cast, role: str = "manager", path: str = "state.json"):
    return signed_in(getattr(cast, role)).get(f"/hall/manager/{path}").json()


# --- What it knows --------------------------------------------------------------------------------


def test_a_supervisor_is_told_of_the_own_agency_alone(cast):
    for code in ("A01", "B01"):
        cast.ticket(code)
    state = told(cast, "supervisor")
    assert [queue["code"] for queue in state["queues"]] == ["A"]
    assert [counter["number"] for counter in state["counters"]] == [1, 2]
    assert sum(each["issued"] for each in state["half_hours"]) == 1
    page = signed_in(cast.supervisor).get("/hall/manager")
    assert set(page.context["about"]["officers"]) == {"A"}


def test_another_agencys_line_does_not_exist_for_a_supervisor(cast):
    browser = signed_in(cast.supervisor)
    assert browser.get("/hall/manager/A/line.json").status_code == 200
    assert browser.get("/hall/manager/B/line.json").status_code == 404
    assert browser.get("/hall/manager/X/line.json").status_code == 404


def test_who_waits_longest_and_who_works_where(cast, clock):
    cast.ticket(), clock.forward(minutes=7), cast.ticket()
    cast.officer.counter = cast.counter(1)
    cast.officer.save()
    cast.ticket("B01")
    lifecycle.call_next(cast.counter(3), actor="operator:hall-colleague")
    state = told(cast)
    since = {queue["code"]: queue["longest_since"] for queue in state["queues"]}
    assert since == {"A": "2026-11-24T09:00:00.000+07:00", "B": None}
    officers = {counter["number"]: counter["officers"] for counter in state["counters"]}
    assert officers == {1: ["hall-officer"], 2: [], 3: ["hall-colleague"]}


def test_the_day_by_half_hours_has_no_gap(cast, clock):
    cast.ticket(), clock.forward(minutes=65), cast.ticket(), cast.call(1)
    assert told(cast)["half_hours"] == [
        {"from": "09.00", "issued": 1, "called": 0},
        {"from": "09.30", "issued": 0, "called": 0},
        {"from": "10.00", "issued": 1, "called": 1},
    ]


def test_a_line_is_told_in_its_order(cast):
    cast.ticket()
    first = cast.ticket("A02", priority="elderly")
    line = told(cast, path="A/line.json")["line"]
    assert [each["label"] for each in line] == ["A-002", "A-001"]
    wanted = {"id": str(first.public_id), "services": ["Layanan A02"], "codes": ["A02"]}
    assert wanted.items() <= line[0].items()


def test_breaks_are_proposed_one_after_another(cast, clock):
    rests = breaks_of(cast.queue("A"), dt.date(2026, 11, 24))
    assert [(rest["counter"], rest["from"][11:16]) for rest in rests] == [
        (1, "11:45"),
        (2, "12:30"),
    ]
    assert told(cast, path="B/line.json")["breaks"] == [{"counter": 3, "from": None, "until": None}]


def test_more_people_take_no_more_queries(cast, clock):
    asked = []
    for _ in range(2):
        for code in ("A01", "B01"):
            cast.ticket(code)
        cast.call(1 + len(asked))
        with CaptureQueriesContext(connection) as queries:
            overview(cast.hall, [cast.a, cast.b])
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 13


# --- What needs a person --------------------------------------------------------------------------


def kinds(cast) -> list[str]:
    return [alert["kind"] for alert in alerts(cast.hall)]


def test_a_wait_longer_than_the_hall_wants_is_told_with_its_limit(cast, clock):
    cast.ticket()
    clock.forward(minutes=60)
    assert kinds(cast) == []
    clock.forward(seconds=1)
    (told,) = alerts(cast.hall)
    assert (told["kind"], told["code"], told["agency"]) == ("long_wait", "A", "A")
    assert told["since"] == "2026-11-24T10:00:00.000+07:00"
    assert told["sentence"]["en"] == "Queue A, Agency A: somebody has waited more than 60 minutes."


def test_the_limit_is_a_setting_of_the_hall(cast, clock):
    cast.hall.longest_wait = 20
    cast.hall.save()
    cast.ticket()
    clock.forward(minutes=21)
    assert kinds(cast) == ["long_wait"]


def test_an_incident_is_told_for_as_long_as_it_lasts(cast):
    down = lifecycle.begin_incident(cast.queue("B"), reason="Server pusat", **BY)
    (told,) = alerts(cast.hall)
    sentence = "Antrean B, Agency B: sistem gangguan. Server pusat"
    assert (told["kind"], told["sentence"]["id"]) == ("incident", sentence)
    assert alerts(cast.hall, cast.a) == []
    lifecycle.clear_incident(down, **BY)
    assert kinds(cast) == []


@pytest.mark.parametrize(("given", "is_told"), [(8, False), (9, True), (10, False)])
def test_of_a_quota_the_last_tenth_is_told_until_it_is_used_up(cast, clock, given, is_told):
    Quota.objects.create(hall=cast.hall, queue=cast.queue("A"), amount=10)
    cast.hall.refresh_from_db()
    for _ in range(given):
        cast.ticket()
    assert ("quota_low" in kinds(cast)) == is_told


def test_the_last_of_a_quota_are_counted_in_words(cast, clock):
    Quota.objects.create(hall=cast.hall, queue=cast.queue("A"), amount=10)
    cast.hall.refresh_from_db()
    for _ in range(9):
        cast.ticket()
    (told,) = alerts(cast.hall)
    assert told["sentence"]["id"] == "Antrean A, Agency A: sisa kuota 1 dari 10."


# --- The page -------------------------------------------------------------------------------------


@pytest.fixture
def busy(hall):
    """Some people wait for A, one is served at counter 1, and counter 2 has a break."""
    for service in ("A01", "A02", "A01", "B01"):
        hall.take(service)
    hall.press(1, "call-next"), hall.press(1, "start")
    hall.press(2, "break", body={"reason": "Rapat"})
    return hall


@pytest.fixture
def page(busy, look) -> Page:
    return look("manager", who=busy.demo["manager"], size=DESK)


def queue_row(page: Page, code: str) -> Locator:
    return page.get_by_test_id("queue-row").filter(has=page.locator(f'.code:text-is("{code}")'))


def counter_tile(page: Page, number: int) -> Locator:
    return page.locator(f'[data-testid="manage-counter"][data-number="{number}"]')


def agree(page: Page, reason: str = "") -> None:
    if reason:
        page.locator("#ask-reason").fill(reason)
    page.locator("#ask-yes").click()


@pytest.mark.browser
class TestThePage:
    def test_it_shows_who_waits_and_what_each_counter_does(self, page):
        expect(queue_row(page, "A").locator('[data-slot="waiting"]')).to_have_text("2")
        expect(queue_row(page, "A").locator('[data-slot="longest"]')).to_contain_text("mnt")
        expect(counter_tile(page, 1)).to_contain_text("A-001 dilayani")
        expect(counter_tile(page, 1)).to_contain_text("loket-01")
        expect(counter_tile(page, 2)).to_contain_text("Rapat")
        expect(page.locator("#chart-table tr").last).to_contain_text("4")

    def test_it_follows_the_hall(self, page, busy):
        busy.take("A01")
        expect(queue_row(page, "A").locator('[data-slot="waiting"]')).to_have_text("3")

    def test_an_incident_is_begun_with_a_reason_and_ended_by_one_press(self, page, busy):
        queue_row(page, "A").get_by_role("button").click()
        page.locator("#incident").click()
        agree(page, "Server pusat")
        expect(page.locator("#queue-now")).to_contain_text("Server pusat")
        assert busy.take("A01").status_code == 409
        expect(page.locator('.alert[data-kind="incident"]')).to_be_visible()
        page.locator("#clear").click()
        expect(page.locator("#queue-now")).to_contain_text("Buka")
        assert busy.take("A01").status_code == 201

    def test_who_thinks_better_of_it_has_done_nothing(self, page, busy):
        queue_row(page, "A").get_by_role("button").click()
        page.locator("#incident").click()
        page.locator("#ask-dialog [data-close]").click()
        expect(page.locator("#queue-now")).to_contain_text("Buka")
        assert busy.take("A01").status_code == 201

    def test_a_waiting_number_is_cancelled_with_a_reason(self, page, busy):
        queue_row(page, "A").get_by_role("button").click()
        row = page.get_by_test_id("waiting-row").filter(has_text="A-002")
        row.get_by_role("button", name="Batalkan").click()
        page.locator("#ask-yes").click()
        expect(page.locator("#ask-dialog")).to_be_visible()  # a reason is wanted
        agree(page, "Pulang")
        expect(row).to_have_count(0)
        assert busy.events()[-1]["detail"] == {"reason": "Pulang"}

    def test_a_waiting_number_is_moved_to_another_service(self, page, busy):
        queue_row(page, "A").get_by_role("button").click()
        row = page.get_by_test_id("waiting-row").filter(has_text="A-002")
        row.get_by_role("button", name="Pindahkan").click()
        page.locator("#ask-service").select_option("B01")
        agree(page, "Berkas lengkap")
        expect(row).to_have_count(0)
        expect(queue_row(page, "B").locator('[data-slot="waiting"]')).to_have_text("2")

    def test_a_counter_is_opened_called_and_closed(self, page, busy):
        counter_tile(page, 2).click()
        page.locator('[data-act="open"]').click()
        expect(page.locator("#counter-now")).to_contain_text("Siap")
        page.locator('[data-act="call-next"]').click()
        expect(page.locator("#counter-now")).to_contain_text("A-002 dipanggil")
        page.locator("#counter-dialog [data-close]").click()
        counter_tile(page, 6).click()
        page.locator('[data-act="close"]').click()
        expect(page.locator("#ask-dialog")).to_be_visible()
        agree(page)
        expect(page.locator("#counter-now")).to_contain_text("Tutup")

    def test_what_the_hall_refuses_is_said(self, page, busy):
        counter_tile(page, 1).click()
        page.locator('[data-act="call-next"]').click()
        expect(page.locator("#counter-refusal")).to_contain_text("masih melayani")

    def test_the_last_open_counter_of_a_queue_warns_before_it_leaves(self, page, busy):
        for number in (3, 4, 5):
            busy.press(number, "close")
        busy.press(1, "finish")
        expect(counter_tile(page, 1)).to_contain_text("Siap")
        counter_tile(page, 1).click()
        page.locator('[data-act="break"]').click()
        expect(page.locator("#ask-text")).to_contain_text(
            "loket terakhir yang buka untuk antrean A"
        )

    def test_a_counter_is_assigned_another_queue_with_a_weight(self, page, busy):
        counter_tile(page, 6).click()
        row = page.locator(".serve").filter(has=page.locator('input[value="A"]'))
        row.locator("input").check()
        row.locator("select").select_option("2")
        page.locator('[data-act="assign"]').click()
        agree(page)
        expect(page.locator("#ask-dialog")).to_be_hidden()
        expect(queue_row(page, "A").locator('[data-slot="open"]')).to_have_text("5")
        detail = busy.events()[-1]["detail"]
        assert json.dumps(detail["queues"], sort_keys=True) == '{"A": 2, "B": null}'

    def test_a_counter_is_handed_over(self, page, busy):
        counter_tile(page, 1).click()
        page.locator("#officer").select_option("loket-03")
        page.locator('[data-act="hand-over"]').click()
        agree(page)
        expect(page.locator("#counter-now")).to_contain_text("loket-03")
        expect(counter_tile(page, 3)).not_to_contain_text("loket-03")

    @pytest.mark.parametrize("size", [DESK, PHONE])
    @pytest.mark.parametrize("wish", ["", "?lang=en"])
    def test_it_fits_and_keeps_nobody_out(self, busy, look, size, wish):
        page = look(f"manager{wish}", who=busy.demo["manager"], size=size)
        expect(page.get_by_test_id("queue-row").first).to_be_visible()
        assert not overflows(page)
        assert not barriers(page)
        assert not too_small(page, 24)
        queue_row(page, "A").get_by_role("button").click()
        expect(page.get_by_test_id("waiting-row").first).to_be_visible()
        assert not overflows(page)
        assert not barriers(page)
        page.locator("#queue-dialog [data-close]").click()
        counter_tile(page, 1).click()
        assert not barriers(page)

    def test_it_can_be_read_in_high_contrast(self, busy, look):
        page = look("manager", who=busy.demo["manager"], size=DESK)
        page.get_by_role("button", name="Kontras tinggi").click()
        assert not barriers(page)
