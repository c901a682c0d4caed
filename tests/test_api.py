"""What may programs rely on? Section 4 of the contract, to the letter."""

import datetime as dt
import uuid

import pytest
from django.test import Client

from agencies.keys import hash_key
from agencies.models import Hall, Queue
from queueing import helping, lifecycle
from queueing.api import api
from queueing.models import Command, Device, Ticket, TicketEvent
from tests.cast import fresh
from tests.programs import Program, refusal

TICKET = {
    "id",
    "label",
    "number",
    "queue",
    "services",
    "state",
    "priority",
    "issued_at",
    "called_at",
    "started_at",
    "ended_at",
    "counter",
    "calls",
    "ahead",
    "estimate",
    "estimate_why",
}
EVENT = {
    "version",
    "at",
    "kind",
    "ticket",
    "label",
    "queue",
    "service",
    "counter",
    "actor",
    "detail",
}


@pytest.fixture
def kiosk(cast) -> Program:
    return Program(cast, "kiosk")


@pytest.fixture
def officer(cast) -> Program:
    return Program(cast, "officer")


@pytest.fixture
def greeter(cast) -> Program:
    return Program(cast, "greeter")


@pytest.fixture
def manager(cast) -> Program:
    return Program(cast, "manager")


def later(**span: float) -> str:
    return (dt.datetime.now(dt.UTC) + dt.timedelta(**span)).isoformat()


# --- Taking a number ----------------------------------------------------------------------------


def test_a_kiosk_takes_a_number(kiosk):
    response = kiosk.take("A01")
    body = response.json()
    assert response.status_code == 201
    assert set(body) == {"visit", "tickets"}
    assert set(body["visit"]) == {"token", "follow_url"}
    assert body["visit"]["follow_url"] == f"http://testserver/v/{body['visit']['token']}"
    assert len(body["visit"]["token"]) >= 22


def test_a_new_ticket_is_told_with_every_field_of_the_contract(kiosk, clock):
    ticket = kiosk.take("A01").json()["tickets"][0]
    known = {name: value for name, value in ticket.items() if name != "id"}
    assert str(uuid.UUID(ticket["id"])) == ticket["id"]
    assert known == {
        "label": "A-001",
        "number": 1,
        "queue": "A",
        "services": ["A01"],
        "state": "waiting",
        "priority": False,
        "issued_at": "2026-11-24T09:00:00.000+07:00",
        "called_at": None,
        "started_at": None,
        "ended_at": None,
        "counter": None,
        "calls": 0,
        "ahead": 0,
        "estimate": None,
        "estimate_why": "",
    }


def test_several_services_make_one_visit_with_one_ticket_a_queue(kiosk):
    tickets = kiosk.take("B01", "A02", "A01").json()["tickets"]
    assert [(each["label"], each["services"]) for each in tickets] == [
        ("A-001", ["A01", "A02"]),
        ("B-001", ["B01"]),
    ]


def test_a_service_that_is_asked_for_twice_is_listed_once(kiosk):
    tickets = kiosk.take("A01", "A01").json()["tickets"]
    assert [each["services"] for each in tickets] == [["A01"]]


def test_the_greeter_takes_numbers_for_others(greeter):
    assert greeter.take("A01", language="en").status_code == 201
    assert Ticket.objects.get().visit.channel == "greeter"
    assert Ticket.objects.get().visit.language == "en"


@pytest.mark.parametrize(
    ("wish", "kept"),
    [
        (None, ""),
        ("", ""),
        (False, ""),
        (True, "unsaid"),
        ("elderly", "elderly"),
        ("lansia", "elderly"),
        ("disabilitas", "disability"),
        ("ibu_hamil", "pregnant"),
        ("menyusui", "nursing"),
        ("balita", "small_child"),
        ("anak", "child"),
        ("bencana", "disaster"),
    ],
)
def test_priority_is_told_as_yes_or_no_and_kept_as_a_group(kiosk, wish, kept):
    ticket = kiosk.take("A01", priority=wish).json()["tickets"][0]
    assert ticket["priority"] == bool(kept)
    assert Ticket.objects.get().priority == kept


@pytest.mark.parametrize(
    "order",
    [
        {},
        {"services": []},
        {"services": None},
        {"services": "A01"},
        {"services": {"A01": 1}},
        {"services": [1]},
        {"services": [None]},
        {"services": [["A01"]]},
        {"services": [""]},
        {"services": ["A01\0"]},
        {"services": ["\x1b[2J"]},
        {"services": ["A" * 9]},
        {"services": ["A01"] * 13},
        {"services": ["A01"], "priority": "vip"},
        {"services": ["A01"], "priority": 7},
        {"services": ["A01"], "priority": ["elderly"]},
        {"services": ["A01"], "language": "fr"},
        {"services": ["A01"], "language": None},
        {"services": ["A01"], "language": "id\n"},
    ],
)
def test_an_order_that_makes_no_sense_is_invalid(kiosk, order):
    assert refusal(kiosk.post("visits", order)) == (422, "invalid")
    assert Ticket.objects.count() == Command.objects.count() == 0


