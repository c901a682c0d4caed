"""What may the manager look at and change? The own hall; tickets only to look at."""

import datetime as dt
import io

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from agencies.models import (
    Agency,
    AuditEntry,
    Counter,
    Hall,
    Holiday,
    Operator,
    Queue,
    Quota,
    Service,
    Timetable,
)
from queueing.models import Device, Lobby, Medium, SlipDesign, Ticket
from tests.calendars import holiday, quota, timetable
from tests.cast import Cast, fresh, make_agency, make_operator
from voice.models import SpokenName, Voice

pytestmark = pytest.mark.long

LASTING = [Hall, Agency, Queue, Service, Counter, Operator, Ticket, Device, SlipDesign, AuditEntry]
LASTING += [Voice, SpokenName, Lobby]
CALENDAR = [Timetable, Holiday, Quota]  # tests/test_admin_calendar.py
MODELS = [*LASTING, *CALENDAR, Medium]  # tests/test_lobby.py for the last
CATALOGUE = [Agency, Queue, Service, Counter, Operator, SlipDesign]
LOOKED_AT = [Ticket]


def page(model: type, what: str, *args: object) -> str:
    label = model._meta.label_lower.replace(".", "_")  # noqa: SLF001 - Django documents it
    return reverse(f"admin:{label}_{what}", args=args)


def signed_in(operator: Operator) -> Client:
    browser = Client()
    browser.force_login(operator)
    return browser


@pytest.fixture
def manager(cast) -> Client:
    cast.manager.is_staff = True
    cast.manager.save()
    cast.ticket()
    cast.serve(1)
    give_voice(cast)
    with_calendar(cast)
    return signed_in(cast.manager)


def give_voice(cast: Cast) -> None:
    Voice.objects.create(hall=cast.hall)
    SpokenName.objects.create(hall=cast.hall, agency=cast.a, spoken_id=f"a {cast.hall.slug}")


def with_calendar(cast: Cast) -> None:
    timetable(cast.hall, (0, "08:00", "14:30", "15:00"), agency=cast.a)
    holiday(cast.hall, dt.date(2026, 12, 25))
    quota(cast.queue("A"), 500)


def one_of(model: type, hall: Hall) -> object:
    rows = model.objects.all()
    if model in {SlipDesign, Lobby}:
        rows.get_or_create(hall=hall)
    if model is Medium and not rows.filter(hall=hall):
        rows.create(hall=hall, name="Alur", kind="film", size=1, content=b"x")
    return rows.get(pk=hall.pk) if model is Hall else rows.filter(hall=hall).first()


# --- The manager --------------------------------------------------------------------------------


def test_every_table_with_an_admin_page_is_tested_here():
    ours = {model for model in admin.site._registry if model._meta.app_label != "auth"}  # noqa: SLF001
    assert ours == set(MODELS)


def test_the_manager_finds_every_table_at_the_front(manager):
    front = manager.get("/admin/").content.decode()
    assert [model for model in MODELS if page(model, "changelist") not in front] == []


@pytest.mark.parametrize("model", MODELS)
def test_the_manager_opens_every_table_and_row(cast, manager, model):
    row = one_of(model, cast.hall)
    assert manager.get(page(model, "changelist")).status_code == 200
    assert manager.get(page(model, "change", row.pk)).status_code == 200
    assert manager.get(page(model, "history", row.pk)).status_code == 200


@pytest.mark.parametrize("model", [*CATALOGUE, *CALENDAR, Ticket])
def test_whatever_is_looked_for_the_table_answers(manager, model):
    for wish in ("A", "'; --", "\0", "9" * 40):
        assert manager.get(page(model, "changelist"), {"q": wish}).status_code == 200


@pytest.mark.parametrize("model", CATALOGUE + CALENDAR)
def test_the_manager_may_add_to_catalogue_and_calendar(manager, model):
    assert manager.get(page(model, "add")).status_code == 200


@pytest.mark.parametrize("model", [Hall, Ticket, Device, AuditEntry, Voice])
def test_halls_tickets_and_devices_are_not_typed_in(manager, model):
    assert manager.get(page(model, "add")).status_code == 403


@pytest.mark.parametrize("model", LASTING)
def test_nothing_that_lasts_can_be_deleted(cast, manager, model):
    row = one_of(model, cast.hall)
    assert manager.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    order = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    manager.post(page(model, "changelist"), order)
    assert model.objects.filter(pk=row.pk).exists()


