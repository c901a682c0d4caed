"""Exactly once, against two real web processes. Each race has a twin without the lock that fails.

T01-T05 and T26 of the reliability tests; `tests.sabotage` takes one protection out.
"""

import datetime as dt
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from typing import Any

import psycopg2
import pytest

from mpp.embedded import wait_until
from tests.checker import broken_claims, judge
from tests.running import RunningHall, at_once

pytestmark = pytest.mark.xdist_group("races")
QUEUES = ["A01", "B01", "C01", "D01", "E01"]


@pytest.fixture(scope="module")
def _breakable_hall(tmp_path_factory):
    """A hall whose web processes can lose one protection at a time."""
    switch = tmp_path_factory.mktemp("sabotage") / "fault"
    switch.write_text("")
    name = f"broken_{uuid.uuid4().hex[:8]}"
    with RunningHall(name, module="tests.sabotage", SABOTAGE=str(switch)) as hall:
        yield hall, switch


@pytest.fixture
def broken_hall(_breakable_hall, request):
    """The hall without one protection, and its database without the net below it."""
    hall, switch = _breakable_hall
    fault, cut, mend = request.param
    hall.begin_anew()
    hall.rows(cut)
    switch.write_text(fault)
    yield hall
    switch.write_text("")
    hall.begin_anew()
    hall.rows(mend)


HOLD = """
CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = 0 AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(29);
    RETURN NULL;
END $$;
CREATE TRIGGER hold BEFORE {change} ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION hold()
"""
# Of this hall alone: other databases on the server have tests of their own.
WAITING = (
    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE NOT granted AND datname = current_database()"
)
HELD = f"{WAITING} AND locktype = 'advisory' AND objid = 29"


def held_back(
    broken_hall: RunningHall, change: str, count: int, table: str = "queueing_ticket"
) -> Iterator[Callable[[], None]]:
    """Hold back all such changes of a table; give what lets go of them when so many are held."""
    broken_hall.rows(HOLD.replace("{change}", change).replace("{table}", table))
    holder = psycopg2.connect(broken_hall.database_url)
    holder.cursor().execute("SELECT pg_advisory_lock(29)")

    def let_go() -> None:
        wait_until(lambda: broken_hall.rows(HELD)[0][0] >= count, 30)
        holder.close()

    yield let_go
    broken_hall.rows("DROP FUNCTION hold CASCADE")


@pytest.fixture
def let_go_of_both(broken_hall):
    yield from held_back(broken_hall, "UPDATE", 2)


@pytest.fixture
def let_go_of_four_new(broken_hall):
    """Four, because even one web process alone has so many threads."""
    yield from held_back(broken_hall, "INSERT", 4)


@pytest.fixture
def let_go_of_four_calls(broken_hall):
    yield from held_back(broken_hall, "INSERT", 4, "queueing_helpcall")


@pytest.fixture
def let_go_of_four_draws(broken_hall):
    yield from held_back(broken_hall, "INSERT", 4, "queueing_queueday")


# --- T01: many kiosks ---------------------------------------------------------------------------


