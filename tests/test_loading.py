"""How does a hall come in from its files? Whole, as often as wanted, and never half."""

import csv
import datetime as dt
import io
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from agencies.loading import load
from agencies.management.commands.load_hall import CATALOGUE
from agencies.models import Agency, Counter, Hall, Queue, Service, Window
from agencies.reading import COLUMNS, MAY_BE_MISSING, BadFiles, read_hall
from queueing import lifecycle
from queueing.models import Ticket

pytestmark = pytest.mark.long

HALL = {
    "hall.csv": "slug,name_id,name_en,city,timezone\n"
    "kecil,MPP Kecil,Small Hall,Kecil,Asia/Makassar\n",
    "hours.csv": "weekday,opens_at,last_issue_at,closes_at\n"
    "monday,08:00,14:30,15:00\ntuesday,08:00,11:00,11:00\n",
    "agencies.csv": "code,slug,name_id,short_name,name_en,kind,counters,floor_zone,"
    "description_id,description_en,provenance,source_ref\n"
    "A,dukcapil,Dinas Kependudukan,Dukcapil,Civil Registry,municipal,2,A,Satu,One,typical,P1\n"
    "B,samsat,Samsat,Samsat,Vehicles,provincial,1,B,Dua,Two,typical,P2\n",
    "services.csv": "agency_code,code,slug,name_id,name_en,target_minutes,requirements_id,"
    "requirements_en,fee_idr,fee_note_id,fee_note_en,processing_time_id,processing_time_en,"
    "online_url_known,provenance,legal_basis,source_ref\n"
    "A,A01,ktp,KTP,ID card,10,KK; Foto,Family card; Photo,0,,,1 hari,1 day,,typical,UU 1,P1\n"
    "A,A02,kk,KK,Family card,7,,,,Lihat loket,Ask,,,https://kk.example,typical,,P1\n"
    "B,B01,pajak,Pajak,Tax,5,STNK,Registration,250000,,,,,,typical,,\n",
    "aliases.csv": "code,aliases,frequent_rank\nA01,bikin KTP; foto KTP,1\nB01,,\n",
    "life_events.csv": "code,name_id,name_en,services\nmoved,Pindah,Moving,A01; B01\n",
    "windows.csv": "name,services,weekday,opens_at,last_issue_at,closes_at\n"
    "Berkas,A01,monday,08:00,11:00,12:00\n",
    "quotas.csv": "services,amount\nA01,20\n",
}


@pytest.fixture
def folder(tmp_path) -> Path:
    """A small hall's files, to be spoiled at will."""
    for name, text in HALL.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def change(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1))


def load_hall(folder: Path = CATALOGUE) -> str:
    said = io.StringIO()
    call_command("load_hall", folder, stdout=said)
    return said.getvalue()


TABLES = [
    "hall",
    "timetable",
    "window",
    "holiday",
    "quota",
    "agency",
    "queue",
    "service",
    "counter",
    "counter_queues",
]


def dump() -> dict[str, list[str]]:
    """Return every row of the catalogue, as text."""
    with connection.cursor() as cursor:
        rows = {}
        for table in TABLES:
            cursor.execute(f"SELECT t::text FROM agencies_{table} t ORDER BY id")  # noqa: S608
            rows[table] = [row for (row,) in cursor.fetchall()]
        return rows


# --- The hall of the launch ---------------------------------------------------------------------


def test_the_first_hall_has_17_agencies_167_services_and_27_counters(db):
    said = load_hall()
    assert said == "payakumbuh: 17 agencies, 167 services, 27 counters.\n"
    counted = [model.objects.count() for model in (Agency, Service, Counter, Queue)]
    assert counted == [17, 167, 27, 17]


def test_loading_twice_changes_nothing(db):
    load_hall()
    first = dump()
    load_hall()
    assert dump() == first


def test_the_letters_are_those_of_the_catalogue(db):
    load_hall()
    assert "".join(Agency.objects.values_list("code", flat=True)) == "ABCDEFGHJKLMNPQRS"


def test_the_counters_are_numbered_through_the_hall_in_the_catalogues_order(db):
    load_hall()
    letters = Counter.objects.order_by("number").values_list("agency__code", flat=True)
    assert "".join(letters) == "AAAAABBBBCDEEFFGGHJKLMNPQRS"
    assert list(Counter.objects.values_list("number", flat=True)) == list(range(1, 28))