@pytest.mark.parametrize("code", ["Z99", "a01", "C01", "A01 ", "ΑΒΓ", "'; --", "A\u202e1"])
def test_an_unknown_service_is_said_to_be_one(kiosk, code):
    assert refusal(kiosk.take("A01", code)) == (422, "unknown_service")
    assert Ticket.objects.count() == 0


def test_a_service_of_the_hall_next_door_is_unknown_here(kiosk, next_door):
    next_door.a.queues.get().services.filter(code="A01").update(code="X01")
    assert refusal(kiosk.take("X01")) == (422, "unknown_service")


def test_a_closed_service_gives_no_number(kiosk, cast):
    cast.hall.services.filter(code="A01").update(is_open=False)
    assert refusal(kiosk.take("A01")) == (409, "closed")
    assert kiosk.take("A02").json()["tickets"][0]["label"] == "A-001"


@pytest.mark.parametrize("status", [Queue.Status.PAUSED, Queue.Status.CLOSED])
def test_a_paused_or_closed_queue_gives_no_number(kiosk, cast, status):
    cast.hall.queues.filter(code="A").update(status=status)
    assert refusal(kiosk.take("A01")) == (409, "closed")
    assert refusal(kiosk.take("B01", "A01")) == (409, "closed")
    assert kiosk.take("B01").json()["tickets"][0]["label"] == "B-001"


# --- The pace of a kiosk ------------------------------------------------------------------------


def test_a_kiosk_that_is_too_quick_is_told_when_to_come_back(kiosk, settings, clock):
    settings.KIOSK_RATE = 2
    assert kiosk.take("A01").status_code == 201
    clock.forward(seconds=20)
    assert kiosk.take("A01").status_code == 201
    clock.forward(seconds=10)
    response = kiosk.take("A01")
    assert refusal(response) == (429, "too_many")
    assert response.headers["Retry-After"] == "30"


def test_after_the_time_told_the_kiosk_may_go_on(kiosk, settings, clock):
    settings.KIOSK_RATE = 1
    kiosk.take("A01")
    clock.forward(seconds=int(kiosk.take("A01").headers["Retry-After"]))
    assert kiosk.take("A01").json()["tickets"][0]["label"] == "A-002"


def test_another_kiosk_and_the_greeter_keep_their_pace(kiosk, cast, greeter, settings, clock):
    settings.KIOSK_RATE = 1
    second = Device(hall=cast.hall, kind="kiosk", name="kiosk 2")
    second.key_hash = hash_key(cast.key("kiosk 2"))
    second.save()
    kiosk.take("A01")
    assert kiosk.take("A01").status_code == 429
    assert Program(cast, "kiosk 2").take("A01").status_code == 201
    assert [greeter.take("A01").status_code for _ in range(3)] == [201, 201, 201]


def test_a_repeat_does_not_count_for_the_pace(kiosk, settings, clock):
    settings.KIOSK_RATE = 2
    kiosk.take("A01", once="first")
    assert [kiosk.take("A01", once="first").status_code for _ in range(3)] == [201] * 3
    assert kiosk.take("A01").status_code == 201
    assert kiosk.take("A01", once="first").status_code == 201


def test_a_visit_counts_with_all_its_tickets(kiosk, settings, clock):
    settings.KIOSK_RATE = 2
    kiosk.take("A01")
    clock.forward(seconds=20)
    response = kiosk.take("A01", "B01")
    assert refusal(response) == (429, "too_many")
    assert response.headers["Retry-After"] == "40"
    assert kiosk.take("A01", "A02").status_code == 201


def test_a_visit_of_more_tickets_than_the_pace_allows_is_let_through_alone(kiosk, settings, clock):
    settings.KIOSK_RATE = 1
    assert kiosk.take("A01", "B01").status_code == 201
    assert kiosk.take("A01", "B01").headers["Retry-After"] == "60"
    clock.forward(seconds=60)
    assert kiosk.take("A01", "B01").status_code == 201


def test_a_transfer_does_not_count_for_the_pace(kiosk, cast, settings, clock):
    settings.KIOSK_RATE = 2
    kiosk.take("A01")
    cast.serve(1)
    Program(cast, "officer").post("counters/1/transfer", {"queue": "B"})
    assert kiosk.take("A01").status_code == 201


def test_a_refused_number_does_not_count_for_the_pace(kiosk, cast, settings, clock):
    settings.KIOSK_RATE = 1
    cast.hall.services.filter(code="A02").update(is_open=False)
    assert kiosk.take("A02").status_code == 409
    assert kiosk.take("A01").status_code == 201


# --- A visit ------------------------------------------------------------------------------------


@pytest.fixture
def taken(kiosk) -> dict:
    return kiosk.take("A01", "B01").json()


