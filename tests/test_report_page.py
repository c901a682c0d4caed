"""The report as supervisors and the manager read it, print it and take it along."""

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import expect

from agencies.models import Agency, Queue, Service
from tests.browsing import barriers
from tests.counted import a_counted_day, a_served_number
from tests.pages import DESK, overflows

pytest_plugins = ["tests.looking"]

MONTH = {"from": "2026-11-01", "to": "2026-11-30"}


@pytest.fixture
def counted(cast, clock):
    a_counted_day(cast, clock)
    return cast


def of(person):
    browser = Client()
    browser.force_login(person)
    return browser


def page(person, **query):
    return of(person).get("/hall/report", query)


def told(answer) -> str:
    return " ".join(answer.content.decode().split())


def file_of(person, **query):
    answer = of(person).get("/hall/report.csv", query)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


# --- What is shown ------------------------------------------------------------------------------


def test_the_last_counted_day_is_shown_first(counted):
    answer = page(counted.manager)
    assert "Selasa, 24 November 2026" in told(answer)
    assert answer.context["whole"].sums.issued == 6
    assert '<dd data-testid="visits">5</dd>' in told(answer)


def test_a_month_says_how_many_of_its_days_were_counted(counted, clock):
    a_served_number(counted, clock, "A01", minutes=5)
    assert "30 November 2026, 2 hari dihitung" in told(page(counted.manager, **MONTH))
    assert "2 days counted" in told(page(counted.manager, lang="en", **MONTH))


def test_day_month_and_year_are_one_link_away(counted):
    answer = page(counted.manager)
    spans = [(str(each["first"]), str(each["last"])) for each in answer.context["periods"]]
    assert spans == [
        ("2026-11-24", "2026-11-24"),
        ("2026-11-01", "2026-11-30"),
        ("2026-01-01", "2026-12-31"),
    ]
    assert "?from=2026-01-01&amp;to=2026-12-31" in told(answer)


def test_one_date_alone_is_that_day(counted):
    for query in ({"from": "2026-11-24"}, {"to": "2026-11-24"}):
        assert page(counted.manager, **query).context["whole"].sums.issued == 6


def test_an_agency_shows_its_services(counted):
    rows = page(counted.manager, agency="A").context["rows"]
    assert [row.service for row in rows] == ["A01", "A02"]


def test_an_agency_without_numbers_on_a_counted_day_has_zeros(counted, clock):
    a_served_number(counted, clock, "A01", minutes=5)
    answer = page(counted.manager, agency="B")
    assert answer.status_code == 200
    assert (answer.context["whole"].sums.issued, answer.context["rows"]) == (0, [])


def test_an_agency_that_is_gone_is_still_shown_by_its_letter(counted):
    Agency.objects.filter(code="B").update(code="X")
    Queue.objects.filter(code="B").update(code="X")
    assert "?agency=B" in told(page(counted.manager))
    assert page(counted.manager, agency="B").context["whole"].sums.issued == 1


def test_the_manager_is_led_there(cast):
    assert "/hall/report" in told(of(cast.manager).get("/hall/manager"))


# --- What cannot be shown -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ({"from": "31-11-2026"}, "Tanggal itu tidak ada."),
        ({"to": "2026-11-24\0"}, "Tanggal itu tidak ada."),
        ({"from": "2026-11-25", "to": "2026-11-24"}, "Tanggal awal sesudah tanggal akhir."),
        ({"from": "2025-01-01", "to": "2026-01-02"}, "paling banyak 366 hari"),
    ],
)
def test_dates_that_make_no_sense_are_refused_in_words(cast, query, why):
    for path in ("report", "report.csv"):
        answer = of(cast.manager).get(f"/hall/{path}", query)
        assert answer.status_code == 400
        assert why in told(answer)


def test_a_leap_year_fits_whole(cast):
    assert page(cast.manager, **{"from": "2028-01-01", "to": "2028-12-31"}).status_code == 200


def test_a_new_hall_says_that_nothing_was_counted(cast):
    assert "gedung ini belum punya hari yang dihitung" in told(page(cast.manager))


def test_where_nothing_was_counted_it_says_until_when_there_is_something(counted):
    answer = told(page(counted.manager, **{"from": "2026-12-01", "to": "2026-12-31"}))
    assert "sudah dihitung sampai 24 November 2026" in answer


# --- Who may read it ----------------------------------------------------------------------------


def test_a_supervisor_reads_of_the_own_agency(counted):
    answer = page(counted.supervisor)
    assert answer.context["whole"].sums.issued == 5
    assert "B01" not in told(answer)
    assert {row[1] for row in file_of(counted.supervisor)[1:]} == {"A"}


def test_another_agency_does_not_exist_for_a_supervisor(counted):
    Agency.objects.filter(code="B").update(code="X")
    supervisor = of(counted.supervisor)
    for code in ("B", "X", "ZZ", "\0"):
        for path in ("report", "report.csv"):
            assert supervisor.get(f"/hall/{path}", {"agency": code}).status_code == 404


