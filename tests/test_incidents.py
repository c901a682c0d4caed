"""What happens while an agency's system is down? No numbers, no promises; every place stays."""

import pytest
from django.test import Client

from agencies.models import Queue
from queueing import lifecycle
from queueing.board import board, ticket_data
from queueing.models import TicketEvent
from queueing.outlook import outlook
from queueing.refusals import Closed
from tests.cast import fresh, make_service, refused
from tests.programs import Program, refusal

BY = {"actor": "operator:officer"}
SENTENCE = "Sistem Agency A sedang gangguan. Nomor belum diberikan; coba lagi nanti."
SENTENCE_EN = "The system of Agency A is down. No numbers are given now; please try again later."


@pytest.fixture
def down(cast) -> Queue:
    return lifecycle.begin_incident(cast.queue("A"), reason="Server pusat", **BY)


def of_queue(cast, code: str = "A") -> dict:
    return next(queue for queue in board(cast.hall)["queues"] if queue["code"] == code)


def kinds() -> list[tuple[str, str]]:
    return list(TicketEvent.objects.order_by("version").values_list("kind", "queue"))


# --- The board and the log ------------------------------------------------------------------------


def test_the_board_says_since_when_and_that_the_queue_is_paused(cast, clock, down):
    shown = of_queue(cast)
    assert (shown["status"], shown["incident_since"]) == ("paused", "2026-11-24T09:00:00.000+07:00")
    assert of_queue(cast, "B")["incident_since"] is None


def test_a_closed_queue_stays_closed_and_still_says_so(cast, down):
    cast.hall.queues.filter(code="A").update(status="closed")
    assert of_queue(cast)["status"] == "closed"
    assert of_queue(cast)["incident_since"]


def test_one_press_ends_it(cast, down):
    lifecycle.clear_incident(down, **BY)
    assert (of_queue(cast)["status"], of_queue(cast)["incident_since"]) == ("open", None)


def test_both_presses_stand_in_the_log(cast, clock, down):
    clock.forward(minutes=20)
    lifecycle.clear_incident(down, **BY)
    rows = TicketEvent.objects.order_by("version").values("version", "kind", "queue", "detail")
    since = {"since": "2026-11-24T02:00:00+00:00"}
    assert list(rows) == [
        {"version": 1, "kind": "incident", "queue": "A", "detail": {"reason": "Server pusat"}},
        {"version": 2, "kind": "clear", "queue": "A", "detail": since},
    ]


def test_who_presses_second_changes_nothing(cast, down):
    lifecycle.begin_incident(cast.queue("A"), **BY)
    lifecycle.begin_incident(cast.queue("A"), reason="Server pusat", **BY)
    lifecycle.clear_incident(cast.queue("B"), **BY)
    assert kinds() == [("incident", "A")]


def test_another_reason_is_written_down_and_the_time_stays(cast, clock, down):
    clock.forward(minutes=5)
    again = lifecycle.begin_incident(cast.queue("A"), reason="Listrik", **BY)
    assert (again.incident_reason, again.incident_since) == ("Listrik", down.incident_since)
    assert kinds() == [("incident", "A"), ("incident", "A")]


# --- Who waits, and who comes ---------------------------------------------------------------------


def test_no_number_is_given_and_the_sentence_says_why(cast, down):
    answer = Program(cast, "kiosk").take("A01")
    assert refusal(answer) == (409, "closed")
    assert answer.json()["message"] == SENTENCE
    assert Program(cast, "greeter", language="en").take("A01").json()["message"] == SENTENCE_EN
    assert Program(cast, "kiosk").take("B01").status_code == 201


def test_numbers_come_again_without_a_gap_once_it_is_cleared(cast, down):
    with refused(Closed):
        cast.ticket()
    lifecycle.clear_incident(down, **BY)
    assert cast.ticket().label == "A-001"


def test_places_are_kept_and_officers_may_go_on(cast):
    first, second = cast.ticket(), cast.ticket()
    cast.serve(1)
    lifecycle.begin_incident(cast.queue("A"), **BY)
    assert lifecycle.finish(cast.counter(1), **BY) == first
    assert fresh(second).state == "waiting"
    assert cast.call(1) == second


def test_somebody_may_still_be_sent_there_and_waits(cast, down):
    cast.ticket("B01")
    leg = lifecycle.transfer(cast.serve(3), cast.queue("A"), **BY)
    assert (leg.label, leg.state) == ("A-001", "waiting")