def test_the_holder_of_the_token_sees_what_became_of_the_visit(cast, taken, officer):
    officer.post("counters/1/call-next")
    body = Program(cast).get(f"/api/v1/visits/{taken['visit']['token']}").json()
    assert set(body) == {"type", "hall", "epoch", "version", "at", "tickets", "plan"}
    assert (body["hall"], body["version"]) == ("hall", 3)
    assert [set(each) > TICKET for each in body["tickets"]] == [True, True]
    assert [each["state"] for each in body["tickets"]] == ["called", "waiting"]


def test_the_holder_of_the_token_gives_a_place_up(cast, taken):
    address = f"/api/v1/visits/{taken['visit']['token']}/tickets/{taken['tickets'][0]['id']}/cancel"
    body = Program(cast).post(address).json()
    assert set(body) == TICKET
    assert (body["label"], body["state"], body["ahead"]) == ("A-001", "cancelled", None)
    assert TicketEvent.objects.order_by("version").last().actor == "visitor"
    assert refusal(Program(cast).post(address)) == (409, "illegal_move")


def test_a_token_opens_its_own_visit_only(cast, taken, kiosk):
    other = kiosk.take("A01").json()["tickets"][0]["id"]
    address = f"/api/v1/visits/{taken['visit']['token']}/tickets/{other}/cancel"
    assert refusal(Program(cast).post(address)) == (404, "not_found")
    assert Ticket.objects.get(public_id=other).state == "waiting"


NO_TOKENS = ["x", "a" * 22, "a" * 4000, "%00", "%F0%9F%8E%AB", "..%2f..", "'%20OR%201=1"]


@pytest.mark.parametrize("token", NO_TOKENS)
def test_an_unknown_token_opens_nothing(cast, taken, token):
    ticket = taken["tickets"][0]["id"]
    assert refusal(Program(cast).get(f"/api/v1/visits/{token}")) == (404, "not_found")
    address = f"/api/v1/visits/{token}/tickets/{ticket}/cancel"
    assert refusal(Program(cast).post(address)) == (404, "not_found")


def test_a_token_is_dead_two_days_later(cast, kiosk, clock):
    address = f"/api/v1/visits/{kiosk.take('A01').json()['visit']['token']}"
    clock.forward(days=1)
    assert Program(cast).get(address).status_code == 200
    clock.forward(days=1)
    assert refusal(Program(cast).get(address)) == (404, "not_found")


# --- At the counter -----------------------------------------------------------------------------


def test_a_whole_service_at_the_counter(kiosk, officer, clock):
    kiosk.take("A01")
    told = officer.post("counters/1/call-next").json()
    assert set(told) == {"counter", "ticket"}
    assert set(told["ticket"]) == TICKET
    assert told["counter"] == {"number": 1, "status": "open", "reason": "", "until": None}
    clock.forward(seconds=30)
    steps = [officer.post(f"counters/1/{verb}").json() for verb in ("recall", "start", "finish")]
    told = [(each["ticket"]["state"], each["ticket"]["calls"]) for each in steps]
    assert told == [("called", 2), ("serving", 2), ("done", 2)]


def test_the_times_of_a_ticket_are_those_of_the_hall(kiosk, officer, clock):
    kiosk.take("A01")
    for verb in ("call-next", "start", "finish"):
        clock.forward(minutes=1)
        ticket = officer.post(f"counters/1/{verb}").json()["ticket"]
    assert [ticket[f"{what}_at"] for what in ("issued", "called", "started", "ended")] == [
        f"2026-11-24T09:0{minute}:00.000+07:00" for minute in range(4)
    ]


def test_with_nobody_waiting_the_call_answers_nobody(officer):
    response = officer.post("counters/1/call-next")
    assert (response.status_code, response.json()["ticket"]) == (200, None)


def test_a_counter_that_still_serves_is_busy(kiosk, officer):
    for _ in range(2):
        kiosk.take("A01")
    officer.post("counters/1/call-next")
    assert refusal(officer.post("counters/1/call-next")) == (409, "busy")
    assert refusal(officer.post("counters/1/break", {"reason": "rapat"})) == (409, "busy")
    assert refusal(officer.post("counters/1/close")) == (409, "busy")


def test_one_press_finishes_the_current_one_and_calls_the_next(kiosk, officer):
    for _ in range(2):
        kiosk.take("A01")
    officer.post("counters/1/call-next")
    ticket = officer.post("counters/1/call-next", {"finish_current": True}).json()["ticket"]
    assert ticket["label"] == "A-002"
    assert list(Ticket.objects.order_by("pk").values_list("state", flat=True)) == ["done", "called"]


def test_one_press_finishes_the_last_one_though_nobody_waits(kiosk, officer):
    kiosk.take("A01")
    officer.post("counters/1/call-next")
    response = officer.post("counters/1/call-next", {"finish_current": True})
    assert (response.status_code, response.json()["ticket"]) == (200, None)
    assert Ticket.objects.get().state == "done"