def test_the_manager_closes_a_service(cast, manager):
    service = cast.service("A01")
    form = form_of(manager, page(Service, "change", service.pk))
    del form["is_open"]
    assert manager.post(page(Service, "change", service.pk), form).status_code == 302
    assert cast.service("A01").is_open is False


def test_a_row_with_a_large_number_is_found_from_the_list(cast, manager):
    Service.objects.filter(hall=cast.hall, code="B02").update(id=1_234_567)
    shown = manager.get(page(Service, "changelist")).content.decode()
    assert page(Service, "change", 1_234_567) in shown
    assert "1.234.567" not in shown


def test_a_time_zone_that_nobody_knows_is_refused(cast, manager):
    address = page(Hall, "change", cast.hall.pk)
    form = form_of(manager, address)
    for zone in ("Asia/Atlantis", "../etc/passwd", "Asia"):
        answered = manager.post(address, form | {"timezone": zone})
        assert list(answered.context["adminform"].form.errors) == ["timezone"]
    assert manager.post(address, form | {"timezone": "Asia/Makassar"}).status_code == 302


def form_of(browser: Client, address: str) -> dict[str, object]:
    """Return what the form at this address would send if nobody changed anything."""
    context = browser.get(address).context
    forms = [context["adminform"].form]
    for each in context["inline_admin_formsets"]:
        forms += [each.formset.management_form, *each.formset.forms]
    values = {field.html_name: field.value() for form in forms for field in form}
    unsaid = (None, False)
    return {name: value for name, value in values.items() if not any(value is no for no in unsaid)}


def test_a_counters_status_is_the_officers_and_not_the_managers(cast, manager):
    address = page(Counter, "change", cast.counter(1).pk)
    form = form_of(manager, address)
    assert "status" not in form
    assert manager.post(address, form | {"status": "closed"}).status_code == 302
    assert cast.counter(1).status == "open"


# --- Tickets ------------------------------------------------------------------------------------


def test_a_ticket_is_shown_with_its_history(cast, manager):
    ticket = Ticket.objects.get()
    shown = manager.get(page(Ticket, "change", ticket.pk)).content.decode()
    begins = [shown.index(f"· {kind} ·") for kind in ("issue", "call", "start")]
    assert begins == sorted(begins)


def test_a_ticket_cannot_be_changed(cast, manager):
    ticket = Ticket.objects.get()
    response = manager.post(page(Ticket, "change", ticket.pk), {"state": "done", "number": 7})
    assert response.status_code == 403
    assert (fresh(ticket).state, fresh(ticket).number) == ("serving", 1)


def test_a_ticket_has_no_field_to_type_in(cast, manager):
    shown = manager.get(page(Ticket, "change", Ticket.objects.get().pk))
    assert list(shown.context["adminform"].form.fields) == []


# --- People -------------------------------------------------------------------------------------


def test_the_manager_takes_on_an_officer(cast, manager):
    order = {
        "username": "baru",
        "password1": "antre-dengan-tertib",
        "password2": "antre-dengan-tertib",
        "role": "officer",
        "hall": cast.hall.pk,
        "agency": cast.a.pk,
    }
    assert manager.post(page(Operator, "add"), order).status_code == 302
    new = Operator.objects.get(username="baru")
    assert (new.hall, new.agency, new.is_staff, new.is_superuser) == (
        cast.hall,
        cast.a,
        False,
        False,
    )


def test_nobody_becomes_an_administrator_by_a_form(cast, manager):
    address = page(Operator, "change", cast.officer.pk)
    form = form_of(manager, address) | {"is_superuser": "on"}
    assert manager.post(address, form).status_code == 302
    cast.officer.refresh_from_db()
    assert cast.officer.is_superuser is False


@pytest.mark.parametrize("password", ["short", "password123456", "1234"])
def test_a_weak_password_is_refused(cast, manager, password):
    address = f"/admin/agencies/operator/{cast.officer.pk}/password/"
    manager.post(address, {"password1": password, "password2": password})
    cast.officer.refresh_from_db()
    assert not cast.officer.has_usable_password()


