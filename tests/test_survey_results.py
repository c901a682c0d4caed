"""What the survey found: for everybody, for supervisors, and as the ministry's table."""

import csv
import datetime as dt
import io

import pytest
from django.test import Client

from queueing.spreadsheets import cell
from survey import ikm, periods, publishing
from survey.models import Questionnaire, Smile
from survey.questions import QUESTIONNAIRE, REGULATION
from tests.surveys import answered
from tests.test_ikm import WORKED_EXAMPLE

OCTOBER, SEPTEMBER = dt.date(2026, 10, 5), dt.date(2026, 9, 30)
YESTERDAY, TODAY = dt.date(2026, 11, 23), dt.date(2026, 11, 24)
TWICE = [*WORKED_EXAMPLE, *WORKED_EXAMPLE]


@pytest.fixture
def hall(cast, clock):
    """October of agency A: ten respondents of 30 that were served; of B nobody."""
    answered(cast, "A01", OCTOBER, *TWICE, silent=20)
    return cast


def browser_of(cast, role: str = "manager") -> Client:
    browser = Client()
    browser.force_login(getattr(cast, role))
    return browser


def public(cast, **query: str):
    return Client().get("/hall/skm", query)


def report(cast, role: str = "manager", **query: str):
    return browser_of(cast, role).get("/hall/skm/report", {"period": "2026-10", **query})


def rows_of(response) -> list[list[str]]:
    """Read a CSV as an office program with Indonesian settings does."""
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def export(cast, role: str = "manager", **query: str) -> list[list[str]]:
    query = {"period": "2026-10", **query}
    return rows_of(browser_of(cast, role).get("/hall/skm/report.csv", query))


def foot(rows: list[list[str]], name: str) -> list[str]:
    return next(row[1:] for row in rows if row and row[0] == name)


# --- Periods ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "title", "first", "last"),
    [
        ("2026-11", "November 2026", "2026-11-01", "2026-11-30"),
        ("2026-Q1", "Triwulan I 2026", "2026-01-01", "2026-03-31"),
        ("2026-Q4", "Triwulan IV 2026", "2026-10-01", "2026-12-31"),
        ("2028-02", "Februari 2028", "2028-02-01", "2028-02-29"),
        ("2026", "Tahun 2026", "2026-01-01", "2026-12-31"),
    ],
)
def test_a_period_is_a_month_a_quarter_or_a_year(name, title, first, last):
    period = periods.read(name)
    assert (period.name, period.title) == (name, title)
    assert (str(period.first), str(period.last)) == (first, last)


@pytest.mark.parametrize("name", ["2026-13", "2026-00", "2026-Q5", "1999", "x", "٢٠٢٦", "2026-1"])
def test_what_is_no_period_is_not_found(hall, name):
    assert periods.read(name) is None
    assert public(hall, period=name).status_code == 404
    assert report(hall, period=name).status_code == 404


def test_periods_are_offered_from_the_first_answer_on():
    offered = periods.offered(dt.date(2025, 12, 31), dt.date(2026, 2, 1))
    assert [each.name for each in offered] == [
        *("2026-02", "2026-01", "2025-12"),
        *("2026-Q1", "2025-Q4"),
        *("2026", "2025"),
    ]


# --- For everybody ------------------------------------------------------------------------------


def test_everybody_reads_the_index_and_what_to_improve_first(hall):
    response = public(hall)
    group, text = response.context["group"], response.content.decode()
    assert (str(group.index.value), group.index.grade.letter) == ("85.00", "B")
    assert "85,00" in text
    lowest = [str(each["name"]) for each in response.context["elements"] if each["is_lowest"]]
    assert lowest == ["Waktu penyelesaian"]


def test_the_respondents_stand_beside_the_sample_that_is_needed(hall):
    response = public(hall)
    group = response.context["group"]
    assert (group.count, group.served, group.needed) == (10, 30, 28)
    assert "Jumlah responden belum cukup" in response.content.decode()