def test_a_break_says_why_and_until_when(officer, clock):
    until = "2026-11-24T09:45:00+07:00"
    body = officer.post("counters/1/break", {"reason": "istirahat", "until": until}).json()
    assert body == {
        "counter": {
            "number": 1,
            "status": "break",
            "reason": "istirahat",
            "until": "2026-11-24T09:45:00.000+07:00",
        },
        "ticket": None,
        "alone": [],
    }
    assert officer.post("counters/1/open").json()["counter"]["status"] == "open"


@pytest.mark.parametrize("reason", [None, "", "   ", 7, "x" * 201, "a\0b", "\x07"])
def test_a_break_without_a_reason_is_invalid(officer, reason):
    assert refusal(officer.post("counters/1/break", {"reason": reason})) == (422, "invalid")


@pytest.mark.parametrize(
    "until",
    [
        "soon",
        "2026-11-24",
        "2026-11-24T09:45:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-13-01T00:00:00+07:00",
        -(10**30),
        10**30,
        True,
        [],
    ],
)
def test_a_break_until_no_time_of_ours_is_invalid(officer, cast, until):
    order = {"reason": "istirahat", "until": until}
    assert refusal(officer.post("counters/1/break", order)) == (422, "invalid")
    assert cast.counter(1).status == "open"


def test_the_longest_reason_fits(officer, cast):
    reason = "ä" * 80
    officer.post("counters/1/break", {"reason": reason})
    assert cast.counter(1).break_reason == reason


def test_a_reason_that_is_too_long_for_the_counter_is_invalid(officer):
    assert refusal(officer.post("counters/1/break", {"reason": "x" * 81})) == (422, "invalid")


@pytest.mark.parametrize("verb", ["call-next", "call"])
def test_a_counter_that_is_not_open_calls_nobody(cast, officer, verb):
    order = {"ticket": str(cast.ticket().public_id), "reason": "usia lanjut"}
    officer.post("counters/1/break", {"reason": "istirahat"})
    assert refusal(officer.post(f"counters/1/{verb}", order)) == (409, "closed")
    officer.post("counters/1/close")
    assert refusal(officer.post(f"counters/1/{verb}", order)) == (409, "closed")


def test_closing_a_counter_twice_changes_nothing_the_second_time(officer, cast):
    told = [officer.post("counters/1/close").json() for _ in range(2)]
    assert [each["counter"]["status"] for each in told] == ["closed", "closed"]
    assert TicketEvent.objects.filter(kind="close").count() == 1


def test_a_chosen_number_is_called_with_a_reason(cast, officer):
    cast.ticket()
    chosen = str(cast.ticket().public_id)
    order = {"ticket": chosen, "reason": "janji temu"}
    assert officer.post("counters/1/call", order).json()["ticket"]["id"] == chosen
    assert TicketEvent.objects.get(kind="call").detail == {"calls": 1, "reason": "janji temu"}


def test_a_chosen_number_without_a_reason_is_not_called(cast, officer):
    order = {"ticket": str(cast.ticket().public_id)}
    assert refusal(officer.post("counters/1/call", order)) == (422, "invalid")


@pytest.mark.parametrize("ticket", [None, "", "A-001", "x" * 36, "\0" * 36, 1, [], "0" * 31])
def test_a_number_that_is_none_is_not_called(cast, officer, ticket):
    cast.ticket()
    response = officer.post("counters/1/call", {"ticket": ticket, "reason": "x"})
    assert refusal(response) == (422, "invalid")
    assert Ticket.objects.get().state == "waiting"


def test_a_number_of_a_queue_that_the_counter_does_not_serve_is_not_called(cast):
    order = {"ticket": str(cast.ticket("B01").public_id), "reason": "x"}
    response = Program(cast, "manager").post("counters/1/call", order)
    assert refusal(response) == (409, "illegal_move")


def test_a_transfer_to_a_service_answers_both_legs(cast, officer):
    cast.ticket()
    cast.serve(1)
    body = officer.post("counters/1/transfer", {"service": "B02", "note": "bawa KK"}).json()
    assert set(body) == {"counter", "ticket", "leg"}
    assert (body["ticket"]["label"], body["ticket"]["state"]) == ("A-001", "transferred")
    assert set(body["leg"]) == TICKET
    assert [body["leg"][name] for name in ("label", "state", "services")] == [
        "B-001",
        "waiting",
        ["B02"],
    ]


def test_a_transfer_to_a_queue_names_no_service(cast, officer):
    cast.ticket()
    cast.serve(1)
    leg = officer.post("counters/1/transfer", {"queue": "B"}).json()["leg"]
    assert (leg["label"], leg["services"]) == ("B-001", [])


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ({}, (422, "invalid")),
        ({"queue": "Z"}, (422, "invalid")),
        ({"queue": "A"}, (422, "invalid")),
        ({"queue": ""}, (422, "invalid")),
        ({"queue": 1}, (422, "invalid")),
        ({"service": "Z99"}, (422, "unknown_service")),
        ({"queue": "B", "note": "x" * 201}, (422, "invalid")),
        ({"queue": "B", "note": "\0"}, (422, "invalid")),
    ],
)
def test_a_transfer_to_nowhere_leaves_the_person_at_the_counter(cast, officer, order, told):
    cast.ticket()
    cast.serve(1)
    assert refusal(officer.post("counters/1/transfer", order)) == told
    assert Ticket.objects.get().state == "serving"