def test_every_counter_serves_its_agencys_queue(db):
    load_hall()
    served = Counter.objects.values_list("queues__code", "agency__code")
    assert [queue for queue, _ in served] == [agency for _, agency in served]


def test_the_first_hall_issues_on_working_days_but_for_the_friday_break(db):
    load_hall()
    windows = Window.objects.filter(timetable__level="hall")
    times = (dt.time(8), dt.time(14, 30), dt.time(15))
    assert list(windows.values_list("weekday", "opens_at", "last_issue_at", "closes_at")) == [
        *((weekday, *times) for weekday in range(4)),
        (4, dt.time(8), dt.time(11, 30), dt.time(11, 30)),
        (4, dt.time(13, 30), *times[1:]),
    ]


def test_six_services_of_the_first_hall_are_the_most_frequent(db):
    load_hall()
    ranks = Service.objects.filter(frequent_rank__isnull=False).values_list("frequent_rank")
    assert sorted(rank for (rank,) in ranks) == [1, 2, 3, 4, 5, 6]


# --- What a row becomes -------------------------------------------------------------------------


def test_a_hall_becomes_what_its_files_say(db, folder):
    load_hall(folder)
    hall = Hall.objects.get()
    assert (hall.slug, hall.name_id, hall.timezone) == ("kecil", "MPP Kecil", "Asia/Makassar")
    assert (hall.always_open, hall.version, hall.business_date) == (False, 0, None)


def test_a_service_becomes_what_its_row_says(db, folder):
    load_hall(folder)
    service = Service.objects.get(code="A01")
    assert (service.requirements_id, service.requirements_en) == (
        ["KK", "Foto"],
        ["Family card", "Photo"],
    )
    assert (service.target_minutes, service.fee_idr, service.frequent_rank) == (10, 0, 1)
    assert service.aliases == ["bikin KTP", "foto KTP"]
    assert (service.queue.code, service.is_open) == ("A", True)


def test_a_fee_that_varies_is_none_and_a_free_service_costs_nothing(db, folder):
    load_hall(folder)
    fees = dict(Service.objects.values_list("code", "fee_idr"))
    assert fees == {"A01": 0, "A02": None, "B01": 250_000}


def test_a_life_event_names_the_services_that_it_needs(db, folder):
    load_hall(folder)
    assert Hall.objects.get().life_events == [
        {"code": "moved", "name_id": "Pindah", "name_en": "Moving", "services": ["A01", "B01"]}
    ]


def test_a_hall_needs_no_life_events(db, folder):
    (folder / "life_events.csv").unlink()
    load_hall(folder)
    assert Hall.objects.get().life_events == []


def test_new_counters_are_closed_until_somebody_opens_them(db, folder):
    load_hall(folder)
    assert set(Counter.objects.values_list("status", flat=True)) == {"closed"}


# --- Again, with changes ------------------------------------------------------------------------


def test_a_changed_row_changes_the_service_and_nothing_else(db, folder):
    load_hall(folder)
    before = dump()
    change(folder, "services.csv", "A01,ktp,KTP,ID card,10", "A01,ktp,KTP-el,e-ID card,12")
    load_hall(folder)
    after = dump()
    assert Service.objects.values_list("name_id", "target_minutes").get(code="A01") == (
        "KTP-el",
        12,
    )
    changed = {table for table in TABLES if after[table] != before[table]}
    assert changed == {"service"}
    assert [old == new for old, new in zip(before["service"], after["service"], strict=True)] == [
        False,
        True,
        True,
    ]


def test_what_the_manager_closed_stays_closed(db, folder):
    load_hall(folder)
    Service.objects.filter(code="A01").update(is_open=False)
    Queue.objects.filter(code="B").update(status="paused")
    load_hall(folder)
    assert dict(Service.objects.values_list("code", "is_open")) == {
        "A01": False,
        "A02": True,
        "B01": True,
    }
    assert Queue.objects.get(code="B").status == "paused"


def test_what_the_hall_does_now_is_not_touched(db, folder):
    load_hall(folder)
    hall = Hall.objects.get()
    Hall.objects.update(always_open=True)
    lifecycle.open_counter(hall.counters.first(), actor="system")
    load_hall(folder)
    hall.refresh_from_db()
    assert (hall.always_open, hall.version) == (True, 1)
    assert hall.counters.first().status == "open"


