"""Supervisors look after the people of their own agency; the history tells who did what."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import expect

from agencies.models import AuditEntry, Operator
from queueing import lifecycle
from tests.browsing import barriers
from tests.cast import an_operator
from tests.pages import DESK, overflows
from tests.programs import Program

pytest_plugins = ["tests.looking"]

PHONE = (360, 740)


@pytest.fixture
def supervisor(cast) -> Client:
    browser = Client()
    browser.force_login(cast.supervisor)
    return browser


def person(username: str) -> Operator:
    return Operator.objects.get(username=username)


def act(browser: Client, who: Operator, verb: str, **order: str):
    return browser.post(f"/hall/staff/{who.pk}/{verb}", order)


def told_once(response) -> str:
    return re.search(r"<code>(.+?)</code>", response.content.decode())[1]


def last_entry() -> AuditEntry:
    return AuditEntry.objects.filter(kind="change").latest("pk")


# --- Hiring and sending away ----------------------------------------------------------------------


def test_an_officer_is_hired_with_a_password_that_is_told_once(supervisor, cast):
    answer = supervisor.post("/hall/staff", {"username": "loket-41", "agency": "A"})
    hired = person("loket-41")
    assert (hired.role, hired.hall, hired.agency) == ("officer", cast.hall, cast.a)
    assert hired.check_password(told_once(answer))
    assert "<code>" not in supervisor.get("/hall/staff").content.decode()


def test_nobody_is_hired_for_another_agency(supervisor):
    answer = supervisor.post("/hall/staff", {"username": "loket-41", "agency": "B"})
    assert answer.status_code == 404
    assert not Operator.objects.filter(username="loket-41").exists()


@pytest.mark.parametrize("name", ["hall-officer", "", "a b", "x\0y", "naïve name"])
def test_a_name_that_cannot_be_is_refused_in_words(supervisor, name):
    answer = supervisor.post("/hall/staff", {"username": name, "agency": "A"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_who_is_sent_away_is_out_at_once(supervisor, cast):
    officer = Client()
    officer.force_login(cast.officer)
    cast.officer.counter = cast.counter(1)
    cast.officer.save()
    assert act(supervisor, cast.officer, "active", active="0").status_code == 302
    gone = person("hall-officer")
    assert (gone.is_active, gone.counter, gone.key_hash) == (False, None, None)
    assert officer.get("/hall/desk/1").status_code == 302
    assert Program(cast, "officer").post("counters/1/open").status_code == 401
    act(supervisor, cast.officer, "active", active="1")
    assert person("hall-officer").is_active


def test_role_and_counter_are_of_the_own_agency(supervisor, cast):
    act(supervisor, cast.officer, "work", role="supervisor", counter="2")
    changed = person("hall-officer")
    assert (changed.role, changed.counter.number) == ("supervisor", 2)
    assert act(supervisor, cast.officer, "work", role="officer", counter="3").status_code == 404
    assert act(supervisor, cast.officer, "work", role="officer", counter="x").status_code == 404
    assert act(supervisor, cast.officer, "work", role="manager", counter="").status_code == 422
    assert person("hall-officer").role == "supervisor"


def test_nobody_sends_away_or_demotes_themselves(supervisor, cast):
    assert act(supervisor, cast.supervisor, "active", active="0").status_code == 422
    assert act(supervisor, cast.supervisor, "work", role="officer", counter="").status_code == 422
    assert (person("hall-supervisor").is_active, person("hall-supervisor").role) == (
        True,
        "supervisor",
    )


def test_a_new_password_ends_the_sign_ins_with_the_old_one(supervisor, cast):
    officer = Client()
    officer.force_login(cast.officer)
    password = told_once(act(supervisor, cast.officer, "password"))
    assert person("hall-officer").check_password(password)
    assert officer.get("/hall/desk").status_code == 302
    assert officer.get("/hall/desk").headers["Location"].startswith("/sign-in")


def test_a_new_key_is_told_once_and_the_old_one_ends(supervisor, cast):
    key = told_once(act(supervisor, cast.officer, "key"))
    assert Program(cast, key=key).post("counters/1/open").status_code == 200
    assert Program(cast, "officer").post("counters/1/open").status_code == 401


@pytest.mark.parametrize("verb", ["active", "work", "password", "key"])
@pytest.mark.parametrize("name", ["colleague", "greeter", "manager"])
def test_people_of_others_do_not_exist_for_a_supervisor(supervisor, cast, verb, name):
    before = person(f"hall-{name}")
    order = {"active": "0", "role": "officer", "counter": ""}
    assert act(supervisor, getattr(cast, name), verb, **order).status_code == 404
    after = person(f"hall-{name}")
    assert (after.is_active, after.password, after.key_hash, after.role) == (
        before.is_active,
        before.password,
        before.key_hash,
        before.role,
    )


def test_a_verb_that_nobody_knows_is_not_found(supervisor, cast):
    assert act(supervisor, cast.officer, "promote").status_code == 404


def test_an_administrator_of_the_installation_is_out_of_reach(supervisor, cast):
    Operator.objects.filter(pk=cast.officer.pk).update(is_superuser=True)
    assert act(supervisor, cast.officer, "password").status_code == 404


def test_each_act_stands_in_the_audit_without_its_secret(supervisor, cast):
    secrets = []
    for verb in ("password", "key"):
        secrets.append(told_once(act(supervisor, cast.officer, verb)))
        assert last_entry().actor == "hall-supervisor"
        assert last_entry().subject == f"agencies.operator {cast.officer.pk} hall-officer"
        assert last_entry().detail["saved"] == [{"changed": {"fields": [verb]}}]
    act(supervisor, cast.officer, "work", role="officer", counter="2")
    assert last_entry().detail["values"] == {"role": "officer", "counter": 2}
    everything = "".join(str(entry.detail) for entry in AuditEntry.objects.all())
    assert not any(secret in everything for secret in secrets)


def test_more_people_take_no_more_queries(supervisor, cast):
    asked = []
    for count in (1, 3):
        for number in range(count):
            an_operator(cast.hall, f"more-{count}-{number}", "officer", cast.a).save()
        with CaptureQueriesContext(connection) as queries:
            supervisor.get("/hall/staff")
        asked.append(len(queries))
    assert asked[0] == asked[1]


# --- The history ----------------------------------------------------------------------------------


def rows(browser: Client, query: str = "") -> list[tuple[str, str, str]]:
    told = browser.get(f"/hall/audit{query}").context["happenings"]
    return [(each["about"], str(each["what"]), each["by"]) for each in told]


@pytest.fixture
def a_day(cast, clock):
    for code in ("A01", "A01", "B01"):
        cast.ticket(code)
    lifecycle.call_next(cast.counter(1), actor="operator:hall-officer")
    lifecycle.break_counter(
        cast.counter(3), actor="operator:hall-colleague", reason="x", until=None
    )
    lifecycle.begin_incident(cast.queue("A"), actor="operator:hall-officer", reason="Server")
    return cast


def test_a_supervisor_reads_what_happened_in_the_own_agency(supervisor, a_day):
    assert rows(supervisor) == [
        ("A", "Sistem gangguan", "hall-officer"),
        ("A-001", "Dipanggil", "hall-officer"),
        ("A-002", "Nomor diambil", "kiosk 1"),
        ("A-001", "Nomor diambil", "kiosk 1"),
    ]


def test_the_manager_reads_all(a_day):
    browser = Client()
    browser.force_login(a_day.manager)
    assert ("", "Loket istirahat", "hall-colleague") in rows(browser)
    assert len(rows(browser)) == 6


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?label=a-001", 2),
        ("?person=hall-officer", 2),
        ("?person=hall-officer&label=A-001", 1),
        ("?date=2026-11-23", 0),
        ("?date=2026-11-24", 4),
        ("?date=9999-12-31", 4),
        ("?date=yesterday", 4),
        ("?label=B-001", 0),
        ("?person=hall-colleague", 0),
        ("?label=%00", 4),
    ],
)
def test_it_is_read_by_date_person_and_number(supervisor, a_day, query, count):
    assert len(rows(supervisor, query)) == count


def test_sign_ins_and_changes_are_those_of_the_own_people(supervisor, a_day):
    for name in ("supervisor", "officer", "colleague"):
        Client().force_login(getattr(a_day, name))
    act(supervisor, a_day.officer, "work", role="officer", counter="1")
    told = supervisor.get("/hall/audit").context["entries"]
    assert {entry.actor for _, entry in told} == {"hall-supervisor", "hall-officer"}
    told = supervisor.get("/hall/audit?person=hall-officer").context["entries"]
    assert {entry.kind for _, entry in told} == {"sign_in", "change"}


# --- The pages ------------------------------------------------------------------------------------


@pytest.mark.browser
class TestThePages:
    @pytest.mark.parametrize("size", [DESK, PHONE])
    @pytest.mark.parametrize("path", ["staff", "audit", "staff?lang=en"])
    def test_they_fit_and_keep_nobody_out(self, hall, look, path, size):
        hall.take("A01"), hall.press(1, "call-next")
        page = look(path, who=hall.demo["manager"], size=size)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert not overflows(page)
        assert not barriers(page)