def test_nobody_is_sent_to_a_closed_queue(cast, officer):
    cast.hall.queues.filter(code="B").update(status="closed")
    cast.ticket()
    cast.serve(1)
    assert refusal(officer.post("counters/1/transfer", {"queue": "B"})) == (409, "closed")


@pytest.mark.parametrize("verb", ["recall", "start", "finish", "no-show", "hold", "transfer"])
def test_with_nobody_at_the_counter_nothing_can_be_done_to_them(officer, verb):
    response = officer.post(f"counters/1/{verb}", {"queue": "B"})
    assert refusal(response) == (409, "illegal_move")


def test_a_recall_too_early_says_how_long_to_wait(cast, officer, clock):
    cast.ticket()
    cast.call(1)
    clock.forward(seconds=12)
    response = officer.post("counters/1/recall")
    assert refusal(response) == (409, "illegal_move")
    assert response.headers["Retry-After"] == "18"


def test_a_no_show_waits_90_seconds_unless_the_person_said_so(cast, officer, clock):
    cast.ticket()
    cast.call(1)
    assert officer.post("counters/1/no-show").headers["Retry-After"] == "90"
    ticket = officer.post("counters/1/no-show", {"said_so": True}).json()["ticket"]
    assert ticket["state"] == "no_show"


@pytest.mark.parametrize("number", ["0", "4", "99", "32768", "9" * 30, "one", "-1", "1.0", "%00"])
def test_an_unknown_counter_does_not_exist(officer, number):
    assert refusal(officer.post(f"counters/{number}/open")) == (404, "not_found")


@pytest.mark.parametrize("verb", ["explode", "Open", "call_next", "%00", "open%20"])
def test_a_verb_that_nobody_knows_is_invalid(cast, officer, verb):
    ticket = cast.ticket()
    assert refusal(officer.post(f"counters/1/{verb}")) == (422, "invalid")
    assert refusal(officer.post(f"tickets/{ticket.public_id}/{verb}")) == (422, "invalid")


@pytest.mark.parametrize(
    "order",
    [
        {"finish_current": "perhaps"},
        {"finish_current": 10**400},
        {"finish_current": None},
        {"said_so": [True]},
        {"reason": {"text": "x"}},
        {"note": 7},
        {"queue": "A" * 9},
        {"service": ["A01"]},
    ],
)
def test_an_order_to_a_counter_that_makes_no_sense_is_invalid(cast, officer, order):
    cast.ticket()
    assert refusal(officer.post("counters/1/call-next", order)) == (422, "invalid")
    assert Ticket.objects.get().state == "waiting"


# --- In the line --------------------------------------------------------------------------------


def test_somebody_on_hold_is_resumed(cast, officer):
    held = cast.ticket()
    cast.serve(1)
    assert officer.post("counters/1/hold").json()["ticket"]["state"] == "on_hold"
    body = officer.post(f"tickets/{held.public_id}/resume").json()
    assert set(body) == TICKET
    assert (body["state"], body["counter"], body["ahead"]) == ("waiting", None, 0)


def test_somebody_who_missed_the_call_is_reinstated(cast, officer):
    late = cast.ticket()
    cast.call(1)
    officer.post("counters/1/no-show", {"said_so": True})
    assert officer.post(f"tickets/{late.public_id}/reinstate").json()["state"] == "waiting"


def test_a_ticket_is_cancelled_for_a_reason(cast, officer):
    ticket = cast.ticket()
    order = {"reason": "berkas kurang"}
    assert officer.post(f"tickets/{ticket.public_id}/cancel", order).json()["state"] == "cancelled"
    assert TicketEvent.objects.get(kind="cancel").detail == {"reason": "berkas kurang"}


def test_a_served_ticket_is_sent_on_and_the_leg_is_answered(cast, officer):
    cast.ticket()
    served = cast.serve(1)
    leg = officer.post(f"tickets/{served.public_id}/transfer", {"service": "B01"}).json()
    assert set(leg) == TICKET
    assert (leg["label"], leg["state"]) == ("B-001", "waiting")


def test_a_wrong_choice_is_mended_within_the_queue_and_beyond(cast, greeter):
    ticket = cast.ticket()
    verb = f"tickets/{ticket.public_id}/change-service"
    body = greeter.post(verb, {"service": "A02"}).json()
    assert (body["label"], body["services"]) == ("A-001", ["A02"])
    body = greeter.post(verb, {"service": "B01"}).json()
    assert (body["label"], body["services"]) == ("B-001", ["B01"])
    assert fresh(ticket).state == "transferred"


