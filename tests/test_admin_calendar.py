"""The manager edits the calendar, and is told in plain sentences what does not fit together."""

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from agencies.loading_calendar import USUAL
from agencies.models import AuditEntry, Hall, Holiday, Quota, Timetable, Window
from tests.calendars import holiday, quota, timetable
from tests.cast import Cast
from tests.test_admin import form_of, page, signed_in

pytestmark = pytest.mark.long


@pytest.fixture
def manager(cast, clock) -> Client:
    cast.manager.is_staff = True
    cast.manager.save()
    return signed_in(cast.manager)


def timetable_form(cast: Cast, *windows: tuple, **values: Any) -> dict[str, Any]:
    """Return what the form of a new timetable sends, with these windows."""
    form = {"hall": cast.hall.pk, "name": "Jam biasa", "level": "hall", **values}
    form |= {"windows-TOTAL_FORMS": len(windows), "windows-INITIAL_FORMS": 0}
    for place, window in enumerate(windows):
        names = ("weekday", "opens_at", "last_issue_at", "closes_at")
        form |= {f"windows-{place}-{name}": told for name, told in zip(names, window, strict=True)}
    return form


def complaints(response: Any) -> list[str]:
    """Return every sentence that the form came back with."""
    told = [str(each) for found in response.context["errors"] for each in as_list(found)]
    return sorted(set(told))


def as_list(found: Any) -> list[Any]:
    return list(found) if isinstance(found, list) else [found]


MORNING = (0, "08:00", "11:00", "12:00")
AFTERNOON = (0, "13:00", "14:30", "15:00")


# --- Timetables ---------------------------------------------------------------------------------


def test_the_manager_writes_a_timetable_with_a_break(cast, manager):
    form = timetable_form(cast, MORNING, AFTERNOON)
    assert manager.post(page(Timetable, "add"), form).status_code == 302
    assert [str(window) for window in Window.objects.all()] == [
        "Senin 08.00-12.00",
        "Senin 13.00-15.00",
    ]


def test_a_window_may_be_for_every_other_day(cast, manager):
    form = timetable_form(cast, ("", "08:00", "11:00", "12:00"))
    assert manager.post(page(Timetable, "add"), form).status_code == 302
    assert str(Window.objects.get()) == "Setiap hari lain 08.00-12.00"


def test_a_single_day_may_be_closed(cast, manager):
    day = {"first_date": "2026-12-09", "last_date": "2026-12-09", "is_closed": "on"}
    form = timetable_form(cast, name="Pemilihan", **day)
    assert manager.post(page(Timetable, "add"), form).status_code == 302
    assert Timetable.objects.get().is_closed


def test_services_may_have_a_timetable_together(cast, manager):
    services = [cast.service(code).pk for code in ("A01", "A02")]
    form = timetable_form(cast, MORNING, level="service", services=services)
    assert manager.post(page(Timetable, "add"), form).status_code == 302
    assert Timetable.objects.get().services.count() == 2


WRONG_TIMETABLES = {
    "Jam harus berurutan: buka, nomor terakhir, tutup.": {
        "windows": [(0, "08:00", "15:30", "15:00")]
    },
    "Jam buka bertumpang tindih: Senin 08.00-12.00 dan Senin 11.00-15.00.": {
        "windows": [MORNING, (0, "11:00", "14:00", "15:00")]
    },
    "Isi paling sedikit satu jam buka, atau tandai tutup.": {},
    "Jadwal yang tutup sepanjang hari tidak mempunyai jam buka.": {
        "windows": [MORNING],
        "is_closed": "on",
    },
    "Tanggal akhir tidak boleh sebelum tanggal awal.": {
        "windows": [MORNING],
        "first_date": "2026-12-02",
        "last_date": "2026-12-01",
    },
    "Pilih instansinya.": {"windows": [MORNING], "level": "agency"},
    "Pilih paling sedikit satu layanan.": {"windows": [MORNING], "level": "service"},
}


@pytest.mark.parametrize("sentence", WRONG_TIMETABLES)
def test_a_timetable_that_does_not_fit_together_is_refused(cast, manager, sentence):
    told = dict(WRONG_TIMETABLES[sentence])
    form = timetable_form(cast, *told.pop("windows", []), **told)
    response = manager.post(page(Timetable, "add"), form)
    assert sentence in complaints(response)
    assert not Timetable.objects.exists()


def test_agency_and_services_are_named_only_where_they_count(cast, manager):
    choice = {"agency": cast.a.pk, "services": [cast.service("A01").pk]}
    response = manager.post(page(Timetable, "add"), timetable_form(cast, MORNING, **choice))
    assert complaints(response) == [
        "Instansi hanya dipilih bila jadwal ini untuk satu instansi.",
        "Layanan hanya dipilih bila jadwal ini untuk layanan tertentu.",
    ]


def test_an_administrator_mixes_no_two_halls(cast, next_door, manager, django_user_model):
    root = django_user_model.objects.create_superuser("root", is_staff=True)
    form = timetable_form(cast, MORNING, level="agency", agency=next_door.a.pk)
    response = signed_in(root).post(page(Timetable, "add"), form)
    assert complaints(response) == ["A Agency A bukan milik gedung itu."]


# --- Quotas -------------------------------------------------------------------------------------


def quota_form(cast: Cast, **values: Any) -> dict[str, Any]:
    return {"hall": cast.hall.pk, "queue": cast.queue("A").pk, "amount": 20, **values}