def test_enough_respondents_are_told_as_well(cast, clock):
    answered(cast, "A01", OCTOBER, *TWICE)
    assert public(cast).context["group"].is_enough


def test_an_agency_is_shown_with_its_services(hall):
    response = public(hall, agency="A")
    below = {each.place.code: each.count for each in response.context["below"]}
    assert response.context["group"].place == hall.a
    assert below == {"A01": 10}


def test_a_number_for_two_services_counts_once_and_for_both(cast, clock):
    answered(cast, "A01", OCTOBER, *TWICE)
    for row in Questionnaire.objects.all():
        row.services.add(cast.service("A02"))
    response = public(cast, agency="A")
    assert response.context["group"].count == 10
    assert [each.count for each in response.context["below"]] == [10, 10]


def test_the_running_month_is_not_published(cast, clock):
    answered(cast, "A01", YESTERDAY, *TWICE)
    response = public(cast)
    assert "diumumkan tanggal 1 Desember 2026" in response.content.decode()


@pytest.mark.parametrize("period", ["2026-11", "2026-Q4", "2026", "2027"])
def test_a_period_that_is_not_over_is_not_published(hall, period):
    assert public(hall, period=period).status_code == 404
    assert period not in [each.name for each in public(hall).context["offered"]]


def test_a_year_that_is_over_is_published(hall, clock):
    clock.forward(days=40)
    response = public(hall, period="2026")
    assert response.context["group"].count == 10
    assert [each.name for each in response.context["offered"]] == [
        *("2026-12", "2026-11", "2026-10"),
        *("2026-Q4", "2026"),
    ]


@pytest.mark.parametrize(("count", "is_told"), [(9, False), (10, True)])
def test_nothing_is_told_of_fewer_than_ten(cast, clock, count, is_told):
    answered(cast, "A01", OCTOBER, *TWICE[:count])
    response = public(cast)
    assert response.context["group"].is_told is is_told
    assert ('data-testid="ikm"' in response.content.decode()) is is_told


def test_a_small_agency_is_not_given_away_by_the_rest(hall):
    """The hall less agency A would be the three of agency B."""
    answered(hall, "B01", OCTOBER, "111111111", "111111111", "111111111")
    response = public(hall)
    assert response.context["group"].is_told
    assert [each.is_told for each in response.context["below"]] == [False, False]


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"A": 30, "B": 10}, "AB"),
        ({"A": 30, "B": 9}, ""),
        ({"A": 30, "B": 12, "C": 3}, "A"),
        ({"A": 30, "B": 6, "C": 6}, "A"),
        ({"A": 30, "B": 0}, "A"),
        ({}, ""),
    ],
)
def test_groups_that_would_give_a_smaller_one_away_are_hidden(counts, told):
    assert publishing.told({key: [count] for key, count in counts.items()}) == set(told)


@pytest.mark.parametrize(
    ("months", "is_told"),
    [
        ([9], False),
        ([10], True),
        ([12, 12, 12], True),
        ([12, 12, 0], True),
        ([12, 12, 3], False),  # the quarter less two months would be the three
        ([12, 6, 6], True),
        ([4, 4, 1], False),
        ([*[12, 6, 6] * 3, 20, 20, 20], True),
        ([*[12, 6, 6] * 3, 20, 20, 3], False),  # the year less all that is told
        ([*[12, 6, 6] * 2, 20, 4, 0, 20, 20, 8], True),  # of which no quarter could be told
    ],
)
def test_a_period_that_would_give_a_part_of_it_away_is_hidden(months, is_told):
    assert publishing.may_be_told(months) is is_told


def test_a_quarter_is_not_published_beside_two_of_its_months(cast, clock):
    for month, sheets in ((7, TWICE), (8, TWICE), (9, TWICE[:1])):
        answered(cast, "A01", dt.date(2026, month, 5), *sheets)
    assert public(cast, period="2026-07").context["group"].is_told
    assert not public(cast, period="2026-Q3").context["group"].is_told
    assert report(cast, period="2026-Q3").context["group"].is_told