# --- Everybody else -----------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["officer", "supervisor", "greeter"])
def test_nobody_else_opens_a_table(cast, role):
    browser = signed_in(getattr(cast, role))
    for model in MODELS:
        address = page(model, "changelist")
        assert browser.get(address).headers["Location"] == f"/admin/login/?next={address}"


@pytest.mark.parametrize("role", ["officer", "supervisor", "greeter"])
def test_a_staff_mark_alone_opens_nothing(cast, role):
    person = getattr(cast, role)
    person.is_staff = True
    person.save()
    browser = signed_in(person)
    for model in MODELS:
        assert browser.get(page(model, "changelist")).status_code == 403
        assert page(model, "changelist") not in browser.get("/admin/").content.decode()


# --- The hall next door -------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS)
def test_a_row_of_another_hall_does_not_exist(next_door, manager, model):
    next_door.ticket()
    give_voice(next_door)
    with_calendar(next_door)
    signed_in(next_door.manager)
    theirs = one_of(model, next_door.hall)
    shown = manager.get(page(model, "changelist"))
    assert {str(row.pk) for row in shown.context["cl"].queryset} & {str(theirs.pk)} == set()
    response = manager.get(page(model, "change", theirs.pk))
    assert (response.status_code, response.headers["Location"]) == (302, "/admin/")


@pytest.mark.parametrize("model", MODELS)
def test_another_hall_is_offered_in_no_list_filter_or_choice(cast, next_door, manager, model):
    next_door.hall.name_id = "MPP Sebelah"
    next_door.hall.save()
    next_door.hall.agencies.update(short_name="Sebelah", name_id="Sebelah")
    shown = manager.get(page(model, "changelist")).content.decode()
    shown += manager.get(page(model, "change", one_of(model, cast.hall).pk)).content.decode()
    assert "Sebelah" not in shown


def test_a_row_is_not_moved_into_another_hall(cast, next_door, manager):
    address = page(Agency, "change", cast.a.pk)
    form = form_of(manager, address) | {"hall": next_door.hall.pk}
    assert manager.post(address, form).status_code == 200
    cast.a.refresh_from_db()
    assert cast.a.hall == cast.hall


def test_a_counter_is_given_no_queue_of_another_hall(cast, next_door, manager):
    address = page(Counter, "change", cast.counter(1).pk)
    form = form_of(manager, address) | {"assignments-0-queue": next_door.queue("A").pk}
    assert manager.post(address, form).status_code == 200
    assert [queue.hall for queue in cast.counter(1).queues.all()] == [cast.hall]


def test_a_manager_without_a_hall_manages_none(cast, manager):
    Operator.objects.filter(pk=cast.manager.pk).update(hall=None)
    assert {manager.get(page(model, "changelist")).status_code for model in MODELS} == {403}


def test_nobody_is_taken_out_of_the_hall(cast, manager):
    for somebody in (cast.manager, cast.officer):
        address = page(Operator, "change", somebody.pk)
        form = form_of(manager, address) | {"hall": ""}
        answered = manager.post(address, form)
        assert list(answered.context["adminform"].form.errors) == ["hall"]


def test_an_administrator_is_out_of_a_managers_reach(cast, manager):
    root = Operator.objects.create_superuser("root", hall=cast.hall)
    address = f"/admin/agencies/operator/{root.pk}/password/"
    assert root not in manager.get(page(Operator, "changelist")).context["cl"].queryset
    assert manager.get(page(Operator, "change", root.pk)).headers["Location"] == "/admin/"
    assert manager.post(address, {"password1": "x" * 20, "password2": "x" * 20}).status_code == 404


def test_an_administrator_sees_every_hall(cast, next_door):
    root = Operator.objects.create_superuser("root")
    shown = signed_in(root).get(page(Agency, "changelist"))
    assert len(shown.context["cl"].queryset) == 4
    assert signed_in(root).get(page(Hall, "add")).status_code == 200


# --- The slip -----------------------------------------------------------------------------------


def a_picture(kind: str = "PNG") -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (400, 100)).save(file, kind)
    return SimpleUploadedFile("../../logo.html", file.getvalue(), "text/html")


