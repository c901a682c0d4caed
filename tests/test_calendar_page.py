"""What does a week look like? To everybody who works in the hall, on a desk and on a phone."""

import datetime as dt

import pytest
from django.test import Client
from playwright.sync_api import expect

from queueing.week import week
from tests.browsing import barriers
from tests.calendars import FRI, MONDAY, holiday, quota, timetable, with_hours
from tests.cast import Cast
from tests.pages import overflows

pytest_plugins = ["tests.looking"]
WEEK = "2026-W48"


@pytest.fixture
def open_hall(cast, clock):
    return with_hours(cast.hall)


def signed_in(person) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def shown(cast: Cast, query: str = "", role: str = "manager"):
    return signed_in(getattr(cast, role)).get(f"/hall/calendar{query}")


def lines(hall, day: int) -> list[tuple[str, list[str]]]:
    """Return who is open on a day of the week, and when."""
    return [
        (line.place.name, [f"{span.opens:%H.%M}-{span.closes:%H.%M}" for span in line.spans])
        for line in week(hall, MONDAY).days[day].lines
    ]


def test_the_week_begins_on_monday_and_is_the_present_one(cast, open_hall):
    page = shown(cast).content.decode()
    assert "29 November 2026" in page
    assert f'data-week="{WEEK}"' in page


def test_any_week_may_be_looked_at(cast, open_hall):
    page = shown(cast, "?week=2027-W01").content.decode()
    assert "10 Januari 2027" in page
    assert 'href="?week=2026-W53"' in page


@pytest.mark.parametrize("week", ["2026-W54", "2026-W00", "9999-W01", "x", "2026-48", "²026-W48"])
def test_a_week_that_does_not_exist_is_not_found(cast, open_hall, week):
    assert shown(cast, f"?week={week}").status_code == 404


def test_a_day_shows_the_hall_and_those_with_hours_of_their_own(cast, open_hall):
    timetable(open_hall, ([1], "07:00", "12:00", "16:00"), agency=cast.a)
    timetable(
        open_hall, ([1], "09:00", "11:00", "11:00"), services=[cast.service("B01")], name="Pagi"
    )
    assert lines(open_hall, 1) == [
        ("", ["08.00-15.00"]),
        ("A Agency A", ["08.00-15.00"]),
        ("Agency B: Pagi", ["09.00-11.00"]),
    ]


def test_who_is_closed_on_an_open_day_is_told_in_one_row(cast, open_hall):
    timetable(open_hall, ([1], "08:00", "12:00", "12:00"), agency=cast.a)
    monday = week(open_hall, MONDAY).days[0]
    assert [line.place.name for line in monday.shut] == ["A Agency A"]
    assert "Tutup: A Agency A" in " ".join(shown(cast).content.decode().split())


def test_on_a_closed_day_only_the_hall_is_told(cast, open_hall):
    timetable(open_hall, ([1], "08:00", "12:00", "12:00"), agency=cast.a)
    assert lines(open_hall, 6) == [("", [])]


def test_a_break_is_two_spans(open_hall):
    open_hall.timetables.all().delete()
    timetable(open_hall, (FRI, "08:00", "11:30", "11:30"), (FRI, "13:30", "14:30", "15:00"))
    assert lines(open_hall, 4) == [("", ["08.00-11.30", "13.30-15.00"])]


def test_a_holiday_is_named_and_whether_it_is_sure(cast, open_hall):
    holiday(open_hall, dt.date(2026, 11, 25), "Hari Raya", is_confirmed=False)
    page = shown(cast).content.decode()
    assert "Hari Raya" in page
    assert "Belum pasti" in page


def test_a_day_shows_its_quota_and_what_was_used(cast, open_hall):
    quota(cast.queue("A"), 20, [cast.service("A01")])
    cast.ticket("A01")
    page = shown(cast).content.decode()
    assert "1 dari 20 terpakai" in page
    assert "20 sehari" in page


def test_a_hall_that_is_always_open_shows_its_quotas_on_every_day(cast, clock):
    quota(cast.queue("A"), 20, [cast.service("A01")])
    cast.hall.refresh_from_db()
    assert [day.lines[1].limit.amount for day in week(cast.hall, MONDAY).days] == [20] * 7


def test_an_exception_is_named(cast, open_hall):
    day = (dt.date(2026, 11, 25),) * 2
    timetable(open_hall, (None, "10:00", "11:00", "12:00"), name="Rapat dinas", dates=day)
    assert "Rapat dinas" in shown(cast).content.decode()