def test_the_hall_next_door_has_results_of_its_own(hall, next_door):
    response = Client().get("/next-door/skm", {"period": "2026-10"})
    assert response.context["group"].count == 0
    assert public(hall, agency="Z").status_code == 404


def test_more_agencies_take_no_more_queries(hall, django_assert_num_queries):
    with django_assert_num_queries(6):
        public(hall)
    answered(hall, "B01", OCTOBER, *TWICE)
    with django_assert_num_queries(6):
        public(hall)


# --- For those who work here --------------------------------------------------------------------


def test_the_manager_sees_the_hall_and_any_agency(hall):
    assert report(hall).context["group"].place == hall.hall
    assert report(hall, agency="B").context["group"].place == hall.b


def test_a_supervisor_sees_the_own_agency_and_no_other(hall):
    answered(hall, "B01", OCTOBER, *TWICE)
    response = report(hall, "supervisor")
    assert response.context["group"].place == hall.a
    assert "Instansi B" not in response.content.decode()
    assert report(hall, "supervisor", agency="B").status_code == 404
    assert len([row for row in export(hall, "supervisor") if row and row[0].isdigit()]) == 10


def test_a_supervisor_reads_of_ten_whatever_the_other_agencies_are(hall):
    answered(hall, "B01", OCTOBER, "111111111", "111111111", "111111111")
    assert report(hall, "supervisor").context["group"].is_told
    assert not report(hall, agency="B").context["group"].is_told


@pytest.mark.parametrize("role", ["officer", "greeter"])
def test_officers_and_greeters_read_no_answers(hall, role):
    for page in ("report", "report.csv"):
        assert browser_of(hall, role).get(f"/hall/skm/{page}").status_code == 403


@pytest.mark.parametrize(
    ("weight", "value", "words"),
    [("exact", "85.00", "1/9, tepat"), ("0.111", "84.92", "0,111"), ("0.11", "84.15", "0,11")],
)
def test_the_rounded_weight_is_a_choice_and_is_named(hall, weight, value, words):
    response = report(hall, weight=weight)
    assert str(response.context["index"].value) == value
    assert f"Bobot {words}" in response.content.decode()


@pytest.mark.parametrize(
    ("order", "eighth", "ninth"),
    [
        ("questionnaire", "Sarana dan prasarana", "Penanganan pengaduan, saran, dan masukan"),
        ("regulation", "Penanganan pengaduan, saran, dan masukan", "Sarana dan prasarana"),
    ],
)
def test_u8_and_u9_follow_the_chosen_template(hall, order, eighth, ninth):
    rows = report(hall, order=order).context["elements"]
    assert [(each["code"], str(each["name"])) for each in rows[7:]] == [
        ("U8", eighth),
        ("U9", ninth),
    ]


def test_wishes_that_nobody_knows_are_the_usual_ones(hall):
    response = report(hall, weight="1/8", order="x")
    assert (response.context["wanted"].weight, response.context["wanted"].order) == (
        "exact",
        "questionnaire",
    )


def test_today_is_only_counted_so_that_nobody_reads_who_answered_what(cast, clock):
    answered(cast, "A01", YESTERDAY, *TWICE)
    answered(cast, "A01", TODAY, "111111111")
    response = report(cast, period="2026-11")
    assert (response.context["today"], response.context["group"].count) == (1, 10)
    assert foot(export(cast, period="2026-11"), "Periode") == [
        "November 2026, sampai 23 November 2026"
    ]
    assert "Hari ini 1 orang sudah menjawab" in response.content.decode()


def test_smiles_are_counted_apart_and_never_change_the_index(hall):
    for ticket in Questionnaire.objects.values_list("ticket", flat=True):
        values = {"hall": hall.hall, "agency": hall.a, "ticket_id": ticket, "face": 1}
        Smile.objects.create(**values, date=OCTOBER, channel="phone")
    response = report(hall)
    assert response.context["smiles"] == [("Puas", 0), ("Cukup puas", 0), ("Kurang puas", 10)]
    assert str(response.context["index"].value) == "85.00"