def test_a_counter_that_was_given_a_second_queue_keeps_it(db, folder):
    load_hall(folder)
    counter = Counter.objects.get(number=1)
    counter.queues.add(Queue.objects.get(code="B"))
    load_hall(folder)
    assert sorted(counter.queues.values_list("code", flat=True)) == ["A", "B"]


def test_a_service_that_left_the_files_is_closed_and_its_history_stays(db, folder):
    load_hall(folder)
    Hall.objects.update(always_open=True)
    hall = Hall.objects.get()
    service = Service.objects.select_related("queue").get(code="A02")
    lifecycle.issue(hall, [service], actor="kiosk:1", channel="kiosk")
    without(folder, "services.csv", "A,A02")
    said = load_hall(folder)
    assert said.endswith("A02 is no longer in the files and was closed.\n")
    assert Service.objects.get(code="A02").is_open is False
    assert [each.code for each in Ticket.objects.get().services.all()] == ["A02"]


def test_a_service_that_is_gone_is_told_of_once(db, folder):
    load_hall(folder)
    without(folder, "services.csv", "A,A02")
    assert "A02" in load_hall(folder)
    assert "A02" not in load_hall(folder)


def test_a_service_may_hand_its_address_to_another_code(db, folder):
    load_hall(folder)
    change(folder, "services.csv", "A,A02,kk,", "A,A03,kk,")
    load_hall(folder)
    assert dict(Service.objects.values_list("code", "is_open")) == {
        "A01": True,
        "A02": False,
        "A03": True,
        "B01": True,
    }


def test_two_services_may_swap_their_addresses(db, folder):
    load_hall(folder)
    change(folder, "services.csv", "A01,ktp,", "A01,x,")
    change(folder, "services.csv", "A02,kk,", "A02,ktp,")
    change(folder, "services.csv", "A01,x,", "A01,kk,")
    load_hall(folder)
    assert dict(Service.objects.filter(queue__code="A").values_list("code", "slug")) == {
        "A01": "kk",
        "A02": "ktp",
    }


def test_two_agencies_may_swap_their_addresses(db, folder):
    load_hall(folder)
    change(folder, "agencies.csv", "A,dukcapil,", "A,x,")
    change(folder, "agencies.csv", "B,samsat,", "B,dukcapil,")
    change(folder, "agencies.csv", "A,x,", "A,samsat,")
    load_hall(folder)
    assert dict(Agency.objects.values_list("code", "slug")) == {"A": "samsat", "B": "dukcapil"}


def test_a_weekday_that_left_the_files_is_a_closed_day(db, folder):
    load_hall(folder)
    without(folder, "hours.csv", "tuesday")
    load_hall(folder)
    hours = Window.objects.filter(timetable__level="hall")
    assert list(hours.values_list("weekday", flat=True)) == [0]


def calendar_of(hall: Hall) -> tuple[list, list]:
    """Return the own hours of services, and the quotas, as the files write them."""
    windows = Window.objects.filter(timetable__hall=hall, timetable__level="service")
    quotas = hall.quotas.values_list("queue__code", "services__code", "amount")
    return (
        list(windows.values_list("timetable__name", "timetable__services__code", "weekday")),
        sorted(quotas),
    )


def test_services_have_the_hours_and_quotas_of_the_files(db, folder):
    load_hall(folder)
    assert calendar_of(Hall.objects.get()) == ([("Berkas", "A01", 0)], [("A", "A01", 20)])


def test_windows_and_quotas_follow_the_files_and_may_be_missing(db, folder):
    load_hall(folder)
    change(folder, "quotas.csv", "A01,20", "A01; A02,30")
    load_hall(folder)
    assert calendar_of(Hall.objects.get())[1] == [("A", "A01", 30), ("A", "A02", 30)]
    for name in ("windows.csv", "quotas.csv"):
        (folder / name).unlink()
    load_hall(folder)
    assert calendar_of(Hall.objects.get()) == ([], [])


def test_a_calendar_that_a_manager_has_edited_is_left_alone(db, folder):
    load_hall(folder)
    Hall.objects.update(calendar_is_edited=True)
    change(folder, "quotas.csv", "A01,20", "A01,30")
    without(folder, "hours.csv", "tuesday")
    load_hall(folder)
    assert Hall.objects.get().quotas.get().amount == 20
    assert Window.objects.filter(timetable__level="hall").count() == 2