def test_services_that_open_together_share_a_line(cast, open_hall):
    services = [cast.service("A01"), cast.service("A02")]
    timetable(open_hall, ([1], "08:00", "12:00", "12:00"), services=services, name="Berkas")
    tuesday = week(open_hall, MONDAY).days[1]
    assert [(line.place.name, line.place.codes) for line in tuesday.lines[1:]] == [
        ("Agency A: Berkas", "A01, A02")
    ]


def test_the_picture_grows_with_the_hours(open_hall):
    assert week(open_hall, MONDAY).hours[0] == (7, 0)
    timetable(open_hall, (0, "05:30", "20:00", "22:15"), dates=(MONDAY, MONDAY))
    grown = week(open_hall, MONDAY)
    assert (grown.hours[0], grown.hours[-1], grown.width) == ((5, 0), (23, 1080), 1080)
    bar = grown.days[0].lines[0].bars[0]
    assert (bar.opens, bar.giving, bar.serving) == (30, 870, 135)


def test_the_manager_is_told_which_days_are_estimates_only(cast, open_hall):
    holiday(open_hall, dt.date(2027, 1, 5), "Isra Mikraj", is_confirmed=False, kind="national")
    page = shown(cast).content.decode()
    assert 'data-testid="to-confirm"' in page
    assert 'href="?week=2027-W01"' in page


@pytest.mark.parametrize(("role", "is_told"), [("manager", True), ("supervisor", False)])
def test_the_overview_warns_the_manager_of_estimates(cast, open_hall, role, is_told):
    holiday(open_hall, dt.date(2027, 1, 5), is_confirmed=False)
    page = signed_in(getattr(cast, role)).get("/hall/manager").content.decode()
    assert ("1 hari libur belum pasti" in page) is is_told


def test_the_manager_is_told_when_a_year_is_missing(cast, open_hall):
    page = shown(cast).content.decode()
    assert "Hari libur tahun 2027 belum dimuat" in page


def test_only_a_manager_is_led_to_the_changes(cast, open_hall):
    cast.manager.is_staff = True
    cast.manager.save()
    address = "/admin/agencies/timetable/"
    assert address in shown(cast).content.decode()
    assert address not in shown(cast, role="officer").content.decode()


def test_more_services_and_quotas_take_no_more_queries(
    cast, open_hall, django_assert_max_num_queries
):
    browser = signed_in(cast.manager)
    quota(cast.queue("A"), 20, [cast.service("A01")])
    browser.get("/hall/calendar")
    with django_assert_max_num_queries(16) as asked:
        browser.get("/hall/calendar")
    few = len(asked)
    for code in ("A02", "B01", "B02"):
        timetable(open_hall, ([1], "08:00", "12:00", "12:00"), services=[cast.service(code)])
        quota(cast.service(code).queue, 9, [cast.service(code)])
    browser.get("/hall/calendar")
    with django_assert_max_num_queries(few):
        browser.get("/hall/calendar")


class TestInABrowser:
    pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("display")]

    @pytest.mark.parametrize(("language", "name"), [("id", "Cuti Bersama"), ("en", "Joint")])
    @pytest.mark.parametrize("size", [(1366, 768), (360, 740)])
    def test_it_can_be_read_on_a_desk_and_on_a_phone(self, hall, look, size, language, name):
        path = f"calendar?week=2026-W52&lang={language}"
        page = look(path, who=hall.demo["manager"], size=size)
        expect(page.get_by_test_id("day-2026-12-24")).to_contain_text(
            "Cuti Bersama" if language == "id" else "Joint"
        )
        assert not overflows(page)
        assert barriers(page) == []

    def test_it_can_be_read_with_high_contrast_and_large_letters(self, hall, look):
        page = look("calendar", who=hall.demo["manager"])
        for wish in ("Kontras tinggi", "Huruf lebih besar"):
            page.get_by_role("button", name=wish).click()
        assert not overflows(page)
        assert barriers(page) == []

    def test_one_leafs_from_week_to_week(self, hall, look):
        page = look("calendar?week=2026-W52", who=hall.demo["manager"])
        page.get_by_role("link", name="Berikutnya").click()
        expect(page.get_by_test_id("week")).to_have_attribute("data-week", "2026-W53")

    def test_the_overview_leads_to_the_calendar_and_it_to_the_admin(self, hall, look):
        page = look("manager", who=hall.demo["manager"])
        page.get_by_role("link", name="Kalender").click()
        page.get_by_role("link", name="Jadwal buka").click()
        expect(page.get_by_role("link", name="Berkas paspor")).to_be_visible()