@pytest.mark.parametrize("order", [{}, {"service": "Z99"}, {"queue": "B"}])
def test_a_change_to_no_service_is_refused(cast, greeter, order):
    ticket = cast.ticket()
    response = greeter.post(f"tickets/{ticket.public_id}/change-service", order)
    assert refusal(response) == (422, "unknown_service")


def test_a_move_that_the_table_does_not_know_is_illegal(cast, manager):
    ticket = cast.ticket()
    for verb in ("resume", "reinstate"):
        response = manager.post(f"tickets/{ticket.public_id}/{verb}")
        assert refusal(response) == (409, "illegal_move")


@pytest.mark.parametrize(
    "ticket", ["A-001", "1", "x" * 36, "0" * 32, "%00" * 36, str(uuid.UUID(int=0)), "%20"]
)
def test_a_ticket_id_that_is_none_is_not_found(officer, ticket):
    assert refusal(officer.post(f"tickets/{ticket}/cancel")) == (404, "not_found")


# --- The log ------------------------------------------------------------------------------------


def test_an_event_is_told_with_every_field_of_the_contract(cast, manager, clock):
    ticket = cast.ticket()
    cast.call(1)
    body = manager.get("events").json()
    assert set(body) == {"epoch", "version", "events"}
    assert (body["epoch"], body["version"]) == (str(cast.hall.epoch), 2)
    assert [set(event) for event in body["events"]] == [EVENT, EVENT]
    assert body["events"][1] == {
        "version": 2,
        "at": "2026-11-24T09:00:00.000+07:00",
        "kind": "call",
        "ticket": str(ticket.public_id),
        "label": "A-001",
        "queue": "A",
        "service": "A01",
        "counter": 1,
        "actor": "operator:officer",
        "detail": {"calls": 1},
    }


def test_the_event_of_a_counter_names_no_ticket(cast, manager):
    lifecycle.close_counter(cast.counter(2), actor="operator:officer")
    event = manager.get("events").json()["events"][0]
    about = ("kind", "counter", "ticket", "label", "queue", "service")
    assert [event[name] for name in about] == ["close", 2, None, None, None, None]


def test_the_log_is_read_page_by_page_without_holes(cast, manager):
    for _ in range(7):
        cast.ticket()
    versions, after = [], 0
    while page := manager.get(f"events?after={after}&limit=3").json()["events"]:
        versions.append([event["version"] for event in page])
        after = page[-1]["version"]
    assert versions == [[1, 2, 3], [4, 5, 6], [7]]


@pytest.mark.parametrize("after", [7, 8, 10**12, 2**62 - 1])
def test_after_the_newest_event_there_is_none(cast, manager, after):
    for _ in range(7):
        cast.ticket()
    assert manager.get(f"events?after={after}").json()["events"] == []


@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "after=-1",
        f"after={2**62}",
        "after=1.5",
        "limit=0",
        "limit=1001",
        "limit=",
        "after=%00",
    ],
)
def test_a_page_that_cannot_be_is_invalid(manager, query):
    assert refusal(manager.get(f"events?{query}")) == (422, "invalid")


# --- What a display has shown -------------------------------------------------------------------


def test_a_display_reports_what_it_has_shown(cast):
    Hall.objects.update(version=7)
    report = {"epoch": str(cast.hall.epoch), "version": 7}
    response = Program(cast, "display").post("displays/shown", report, once="")
    cast.display.refresh_from_db()
    assert (response.status_code, response.json()) == (200, report)
    assert cast.display.shown_version == 7
    assert cast.display.shown_at is not None


def test_a_report_of_another_epoch_is_refused_in_words(cast):
    report = {"epoch": str(uuid.uuid4()), "version": 0}
    response = Program(cast, "display").post("displays/shown", report)
    cast.display.refresh_from_db()
    assert refusal(response) == (409, "illegal_move")
    assert "riwayat yang lama" in response.json()["message"]
    assert cast.display.shown_version is None


def test_a_report_of_what_has_not_happened_yet_is_refused_in_words(cast):
    report = {"epoch": str(cast.hall.epoch), "version": 1}
    response = Program(cast, "display").post("displays/shown", report)
    cast.display.refresh_from_db()
    assert refusal(response) == (422, "invalid")
    assert "belum ada" in response.json()["message"]
    assert cast.display.shown_version is None


@pytest.mark.parametrize(
    "report",
    [
        {},
        {"epoch": "x"},
        {"epoch": 1, "version": 1},
        {"epoch": "x" * 65, "version": 1},
        {"epoch": "x", "version": -1},
        {"epoch": "x", "version": 2**62},
        {"epoch": "x", "version": "seven"},
        {"epoch": "x", "version": 1.5},
    ],
)
def test_a_report_that_makes_no_sense_is_invalid(cast, report):
    assert refusal(Program(cast, "display").post("displays/shown", report)) == (422, "invalid")


# --- Bodies from hell ---------------------------------------------------------------------------