def test_loading_enters_the_holidays_of_this_year_and_the_next(db, folder, clock):
    load_hall(folder)
    years = Hall.objects.get().holidays.values_list("date__year", "kind").distinct()
    assert {year for year, _ in years} == {2026, 2027}


def test_the_passport_counter_of_the_first_hall_has_two_days_a_week(db):
    load_hall()
    windows, quotas = calendar_of(Hall.objects.get())
    assert {weekday for _, _, weekday in windows} == {1, 3}
    assert quotas == []  # how many a day is for the hall to say


def test_a_second_hall_leaves_the_first_alone(db, folder):
    load_hall(folder)
    first = {table: set(rows) for table, rows in dump().items()}
    load_hall()
    assert {table for table, rows in dump().items() if not first[table] <= set(rows)} == set()
    assert Hall.objects.count() == 2


def without(folder: Path, name: str, beginning: str) -> None:
    lines = (folder / name).read_text().splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(beginning)]
    assert len(kept) == len(lines) - 1
    (folder / name).write_text("".join(kept))


# --- Files that are refused ---------------------------------------------------------------------

BAD_CELLS = [
    ("hall.csv", "kecil,", "admin,", 2, "slug", "is an address of the system"),
    ("hall.csv", "kecil,", "MPP Kecil,", 2, "slug", "must be small letters"),
    ("hall.csv", "MPP Kecil,", ",", 2, "name_id", "must not be empty"),
    ("hall.csv", "MPP Kecil,", "x" * 121 + ",", 2, "name_id", "is longer than 120"),
    ("hall.csv", "MPP Kecil,", "MPP\0Kecil,", 2, "name_id", "holds a character that is no text"),
    ("hall.csv", "MPP Kecil,", "MPP\x1b[2J,", 2, "name_id", "holds a character that is no text"),
    ("hall.csv", "Asia/Makassar", "Asia/Atlantis", 2, "timezone", "must be a time zone"),
    ("hall.csv", "Asia/Makassar", "", 2, "timezone", "must be a time zone"),
    ("hall.csv", "Asia/Makassar", "Asia", 2, "timezone", "must be a time zone"),
    ("hall.csv", "Asia/Makassar", "../../etc/passwd", 2, "timezone", "must be a time zone"),
    ("hall.csv", "kecil,", "k" * 51 + ",", 2, "slug", "must be small letters"),
    ("hours.csv", "monday", "senin", 2, "weekday", "must be one of monday"),
    ("hours.csv", "tuesday", "monday", 3, "opens_at", "overlaps with line 2"),
    ("hours.csv", "08:00", "25:00", 2, "opens_at", "must be a time like 08:00"),
    ("hours.csv", "08:00", "8", 2, "opens_at", "must be a time like 08:00"),
    ("hours.csv", "08:00", "08:00+07:00", 2, "opens_at", "must be a time like 08:00"),
    ("hours.csv", "08:00,14:30", "14:30,08:00", 2, "closes_at", "must come after"),
    ("hours.csv", "14:30,15:00", "15:00,14:30", 2, "closes_at", "must come after"),
    ("agencies.csv", "B,samsat", "I,samsat", 3, "code", "without I and O"),
    ("agencies.csv", "B,samsat", "O,samsat", 3, "code", "without I and O"),
    ("agencies.csv", "B,samsat", "b,samsat", 3, "code", "one capital letter"),
    ("agencies.csv", "B,samsat", "BB,samsat", 3, "code", "one capital letter"),
    ("agencies.csv", "B,samsat", "A,samsat", 3, "code", "stands on line 2 already"),
    ("agencies.csv", "B,samsat", "B,dukcapil", 3, "slug", "stands on line 2 already"),
    ("agencies.csv", "municipal,2", "municipal,0", 2, "counters", "from 1 to 99"),
    ("agencies.csv", "municipal,2", "municipal,two", 2, "counters", "from 1 to 99"),
    ("services.csv", "A,A01", "B,A01", 2, "agency_code", "is not the agency of this code"),
    ("services.csv", "B,B01", "C,C01", 4, "agency_code", "is not the agency of this code"),
    ("services.csv", "A,A02", "A,A1", 3, "code", "a letter and two digits"),
    ("services.csv", "A,A02", "A,A\u0660\u0662", 3, "code", "a letter and two digits"),
    ("services.csv", "ID card,10", "ID card,\u0661\u0660", 2, "target_minutes", "from 1 to 480"),
    ("services.csv", "A,A02", "A,I02", 3, "code", "a letter and two digits"),
    ("services.csv", "A,A02", "A,A01", 3, "code", "stands on line 2 already"),
    ("services.csv", "A02,kk", "A02,ktp", 3, "slug", "stands on line 2 already"),
    ("services.csv", "A02,kk", "A02," + "k" * 111, 3, "slug", "must be small letters"),
    ("services.csv", "A02,kk", "A02,K K", 3, "slug", "must be small letters"),
    ("services.csv", "ID card,10", "ID card,abc", 2, "target_minutes", "from 1 to 480"),
    ("services.csv", "ID card,10", "ID card,0", 2, "target_minutes", "from 1 to 480"),
    ("services.csv", "ID card,10", "ID card,481", 2, "target_minutes", "from 1 to 480"),
    ("services.csv", "ID card,10", "ID card,7.5", 2, "target_minutes", "from 1 to 480"),
    ("services.csv", "ID card,10", "ID card,", 2, "target_minutes", "from 1 to 480"),
    ("services.csv", "250000", "-1", 4, "fee_idr", "from 0 to 2000000000"),
    ("services.csv", "250000", "Rp1", 4, "fee_idr", "from 0 to 2000000000"),
    ("services.csv", "250000", "9" * 30, 4, "fee_idr", "from 0 to 2000000000"),
    ("services.csv", "Family card; Photo", "Family card", 2, "requirements_en", "as many as"),
    ("services.csv", "https://kk.example", "kk", 3, "online_url_known", "must be an address"),
    (
        "services.csv",
        "https://kk.example",
        "javascript:alert(1)",
        3,
        "online_url_known",
        "must be an address",
    ),
    ("aliases.csv", "B01", "Z09", 3, "code", "is not a service of this hall"),
    ("aliases.csv", "B01", "A01", 3, "code", "stands on line 2 already"),
    ("windows.csv", "Berkas,A01,", "Berkas,Z09,", 2, "services", "names a service that"),
    ("windows.csv", "Berkas,A01,", "Berkas,,", 2, "services", "must not be empty"),
    ("windows.csv", "monday", "Senin", 2, "weekday", "must be one of monday"),
    ("windows.csv", "11:00,12:00", "12:00,11:00", 2, "closes_at", "must come after"),
    ("quotas.csv", "A01,20", "A01,-1", 2, "amount", "from 0 to 9999"),
    ("quotas.csv", "A01,20", "A01; B01,20", 2, "services", "must be of one agency"),
    ("aliases.csv", "foto KTP,1", "foto KTP,7", 2, "frequent_rank", "from 1 to 6"),
    ("life_events.csv", "A01; B01", "A01; Z09", 2, "services", "must be services of this hall"),
    ("life_events.csv", "A01; B01", "", 2, "services", "must be services of this hall"),
]


