"""Is every press answered once? The same key, the same answer, and nothing changes again."""

import datetime as dt
import io

import pytest
from django.db import connection

from agencies.keys import hash_key
from queueing import commands
from queueing.models import Command, Device, QueueDay, Ticket, TicketEvent, Visit
from tests.cast import fresh
from tests.programs import Program, refusal

JSON = "application/json"
ROWS = [Command, Visit, Ticket, TicketEvent, QueueDay]


@pytest.fixture
def kiosk(cast) -> Program:
    return Program(cast, "kiosk")


@pytest.fixture
def officer(cast) -> Program:
    return Program(cast, "officer")


def counts() -> list[int]:
    """Return how many rows of each kind there are, and the version of each hall."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(version) FROM agencies_hall")
        return [*(model.objects.count() for model in ROWS), cursor.fetchone()[0]]


# --- The same key again -------------------------------------------------------------------------


def test_a_repeat_is_answered_to_the_letter_and_changes_nothing(kiosk):
    first = kiosk.take("A01", "B01", once="press-1")
    before = counts()
    again = kiosk.take("A01", "B01", once="press-1")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert counts() == before


def test_only_a_repeat_says_that_it_is_one(kiosk):
    said = [kiosk.take("A01", once="x").headers.get("Idempotency-Replayed") for _ in range(3)]
    assert said == [None, "true", "true"]


def test_a_repeat_tells_what_was_true_then(cast, kiosk, officer):
    first = kiosk.take("A01", once="x").content
    officer.post("counters/1/call-next")
    assert kiosk.take("A01", once="x").content == first


def test_a_press_whose_line_broke_in_the_middle_is_none_and_may_be_repeated(cast, officer):
    cast.ticket(), cast.ticket()
    cast.call(1)
    order = b'{"finish_current": true}'
    cut = {"CONTENT_LENGTH": str(len(order)), "wsgi.input": io.BytesIO()}
    headers = {**officer.headers, "Idempotency-Key": "x"}
    before = counts()
    address = officer.address("counters/1/call-next")
    answer = officer.client.post(address, content_type=JSON, headers=headers, **cut)
    assert refusal(answer) == (422, "invalid")
    assert counts() == before
    assert officer.send("counters/1/call-next", order, once="x").status_code == 200


@pytest.mark.parametrize("verb", ["call-next", "finish", "close"])
def test_a_counters_button_pressed_twice_acts_once(cast, officer, verb):
    for _ in range(3):
        cast.ticket()
    if verb == "finish":
        cast.serve(1)
    answers = [officer.post(f"counters/1/{verb}", once="x").content for _ in range(3)]
    assert answers[1:] == answers[:1] * 2
    assert TicketEvent.objects.exclude(kind__in=["issue", "call", "start"]).count() <= 1
    assert TicketEvent.objects.filter(kind="call").count() == (verb != "close")


def test_giving_a_place_up_twice_is_no_error_with_the_same_key(cast, kiosk):
    taken = kiosk.take("A01").json()
    address = f"/api/v1/visits/{taken['visit']['token']}/tickets/{taken['tickets'][0]['id']}/cancel"
    answers = [Program(cast).post(address, once="x") for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 200]
    assert answers[0].content == answers[1].content


def test_two_texts_of_the_same_order_are_the_same(kiosk):
    kiosk.send("visits", '{"services": ["A01"], "language": "id"}', once="x")
    again = kiosk.send("visits", '{"language":"\\u0069d",\n"services":["A01"]}', once="x")
    assert again.headers["Idempotency-Replayed"] == "true"


def test_no_body_and_an_empty_order_are_the_same(cast, officer):
    cast.ticket()
    officer.send("counters/1/call-next", b"", once="x")
    again = officer.post("counters/1/call-next", {}, once="x")
    assert again.headers["Idempotency-Replayed"] == "true"


# --- The same key for something else ------------------------------------------------------------


@pytest.mark.fault("T03", "one key for two services", "422, nothing changes")
def test_the_same_key_with_another_service_is_refused(kiosk):
    kiosk.take("A01", once="x")
    before = counts()
    assert refusal(kiosk.take("A02", once="x")) == (422, "key_reused")
    assert refusal(kiosk.take("A01", priority="elderly", once="x")) == (422, "key_reused")
    assert counts() == before


def test_the_same_key_at_another_button_is_refused(cast, officer):
    officer.post("counters/1/close", once="x")
    assert refusal(officer.post("counters/2/close", once="x")) == (422, "key_reused")
    assert refusal(officer.post("counters/1/open", once="x")) == (422, "key_reused")
    assert [cast.counter(number).status for number in (1, 2)] == ["closed", "open"]


def test_a_reused_key_still_belongs_to_the_first_order(kiosk):
    first = kiosk.take("A01", once="x").content
    kiosk.take("A02", once="x")
    assert kiosk.take("A01", once="x").content == first


# --- Whose key ----------------------------------------------------------------------------------


@pytest.mark.fault("T03", "one key of two kiosks", "two presses")
def test_the_same_key_of_another_kiosk_is_another_press(cast, kiosk):
    second = Device(hall=cast.hall, kind="kiosk", name="kiosk 2")
    second.key_hash = hash_key(cast.key("kiosk 2"))
    second.save()
    first = kiosk.take("A01", once="x").json()["tickets"][0]["label"]
    other = Program(cast, "kiosk 2").take("A01", once="x")
    assert (first, other.json()["tickets"][0]["label"]) == ("A-001", "A-002")
    assert "Idempotency-Replayed" not in other.headers


def test_a_kiosk_and_a_greeter_never_share_a_key(cast, kiosk):
    labels = [
        who.take("A01", once="x").json()["tickets"][0]["label"]
        for who in (kiosk, Program(cast, "greeter"), Program(cast, "manager"))
    ]
    assert labels == ["A-001", "A-002", "A-003"]


def test_two_visits_never_share_a_key(cast, kiosk):
    for _ in range(2):
        taken = kiosk.take("A01").json()
        visit, ticket = taken["visit"]["token"], taken["tickets"][0]["id"]
        response = Program(cast).post(f"/api/v1/visits/{visit}/tickets/{ticket}/cancel", once="x")
        assert response.json()["id"] == ticket


def test_a_token_is_not_kept_with_its_key(cast, kiosk):
    taken = kiosk.take("A01").json()
    visit, ticket = taken["visit"]["token"], taken["tickets"][0]["id"]
    Program(cast).post(f"/api/v1/visits/{visit}/tickets/{ticket}/cancel", once="x")
    caller = Command.objects.get(key="x").caller
    assert caller.startswith("visit:")
    assert visit not in caller


# --- What a key may be --------------------------------------------------------------------------

NO_KEYS = ["", "x" * 256, "x" * 300, "two words", "tab\tkey", "kunci-\u00e9", "\x7f", " "]


@pytest.mark.parametrize("key", NO_KEYS, ids=ascii)
@pytest.mark.fault(
    "T03", "keys that are none: empty, 256 and 300 characters, spaces", "400, nothing changes"
)
def test_a_key_is_1_to_255_visible_ascii_characters(kiosk, key):
    before = counts()
    assert refusal(kiosk.take("A01", once=key)) == (400, "key_missing")
    assert counts() == before


@pytest.mark.parametrize("key", ["!", "~", "x" * 255, '"quoted"', "a,b;c=d", "%00", "';--"])
def test_every_visible_ascii_character_may_be_in_a_key(kiosk, key):
    first = kiosk.take("A01", once=key)
    assert first.status_code == 201
    assert kiosk.take("A01", once=key).content == first.content


@pytest.mark.parametrize("path", ["counters/1/open", "tickets/{ticket}/cancel", "{visit}/cancel"])
def test_every_press_needs_a_key(cast, officer, path):
    ticket = cast.ticket()
    visit = f"/api/v1/visits/{ticket.visit.token}/tickets/{ticket.public_id}"
    address = path.format(ticket=ticket.public_id, visit=visit)
    assert refusal(officer.post(address, once="")) == (400, "key_missing")


# --- A refused press ----------------------------------------------------------------------------


def test_a_refused_press_stores_nothing_and_its_key_may_try_again(cast, kiosk):
    before = counts()
    cast.hall.queues.update(status="closed")
    assert refusal(kiosk.take("A01", once="x")) == (409, "closed")
    assert counts() == before
    cast.hall.queues.update(status="open")
    again = kiosk.take("A01", once="x")
    assert (again.status_code, "Idempotency-Replayed" in again.headers) == (201, False)


def test_a_press_that_was_too_quick_may_try_again_with_its_key(kiosk, clock, settings):
    settings.KIOSK_RATE = 1
    kiosk.take("A01")
    assert kiosk.take("A01", once="x").status_code == 429
    clock.forward(minutes=1)
    assert kiosk.take("A01", once="x").json()["tickets"][0]["label"] == "A-002"


def test_a_busy_counter_forgets_the_key_of_a_refused_press(cast, officer):
    for _ in range(2):
        cast.ticket()
    cast.call(1)
    assert refusal(officer.post("counters/1/call-next", once="x")) == (409, "busy")
    again = officer.post("counters/1/call-next", {"finish_current": True}, once="x")
    assert again.json()["ticket"]["label"] == "A-002"


# --- When something breaks inside ---------------------------------------------------------------

BREAKS = """
    CREATE SEQUENCE attempts;
    CREATE FUNCTION break_now_and_then() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF nextval('attempts') % 10 = 0 THEN RAISE EXCEPTION 'as if something broke'; END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER breaks AFTER INSERT ON queueing_ticket
        FOR EACH ROW EXECUTE FUNCTION break_now_and_then();