ORDERS = ["visits", "counters/1/call-next", "tickets/{ticket}/cancel", "displays/shown"]
NOT_AN_ORDER = {
    "garbage": b"\x80\x81\xfe\xff",
    "nothing like JSON": b"services=A01",
    "half an order": b'{"services": ["A01"',
    "a list": b"[]",
    "a number": b"7",
    "a text": b'"A01"',
    "null": b"null",
    "not a number": b"NaN",
    "deeply nested": b"[" * 20_000 + b"]" * 20_000,
    "deeply nested objects": b'{"a":' * 9_000 + b"1" + b"}" * 9_000,
    "a number of 5,000 digits": b"9" * 5_000,
    "an empty line": b" ",
}


def who_may(path: str) -> str:
    return {"visits": "kiosk", "displays/shown": "display"}.get(path, "officer")


@pytest.mark.parametrize("raw", NOT_AN_ORDER.values(), ids=NOT_AN_ORDER)
def test_a_body_that_is_no_order_is_invalid(cast, raw):
    ticket = cast.ticket()
    for path in ORDERS:
        program = Program(cast, who_may(path))
        response = program.send(path.format(ticket=ticket.public_id), raw)
        assert refusal(response) == (422, "invalid")
    assert Command.objects.count() == 0


@pytest.mark.parametrize("path", ORDERS)
def test_a_body_that_is_too_large_is_refused_unread(cast, path):
    address = path.format(ticket=cast.ticket().public_id)
    raw = b'{"services": ["' + b"A" * 10_000_000 + b'"]}'
    assert refusal(Program(cast, who_may(path)).send(address, raw)) == (413, "too_large")


@pytest.mark.parametrize(
    "order",
    [
        '{"services": ["A01"], "priority": NaN}',
        '{"services": ["A01"], "priority": Infinity}',
        '{"services": ["A01"], "priority": 1e999}',
        '{"services": ["\\ud800"]}',
        '{"services": ["A01"], "language": "\\ud800"}',
    ],
)
def test_numbers_and_texts_that_are_none_are_invalid(kiosk, order):
    assert refusal(kiosk.send("visits", order)) == (422, "invalid")


def test_words_that_nobody_knows_are_not_listened_to(kiosk):
    body = '{"services": ["A01"], "number": 900, "\\ud800": NaN, "state": "done"}'
    ticket = kiosk.send("visits", body).json()["tickets"][0]
    assert (ticket["number"], ticket["state"]) == (1, "waiting")


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/octet-stream"])
def test_an_order_is_json_whatever_its_label_says(kiosk, kind):
    assert kiosk.send("visits", '{"services": ["A01"]}', kind=kind).status_code == 201


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_form_is_no_order(kiosk, kind):
    assert refusal(kiosk.send("visits", "services=A01", kind=kind)) == (422, "invalid")


def test_an_order_may_have_no_body_where_nothing_needs_to_be_said(officer, cast):
    cast.ticket()
    assert officer.send("counters/1/call-next", b"").json()["ticket"]["label"] == "A-001"


# --- Wrong doors --------------------------------------------------------------------------------


@pytest.mark.parametrize("hall", ["nowhere", "HALL", "%00", "hall%2F", "é", "a" * 3000])
@pytest.mark.parametrize("path", ["catalogue", "board"])
def test_an_unknown_hall_does_not_exist(cast, hall, path):
    response = Program(cast, "manager").get(f"/api/v1/halls/{hall}/{path}")
    assert refusal(response) == (404, "not_found")


@pytest.mark.parametrize(
    "path", ["visits", "counters/1/open", "tickets/x/cancel", "displays/shown", "unknown"]
)
def test_in_an_unknown_hall_no_button_does_anything(cast, path):
    order = {"services": ["A01"], "epoch": "x", "version": 1}
    for name in ("kiosk", "officer", "greeter", "manager", "display"):
        response = Program(cast, name).post(f"/api/v1/halls/nowhere/{path}", order)
        assert refusal(response) == (404, "not_found")


def api_addresses(cast) -> list[tuple[str, str]]:
    """Return method and address of every call of the API, for objects that exist."""
    ticket = cast.ticket()
    names = {"hall": "hall", "number": "1", "verb": "open", "ticket_id": str(ticket.public_id)}
    names |= {"token": ticket.visit.token, "code": "A01"}
    names["call_id"] = str(helping.ask(cast.kiosk, "other").public_id)
    paths = api.get_openapi_schema()["paths"]
    return [(method, path.format(**names)) for path, calls in paths.items() for method in calls]


def test_a_call_with_the_wrong_method_is_refused_in_json(cast):
    wrong = {"get": ["post", "put", "delete", "patch"], "post": ["get", "put", "delete", "patch"]}
    for method, address in api_addresses(cast):
        for other in wrong[method]:
            response = getattr(Client(), other)(address)
            assert refusal(response) == (405, "method_not_allowed")
            assert response.headers["Allow"] == method.upper()


@pytest.mark.parametrize("path", ["v1/halls", "v1/nothing", "v2/halls/hall/board", "%00"])
def test_where_there_is_nothing_programs_are_told_in_json(path):
    browser = Client(enforce_csrf_checks=True)
    for method in (browser.get, browser.post, browser.put, browser.delete, browser.patch):
        assert refusal(method(f"/api/{path}")) == (404, "not_found")