@pytest.mark.parametrize("cell", BAD_CELLS, ids=lambda cell: f"{cell[0]} {cell[4]}")
def test_a_bad_cell_is_refused_with_file_line_column_and_reason(db, folder, cell):
    name, old, new, line, column, reason = cell
    change(folder, name, old, new)
    with pytest.raises(CommandError) as refused:
        load_hall(folder)
    said = str(refused.value)
    assert f"{name} line {line}, column {column}: " in said
    assert reason in said
    assert set(map(len, dump().values())) == {0}


BAD_FILES = [
    ("services.csv", lambda text: text.replace("legal_basis", "law"), "line 1: the columns must"),
    ("agencies.csv", lambda text: "\ufeff" + text, "line 1: the columns must be code,slug"),
    ("hours.csv", lambda text: text.replace(",", ";"), "line 1: the columns must be weekday"),
    ("aliases.csv", lambda text: "", "line 1: the columns must be code,aliases"),
    ("hall.csv", lambda text: text.splitlines()[0], "must describe exactly one hall"),
    ("hall.csv", lambda text: text + text.splitlines()[1].replace("kecil", "dua"), "exactly one"),
    ("services.csv", lambda text: text.replace(",typical,,\n", ",typical,\n"), "line 4: has more"),
    ("services.csv", lambda text: text.replace("STNK,", "STNK,,"), "line 4: has more or fewer"),
    ("services.csv", lambda text: text.replace("B,B01", "\n,\nB,B01"), "line 5: has more or fewer"),
    ("agencies.csv", lambda text: text.replace("Satu", '"Satu'), "cannot be read"),
    ("agencies.csv", lambda text: text.replace("Satu", '"Sa"tu'), "cannot be read"),
]


