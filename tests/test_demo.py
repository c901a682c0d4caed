"""Who works in the demo hall? What demo.json says, to the letter of the contract."""

import io
import json
import stat

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from agencies.keys import hash_key
from agencies.models import Counter, Hall, Operator, Service
from queueing import demo
from queueing.management.commands.load_demo import base_url
from queueing.models import Device, TicketEvent
from tests.cast import make_agency, make_hall
from tests.programs import Program

LETTERS = "AAAAABBBBCDEEFFGGHJKLMNPQRS"


@pytest.fixture
def var(db, tmp_path, settings, monkeypatch):
    """A hall of three closed counters before it becomes a demo, and where demo.json will be."""
    for name in ("DEMO_PASSWORD", "REAL_HOURS", "HOST", "PORT"):
        monkeypatch.delenv(name, raising=False)
    settings.VAR_DIR = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    hall = make_hall("payakumbuh")
    make_agency(hall, "A", [1, 2])
    make_agency(hall, "B", [3])
    Counter.objects.update(status="closed")
    return tmp_path


@pytest.fixture
def launch(var):
    """The hall of the launch in its place."""
    Service.objects.all().delete()
    Hall.objects.all().delete()
    call_command("load_hall", stdout=io.StringIO())
    return var


def set_up(var) -> dict:
    call_command("load_demo", stdout=io.StringIO())
    return json.loads((var / "demo.json").read_text())


def test_demo_json_says_what_the_contract_promises(var):
    told = set_up(var)
    assert set(told) == {
        "base_url",
        "hall",
        "manager",
        "greeter",
        "operators",
        "kiosks",
        "displays",
        "surveys",
    }
    assert (told["base_url"], told["hall"]) == ("http://127.0.0.1:8000", "payakumbuh")
    assert set(told["manager"]) == set(told["greeter"]) == {"username", "password", "key"}
    assert (told["manager"]["username"], told["greeter"]["username"]) == ("manajer", "resepsionis")


def test_every_counter_of_the_launch_has_its_operator(launch):
    operators = set_up(launch)["operators"]
    assert {frozenset(each) for each in operators} == {
        frozenset({"username", "password", "key", "counter", "agency"})
    }
    assert [each["username"] for each in operators] == [f"loket-{n:02d}" for n in range(1, 28)]
    assert [each["counter"] for each in operators] == list(range(1, 28))
    assert "".join(each["agency"] for each in operators) == LETTERS


def test_devices_are_told_with_the_address_that_pairs_them(var):
    told = set_up(var)
    names = {"kiosk": "Anjungan 1", "display": "Layar utama", "survey": "Tablet survei"}
    for kind, name in names.items():
        first = told[f"{kind}s"][0]
        address = f"http://127.0.0.1:8000/payakumbuh/{kind}?pair={first['key']}"
        assert first == {"name": name, "key": first["key"], "url": address}


def test_the_file_is_for_its_owner_only(var):
    (var / "demo.json").write_text("{}")
    (var / "demo.json").chmod(0o644)
    set_up(var)
    assert stat.S_IMODE((var / "demo.json").stat().st_mode) == 0o600
    assert [path.name for path in var.iterdir()] == ["demo.json"]


def test_setting_up_again_changes_no_password_key_or_row(var):
    first = set_up(var)
    rows = [list(model.objects.order_by("pk").values()) for model in (Operator, Device, Hall)]
    assert set_up(var) == first
    assert [list(m.objects.order_by("pk").values()) for m in (Operator, Device, Hall)] == rows


def test_the_password_is_random_kept_and_one_for_all(var):
    told = set_up(var)
    people = [told["manager"], told["greeter"], *told["operators"]]
    assert len({each["password"] for each in people}) == 1
    assert len(told["manager"]["password"]) >= 12
    (var / "demo.json").unlink()
    assert set_up(var)["manager"]["password"] != told["manager"]["password"]


def test_the_password_may_be_chosen(var, monkeypatch):
    set_up(var)
    monkeypatch.setenv("DEMO_PASSWORD", "sandi-peragaan-2026")
    assert set_up(var)["manager"]["password"] == "sandi-peragaan-2026"
    monkeypatch.delenv("DEMO_PASSWORD")
    assert set_up(var)["manager"]["password"] == "sandi-peragaan-2026"
    assert Operator.objects.get(username="loket-03").check_password("sandi-peragaan-2026")


def test_a_spoiled_file_is_written_anew(var):
    (var / "demo.json").write_text("{")
    assert len(set_up(var)["operators"]) == 3


@pytest.mark.parametrize("spoiled", ["", "{", "[]", "{}", '{"manager": 1}', '{"manager": {}}'])
def test_a_spoiled_file_keeps_no_password(tmp_path, spoiled):
    (tmp_path / "demo.json").write_text(spoiled)
    assert demo.kept_password(tmp_path / "demo.json") is None


