"""How the kiosks and their printers are, and what they are asked to do."""

import re

import pytest
from django.db import IntegrityError
from django.test import Client

from agencies.models import AuditEntry
from queueing import care
from queueing.models import Device, PrintJob, SlipPrint
from tests.cast import refused
from tests.programs import Program, refusal


@pytest.fixture
def kiosk(cast) -> Program:
    Device.objects.filter(pk=cast.kiosk.pk).update(printer="escpos", bridge="http://127.0.0.1:9109")
    return Program(cast, "kiosk")


@pytest.fixture
def manager(cast) -> Client:
    browser = Client()
    browser.force_login(cast.manager)
    return browser


def beat(kiosk: Program, **said):
    return kiosk.post("kiosks/seen", said).json()


def printed(program: Program, ticket, outcome: str = "printed", **said):
    return program.post(f"tickets/{ticket.public_id}/slips", {"outcome": outcome, **said})


def in_trouble(cast) -> list[tuple[str, str]]:
    return [(device.name, device.printer_state) for device in care.printers_in_trouble(cast.hall)]


# --- Signs of life ------------------------------------------------------------------------------


def test_a_kiosk_learns_how_it_is_set_up(cast, kiosk, settings):
    assert beat(kiosk) == {
        "device": {
            "name": "kiosk 1",
            "diagonal": 21.5,
            "reach": "normal",
            "orientation": "auto",
            "printer": "escpos",
            "paper": 80,
            "bridge": "http://127.0.0.1:9109",
            "language": "id",
            "sound": True,
            "locked": False,
            "release": settings.RELEASE,
        },
        "job": None,
    }


def test_a_kiosks_page_is_told_the_same(cast, kiosk):
    page = kiosk.client.get("/hall/kiosk?pair=" + cast.key("kiosk"), follow=True)
    assert page.context["device"] == beat(kiosk)["device"]


def test_what_a_kiosk_says_of_itself_is_written_down_once(
    cast, kiosk, django_assert_max_num_queries
):
    said = {"release": "abc", "screen": "1080x1920@1", "printer": "ready"}
    beat(kiosk, **said)
    cast.kiosk.refresh_from_db()
    assert (cast.kiosk.release, cast.kiosk.screen) == ("abc", "1080x1920@1")
    since = cast.kiosk.printer_since
    with django_assert_max_num_queries(20) as asked:
        beat(kiosk, **said)
    cast.kiosk.refresh_from_db()
    assert cast.kiosk.printer_since == since
    assert [query for query in asked if query["sql"].startswith("UPDATE")] == []


@pytest.mark.parametrize(
    "said",
    [{"printer": "on fire"}, {"screen": "x" * 25}, {"done": [{"id": -1, "outcome": "printed"}]}],
)
def test_a_sign_of_life_that_says_nonsense_is_refused(kiosk, said):
    assert refusal(kiosk.post("kiosks/seen", said)) == (422, "invalid")


def test_a_locked_kiosk_is_told_so_and_gives_no_number(cast, kiosk, manager):
    manager.post(f"/hall/devices/{cast.kiosk.pk}/lock", {"locked": "1"})
    assert beat(kiosk)["device"]["locked"] is True
    assert refusal(kiosk.take("A01")) == (409, "locked")
    manager.post(f"/hall/devices/{cast.kiosk.pk}/lock", {"locked": "0"})
    assert kiosk.take("A01").status_code == 201


# --- The printer --------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["paper_low", "paper_out", "cover_open", "gone", "unknown"])
def test_a_printer_in_need_is_told_to_the_staff_until_it_is_mended(cast, kiosk, state):
    beat(kiosk, printer=state)
    assert in_trouble(cast) == [("kiosk 1", state)]
    beat(kiosk, printer="ready")
    assert in_trouble(cast) == []


@pytest.mark.parametrize("outcome", ["paper_out", "cover_open", "gone", "unknown"])
def test_a_slip_that_did_not_come_out_tells_of_the_printer_at_once(cast, kiosk, outcome):
    printed(kiosk, cast.ticket(), outcome)
    assert in_trouble(cast) == [("kiosk 1", outcome)]
    printed(kiosk, cast.ticket())
    assert in_trouble(cast) == []


def test_little_paper_is_not_mended_by_a_slip_that_still_came_out(cast, kiosk):
    beat(kiosk, printer="paper_low")
    printed(kiosk, cast.ticket())
    assert in_trouble(cast) == [("kiosk 1", "paper_low")]


def test_a_kiosk_without_a_printer_is_never_in_trouble(cast, kiosk):
    printed(kiosk, cast.ticket(), "gone")
    Device.objects.filter(pk=cast.kiosk.pk).update(printer="none")
    assert in_trouble(cast) == []


def test_the_list_of_devices_says_it(cast, kiosk, manager):
    beat(kiosk, printer="paper_out")
    assert "Kertas habis" in manager.get("/hall/devices").content.decode()


