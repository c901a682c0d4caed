"""How a browser becomes a kiosk or display, and how it stops being one."""

import re

import pytest
from django.db import ProgrammingError, connection
from django.test import Client, override_settings

from agencies.keys import hash_key
from agencies.models import AuditEntry
from queueing import pairing
from queueing.access import COOKIES, PAIRING_COOKIE
from queueing.models import Device, Pairing
from tests.cast import refused

KINDS = ["kiosk", "display", "survey"]


@pytest.fixture
def manager(cast) -> Client:
    browser = Client()
    browser.force_login(cast.manager)
    return browser


def ask(browser: Client, kind: str = "kiosk", hall: str = "hall") -> str:
    """Return the code that this browser's screen shows."""
    return browser.post(f"/{hall}/pair/{kind}").json()["code"]


def look(browser: Client, kind: str = "kiosk", hall: str = "hall") -> str:
    return browser.get(f"/{hall}/pair/{kind}/state.json").json()["state"]


def approve(manager: Client, code: str, name: str = "Anjungan 9") -> int:
    return manager.post("/hall/devices", {"code": code, "name": name}).status_code


def paired(manager: Client, kind: str = "kiosk", name: str = "Anjungan 9") -> Client:
    browser = Client()
    approve(manager, ask(browser, kind), name)
    assert look(browser, kind) == "paired"
    return browser


# --- In -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_screen_shows_a_code_and_is_let_in_by_it(manager, kind):
    browser = Client()
    code = ask(browser, kind)
    assert look(browser, kind) == "waiting"
    assert approve(manager, code) == 302
    assert look(browser, kind) == "paired"
    device = Device.objects.get(name="Anjungan 9")
    assert device.key_hash == hash_key(browser.cookies[COOKIES[kind]].value)
    assert (device.kind, device.hall.slug) == (kind, "hall")


def test_the_code_has_eight_letters_that_are_not_mistaken(cast):
    code = ask(Client())
    assert re.fullmatch(r"[A-HJ-NP-Z2-9]{8}", code)


def test_a_code_may_be_typed_in_any_case_and_in_two_halves(manager):
    code = ask(Client()).lower()
    assert approve(manager, f" {code[:4]} {code[4:]}") == 302


def test_the_secret_is_of_256_bits_and_out_of_reach_of_scripts_and_other_sites(manager):
    cookie = paired(manager).cookies[COOKIES["kiosk"]]
    assert len(cookie.value) == 43
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Strict", "")


def test_under_https_the_secret_never_travels_in_the_clear(manager):
    with override_settings(HTTPS=True):
        assert paired(manager).cookies[COOKIES["kiosk"]]["secure"]


def test_neither_key_nor_waiting_secret_is_stored(manager):
    browser = paired(manager)
    secrets = {browser.cookies[name].value for name in (COOKIES["kiosk"], PAIRING_COOKIE)}
    stored = str([list(model.objects.values()) for model in (Device, Pairing, AuditEntry)])
    assert [secret for secret in secrets if secret in stored] == []


def test_the_waiting_secret_is_not_the_key(manager):
    browser = paired(manager)
    assert browser.cookies[COOKIES["kiosk"]].value != browser.cookies[PAIRING_COOKIE].value


def test_a_lost_answer_is_asked_for_again(manager):
    browser = paired(manager)
    del browser.cookies[COOKIES["kiosk"]]
    assert look(browser) == "paired"
    assert browser.get("/hall/kiosk").status_code in {200, 302}


def test_a_code_is_the_same_until_it_is_over(clock, cast):
    browser = Client()
    first = ask(browser)
    assert ask(browser) == first
    clock.forward(minutes=10)
    assert look(browser) == "over"
    assert ask(browser) != first


def test_a_code_is_worth_nothing_after_ten_minutes(clock, cast, manager):
    code = ask(Client())
    clock.forward(minutes=10)
    manager.force_login(cast.manager)
    assert approve(manager, code) == 409


def test_a_code_lets_one_browser_in_once(manager):
    code = ask(Client())
    assert [approve(manager, code), approve(manager, code, "Anjungan 8")] == [302, 409]


def test_another_browser_gets_nothing_from_a_code_it_read(manager):
    approve(manager, ask(Client()))
    assert look(Client()) == "over"


def test_a_code_of_the_hall_next_door_is_none_here(manager, next_door):
    assert approve(manager, ask(Client(), hall="next-door")) == 409


def test_after_five_wrong_codes_the_right_one_must_wait(cast, clock, manager):
    manager.force_login(cast.manager)
    code = ask(Client())
    assert [approve(manager, "WRONGONE") for _ in range(6)] == [409] * 5 + [429]
    assert approve(manager, code) == 429
    clock.forward(minutes=11)
    assert approve(manager, ask(Client())) == 302


def test_waiting_screens_are_bounded_and_the_flood_is_counted(cast, manager, monkeypatch):
    monkeypatch.setattr(pairing, "MOST_WAITING", 3)
    told = [Client().post("/hall/pair/kiosk") for _ in range(4)]
    assert [each.status_code for each in told] == [200, 200, 200, 429]
    assert told[-1]["Retry-After"] == "600"
    assert "pemasangan: <strong>1</strong>" in manager.get("/hall/devices").content.decode()


def test_asking_for_a_code_needs_a_csrf_token(cast):
    assert Client(enforce_csrf_checks=True).post("/hall/pair/kiosk").status_code == 403


@pytest.mark.parametrize("kind", ["desk", "manager", "tablet"])
def test_nothing_else_is_paired(cast, kind):
    assert Client().post(f"/hall/pair/{kind}").status_code == 404


# --- The list -----------------------------------------------------------------------------------