def test_a_few_smiles_are_not_told(hall):
    Smile.objects.create(hall=hall.hall, agency=hall.a, face=1, date=OCTOBER, channel="phone")
    assert report(hall).context["smiles"] == []


def test_the_respondents_are_counted_by_what_they_told(cast, clock):
    answered(cast, "A01", OCTOBER, *TWICE[:6], sex="p", education="sma")
    answered(cast, "A01", SEPTEMBER, *TWICE[:4], sex="l")
    hours, sex, education, _ = report(cast, period="2026").context["profile"]
    assert hours["rows"] == [("08.00-12.00", 10), ("13.00-17.00", 0)]
    assert ([(str(words), count) for words, count in sex["rows"]], sex["skipped"]) == (
        [("Laki-laki", 4), ("Perempuan", 6)],
        0,
    )
    assert (dict(education["rows"])["SMA"], education["skipped"]) == (6, 4)


# --- The ministry's table -----------------------------------------------------------------------


def test_the_export_reads_back_as_the_worked_example(hall):
    rows = export(hall)
    assert foot(rows, "Nomor responden") == [f"U{place}" for place in range(1, 10)]
    respondents = ["".join(row[1:]) for row in rows if row and row[0].isdigit()]
    assert respondents == sorted(TWICE)
    sums = "34 32 28 40 32 34 38 30 38"
    assert foot(rows, "Jumlah nilai per unsur") == sums.split()
    assert foot(rows, "NRR per unsur")[:3] == ["3,400", "3,200", "2,800"]
    assert foot(rows, "NRR tertimbang per unsur")[:1] == ["0,378"]
    assert foot(rows, "NRR tertimbang per unsur")[-1] == "3,4000"
    assert foot(rows, "IKM unit pelayanan") == ["85,00"]
    assert (foot(rows, "Mutu pelayanan"), foot(rows, "Kinerja unit pelayanan")) == (["B"], ["Baik"])


def test_the_export_follows_weight_and_order(hall):
    rows = export(hall, weight="0.111", order="regulation")
    assert foot(rows, "IKM unit pelayanan") == ["84,92"]
    assert foot(rows, "U8") == ["Penanganan pengaduan, saran, dan masukan"]
    place = 1 + REGULATION.index("sarana")
    answers = [row[place] for row in rows if row and row[0].isdigit()]
    eighth = QUESTIONNAIRE.index("sarana")
    assert answers == [sheet[eighth] for sheet in sorted(TWICE)]


def test_the_file_begins_with_the_mark_and_tells_its_name(hall):
    response = browser_of(hall).get("/hall/skm/report.csv", {"period": "2026-10", "agency": "A"})
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="skm-agency-a-2026-10.csv"'


def test_a_name_that_a_spreadsheet_would_run_is_only_text(hall):
    hall.hall.name_id = '=HYPERLINK("http://x";"y")'
    hall.hall.save()
    assert foot(export(hall), "Unit pelayanan") == ['\'=HYPERLINK("http://x";"y")']


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx", "\nx"])
def test_whatever_begins_a_formula_is_quoted(text):
    assert cell(text) == f"'{text}"


def test_numbers_and_plain_names_are_left_alone():
    assert [
        cell(ikm.ikm(ikm.sums([dict.fromkeys(QUESTIONNAIRE, 4)])).value),
        cell("MPP"),
        cell(3),
    ] == [
        "100,00",
        "MPP",
        "3",
    ]


def test_of_too_few_there_is_no_file_and_nothing_of_who_they_were(cast, clock):
    answered(cast, "A01", OCTOBER, *TWICE[:9], sex="p")
    assert report(cast).context["profile"] == []
    query = {"period": "2026-10"}
    assert browser_of(cast).get("/hall/skm/report.csv", query).status_code == 404
    assert "skm/report.csv" not in report(cast).content.decode()