def test_for_the_manager_only_what_never_was_does_not_exist(counted):
    assert page(counted.manager, agency="Z").status_code == 404
    assert page(counted.manager, agency="\0").status_code == 404


def test_neither_the_log_nor_the_numbers_are_read(counted):
    with CaptureQueriesContext(connection) as queries:
        page(counted.manager, **MONTH), file_of(counted.manager, **MONTH)
    read = " ".join(query["sql"] for query in queries)
    assert "queueing_halfhour" in read
    assert "queueing_ticket" not in read


# --- The file -----------------------------------------------------------------------------------


def test_the_file_has_each_day_agency_and_service(counted):
    head, *rows = file_of(counted.manager, **MONTH)
    a, b = "2026-11-24;A;Agency A;", "2026-11-24;B;Agency B;"
    sums, waits, served = slice(14), slice(14, 20), slice(20, None)
    assert [";".join(row[sums]) for row in rows] == [
        f"{a}A01;Layanan A01;3;3;1;2;2;0;0;0;1",
        f"{a}A02;Layanan A02;2;2;0;1;0;1;0;1;0",
        f"{b}B01;Layanan B01;0;1;1;1;1;0;0;0;0",
    ]
    assert [";".join(row[waits]) for row in rows] == [
        "2;810;600;1020;1020;2",
        "1;1920;1920;1920;1920;1",
        "1;2100;2100;2100;2100;1",
    ]
    assert [";".join(row[served]) for row in rows] == [
        "2;660;420;900;900;2;1;10",
        "0;;;;;0;0;10",
        "1;300;300;300;300;1;1;10",
    ]
    assert (head[0], head[13], head[14], head[-1]) == (
        "Tanggal",
        "Kedaluwarsa",
        "Menunggu: orang",
        "Janji (menit)",
    )
    assert len(head) == len(rows[0])


def test_the_file_is_called_by_its_place_and_days(counted):
    answer = of(counted.manager).get("/hall/report.csv", {"agency": "A", **MONTH})
    name = "laporan-agency-a-2026-11-01-2026-11-30.csv"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.content.startswith(b"\xef\xbb\xbf")


def test_a_name_that_a_spreadsheet_would_run_is_plain_text(counted):
    Service.objects.filter(code="B01").update(name_id="=HYPERLINK(1)")
    assert file_of(counted.manager)[-1][4] == "'=HYPERLINK(1)"


# --- As people see it ---------------------------------------------------------------------------


WEEKS = """
    INSERT INTO queueing_halfhour (hall_id, date, slot, queue, service, counter, visits, issued,
        priority, legs, called, no_shows, finished, transferred, cancelled, expired, waits, served)
    SELECT s.hall_id, date '2026-11-01' + day, slot, q.code, s.code, 1, 12, 13, 1, 0, 12, 1, 11, 1,
           1, 1, '{120,900}', '{240,600}'
    FROM agencies_service s JOIN agencies_queue q ON q.id = s.queue_id,
         generate_series(1, 5) AS day, generate_series(16, 29) AS slot
    WHERE right(s.code, 2) = '01' RETURNING 1
"""


@pytest.mark.browser
def test_it_fits_keeps_nobody_out_and_needs_no_script(hall, look):
    hall.rows(WEEKS)
    page = look("report", who=hall.demo["manager"], size=DESK, java_script_enabled=False)
    page.get_by_role("link", name="November 2026", exact=True).click()
    expect(page.get_by_test_id("span")).to_contain_text("5 hari dihitung")
    expect(page.get_by_test_id("heat-0800").get_by_role("cell").first).to_have_text("221,0")
    page = look(page.url, who=hall.demo["manager"], size=DESK)
    expect(page.get_by_role("button", name="Cetak")).to_be_visible()
    assert not overflows(page)
    page.set_viewport_size({"width": 360, "height": 740})
    assert (barriers(page), overflows(page)) == ([], False)


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("path", ["report", "report?from=2026-11-01&to=2026-11-30&agency=A"])
def test_it_keeps_nobody_out_in_high_contrast(hall, look, path):
    hall.rows(WEEKS)
    cookie = {"name": "contrast", "value": "high", "url": hall.url}
    page = look(
        path,
        who=hall.demo["manager"],
        prepare=lambda page: page.context.add_cookies([cookie]),
    )
    expect(page.locator("html[data-contrast=high]")).to_have_count(1)
    assert (barriers(page), overflows(page)) == ([], False)


@pytest.mark.browser
@pytest.mark.slow
def test_on_paper_there_is_the_report_and_nothing_to_press(hall, look):
    hall.rows(WEEKS)
    month = "report?from=2026-11-01&to=2026-11-30"
    page = look(month, who=hall.demo["manager"], size=(703, 1032))  # what is left of A4
    page.emulate_media(media="print")
    expect(page.get_by_test_id("heat-0800")).to_be_visible()
    expect(page.locator("#from")).to_be_hidden()
    assert not overflows(page)