def test_the_manager_sees_when_each_device_was_last_there(cast, manager):
    browser = Client()
    browser.cookies[COOKIES["kiosk"]] = cast.key("kiosk")
    browser.get("/hall/kiosk")
    rows = {row.name: row.seen_at is not None for row, *_ in page(manager).context["devices"]}
    assert rows == {"kiosk 1": True, "display 1": False}


def page(manager: Client):
    return manager.get("/hall/devices")


def test_being_seen_is_not_written_down_at_every_knock(cast, django_assert_max_num_queries):
    browser = Client()
    browser.cookies[COOKIES["display"]] = cast.key("display")
    browser.get("/hall/display")
    with django_assert_max_num_queries(20) as asked:
        browser.get("/hall/display")
    assert [query for query in asked if query["sql"].startswith("UPDATE")] == []


def test_the_manager_renames_a_device(cast, manager):
    manager.post(f"/hall/devices/{cast.kiosk.pk}/rename", {"name": " Pintu   utara "})
    cast.kiosk.refresh_from_db()
    assert cast.kiosk.name == "Pintu utara"


@pytest.mark.parametrize(("name", "status"), [("display 1", 409), ("", 422), ("\0", 422)])
def test_a_name_that_is_taken_or_missing_is_refused_in_words(cast, manager, name, status):
    answered = manager.post(f"/hall/devices/{cast.kiosk.pk}/rename", {"name": name})
    assert answered.status_code == status
    assert 'role="alert"' in answered.content.decode()


def test_two_devices_never_share_a_name(cast, manager):
    assert approve(manager, ask(Client()), "kiosk 1") == 409


def test_a_device_of_the_hall_next_door_does_not_exist(manager, next_door):
    for act in ("rename", "revoke"):
        address = f"/hall/devices/{next_door.kiosk.pk}/{act}"
        assert manager.post(address, {"name": "x"}).status_code == 404


def test_a_name_cannot_carry_a_script(manager):
    paired(manager, name="<script>alert(1)</script>")
    assert "<script>alert" not in page(manager).content.decode()


def test_a_longer_list_asks_no_more(cast, manager, django_assert_max_num_queries):
    page(manager)
    with django_assert_max_num_queries(20) as few:
        page(manager)
    for number in range(5):
        Device.objects.create(hall=cast.hall, kind="kiosk", name=f"{number}", key_hash=f"{number}")
    with django_assert_max_num_queries(len(few)):
        page(manager)


# --- Out ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_revoked_device_is_told_so_and_offered_a_new_code(cast, manager, kind):
    browser = paired(manager, kind, "Perangkat 9")
    manager.post(f"/hall/devices/{Device.objects.get(name='Perangkat 9').pk}/revoke")
    shown = browser.get(f"/hall/{kind}")
    assert shown.status_code == 403
    assert "tidak lagi terdaftar" in shown.content.decode()
    assert len(ask(browser, kind)) == 8


def test_a_revoked_kiosk_takes_no_number(cast, manager):
    browser = paired(manager)
    manager.post(f"/hall/devices/{Device.objects.get(name='Anjungan 9').pk}/revoke")
    headers = {"Idempotency-Key": "x"}
    order = {"services": ["A01"]}
    address = "/api/v1/halls/hall/visits"
    assert browser.post(address, order, "application/json", headers=headers).status_code == 401
    assert look(browser) == "over"


def test_a_revoked_device_does_not_come_back_by_its_old_code(manager):
    first = Client()
    code = ask(first)
    approve(manager, code)
    look(first)
    manager.post(f"/hall/devices/{Device.objects.get(name='Anjungan 9').pk}/revoke")
    second = paired(manager)
    assert look(first) == "over"
    assert ask(first) != code
    device = Device.objects.get(name="Anjungan 9")
    assert device.key_hash == hash_key(second.cookies[COOKIES["kiosk"]].value)


def test_a_new_machine_takes_the_place_of_a_revoked_one(cast, manager):
    manager.post(f"/hall/devices/{cast.kiosk.pk}/revoke")
    browser = paired(manager, name="kiosk 1")
    cast.kiosk.refresh_from_db()
    assert cast.kiosk.key_hash == hash_key(browser.cookies[COOKIES["kiosk"]].value)


@pytest.mark.parametrize("address", ["desk", "manager", "devices", "desk/1"])
def test_a_device_opens_no_page_of_the_staff(manager, address):
    for kind in KINDS:
        response = paired(manager, kind, f"Perangkat {kind} {address}").get(f"/hall/{address}")
        assert response.headers["Location"].startswith("/sign-in")


# --- The audit ----------------------------------------------------------------------------------


def test_each_step_of_a_device_is_written_down(cast, manager):
    approve(manager, "WRONGONE")
    paired(manager)
    pk = Device.objects.get(name="Anjungan 9").pk
    manager.post(f"/hall/devices/{pk}/rename", {"name": "Pintu"})
    manager.post(f"/hall/devices/{pk}/revoke")
    entries = AuditEntry.objects.filter(actor="hall-manager").exclude(kind="sign_in")
    assert list(entries.order_by("pk").values_list("kind", "subject")) == [
        ("pairing_refused", ""),
        ("paired", "kiosk Anjungan 9"),
        ("renamed", "kiosk Pintu"),
        ("revoked", "kiosk Pintu"),
    ]


@pytest.mark.parametrize(
    "act", ["UPDATE {} SET actor = 'x'", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_the_database_refuses_to_change_the_audit(db, act):
    with refused(ProgrammingError) as refusal, connection.cursor() as cursor:
        cursor.execute(act.format("agencies_auditentry"))
    assert "never changed" in str(refusal.value)