"""


@pytest.fixture
def _breaking(db) -> None:
    """Every tenth insert of a ticket fails, after the number was drawn; undone with the test."""
    with connection.cursor() as cursor:
        cursor.execute(BREAKS)


@pytest.mark.usefixtures("_breaking")
def test_a_press_that_broke_leaves_no_gap_and_its_number_goes_to_the_next(kiosk):
    answers = [kiosk.take("A01", "A02") for _ in range(60)]
    broken = [place for place, each in enumerate(answers, 1) if each.status_code != 201]
    numbers = list(Ticket.objects.order_by("pk").values_list("number", flat=True))
    assert broken == [10, 20, 30, 40, 50, 60]
    assert {refusal(answers[place - 1]) for place in broken} == {(503, "try_again")}
    assert numbers == list(range(1, 55))
    assert counts() == [54, 54, 54, 54, 1, 54]


@pytest.mark.usefixtures("_breaking")
def test_a_press_that_broke_is_made_good_with_the_same_key(kiosk):
    for _ in range(9):
        kiosk.take("A01")
    broken = kiosk.take("A01", once="x")
    assert (broken.status_code, broken.headers["Retry-After"]) == (503, "1")
    assert kiosk.take("A01", once="x").json()["tickets"][0]["label"] == "A-010"


@pytest.mark.usefixtures("_breaking")
def test_a_visit_breaks_as_a_whole(kiosk):
    for _ in range(9):
        kiosk.take("A01")
    assert kiosk.take("A01", "B01").status_code == 503
    assert [each["label"] for each in kiosk.take("A01", "B01").json()["tickets"]] == [
        "A-010",
        "B-001",
    ]


DEADLOCKS = """
    CREATE SEQUENCE attempts;
    CREATE FUNCTION deadlock_at_first() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF nextval('attempts') <= {times} THEN
            RAISE EXCEPTION 'as if two had met' USING ERRCODE = 'deadlock_detected';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER deadlocks BEFORE INSERT ON queueing_ticketevent
        FOR EACH ROW EXECUTE FUNCTION deadlock_at_first();
