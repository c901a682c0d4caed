"""The reception: help that is called for and comes, what needs a person, a number by its label."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from queueing import care, helping, lifecycle
from queueing.alerts import alerts
from queueing.models import Device, HelpCall, Ticket, Visit
from tests.cast import a_device, fresh
from tests.programs import Program, refusal

BY = {"actor": "operator:manager"}


@pytest.fixture
def kiosk(cast) -> Program:
    return Program(cast, "kiosk")


@pytest.fixture
def greeter(cast) -> Program:
    return Program(cast, "greeter")


# --- Help with a number, and a companion --------------------------------------------------------


def test_a_visit_keeps_what_help_it_wants_and_that_somebody_comes_along(kiosk):
    kiosk.take("A01", help="wheelchair", companion=True)
    visit = Visit.objects.get()
    assert (visit.help, visit.companion) == ("wheelchair", True)


def test_a_visit_that_says_nothing_wants_no_help(kiosk):
    kiosk.take("A01", help=None)
    visit = Visit.objects.get()
    assert (visit.help, visit.companion, HelpCall.objects.count()) == ("", False, 0)


def test_help_wanted_at_a_kiosk_calls_the_greeter_with_the_number(cast, kiosk):
    kiosk.take("A01", "B01", help="sign")
    (told,) = alerts(cast.hall)
    assert told["sentence"] == {
        "id": "kiosk 1 · A-001 · B-001: butuh bantuan, bahasa isyarat.",
        "en": "kiosk 1 · A-001 · B-001: needs help, sign language.",
    }


def test_help_wanted_at_the_reception_calls_nobody_for_the_greeter_is_there(greeter):
    assert greeter.take("A01", help="guide").status_code == 201
    assert (Visit.objects.get().help, HelpCall.objects.count()) == ("guide", 0)


@pytest.mark.parametrize("order", [{"help": "money"}, {"help": True}, {"companion": "two"}])
def test_a_help_that_nobody_knows_is_refused(kiosk, order):
    assert refusal(kiosk.take("A01", **order)) == (422, "invalid")


# --- A call without a number --------------------------------------------------------------------


def test_a_kiosk_calls_and_reads_that_somebody_is_on_the_way(cast, kiosk, greeter):
    asked = kiosk.post("help", {"kind": "wheelchair"})
    call = asked.json()
    assert (asked.status_code, call["state"], call["answered_at"]) == (201, "asked", None)
    assert kiosk.get(f"help/{call['id']}").json()["state"] == "asked"
    answered = greeter.post(f"help/{call['id']}/answer").json()
    assert (answered["id"], answered["state"]) == (call["id"], "answered")
    assert kiosk.get(f"help/{call['id']}").json() == answered
    assert HelpCall.objects.get().answered_by == cast.greeter


def test_a_second_press_is_the_same_call_and_may_say_better_why(kiosk):
    first, second = (kiosk.post("help", {"kind": kind}).json() for kind in ("other", "guide"))
    assert (first["id"], first["asked_at"]) == (second["id"], second["asked_at"])
    assert HelpCall.objects.get().kind == "guide"


def test_after_the_answer_a_press_is_a_new_call(kiosk, greeter):
    first = kiosk.post("help", {"kind": "other"}).json()
    greeter.post(f"help/{first['id']}/answer")
    assert kiosk.post("help", {"kind": "other"}).json()["id"] != first["id"]


def test_a_call_that_nobody_heard_yesterday_is_no_call_of_today(cast, kiosk, clock):
    first = kiosk.post("help", {"kind": "other"}).json()
    clock.forward(hours=23)
    assert [each["kind"] for each in alerts(cast.hall)] == []
    second = kiosk.post("help", {"kind": "other"}).json()
    assert second["id"] != first["id"]
    assert HelpCall.objects.get(public_id=first["id"]).answered_by is None


def test_whoever_answers_second_changes_nothing(cast, kiosk, greeter, clock):
    call = kiosk.post("help", {"kind": "other"}).json()
    first = greeter.post(f"help/{call['id']}/answer").json()
    clock.forward(minutes=1)
    assert Program(cast, "manager").post(f"help/{call['id']}/answer").json() == first
    assert HelpCall.objects.get().answered_by == cast.greeter


def test_who_presses_without_end_is_told_kindly_that_it_was_heard(kiosk):
    told = [kiosk.post("help", {"kind": "other"}) for _ in range(11)]
    assert [each.status_code for each in told] == [201] * 10 + [429]
    assert "Petugas sudah diberi tahu" in told[-1].json()["message"]
    assert 0 < int(told[-1].headers["Retry-After"]) <= 60


def test_the_database_itself_keeps_a_kiosk_to_one_open_call(cast):
    call = helping.ask(cast.kiosk, "other")
    with (
        pytest.raises(IntegrityError, match="a_kiosk_has_one_open_help_call"),
        transaction.atomic(),
    ):
        HelpCall.objects.create(
            hall=cast.hall, device=cast.kiosk, kind="sign", asked_at=call.asked_at
        )


def test_a_kiosk_reads_nothing_of_the_call_at_another(cast, greeter, kiosk):
    other = Device.objects.create(hall=cast.hall, kind="kiosk", name="kiosk 2", key_hash="x")
    call = helping.ask(other, "other")
    assert refusal(kiosk.get(f"help/{call.public_id}")) == (404, "not_found")


def test_who_calls_and_then_takes_a_number_is_one_person(cast):
    first = helping.ask(cast.kiosk, "other")
    visit = cast.ticket().visit
    call = helping.ask(cast.kiosk, "wheelchair", visit)
    assert (call.pk, call.visit, call.kind) == (first.pk, visit, "wheelchair")
    assert HelpCall.objects.count() == 1


def test_a_call_of_the_hall_next_door_does_not_exist(cast, next_door, greeter):
    call = helping.ask(next_door.kiosk, "other")
    assert refusal(greeter.post(f"help/{call.public_id}/answer")) == (404, "not_found")


def test_help_is_no_event_of_the_hall(cast, kiosk):
    kiosk.post("help", {"kind": "other"})
    cast.hall.refresh_from_db()
    assert cast.hall.version == 0


# --- What needs a person ------------------------------------------------------------------------


def test_a_quiet_hall_needs_nobody(cast):
    assert alerts(cast.hall) == []


def test_a_queue_with_people_and_no_counter_is_told_until_one_opens(cast, clock):
    ticket = cast.ticket("B01")
    lifecycle.close_counter(cast.counter(3), **BY)
    (told,) = alerts(cast.hall)
    assert (told["kind"], told["code"], told["agency"]) == ("no_counter", "B", "B")
    assert dt.datetime.fromisoformat(told["since"]) == ticket.issued_at
    assert told["sentence"]["id"] == "Antrean B, Agency B: 1 menunggu, belum ada loket buka."
    assert told["sentence"]["en"] == "Queue B, Agency B: 1 waiting, no counter is open."
    lifecycle.open_counter(cast.counter(3), **BY)
    assert alerts(cast.hall) == []


def test_a_counter_on_a_break_opens_nothing_for_those_who_wait(cast):
    cast.ticket("B01")
    lifecycle.break_counter(cast.counter(3), reason="rapat", until=None, **BY)
    assert [each["kind"] for each in alerts(cast.hall)] == ["no_counter"]


@pytest.mark.parametrize("state", ["paper_low", "paper_out", "cover_open", "gone", "unknown"])
def test_a_printer_in_trouble_is_told_until_it_prints_again(cast, state):
    Device.objects.filter(pk=cast.kiosk.pk).update(printer="escpos")
    cast.kiosk.refresh_from_db()
    care.note_printer(cast.kiosk, state)
    (told,) = alerts(cast.hall)
    assert (told["kind"], told["agency"]) == ("printer", None)
    assert told["sentence"]["id"].startswith("kiosk 1: ")
    care.note_printer(cast.kiosk, "ready")
    assert alerts(cast.hall) == []


def test_a_kiosk_without_printer_needs_no_paper(cast):
    Device.objects.filter(pk=cast.kiosk.pk).update(printer="none", printer_state="paper_out")
    assert alerts(cast.hall) == []


@pytest.mark.parametrize(("seconds", "silent"), [(59, []), (61, ["device_silent"])])
def test_a_screen_that_falls_silent_is_told_after_a_minute(cast, clock, seconds, silent):
    Device.objects.filter(pk=cast.display.pk).update(seen_at=clock.moment)
    clock.forward(seconds=seconds)
    assert [each["kind"] for each in alerts(cast.hall)] == silent


def test_a_screen_that_was_not_there_today_is_not_missed(cast, clock):
    Device.objects.filter(pk=cast.display.pk).update(seen_at=clock.moment)
    clock.forward(hours=20)
    assert alerts(cast.hall) == []


def test_a_screen_that_was_sent_away_is_not_missed(cast, clock):
    Device.objects.filter(pk=cast.display.pk).update(seen_at=clock.moment, is_active=False)
    clock.forward(minutes=5)
    assert alerts(cast.hall) == []


def test_people_come_before_machines(cast, clock):
    Device.objects.filter(pk=cast.display.pk).update(seen_at=clock.moment)
    cast.ticket("B01")
    lifecycle.close_counter(cast.counter(3), **BY)
    clock.forward(minutes=5)
    helping.ask(cast.kiosk, "other")
    kinds = [each["kind"] for each in alerts(cast.hall)]
    assert kinds == ["help_asked", "device_silent", "no_counter"]


def test_a_supervisor_sees_what_is_the_own_agencys_to_mend(cast):
    for code, number in (("A01", 1), ("B01", 3)):
        cast.ticket(code)
        lifecycle.close_counter(cast.counter(number), **BY)
    lifecycle.close_counter(cast.counter(2), **BY)
    helping.ask(cast.kiosk, "other")
    told = Program(cast, "supervisor").get("alerts").json()["alerts"]
    assert [each["agency"] for each in told] == ["A"]


def trouble(cast, count: int, clock) -> None:
    """So many kiosks call for help with a number, and so many fall silent."""
    for number in range(count):
        kiosk = a_device(cast.hall, "kiosk")
        kiosk.name, kiosk.key_hash = f"kiosk {number} of {count}", f"{count} {number}"
        kiosk.seen_at = clock.moment - dt.timedelta(minutes=2)
        kiosk.printer, kiosk.printer_state = "escpos", "gone"
        kiosk.save()
        helping.ask(kiosk, "other", cast.ticket("B01").visit)


def test_the_number_of_questions_does_not_grow_with_the_trouble(cast, clock):
    lifecycle.close_counter(cast.counter(3), **BY)
    asked = []
    for count in (1, 3):
        trouble(cast, count, clock)
        with CaptureQueriesContext(connection) as queries:
            alerts(cast.hall)
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 10


# --- A number by its label ----------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["A-001", "a1", " a 001 ", "A.1", "A-1"])
def test_a_number_is_found_however_it_is_typed(cast, greeter, typed):
    ticket = cast.ticket(priority="pregnant")
    told = greeter.client.get(
        greeter.address("tickets"), {"label": typed}, headers=greeter.headers
    ).json()
    assert (told["ticket"]["label"], told["group"]) == ("A-001", "pregnant")
    assert told["visit"]["follow_url"].endswith(f"/v/{ticket.visit.token}")


@pytest.mark.parametrize(
    ("typed", "told"),
    [("A-002", (404, "not_found")), ("Z-001", (404, "not_found")), ("x", (422, "invalid"))],
)
def test_a_number_that_is_not_there_is_said_in_words(cast, greeter, typed, told):
    cast.ticket()
    assert refusal(greeter.get(f"tickets?label={typed}")) == told


def test_yesterdays_number_is_not_found_today(cast, greeter, clock):
    cast.ticket()
    clock.forward(days=1)
    assert refusal(greeter.get("tickets?label=A-001")) == (404, "not_found")


# --- Priority by the reception ------------------------------------------------------------------


def prioritise(program: Program, ticket: Ticket, order: dict):
    return program.post(f"tickets/{ticket.public_id}/prioritise", order)


def test_the_greeter_gives_and_takes_priority(cast, greeter):
    ticket = cast.ticket()
    assert prioritise(greeter, ticket, {"priority": "lansia"}).json()["priority"] is True
    assert fresh(ticket).priority == "elderly"
    assert prioritise(greeter, ticket, {"priority": None}).json()["priority"] is False
    assert fresh(ticket).priority == ""


@pytest.mark.parametrize("order", [{}, {"priority": "vip"}])
def test_a_priority_that_is_not_said_or_unknown_takes_none_away(cast, greeter, order):
    ticket = cast.ticket(priority="pregnant")
    assert refusal(prioritise(greeter, ticket, order)) == (422, "invalid")
    assert fresh(ticket).priority == "pregnant"


def test_whoever_is_called_already_is_given_no_priority(cast, greeter):
    ticket = cast.ticket()
    cast.call(1)
    told = prioritise(greeter, ticket, {"priority": "lansia"})
    assert refusal(told) == (409, "illegal_move")


def test_a_number_of_the_reception_says_so(greeter):
    greeter.take("A01", priority="lansia")
    assert Visit.objects.get().channel == "greeter"


def test_the_person_presses_though_the_browser_is_a_kiosk_too(cast, client):
    client.force_login(cast.greeter)
    client.cookies["kiosk"] = cast.key("kiosk")
    for query, channel in (("", "kiosk"), ("?as=person", "greeter")):
        headers = {"Idempotency-Key": channel}
        address = f"/api/v1/halls/hall/visits{query}"
        client.post(address, {"services": ["A01"]}, "application/json", headers=headers)
        assert Visit.objects.latest("pk").channel == channel