def design_with(browser: Client, cast: Cast, **typed: object) -> SlipDesign | str:
    """Save the hall's slip with this typed in; return it, or the page that says why not."""
    design, _ = SlipDesign.objects.get_or_create(hall=cast.hall)
    address = page(SlipDesign, "change", design.pk)
    answer = browser.post(address, {**form_of(browser, address), **typed})
    design.refresh_from_db()
    return design if answer.status_code == 302 else answer.content.decode()


def test_the_manager_gives_the_slip_a_logo_and_lines_and_takes_the_logo_away(cast, manager):
    design = design_with(manager, cast, picture=a_picture(), lines_id="Wifi: MPP")
    assert Image.open(io.BytesIO(design.logo)).size == (360, 90)
    assert design.lines == ["Wifi: MPP"]
    assert design_with(manager, cast).logo
    assert not design_with(manager, cast, without_logo="on").logo


def test_a_file_that_is_no_picture_is_refused_and_nothing_is_kept(cast, manager):
    file = SimpleUploadedFile("logo.png", b"<script>alert(1)</script>", "image/png")
    assert "Ini bukan gambar PNG atau JPEG." in design_with(manager, cast, picture=file)
    assert not SlipDesign.objects.get().logo


def test_a_line_too_many_is_refused(cast, manager):
    assert "Paling banyak 4 baris" in design_with(manager, cast, lines_id="1\n2\n3\n4\n5")


def test_the_preview_shows_the_lines_on_both_papers_and_in_both_ways(cast, manager):
    design_with(manager, cast, picture=a_picture(), lines_id="Wifi: MPP")
    shown = manager.get("/hall/slip/preview").content.decode()
    assert shown.count(">Wifi: MPP<") == 2
    assert shown.count("<iframe") == 2
    assert "Wifi: MPP" in manager.get("/hall/slip?paper=58").content.decode()


# --- How much it asks ---------------------------------------------------------------------------


@pytest.mark.parametrize("model", [Agency, Queue, Service, Counter, Operator, Ticket, *CALENDAR])
def test_a_longer_table_asks_no_more(manager, cast, model, django_assert_max_num_queries):
    with django_assert_max_num_queries(40) as few:
        manager.get(page(model, "changelist"))
    more_of_everything(cast)
    with django_assert_max_num_queries(len(few)):
        manager.get(page(model, "changelist"))


def more_of_everything(cast: Cast) -> None:
    agency = make_agency(cast.hall, "C", [4, 5, 6])
    for number in range(3):
        make_operator(cast.hall, f"new-{number}", "officer", agency)
        cast.ticket("C01")
        services = cast.hall.services.filter(code__in=["C01", "C02"])
        timetable(cast.hall, (0, "08:00", "14:30", "15:00"), services=list(services))
        quota(cast.queue("C"), 500, services)
        holiday(cast.hall, dt.date(2027, 1, number + 1))


def test_every_admin_page_names_its_landmarks(cast, manager):
    shown = manager.get(page(Service, "changelist")).content.decode()
    assert '<script src="/static/admin.js"' in shown


# --- The audit ----------------------------------------------------------------------------------


def test_a_new_role_is_written_into_the_audit(cast, manager):
    address = page(Operator, "change", cast.officer.pk)
    assert manager.post(address, form_of(manager, address) | {"role": "supervisor"})
    entry = AuditEntry.objects.filter(kind="change").first()
    assert (entry.actor, entry.hall) == ("hall-manager", cast.hall)
    assert entry.subject == f"agencies.operator {cast.officer.pk} hall-officer"
    assert entry.detail["values"]["role"] == "supervisor"


def test_a_changed_setting_is_written_into_the_audit(cast, manager):
    address = page(Hall, "change", cast.hall.pk)
    manager.post(address, form_of(manager, address) | {"second_factor": "on"})
    assert AuditEntry.objects.filter(kind="change").first().detail["values"]["second_factor"]


def test_a_new_password_is_written_into_the_audit_without_it(cast, manager):
    address = f"/admin/agencies/operator/{cast.officer.pk}/password/"
    words = "antre-dengan-sabar-sekali"
    manager.post(address, {"password1": words, "password2": words, "usable_password": "true"})
    entry = AuditEntry.objects.filter(kind="change").first()
    assert words not in str(entry.detail)


def test_the_audit_cannot_be_changed_in_the_admin(manager):
    entry = AuditEntry.objects.first()
    assert manager.post(page(AuditEntry, "change", entry.pk), {"actor": "x"}).status_code == 403