def test_nobody_says_when_it_will_be_done(cast, down):
    told = outlook(cast.hall, cast.service("A01"))
    assert (told["open"], told["state"], told["served_today"]) == (False, "paused", "unknown")
    assert told["sentence"] == SENTENCE


def test_the_catalogue_says_it_in_both_languages(cast, down):
    agencies = Program(cast).get("catalogue").json()["agencies"]
    told = {agency["code"]: agency["queues"][0]["services"][0] for agency in agencies}
    assert told["A"]["sentence"] == {"id": SENTENCE, "en": SENTENCE_EN}
    assert (told["A"]["state"], told["B"]["state"]) == ("paused", "open")


def test_two_agencies_that_are_down_are_told_apart(cast, down):
    lifecycle.begin_incident(cast.queue("B"), **BY)
    agencies = Program(cast).get("catalogue").json()["agencies"]
    said = [agency["queues"][0]["services"][0]["sentence"]["id"] for agency in agencies]
    assert [words.split()[1:3] for words in said] == [["Agency", "A"], ["Agency", "B"]]


def test_a_ticket_keeps_its_place_and_has_no_estimate(cast):
    ticket = cast.ticket()
    lifecycle.begin_incident(cast.queue("A"), **BY)
    told = ticket_data(fresh(ticket))
    assert (told["state"], told["ahead"], told["estimate"]) == ("waiting", 0, None)


def test_the_phone_says_it_and_that_the_place_is_kept(cast):
    ticket = cast.ticket()
    lifecycle.begin_incident(cast.queue("A"), **BY)
    page = Client().get(f"/v/{ticket.visit.token}").content.decode()
    assert "Sistem Agency A sedang gangguan. Tempat Anda tetap; perkiraan waktu belum ada." in page


def test_the_kiosk_says_it_on_the_agencys_tile(cast, down):
    kiosk = Client()
    kiosk.cookies["kiosk"] = cast.key("kiosk")
    page = kiosk.get("/hall/kiosk").content.decode()
    assert page.count('data-part="status">Gangguan<') == 1


# --- Who may press --------------------------------------------------------------------------------


def press(cast, who: str, verb: str = "incident", code: str = "A", body: dict | None = None):
    return Program(cast, who).post(f"queues/{code}/{verb}", body)


def test_the_answer_is_the_queue_as_it_is_now(cast, clock):
    told = press(cast, "officer", body={"reason": "Server pusat"}).json()
    since = "2026-11-24T09:00:00.000+07:00"
    assert told == {
        "queue": {"code": "A", "agency": "A", "incident_since": since, "reason": "Server pusat"}
    }
    assert press(cast, "supervisor", "clear").json()["queue"]["incident_since"] is None


def test_the_same_key_twice_is_one_incident(cast):
    officer = Program(cast, "officer")
    first = officer.post("queues/A/incident", once="x")
    again = officer.post("queues/A/incident", once="x")
    assert (again.content, again["Idempotency-Replayed"]) == (first.content, "true")
    assert kinds() == [("incident", "A")]


@pytest.mark.parametrize("code", ["X", "a", "AAA"])
def test_a_queue_that_is_not_there_is_not_found(cast, code):
    assert refusal(press(cast, "manager", code=code)) == (404, "not_found")


def test_a_verb_that_nobody_knows_is_not_understood(cast):
    assert refusal(press(cast, "manager", "explode")) == (422, "invalid")


@pytest.fixture
def two_queues(cast):
    """Agency A has a second queue, which counter 2 serves; the officer is assigned to counter 1."""
    queue = Queue.objects.create(hall=cast.hall, agency=cast.a, code="AA")
    make_service(queue, "AA01")
    cast.counter(2).queues.add(queue)
    cast.officer.counter = cast.counter(1)
    cast.officer.save()
    return cast


def test_an_officer_speaks_for_the_queues_of_the_own_counter_only(two_queues):
    told = press(two_queues, "officer", code="AA")
    assert refusal(told) == (403, "not_yours")
    assert told.json()["message"] == "Loket Anda tidak melayani antrean ini."
    assert press(two_queues, "officer", code="A").status_code == 200
    assert press(two_queues, "supervisor", code="AA").status_code == 200


def test_at_a_shared_counter_an_officer_speaks_for_both_agencies(cast):
    cast.counter(1).queues.add(cast.queue("B"))
    assert press(cast, "officer", code="B").status_code == 200
    assert press(cast, "supervisor", "clear", code="B").status_code == 200