def test_at_the_root_of_the_api_there_is_nothing(cast):
    assert refusal(Client().get("/api/")) == (404, "not_found")
    assert refusal(Client().get("/api/v1/")) == (404, "not_found")


def test_every_refusal_of_the_api_is_json(cast):
    for method, address in api_addresses(cast):
        for sent in (address, f"{address}/more", f"{address}?lang=%00&after=x"):
            response = getattr(Client(), method)(sent)
            assert response.headers["Content-Type"].startswith("application/json"), sent
            assert response.status_code < 500


def test_a_head_is_answered_like_the_get_that_it_is_without_the_body(cast):
    officer = Program(cast, "manager")
    for path in ("board", "events", "events?limit=0", "visits"):
        asked, looked = (
            officer.get(path),
            officer.client.head(officer.address(path), headers=officer.headers),
        )
        assert (looked.status_code, looked.content) == (asked.status_code, b"")
        assert looked.headers["Content-Type"] == asked.headers["Content-Type"]


def test_whoever_is_not_known_is_told_how_to_knock(cast):
    response = Program(cast).get("events")
    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "WWW-Authenticate" not in Program(cast, "officer").get("events").headers


@pytest.mark.parametrize(
    ("path", "name"),
    [("events?limit=0", "limit"), ("events?after=x", "after"), ("tickets?label=", "label")],
)
def test_what_was_not_understood_in_an_address_is_named(manager, path, name):
    assert manager.get(path).json()["message"] == f"Permintaan tidak dapat dipahami. ({name})"


@pytest.mark.parametrize(
    ("order", "name"),
    [({"services": [7]}, "services.0"), ({}, "services"), ([], "body")],
)
def test_what_was_not_understood_in_an_order_is_named(kiosk, order, name):
    told = kiosk.post("visits", order).json()["message"]
    assert told == f"Permintaan tidak dapat dipahami. ({name})"


# --- The document -------------------------------------------------------------------------------


def test_the_openapi_document_lists_every_call(client):
    document = client.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    listed = {(method, path) for path, calls in document["paths"].items() for method in calls}
    assert listed == {
        ("get", "/api/v1/halls/{hall}/catalogue"),
        ("get", "/api/v1/halls/{hall}/board"),
        ("get", "/api/v1/halls/{hall}/services/{code}/outlook"),
        ("post", "/api/v1/halls/{hall}/visits"),
        ("get", "/api/v1/visits/{token}"),
        ("post", "/api/v1/visits/{token}/order"),
        ("post", "/api/v1/visits/{token}/tickets/{ticket_id}/cancel"),
        ("post", "/api/v1/visits/{token}/tickets/{ticket_id}/{verb}"),
        ("post", "/api/v1/visits/{token}/push"),
        ("post", "/api/v1/visits/{token}/push/stop"),
        ("post", "/api/v1/halls/{hall}/counters/{number}/{verb}"),
        ("post", "/api/v1/halls/{hall}/queues/{code}/{verb}"),
        ("post", "/api/v1/halls/{hall}/tickets/{ticket_id}/{verb}"),
        ("post", "/api/v1/halls/{hall}/help"),
        ("get", "/api/v1/halls/{hall}/help/{call_id}"),
        ("post", "/api/v1/halls/{hall}/help/{call_id}/answer"),
        ("get", "/api/v1/halls/{hall}/alerts"),
        ("post", "/api/v1/halls/{hall}/tickets/{ticket_id}/slips"),
        ("post", "/api/v1/halls/{hall}/tickets/{ticket_id}/reprint"),
        ("get", "/api/v1/halls/{hall}/tickets"),
        ("get", "/api/v1/halls/{hall}/events"),
        ("post", "/api/v1/halls/{hall}/displays/shown"),
        ("post", "/api/v1/halls/{hall}/displays/seen"),
        ("post", "/api/v1/halls/{hall}/kiosks/seen"),
    }


def test_the_document_can_be_read_without_the_internet(client):
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    assert "//" not in page.content.decode().replace("http://testserver", "")


# --- The language of a refusal ------------------------------------------------------------------


def test_a_refusal_is_told_in_indonesian_unless_asked_otherwise(cast):
    response = Program(cast).post("counters/1/open")
    assert response.json() == {"code": "not_known", "message": "Silakan masuk dulu."}
    assert response.headers["Content-Language"] == "id"
    assert Program(cast, language="fr").get("events").headers["Content-Language"] == "id"


def test_a_refusal_is_told_in_english_when_asked_for(cast):
    by_header = Program(cast, language="en-GB,en;q=0.9").get("events")
    by_address = Program(cast).get("events?lang=en")
    by_both = Program(cast, language="id").get("events?lang=en")
    for response in (by_header, by_address, by_both):
        assert response.headers["Content-Language"] == "en"
    assert by_header.json() == by_address.json() == by_both.json()