def test_the_manager_writes_a_quota_for_two_weekdays(cast, manager):
    form = quota_form(cast, services=[cast.service("A01").pk], weekdays=[1, 3])
    assert manager.post(page(Quota, "add"), form).status_code == 302
    assert (Quota.objects.get().amount, Quota.objects.get().weekdays) == (20, [1, 3])
    assert "Selasa, Kamis" in manager.get(page(Quota, "changelist")).content.decode()


def test_all_services_of_a_quota_are_of_its_queue(cast, manager):
    form = quota_form(cast, services=[cast.service("B01").pk])
    response = manager.post(page(Quota, "add"), form)
    assert complaints(response) == ["Bukan layanan antrean A: B01."]


def test_a_quota_counts_forwards(cast, manager):
    form = quota_form(cast, first_date="2026-12-02", last_date="2026-12-01")
    response = manager.post(page(Quota, "add"), form)
    assert complaints(response) == ["Tanggal akhir tidak boleh sebelum tanggal awal."]


# --- Holidays -----------------------------------------------------------------------------------


def fill(browser: Client, year: int) -> Any:
    return browser.post(
        f"{page(Holiday, 'changelist')}fill-year/", {"year": year, "_form_submitted": 1}
    )


def test_the_manager_enters_the_holidays_of_this_year(cast, manager):
    response = fill(manager, 2026)
    assert response.headers["HX-Redirect"] == "/admin/agencies/holiday/?date__year=2026"
    assert cast.hall.holidays.count() == 25
    assert AuditEntry.objects.latest("pk").detail["saved"] == [
        {"added": {"holidays of": 2026, "count": 25}}
    ]


def test_looking_at_the_form_enters_nothing(cast, manager):
    assert manager.get(f"{page(Holiday, 'changelist')}fill-year/").status_code == 200
    assert cast.hall.holidays.count() == 0


def test_a_year_that_is_far_away_is_not_offered(cast, manager):
    assert fill(manager, 2035).status_code == 200
    assert cast.hall.holidays.count() == 0


def test_the_manager_confirms_the_days_that_were_estimates(cast, manager):
    days = [holiday(cast.hall, dt.date(2027, 3, day), is_confirmed=False) for day in (10, 11)]
    order = {"action": "confirm", "_selected_action": [day.pk for day in days]}
    manager.post(page(Holiday, "changelist"), order)
    assert cast.hall.holidays.filter(is_confirmed=True).count() == 2


def test_a_date_is_entered_once(cast, manager):
    holiday(cast.hall, dt.date(2026, 12, 9))
    form = {"hall": cast.hall.pk, "date": "2026-12-09", "name_id": "Pemilihan", "kind": "local"}
    response = manager.post(page(Holiday, "add"), form)
    assert complaints(response) == ["Tanggal ini sudah tercatat sebagai hari libur."]


@pytest.mark.parametrize("role", ["officer", "supervisor", "greeter"])
def test_nobody_else_enters_holidays(cast, clock, role):
    person = getattr(cast, role)
    person.is_staff = True
    person.save()
    assert fill(signed_in(person), 2026).status_code == 403
    assert cast.hall.holidays.count() == 0


# --- Whose calendar it is from then on ----------------------------------------------------------


def a_row(cast: Cast, model: type) -> Any:
    match model.__name__:
        case "Timetable":
            return timetable(cast.hall, MORNING)
        case "Holiday":
            return holiday(cast.hall, dt.date(2026, 12, 25))
    return quota(cast.queue("A"), 20)


@pytest.mark.parametrize("model", [Timetable, Holiday, Quota])
def test_the_manager_may_delete_a_row_and_the_audit_keeps_it(cast, manager, model):
    row = a_row(cast, model)
    manager.post(page(model, "delete", row.pk), {"post": "yes"})
    assert not model.objects.exists()
    entry = AuditEntry.objects.filter(kind="change").latest("pk")
    assert entry.subject.startswith(f"agencies.{model.__name__.lower()}")
    assert entry.detail["saved"] == [{"deleted": {}}]


def test_a_change_of_the_manager_outlives_the_next_start(db, cast):
    call_command("load_hall", verbosity=0)
    hall = Hall.objects.get(slug="payakumbuh")
    cast.manager.is_staff, cast.manager.hall = True, hall
    cast.manager.save()
    browser = signed_in(cast.manager)
    usual = hall.timetables.get(name=USUAL)
    address = page(Timetable, "change", usual.pk)
    form = form_of(browser, address) | {"name": "Jam balai kota"}
    assert browser.post(address, form).status_code == 302
    call_command("load_hall", verbosity=0)
    assert hall.timetables.get(pk=usual.pk).name == "Jam balai kota"


@pytest.mark.parametrize(("model", "is_edited"), [(Timetable, True), (Holiday, False)])
def test_only_what_comes_with_the_files_is_taken_out_of_their_hands(
    cast, manager, model, is_edited
):
    row = a_row(cast, model)
    manager.post(page(model, "delete", row.pk), {"post": "yes"})
    assert Hall.objects.get(pk=cast.hall.pk).calendar_is_edited is is_edited


def test_the_admin_leads_to_the_week(cast, manager):
    response = manager.get(f"{page(Timetable, 'changelist')}week/")
    assert response.headers["Location"] == "/hall/calendar"