"""


def deadlock(times: int) -> None:
    """Let that many of the next attempts to write an event fail, as two that met would."""
    with connection.cursor() as cursor:
        cursor.execute(DEADLOCKS.format(times=times))


def test_a_number_that_met_a_deadlock_is_drawn_once_more_silently(kiosk):
    deadlock(times=1)
    assert kiosk.take("A01", "B01").status_code == 201
    assert list(Ticket.objects.values_list("number", flat=True)) == [1, 1]


@pytest.mark.parametrize("verb", ["call-next", "start", "finish", "hold", "close"])
def test_a_counters_button_that_met_a_deadlock_acts_all_the_same(cast, officer, verb):
    cast.ticket()
    if verb in {"finish", "hold"}:
        cast.serve(1)
    elif verb == "start":
        cast.call(1)
    deadlock(times=1)
    assert officer.post(f"counters/1/{verb}").status_code == 200


@pytest.mark.parametrize("verb", ["cancel", "change-service"])
def test_a_tickets_button_that_met_a_deadlock_acts_all_the_same(cast, officer, verb):
    ticket = cast.ticket()
    deadlock(times=1)
    response = officer.post(f"tickets/{ticket.public_id}/{verb}", {"service": "B01"})
    assert response.status_code == 200
    assert fresh(ticket).state != "waiting"


def test_giving_a_place_up_that_met_a_deadlock_works_all_the_same(cast):
    ticket = cast.ticket()
    deadlock(times=1)
    address = f"/api/v1/visits/{ticket.visit.token}/tickets/{ticket.public_id}/cancel"
    assert Program(cast).post(address).json()["state"] == "cancelled"


def test_after_two_deadlocks_the_press_is_asked_to_try_again(cast, kiosk):
    deadlock(times=2)
    before = counts()
    told = kiosk.take("A01", once="x")
    assert (refusal(told), told.headers["Retry-After"]) == ((503, "try_again"), "1")
    assert counts() == before
    assert kiosk.take("A01", once="x").json()["tickets"][0]["label"] == "A-001"


# --- How long -----------------------------------------------------------------------------------


def test_presses_are_forgotten_by_their_age(kiosk):
    kiosk.take("A01", once="old")
    Command.objects.update(at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    kiosk.take("A01", once="new")
    assert commands.forget_before(dt.datetime(2026, 11, 1, tzinfo=dt.UTC)) == 0
    assert commands.forget_before(dt.datetime(2026, 11, 2, tzinfo=dt.UTC)) == 1
    assert list(Command.objects.values_list("key", flat=True)) == ["new"]


def test_a_forgotten_press_may_be_made_again_and_its_ticket_stays(kiosk):
    kiosk.take("A01", once="x")
    commands.forget_before(dt.datetime(2100, 1, 1, tzinfo=dt.UTC))
    assert kiosk.take("A01", once="x").json()["tickets"][0]["label"] == "A-002"
    assert Ticket.objects.count() == 2