# --- Slips --------------------------------------------------------------------------------------


def test_each_slip_is_counted_and_a_second_one_is_a_reprint(cast, kiosk):
    ticket = cast.ticket()
    assert printed(kiosk, ticket).json() == {
        "ticket": str(ticket.public_id),
        "outcome": "printed",
        "is_reprint": False,
        "is_companion": False,
        "copies": 1,
    }
    again = printed(Program(cast, "greeter"), ticket).json()
    assert (again["is_reprint"], again["copies"]) == (True, 2)
    companion = printed(kiosk, ticket, is_companion=True).json()
    assert (companion["is_reprint"], companion["is_companion"]) == (False, True)
    actors = SlipPrint.objects.order_by("pk").values_list("actor", flat=True)
    assert list(actors) == ["kiosk:kiosk 1", "operator:hall-greeter", "kiosk:kiosk 1"]


def test_the_same_report_counts_once(cast, kiosk):
    ticket = cast.ticket()
    address = f"tickets/{ticket.public_id}/slips"
    told = [kiosk.post(address, {"outcome": "printed"}, once="same").json() for _ in range(3)]
    assert [each["copies"] for each in told] == [1, 1, 1]
    assert SlipPrint.objects.count() == 1


def test_a_slip_that_never_came_out_makes_no_reprint(cast, kiosk):
    ticket = cast.ticket()
    printed(kiosk, ticket, "paper_out")
    assert printed(kiosk, ticket).json()["is_reprint"] is False


def test_a_kiosk_has_to_do_with_its_own_numbers_only(cast, kiosk):
    other = Device.objects.create(hall=cast.hall, kind="kiosk", name="kiosk 2", key_hash="x")
    ticket = cast.ticket()
    ticket.visit.device = other
    ticket.visit.save()
    assert refusal(printed(kiosk, ticket)) == (404, "not_found")
    care.ask(cast.kiosk, PrintJob.Kind.REPRINT, ticket)
    assert printed(kiosk, ticket).status_code == 201


def test_the_manager_sees_what_each_kiosk_gave_and_printed_today(cast, clock, kiosk):
    for ticket in [*cast.visit("A01", "B01"), cast.ticket()]:
        printed(kiosk, ticket)
    printed(kiosk, cast.ticket(), "gone")
    assert care.today_of(cast.hall)[cast.kiosk.pk] == (4, 3)
    clock.forward(days=1)
    assert care.today_of(cast.hall)[cast.kiosk.pk] == (0, 0)


# --- Jobs ---------------------------------------------------------------------------------------


def test_a_test_slip_is_asked_for_on_the_page_and_its_outcome_comes_back(cast, kiosk, manager):
    address = f"/hall/devices/{cast.kiosk.pk}"
    manager.post(f"{address}/test")
    job = beat(kiosk)["job"]
    assert job["kind"] == "test"
    assert "Menunggu" in manager.get(f"{address}/state.json").json()["test"]
    done = beat(kiosk, done=[{"id": job["id"], "outcome": "paper_out"}])
    assert done["job"] is None
    state = manager.get(f"{address}/state.json").json()
    assert "Kertas habis" in state["test"]
    assert state["is_in_trouble"] is True


def test_an_outcome_is_written_down_once_and_never_for_somebody_else(cast, kiosk, next_door):
    job = care.ask(cast.kiosk, "test")
    Program(next_door, "kiosk").post("kiosks/seen", {"done": [{"id": job.pk, "outcome": "gone"}]})
    job.refresh_from_db()
    assert job.outcome == ""
    for outcome in ("printed", "gone"):
        beat(kiosk, done=[{"id": job.pk, "outcome": outcome}])
    job.refresh_from_db()
    assert job.outcome == "printed"


def test_what_the_printer_says_now_counts_more_than_what_it_printed_before(cast, kiosk):
    job = care.ask(cast.kiosk, "test")
    beat(kiosk, printer="paper_out")
    beat(kiosk, printer="paper_out", done=[{"id": job.pk, "outcome": "printed"}])
    assert in_trouble(cast) == [("kiosk 1", "paper_out")]


def test_nobody_is_surprised_by_a_slip_that_was_asked_for_long_ago(cast, clock, kiosk, manager):
    care.ask(cast.kiosk, "test")
    clock.forward(minutes=3)
    assert beat(kiosk)["job"] is None
    manager.force_login(cast.manager)
    state = manager.get(f"/hall/devices/{cast.kiosk.pk}/state.json").json()
    assert "tidak menjawab" in state["test"]


def test_the_greeter_prints_again_with_the_same_number(cast, kiosk):
    ticket = cast.ticket()
    told = Program(cast, "greeter").post(f"tickets/{ticket.public_id}/reprint").json()
    assert told["ticket"]["label"] == ticket.label
    assert told["visit"]["token"] == ticket.visit.token
    assert told["job"] is None