def test_every_key_is_its_own(var):
    told = set_up(var)
    people = [told["manager"], told["greeter"], *told["operators"]]
    keys = [each["key"] for each in [*people, *told["kiosks"], *told["displays"]]]
    assert len(set(keys)) == len(keys) == 9
    assert {len(key) for key in keys} == {64}


def test_keys_are_kept_as_hashes_only(var):
    told = set_up(var)
    kept = set(Operator.objects.values_list("key_hash", flat=True))
    assert hash_key(told["manager"]["key"]) in kept
    assert told["manager"]["key"] not in kept


# --- What can be done with it -------------------------------------------------------------------


def test_everybody_in_the_file_can_sign_in(var):
    told = set_up(var)
    for person in (told["manager"], told["greeter"], told["operators"][0], told["operators"][2]):
        credentials = {name: person[name] for name in ("username", "password")}
        response = Client().post("/sign-in", credentials)
        assert (response.status_code, response.headers["Location"]) == (302, "/home")


def test_the_manager_of_the_demo_opens_the_admin(var):
    person = set_up(var)["manager"]
    browser = Client()
    browser.post("/sign-in", {name: person[name] for name in ("username", "password")})
    assert browser.get("/admin/").status_code == 200


def test_the_keys_in_the_file_work_at_any_hour(var, clock):
    told = set_up(var)
    clock.forward(hours=15)
    kiosk = Program(Hall.objects.get(), key=told["kiosks"][1]["key"])
    assert kiosk.take("A01").status_code == 201


def test_every_counter_is_open_from_the_start(var):
    set_up(var)
    assert set(Counter.objects.values_list("status", flat=True)) == {"open"}
    assert TicketEvent.objects.filter(kind="open", actor="system").count() == 3


def test_a_counter_that_an_officer_sent_on_a_break_stays_there(var):
    officer = Program(Hall.objects.get(), key=set_up(var)["operators"][0]["key"])
    officer.post("counters/1/break", {"reason": "istirahat"})
    set_up(var)
    assert Counter.objects.get(number=1).status == "break"


def test_any_browser_becomes_the_first_kiosk_and_the_demo_says_so(var):
    set_up(var)
    browser = Client()
    assert browser.get("/payakumbuh/kiosk").headers["Location"] == "/payakumbuh/kiosk"
    assert browser.get("/payakumbuh/kiosk").status_code == 200


# --- A real hall --------------------------------------------------------------------------------


def test_a_demo_is_open_at_any_hour_and_a_real_hall_by_its_hours(var, monkeypatch):
    monkeypatch.setenv("REAL_HOURS", "1")
    set_up(var)
    assert Hall.objects.get().always_open is False


def test_a_hall_that_has_begun_its_history_becomes_no_demo(var):
    Hall.objects.update(version=1, always_open=False)
    set_up(var)
    assert Hall.objects.get().always_open is False


def test_a_real_hall_pairs_no_browser_by_itself(var, monkeypatch):
    monkeypatch.setenv("REAL_HOURS", "1")
    set_up(var)
    assert Client().get("/payakumbuh/kiosk").status_code == 403


def test_a_hall_that_is_not_there_is_said_to_be_missing(var):
    with pytest.raises(CommandError, match="There is no hall 'nowhere'"):
        call_command("load_demo", "nowhere")


@pytest.mark.parametrize(
    ("host", "port", "base"),
    [
        ("0.0.0.0", "8001", "http://127.0.0.1:8001"),  # noqa: S104
        ("::", "8000", "http://127.0.0.1:8000"),
        ("::1", "8000", "http://[::1]:8000"),
        ("10.1.2.3", "80", "http://10.1.2.3:80"),
    ],
)
def test_the_file_says_where_the_hall_is(monkeypatch, host, port, base):
    monkeypatch.setenv("HOST", host)
    monkeypatch.setenv("PORT", port)
    assert base_url() == base


@pytest.mark.parametrize(("wish", "is_open"), [("1", False), ("0", True)])
def test_one_setting_switches_the_hours_of_a_running_hall(var, monkeypatch, wish, is_open):
    Hall.objects.update(version=1, always_open=not is_open)
    monkeypatch.setenv("REAL_HOURS", wish)
    set_up(var)
    assert Hall.objects.get().always_open is is_open


def test_the_demo_people_of_one_hall_are_not_taken_by_another(var):
    set_up(var)
    make_hall("next-door")
    with pytest.raises(CommandError, match="Another hall"):
        call_command("load_demo", "next-door", stdout=io.StringIO())
    assert Operator.objects.get(username="manajer").hall.slug == "payakumbuh"