@pytest.mark.parametrize(("name", "spoil", "said"), BAD_FILES)
def test_a_bad_file_is_refused_as_a_whole(db, folder, name, spoil, said):
    (folder / name).write_text(spoil((folder / name).read_text()))
    with pytest.raises(CommandError, match=rf"Nothing was loaded:\n  {name}.*{said}"):
        load_hall(folder)
    assert set(map(len, dump().values())) == {0}


@pytest.mark.parametrize("name", sorted(COLUMNS.keys() - MAY_BE_MISSING))
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(BadFiles, match=f"^{name}: the file is missing$"):
        read_hall(folder)


@pytest.mark.parametrize("name", COLUMNS)
def test_a_file_that_is_not_utf_8_is_named(folder, name):
    (folder / name).write_bytes((folder / name).read_bytes() + b"\xff\xfe")
    with pytest.raises(BadFiles, match=f"^{name}: cannot be read"):
        read_hall(folder)


def test_a_folder_in_the_place_of_a_file_is_refused(folder):
    (folder / "hall.csv").unlink()
    (folder / "hall.csv").mkdir()
    with pytest.raises(BadFiles, match=r"^hall\.csv: cannot be read"):
        read_hall(folder)


def test_every_problem_is_told_at_once(folder):
    change(folder, "services.csv", "ID card,10", "ID card,abc")
    change(folder, "services.csv", "250000", "-1")
    change(folder, "hours.csv", "monday", "senin")
    with pytest.raises(BadFiles) as refused:
        read_hall(folder)
    assert [problem.split(":")[0] for problem in refused.value.problems] == [
        "hours.csv line 2, column weekday",
        "services.csv line 2, column target_minutes",
        "services.csv line 4, column fee_idr",
    ]


def test_a_refused_file_leaves_a_loaded_hall_as_it_was(db, folder):
    load_hall(folder)
    before = dump()
    change(folder, "services.csv", "KTP,ID card", "KTP-el,ID card")
    change(folder, "services.csv", "250000", "-1")
    with pytest.raises(CommandError):
        load_hall(folder)
    assert dump() == before


def test_quoted_cells_may_hold_commas_quotes_and_lines(db, folder):
    change(folder, "agencies.csv", "Satu", '"Satu, ""dua""\ndan tiga"')
    load(read_hall(folder))
    assert Agency.objects.get(code="A").description_id == 'Satu, "dua"\ndan tiga'


def test_the_lines_of_a_file_may_end_as_on_any_machine(db, folder):
    for name in COLUMNS:
        (folder / name).write_bytes((folder / name).read_bytes().replace(b"\n", b"\r\n"))
    load_hall(folder)
    assert Service.objects.count() == 3


def test_hostile_text_is_text(db, folder):
    change(folder, "services.csv", "KTP,ID card", "<script>alert(1)</script>'; --,ID card")
    load_hall(folder)
    assert Service.objects.get(code="A01").name_id == "<script>alert(1)</script>'; --"


# --- The files of the launch, as they are -------------------------------------------------------


def test_the_catalogue_says_everything_in_both_languages():
    files = read_hall(CATALOGUE)
    names = [row["name_en"] for row in [*files.agencies, *files.services]]
    assert "" not in names
    assert len(files.aliases) == len(files.services)


def test_the_catalogues_files_are_kept_as_their_readme_says(tmp_path):
    for name in ("agencies.csv", "services.csv"):
        raw = (CATALOGUE / name).read_bytes()
        assert not raw.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in raw
        rows = list(csv.reader(raw.decode().splitlines()))
        assert {len(row) for row in rows} == {len(COLUMNS[name])}


def test_the_command_takes_any_folder(db, tmp_path):
    shutil.copytree(CATALOGUE, tmp_path / "copy")
    assert load_hall(tmp_path / "copy").startswith("payakumbuh: 17 agencies")