def test_the_greeter_chooses_a_kiosk_that_prints_it(cast, kiosk):
    ticket = cast.ticket()
    greeter = Program(cast, "greeter")
    order = {"kiosk": cast.kiosk.pk}
    told = greeter.post(f"tickets/{ticket.public_id}/reprint", order).json()
    assert beat(kiosk)["job"] == {
        "id": told["job"],
        "kind": "reprint",
        "ticket": str(ticket.public_id),
        "visit": ticket.visit.token,
    }


def test_a_kiosk_without_a_printer_or_of_another_hall_prints_nothing(cast, next_door):
    ticket, greeter = cast.ticket(), Program(cast, "greeter")
    for device in (cast.kiosk, cast.display, next_door.kiosk):
        answer = greeter.post(f"tickets/{ticket.public_id}/reprint", {"kiosk": device.pk})
        assert refusal(answer) == (404, "not_found")
    assert not PrintJob.objects.exists()


def test_a_reprint_is_of_a_ticket(cast):
    with refused(IntegrityError) as refusal:
        PrintJob.objects.create(device=cast.kiosk, kind="reprint", asked_at="2026-11-24T02:00Z")
    assert "a_reprint_is_of_a_ticket" in str(refusal.value)


# --- The set-up ---------------------------------------------------------------------------------

SET_UP = {
    "diagonal": "32",
    "orientation": "portrait",
    "reach": "low",
    "language": "en",
    "printer": "escpos",
    "paper": "58",
    "bridge": "http://127.0.0.1:9109",
}


def test_the_manager_sets_a_kiosk_up_and_the_audit_says_so(cast, manager):
    address = f"/hall/devices/{cast.kiosk.pk}"
    assert manager.post(address, SET_UP).status_code == 302
    told = care.told(Device.objects.get(pk=cast.kiosk.pk))
    assert (told["diagonal"], told["paper"], told["sound"]) == (32, 58, False)
    entry = AuditEntry.objects.get(kind="change")
    assert (entry.subject, entry.detail["values"]["reach"]) == ("kiosk kiosk 1", "low")


def test_another_printer_begins_without_the_trouble_of_the_last_one(cast, manager, kiosk):
    beat(kiosk, printer="paper_out")
    manager.post(f"/hall/devices/{cast.kiosk.pk}", SET_UP | {"printer": "browser"})
    assert in_trouble(cast) == []


def test_setting_up_leaves_alone_what_the_kiosk_said_meanwhile(cast, manager):
    as_opened_in_a_form = Device.objects.get(pk=cast.kiosk.pk)
    care.note_printer(cast.kiosk, "paper_out")
    as_opened_in_a_form.save()
    cast.kiosk.refresh_from_db()
    assert cast.kiosk.printer_state == "paper_out"


@pytest.mark.parametrize(
    "wrong",
    [
        {"bridge": ""},
        {"bridge": "http://printer.example:9109"},
        {"bridge": "http://127.0.0.1:9109/x; script-src *"},
        {"bridge": "javascript:alert(1)"},
        {"diagonal": "1"},
        {"diagonal": "NaN"},
        {"paper": "57"},
        {"printer": "laser"},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(cast, manager, wrong):
    answered = manager.post(f"/hall/devices/{cast.kiosk.pk}", SET_UP | wrong)
    assert answered.status_code == 422
    assert 'role="alert"' in answered.content.decode()
    assert Device.objects.get(pk=cast.kiosk.pk).printer == "none"


def test_the_database_lets_no_bridge_be_elsewhere(cast):
    with refused(IntegrityError) as refusal:
        Device.objects.filter(pk=cast.kiosk.pk).update(bridge="http://evil.example:9109")
    assert "a_bridge_is_on_the_kiosk_itself" in str(refusal.value)


def test_a_kiosks_page_may_speak_to_its_own_bridge_and_to_nobody_else(cast, kiosk):
    page = kiosk.client.get("/hall/kiosk?pair=" + cast.key("kiosk"), follow=True)
    told = re.search(r"connect-src ([^;]*)", page["Content-Security-Policy"])[1]
    assert told == "'self' http://127.0.0.1:9109"
    Device.objects.filter(pk=cast.kiosk.pk).update(printer="browser")
    page = kiosk.client.get("/hall/kiosk")
    assert "connect-src" not in page["Content-Security-Policy"]


def test_a_display_has_no_such_page(cast, manager):
    assert manager.get(f"/hall/devices/{cast.display.pk}").status_code == 404


def test_a_second_press_revokes_and_the_first_one_asks(cast, manager):
    shown = manager.get("/hall/devices").content.decode()
    assert "Ya, cabut kiosk 1" in shown
    assert shown.index("Cabut kiosk 1") < shown.index("Ya, cabut kiosk 1")