def issue_from_8_clients(hall: RunningHall, count: int = 400, services: list | None = None) -> list:
    wanted = services or QUEUES

    def client(number: int) -> list:
        turns = range(number, number + count // 8)
        return [
            hall.take(
                wanted[turn % len(wanted)],
                kiosk=number % 2,
                priority="lansia" if turn % 10 == 0 else None,
            )
            for turn in turns
        ]

    return list(chain(*at_once([partial(client, number) for number in range(8)])))


def few_and(many: int, few: int, *row: str) -> list:
    """A load of the fast suite, and the whole one of `make faults`, which is a row of its table."""
    return [few, pytest.param(many, marks=[pytest.mark.slow, pytest.mark.fault(*row)])]


@pytest.mark.parametrize(
    "count",
    few_and(
        400,
        64,
        "T01",
        "8 clients take 400 tickets of 5 queues at once",
        "C1-C10; no twin, no gap, all 201",
    ),
)
def test_tickets_of_8_kiosks_have_no_twin_and_no_gap(hall, count):
    answers = issue_from_8_clients(hall, count)
    assert Counter(answer.status_code for answer in answers) == {201: count}
    labels = [answer.json()["tickets"][0]["label"] for answer in answers]
    assert len(set(labels)) == count
    judge(hall.evidence())


NUMBERS = (
    "numbers",
    "ALTER TABLE queueing_ticket DROP CONSTRAINT a_number_once_a_day_and_queue",
    (
        "ALTER TABLE queueing_ticket ADD CONSTRAINT a_number_once_a_day_and_queue"
        " UNIQUE (queue_id, date, number)"
    ),
)


@pytest.mark.parametrize("broken_hall", [NUMBERS], indirect=True)
@pytest.mark.fault("T01", "the same without the lock on the day", "twins are found")
def test_without_the_lock_on_the_day_the_same_load_makes_twins(broken_hall):
    issue_from_8_clients(broken_hall, 80)
    assert "C2" in broken_claims(broken_hall.evidence())


# --- A quota --------------------------------------------------------------------------------------

THREE_A_DAY = (
    "INSERT INTO agencies_quota (hall_id, queue_id, amount, weekdays)"
    " SELECT hall_id, id, 3, '{}' FROM agencies_queue WHERE code = 'G'"
)
SEQUENCE = "CREATE SEQUENCE sabotage; GRANT ALL ON SEQUENCE sabotage TO mpp_app"
QUOTAS = ("quotas", SEQUENCE, "DROP SEQUENCE sabotage")


def take_passports_from_16_clients(hall: RunningHall, each: int, *also: Callable) -> Counter:
    """Let 16 people at once want numbers of the seven services that share a quota of three."""
    hall.rows(THREE_A_DAY)

    def client(number: int) -> list:
        wanted = [f"G{(number + turn) % 7 + 1:02}" for turn in range(each)]
        return [hall.take(service, kiosk=number % 2) for service in wanted]

    answers = at_once([*(partial(client, number) for number in range(16)), *also])[:16]
    return Counter(answer.status_code for answer in chain(*answers))


@pytest.mark.fault("T01", "16 clients want 48 numbers of a quota of 3", "3 are given, 45 refused")
def test_16_clients_at_once_get_as_many_numbers_as_the_quota_has(hall):
    assert take_passports_from_16_clients(hall, 3) == {201: 3, 409: 45}
    assert sorted(ticket.number for ticket in hall.tickets()) == [1, 2, 3]
    judge(hall.evidence())


@pytest.mark.fault("T01", "16 people change to a service with a quota of 3", "3 can")
def test_16_people_who_change_their_service_do_not_overdraw_the_quota(hall):
    tickets = [hall.take("H01").json()["tickets"][0]["id"] for _ in range(16)]
    hall.rows(THREE_A_DAY)
    greeter = hall.demo["greeter"]["key"]
    answers = at_once(
        [
            partial(hall.post, f"tickets/{each}/change-service", {"service": "G01"}, key=greeter)
            for each in tickets
        ]
    )
    assert Counter(answer.status_code for answer in answers) == {200: 3, 409: 13}


@pytest.mark.parametrize("broken_hall", [QUOTAS], indirect=True)
@pytest.mark.fault("T01", "the same without the lock on the day", "more than 3 are given")
def test_without_the_lock_on_the_day_more_numbers_are_given_than_the_quota_has(
    broken_hall, let_go_of_four_new
):
    assert take_passports_from_16_clients(broken_hall, 1, let_go_of_four_new)[201] > 3


# --- T02: double taps ---------------------------------------------------------------------------


def tap_four_times(hall: RunningHall, keys: int) -> list[list]:
    return [
        at_once([partial(hall.take, QUEUES[turn % 5], once=uuid.uuid4().hex)] * 4)
        for turn in range(keys)
    ]


@pytest.mark.parametrize(
    "keys",
    few_and(
        200,
        40,
        "T02",
        "200 keys, each posted 4 times at the same instant",
        "200 tickets, 4 equal answers each",
    ),
)
def test_four_taps_at_the_same_instant_are_one_ticket_and_one_answer(hall, row, keys):
    taps = tap_four_times(hall, keys)
    assert {tap.status_code for group in taps for tap in group} == {201}
    assert all(len({tap.text for tap in group}) == 1 for group in taps)
    replays = [sum("Idempotency-Replayed" in tap.headers for tap in group) for group in taps]
    assert replays == [3] * keys
    times = sorted(tap.elapsed.total_seconds() for group in taps for tap in group)
    row["p95_ms"] = round(times[len(times) * 95 // 100] * 1000)
    assert len(hall.tickets()) == keys
    judge(hall.evidence())


KEYS = (
    "keys",
    "ALTER TABLE queueing_command DROP CONSTRAINT a_key_once_a_caller",
    "ALTER TABLE queueing_command ADD CONSTRAINT a_key_once_a_caller UNIQUE (caller, key)",
)


@pytest.mark.parametrize("broken_hall", [KEYS], indirect=True)
@pytest.mark.fault("T02", "the same without the constraint on keys", "more tickets than keys")
def test_without_the_constraint_on_keys_a_double_tap_is_two_tickets(broken_hall):
    tap_four_times(broken_hall, 20)
    assert len(broken_hall.tickets()) > 20


# --- T04: trouble inside ------------------------------------------------------------------------

RAISE = """
CREATE OR REPLACE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF random() < 0.1 THEN RAISE EXCEPTION 'trouble'; END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER trouble BEFORE INSERT ON queueing_ticket_services
    FOR EACH ROW EXECUTE FUNCTION trouble()
"""
NO_TROUBLE = "DROP TRIGGER trouble ON queueing_ticket_services"


@pytest.mark.fault("T04", "one issue of ten raises inside the transaction", "no gap, 201 or 503")
def test_a_number_that_was_rolled_back_is_given_to_the_next(hall):
    hall.rows(RAISE)
    statuses = Counter(answer.status_code for answer in issue_from_8_clients(hall, 160))
    hall.rows(NO_TROUBLE)
    assert statuses.keys() == {201, 503}
    assert len(hall.tickets()) == statuses[201]
    judge(hall.evidence())


# --- T05: many officers -------------------------------------------------------------------------

SHARE_TWO_QUEUES = (
    "INSERT INTO agencies_counter_queues (counter_id, queue_id) SELECT c.id, q.id"
    " FROM agencies_counter c, agencies_queue q WHERE c.number <= 8 AND q.code IN ('A', 'B')"
    " ON CONFLICT DO NOTHING"
)


def until_answered(press: Callable[[], Any]) -> Any:
    """Press again with the same key while the hall asks for it, as the desk does."""
    answers = (press() for _ in range(20))
    return next((answer for answer in answers if answer.status_code != 503), None)


def call_from_8_counters(hall: RunningHall, tickets: int) -> list:
    hall.rows(SHARE_TWO_QUEUES)
    issue_from_8_clients(hall, tickets, ["A01", "A02", "B01"])

    def officer(number: int) -> list:
        calls = []
        while not calls or calls[-1].json().get("ticket"):
            press = {"body": {"finish_current": True}, "once": uuid.uuid4().hex}
            calls.append(until_answered(partial(hall.press, number, "call-next", **press)))
        return calls

    return list(chain(*at_once([partial(officer, number) for number in range(1, 9)])))


def called_labels(hall: RunningHall) -> list[str]:
    return [event["label"] for event in hall.events() if event["kind"] == "call"]


def line_of(hall: RunningHall) -> list[str]:
    rows = hall.rows(
        "SELECT q.code || '-' || lpad(t.number::text, 3, '0') FROM queueing_ticket t"
        " JOIN agencies_queue q ON q.id = t.queue_id ORDER BY effective_time, t.id"
    )
    return [label for (label,) in rows]


@pytest.mark.parametrize(
    "count",
    few_and(
        400,
        64,
        "T05",
        "8 counters call from two shared queues of 400",
        "each called once, in order",
    ),
)
def test_8_officers_call_each_once_and_in_order(hall, count):
    answers = call_from_8_counters(hall, count)
    assert {answer.status_code for answer in answers} == {200}
    assert called_labels(hall) == line_of(hall)
    judge(hall.evidence())


CALLS = ("calls", "SELECT 1", "SELECT 1")


@pytest.mark.parametrize("broken_hall", [CALLS], indirect=True)
@pytest.mark.fault("T05", "the same without the lock and the look", "double calls are found")
def test_without_the_lock_and_the_look_officers_call_the_same_person(broken_hall):
    call_from_8_counters(broken_hall, 64)
    assert "C4" in broken_claims(broken_hall.evidence())


def call_visits_from_two_queues(hall: RunningHall, visits: int) -> None:
    """Two counters of A and two of B want the same people, all of whom came for both."""
    for _ in range(visits):
        hall.take("A01", "B01")
    press = {"body": {"finish_current": True}}
    for _ in range(visits):
        at_once([partial(hall.press, number, "call-next", **press) for number in (1, 6, 2, 7)])


@pytest.mark.fault(
    "T05", "counters of two queues want the same 20 people", "no person at two counters"
)
def test_two_officers_of_two_queues_never_call_one_visit_together(hall):
    call_visits_from_two_queues(hall, 20)
    judge(hall.evidence())
    assert len(called_labels(hall)) == 40


VISITS = (
    "visits",
    "DROP INDEX a_visit_is_at_one_counter",
    (
        "CREATE UNIQUE INDEX a_visit_is_at_one_counter ON queueing_ticket (visit_id)"
        " WHERE state IN ('called', 'serving')"
    ),
)


@pytest.mark.parametrize("broken_hall", [VISITS], indirect=True)
@pytest.mark.fault("T05", "the same without the lock on the visit", "somebody is at two counters")
def test_without_the_lock_on_the_visit_somebody_is_called_to_two_counters(
    broken_hall, let_go_of_both
):
    broken_hall.take("A01", "B01")
    presses = [partial(broken_hall.press, number, "call-next") for number in (1, 6)]
    at_once([*presses, let_go_of_both])
    assert "C5" in broken_claims(broken_hall.evidence())


def test_two_officers_at_one_counter_call_one_person(hall):
    hall.take("A01"), hall.take("A01")
    statuses = [answer.status_code for answer in at_once([partial(hall.press, 1, "call-next")] * 2)]
    assert sorted(statuses) == [200, 409]
    assert called_labels(hall) == ["A-001"]


@pytest.mark.slow
def test_a_busy_morning_of_2000_tickets_has_no_twin_no_gap_and_no_double_call(hall):
    codes = [queue["code"] for queue in hall.board()["queues"]]
    over = threading.Event()

    def kiosk(number: int) -> list[int]:
        wanted = (f"{codes[(number * 3 + turn) % 17]}01" for turn in range(125))
        return [hall.take(service, kiosk=number % 2).status_code for service in wanted]

    def officer(number: int) -> list[int]:
        statuses = []
        while not over.is_set():
            press = hall.press(number, "call-next", body={"finish_current": True})
            statuses.append(press.status_code)
        return statuses

    def kiosks() -> list[int]:
        taken = at_once([partial(kiosk, number) for number in range(16)])
        over.set()
        return list(chain(*taken))

    officers = [partial(officer, number) for number in (1, 2, 3, 6, 10, 14, 16, 20)]
    taken, *pressed = at_once([kiosks, *officers])
    assert Counter(taken) == {201: 2000}
    assert set(chain(*pressed)) == {200}
    judge(hall.evidence())


AT_ONE_COUNTER = (
    "calls",
    "DROP INDEX one_open_ticket_at_a_counter",
    (
        "CREATE UNIQUE INDEX one_open_ticket_at_a_counter ON queueing_ticket (counter_id)"
        " WHERE state IN ('called', 'serving')"
    ),
)


@pytest.mark.parametrize("broken_hall", [AT_ONE_COUNTER], indirect=True)
def test_without_the_lock_two_officers_at_one_counter_both_call(broken_hall, let_go_of_both):
    broken_hall.take("A01")
    at_once([*[partial(broken_hall.press, 1, "call-next")] * 2, let_go_of_both])
    assert "C5" in broken_claims(broken_hall.evidence())


# --- The reception: two groups for one number, and one call from many presses ---------------------


def give_two_groups_at_once(hall: RunningHall, *beside: Callable) -> list[tuple[bool, bool]]:
    """Greeter and manager each give the number a group; what the log says was, and became so."""
    verb = f"tickets/{hall.take('A01').json()['tickets'][0]['id']}/prioritise"
    groups = {"greeter": "elderly", "manager": "pregnant"}
    presses = [
        partial(hall.post, verb, {"priority": group}, key=hall.demo[who]["key"])
        for who, group in groups.items()
    ]
    at_once([*presses, *beside])
    details = [event["detail"] for event in hall.events() if event["kind"] == "prioritise"]
    return [(detail["was"], detail["priority"]) for detail in details]


def test_two_groups_at_once_give_half_an_hour_once(hall):
    assert give_two_groups_at_once(hall) == [(False, True), (True, True)]
    judge(hall.evidence())


@pytest.mark.parametrize("broken_hall", [CALLS], indirect=True)
def test_without_the_lock_on_the_day_the_log_gives_it_twice(broken_hall, let_go_of_both):
    told = give_two_groups_at_once(broken_hall, let_go_of_both)
    assert told == [(False, True), (False, True)]


def press_for_help_8_times_at_once(hall: RunningHall, *let_go: Callable[[], None]) -> set[str]:
    press = partial(hall.post, "help", {"kind": "other"}, key=hall.demo["kiosks"][0]["key"])
    answers = at_once([*[press] * 8, *let_go])
    return {answer.json().get("id") for answer in answers if answer}


def test_eight_presses_for_help_at_once_are_one_call(hall):
    assert len(press_for_help_8_times_at_once(hall)) == 1
    assert hall.rows("SELECT count(*) FROM queueing_helpcall") == [(1,)]


HELP = (
    "none",
    "DROP INDEX a_kiosk_has_one_open_help_call",
    (
        "CREATE UNIQUE INDEX a_kiosk_has_one_open_help_call ON queueing_helpcall (device_id)"
        " WHERE answered_at IS NULL AND visit_id IS NULL"
    ),
)


@pytest.mark.parametrize("broken_hall", [HELP], indirect=True)
def test_without_the_databases_truth_they_are_several(broken_hall, let_go_of_four_calls):
    press_for_help_8_times_at_once(broken_hall, let_go_of_four_calls)
    ((calls,),) = broken_hall.rows("SELECT count(*) FROM queueing_helpcall")
    assert calls >= 4


# --- Incidents and shifts: what is said while others press ----------------------------------------


def say_that_a_is_down(hall: RunningHall) -> Any:
    return until_answered(partial(hall.press_queue, "A", "incident", once=uuid.uuid4().hex))


def test_no_number_is_given_once_the_log_says_that_the_system_is_down(hall):
    takes = [partial(hall.take, "A01", kiosk=number % 2) for number in range(16)]
    answers = at_once([*takes, partial(say_that_a_is_down, hall)])
    assert {answer.status_code for answer in answers} <= {200, 201, 409}
    assert hall.take("A01").status_code == 409
    judge(hall.evidence())


INCIDENTS = ("incidents", "SELECT 1", "SELECT 1")


@pytest.fixture
def let_go_of_one_new(broken_hall):
    yield from held_back(broken_hall, "INSERT", 1)


@pytest.mark.parametrize("broken_hall", [INCIDENTS], indirect=True)
def test_without_the_lock_on_the_queue_a_number_comes_after_the_word(
    broken_hall, let_go_of_one_new
):
    def say_it_while_one_is_on_the_way() -> None:
        wait_until(lambda: broken_hall.rows(HELD)[0][0], 30)
        say_that_a_is_down(broken_hall)
        let_go_of_one_new()

    at_once([partial(broken_hall.take, "A01"), say_it_while_one_is_on_the_way])
    assert "C11" in broken_claims(broken_hall.evidence())


def incidents_of(hall: RunningHall) -> int:
    return sum(event["kind"] == "incident" for event in hall.events())


def test_two_who_say_so_at_once_are_one_incident(hall):
    at_once([partial(say_that_a_is_down, hall)] * 2)
    assert incidents_of(hall) == 1


@pytest.fixture
def let_go_of_both_queues(broken_hall):
    yield from held_back(broken_hall, "UPDATE", 2, "agencies_queue")


@pytest.mark.parametrize("broken_hall", [INCIDENTS], indirect=True)
def test_without_the_lock_on_the_queue_they_are_two(broken_hall, let_go_of_both_queues):
    at_once([*[partial(say_that_a_is_down, broken_hall)] * 2, let_go_of_both_queues])
    assert incidents_of(broken_hall) == 2


def assign_while_somebody_calls(hall: RunningHall) -> list[Any]:
    """A call that has read what its counter serves waits for the line; the assignment is before."""
    hall.take("A01"), hall.take("B01")
    holder = psycopg2.connect(hall.database_url)
    holder.cursor().execute("SELECT id FROM queueing_queueday FOR UPDATE")
    key = hall.demo["manager"]["key"]

    def call() -> Any:
        wait_until(lambda: hall.rows(WAITING)[0][0] >= 1, 30)
        once = uuid.uuid4().hex
        return until_answered(partial(hall.press, 1, "call-next", once=once))

    def let_go() -> None:
        wait_until(lambda: hall.rows(WAITING)[0][0] >= 2, 30)
        holder.close()

    assign = partial(hall.post, "counters/1/assign", {"queues": ["B"]}, key=key)
    return at_once([assign, call, let_go])


def assigned_first(hall: RunningHall) -> list[Any]:
    """Again until the assignment stands in the log before the call, as it mostly does."""
    for _ in range(5):
        hall.begin_anew()
        answers = assign_while_somebody_calls(hall)
        kinds = [event["kind"] for event in hall.events()]
        if kinds.index("assign") < kinds.index("call"):
            break
    return answers


def test_a_call_beside_an_assignment_is_of_the_queues_that_the_log_says(hall):
    assigned, called, _ = assigned_first(hall)
    assert assigned.status_code == 200
    assert called.json()["ticket"]["label"] == "B-001"
    judge(hall.evidence())


ASSIGNMENTS = ("assignments", "SELECT 1", "SELECT 1")


@pytest.mark.parametrize("broken_hall", [ASSIGNMENTS], indirect=True)
def test_without_the_mark_it_is_of_a_queue_that_was_taken_away(broken_hall):
    _, called, _ = assigned_first(broken_hall)
    assert called.json()["ticket"]["label"] == "A-001"
    assert "C10" in broken_claims(broken_hall.evidence())


def hand_over_to_two_at_once(hall: RunningHall, *beside: Callable) -> list[str]:
    """Who is bound to counter 1 afterwards, of three officers of its agency."""
    hand_over = partial(hall.post, "counters/1/hand-over", key=hall.demo["manager"]["key"])
    reliefs = [partial(hand_over, {"operator": name}) for name in ("loket-02", "loket-03")]
    at_once([*reliefs, *beside])
    query = (
        "SELECT username FROM agencies_operator o JOIN agencies_counter c ON c.id = o.counter_id"
        " WHERE c.number = 1"
    )
    return [name for (name,) in hall.rows(query)]


def test_a_counter_that_is_handed_to_two_at_once_has_one_officer(hall):
    assert len(hand_over_to_two_at_once(hall)) == 1


@pytest.fixture
def let_go_of_both_officers(broken_hall):
    yield from held_back(broken_hall, "UPDATE", 2, "agencies_operator")


@pytest.mark.parametrize("broken_hall", [ASSIGNMENTS], indirect=True)
def test_without_the_lock_on_the_counter_it_has_two(broken_hall, let_go_of_both_officers):
    assert len(hand_over_to_two_at_once(broken_hall, let_go_of_both_officers)) == 2


# --- T26: readers of the log --------------------------------------------------------------------

SLOW_COMMITS = """
CREATE OR REPLACE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF random() < 0.2 THEN PERFORM pg_sleep(0.02); END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON queueing_ticketevent
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dawdle()
"""


def tail(hall: RunningHall, over: threading.Event, seen: list[int]) -> None:
    """Read "version > last" again and again, as a program that follows the log does."""
    connection = psycopg2.connect(hall.database_url)
    connection.autocommit = True
    last = 0
    with connection.cursor() as cursor:
        while True:
            is_last_look = over.wait(0.003)
            cursor.execute(
                "SELECT version FROM queueing_ticketevent WHERE version > %s ORDER BY 1", [last]
            )
            seen += [version for (version,) in cursor.fetchall()]
            last = seen[-1] if seen else 0
            if is_last_look:
                break
    connection.close()


def missed_by_tailers(hall: RunningHall, tailers: int = 10) -> list[int]:
    """Return how many events each tailer missed while 8 kiosks issue and commits dawdle."""
    hall.rows(SLOW_COMMITS)
    over, seen = threading.Event(), [[] for _ in range(tailers)]
    threads = [threading.Thread(target=tail, args=(hall, over, each)) for each in seen]
    for thread in threads:
        thread.start()
    issue_from_8_clients(hall, 120)
    over.set()
    for thread in threads:
        thread.join()
    hall.rows("DROP TRIGGER dawdle ON queueing_ticketevent")
    ((total,),) = hall.rows("SELECT count(*) FROM queueing_ticketevent")
    return [total - len(set(each)) for each in seen]


@pytest.mark.fault("T26", "10 readers of the log while commits dawdle", "0 missed")
def test_no_reader_of_the_log_misses_an_event(hall):
    assert missed_by_tailers(hall) == [0] * 10
    judge(hall.evidence())


VERSIONS = (
    "versions",
    SEQUENCE,
    "DROP SEQUENCE sabotage",
)


@pytest.mark.parametrize("broken_hall", [VERSIONS], indirect=True)
@pytest.mark.fault("T26", "the same with a sequence for a version", "some are missed")
def test_with_a_sequence_for_a_version_readers_miss_events(broken_hall):
    assert max(missed_by_tailers(broken_hall)) > 0


# --- T29: midnight ------------------------------------------------------------------------------

WIB = dt.timezone(dt.timedelta(hours=7))


@pytest.mark.fault("T29", "midnight under load", "each ticket on one date, numbers from 1")
def test_midnight_under_load_begins_a_new_day_with_number_one(hall):
    hall.set_clock(dt.datetime(2026, 11, 24, 23, 59, 58, tzinfo=WIB))

    def kiosk(number: int) -> None:
        while hall.board()["date"] == "2026-11-24":
            hall.take("A01", kiosk=number % 2)
        hall.take("A01", kiosk=number % 2)

    at_once([partial(kiosk, number) for number in range(4)])
    dates = {row.date.isoformat() for row in hall.tickets()}
    assert dates == {"2026-11-24", "2026-11-25"}
    judge(hall.evidence())
    waiting = {queue["code"]: queue["waiting"] for queue in hall.board()["queues"]}
    today = [row for row in hall.tickets() if row.date.isoformat() == "2026-11-25"]
    assert waiting["A"] == len(today)
    assert hall.press(1, "call-next").json()["ticket"]["label"] == "A-001"


def close_yesterday_twice_at_once(hall: RunningHall, before: str = "", *beside: Callable) -> None:
    """Five people wait until midnight; then two workers close the day at the same instant."""
    hall.set_clock(dt.datetime(2026, 11, 24, 23, 0, tzinfo=WIB))
    for _ in range(5):
        hall.take("A01")
    hall.set_clock(dt.datetime(2026, 11, 25, 0, 0, 1, tzinfo=WIB))
    meet = hall.var / "ready"
    meet.unlink(missing_ok=True)
    close = "from queueing.tasks import close_days\nclose_days()"
    close = "\n".join([before, MEET.format(str(meet)), close])
    shell = partial(hall.manage, "shell", "-v0", "-c", close, DATABASE_URL=hall.app_url)
    at_once([shell, shell, *beside])


# Each of two processes leaves a letter in a file and goes on when there are two.
MEET = """
import time
from pathlib import Path
meet = Path({0!r})
with meet.open("a") as file: file.write("x")
end = time.monotonic() + 20
while len(meet.read_text()) < 2 and time.monotonic() < end: pass
"""


@pytest.mark.fault("T29", "two workers close the day at the same instant", "each expires once")
def test_after_midnight_who_still_waited_expires_once(hall):
    close_yesterday_twice_at_once(hall)
    assert Counter(event["kind"] for event in hall.events()) == {"issue": 5, "expire": 5}
    assert hall.press(1, "call-next").json()["ticket"] is None
    judge(hall.evidence())


DAYS = (
    "days",
    "ALTER TABLE queueing_dayclose DROP CONSTRAINT a_day_closes_once",
    "ALTER TABLE queueing_dayclose ADD CONSTRAINT a_day_closes_once UNIQUE (hall_id, date)",
)


# Nobody changes a ticket before both have read what there is to close.
@pytest.mark.slow
@pytest.mark.parametrize("broken_hall", [DAYS], indirect=True)
@pytest.mark.fault("T29", "the same without lock and constraint", "some expire twice")
def test_without_the_lock_on_the_days_who_waited_expires_twice(broken_hall, let_go_of_both):
    broken = "from tests import sabotage\nsabotage.wire()"
    close_yesterday_twice_at_once(broken_hall, broken, let_go_of_both)
    assert Counter(event["kind"] for event in broken_hall.events())["expire"] == 10


# --- Somebody without a number -------------------------------------------------------------------


def walk_in_eight_times(hall: RunningHall, *also) -> Counter:
    """Eight different presses at the same instant, at one counter that is free."""
    press = partial(hall.press, 1, "walk-in", body={"services": ["A01"]})
    answers = at_once([*[press] * 8, *also])[:8]
    return Counter(answer.status_code for answer in answers)


@pytest.mark.fault("T05", "8 presses of walk-in at one counter", "1 is served, 7 are refused")
@pytest.mark.parametrize("before", [0, 3])
def test_of_eight_presses_at_once_one_is_served_and_no_number_is_lost(hall, before):
    for _ in range(before):
        hall.take("A01")
    assert walk_in_eight_times(hall) == {200: 1, 409: 7}
    assert hall.take("A01").json()["tickets"][0]["number"] == before + 2
    judge(hall.evidence())


ONE_AT_A_COUNTER = (
    "calls",
    "DROP INDEX one_open_ticket_at_a_counter",
    (
        "CREATE UNIQUE INDEX one_open_ticket_at_a_counter ON queueing_ticket (counter_id)"
        " WHERE state IN ('called', 'serving')"
    ),
)


@pytest.mark.parametrize("broken_hall", [ONE_AT_A_COUNTER], indirect=True)
@pytest.mark.fault("T05", "the same without the lock and the constraint", "more are served")
def test_without_the_lock_on_the_day_one_counter_serves_several(broken_hall, let_go_of_four_draws):
    assert walk_in_eight_times(broken_hall, let_go_of_four_draws)[200] > 1
    assert "C5" in broken_claims(broken_hall.evidence())
