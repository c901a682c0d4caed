"""Who works where? What a counter serves, and which officer sits at it."""

import pytest

from agencies.models import Assignment, Queue
from queueing import lifecycle
from queueing.lifecycle import Way
from queueing.models import TicketEvent
from queueing.refusals import TryAgain
from tests.cast import an_operator, fresh, make_service, refused
from tests.programs import Program, refusal

BY = {"actor": "operator:supervisor"}


@pytest.fixture
def hall(cast):
    """Agency A has a second queue AA, which nobody serves yet."""
    queue = Queue.objects.create(hall=cast.hall, agency=cast.a, code="AA")
    make_service(queue, "AA01")
    return cast


def serves(cast, number: int) -> dict[str, int | None]:
    rows = Assignment.objects.filter(counter=cast.counter(number)).order_by("queue__code")
    return dict(rows.values_list("queue__code", "weight"))


def assign(cast, who: str, number: int, *codes: str, **weights: int):
    order = {"queues": list(codes), "weights": weights}
    return Program(cast, who).post(f"counters/{number}/assign", order)


def last_event() -> dict:
    return TicketEvent.objects.order_by("-version").values("kind", "counter", "actor", "detail")[0]


# --- What a counter serves ------------------------------------------------------------------------


def test_a_counter_serves_what_it_was_assigned_from_the_next_call_on(hall):
    first, second = hall.ticket("A01"), hall.ticket("AA01")
    assert assign(hall, "supervisor", 1, "AA").status_code == 200
    assert hall.call(1) == second
    assert hall.call(2) == first


def test_the_log_tells_what_it_was_and_what_it_is(hall):
    assign(hall, "supervisor", 1, "A", "AA", A=2)
    detail = {"was": {"A": None}, "queues": {"A": 2, "AA": None}}
    actor = "operator:hall-supervisor"
    assert last_event() == {"kind": "assign", "counter": 1, "actor": actor, "detail": detail}
    assert serves(hall, 1) == {"A": 2, "AA": None}


def test_what_is_so_already_changes_nothing(hall):
    assert assign(hall, "supervisor", 1, "A").status_code == 200
    assert not TicketEvent.objects.exists()
    assign(hall, "supervisor", 1, "A", A=2)
    assign(hall, "supervisor", 1, "A", A=2)
    assert TicketEvent.objects.count() == 1


def test_whoever_is_at_the_counter_stays_and_is_served_to_the_end(hall):
    hall.ticket("A01")
    ticket = hall.serve(1)
    assert assign(hall, "supervisor", 1, "AA").json()["ticket"]["label"] == "A-001"
    assert lifecycle.finish(hall.counter(1), **BY) == ticket


def test_who_was_set_aside_comes_back_to_the_other_counters(hall):
    hall.ticket("A01")
    hall.serve(1)
    held = lifecycle.hold(hall.counter(1), **BY)
    assign(hall, "supervisor", 1, "AA")
    lifecycle.resume(fresh(held), **BY)
    assert hall.call(1) is None
    assert hall.call(2) == held


def test_who_was_sent_to_this_counter_is_called_by_any_other(hall):
    hall.ticket("B01")
    way = Way(counter=hall.counter(1))
    leg = lifecycle.transfer(hall.serve(3), hall.queue("A"), way=way, **BY)
    assert hall.call(2) is None
    assign(hall, "supervisor", 1, "AA")
    assert hall.call(2) == leg


@pytest.mark.parametrize("weights", [{"A": 0}, {"A": 10}, {"A": "much"}, {"B": 2}, {"": 1}])
def test_a_weight_is_one_to_nine_and_of_a_queue_that_is_served(hall, weights):
    order = {"queues": ["A"], "weights": weights}
    answer = Program(hall, "manager").post("counters/1/assign", order)
    assert refusal(answer) == (422, "invalid")
    assert serves(hall, 1) == {"A": None}


def test_a_counter_serves_at_least_one_queue(hall):
    assert refusal(assign(hall, "manager", 1)) == (422, "invalid")


def test_a_supervisor_gives_only_queues_of_the_own_agency(hall):
    for code in ("B", "X"):
        assert refusal(assign(hall, "supervisor", 1, "A", code)) == (404, "not_found")
    assert refusal(assign(hall, "supervisor", 3, "B")) == (404, "not_found")
    assert refusal(assign(hall, "officer", 1, "A")) == (403, "not_yours")


def test_the_manager_lets_agencies_share_a_counter(hall):
    assert assign(hall, "manager", 1, "A", "B").status_code == 200
    ticket = hall.ticket("B01")
    assert hall.call(1) == ticket


def test_a_supervisor_takes_no_other_agencys_queue_away(hall):
    assign(hall, "manager", 1, "A", "B")
    assert refusal(assign(hall, "supervisor", 1, "A")) == (403, "not_yours")
    assert assign(hall, "supervisor", 1, "A", "AA", "B").status_code == 200
    assert set(serves(hall, 1)) == {"A", "AA", "B"}


def test_at_a_shared_counter_the_officer_may_do_all_to_whoever_was_called(hall):
    assign(hall, "manager", 1, "A", "B")
    ticket = hall.ticket("B01")
    address = f"tickets/{ticket.public_id}/change-service"
    assert Program(hall, "officer").post(address, {"service": "B02"}).status_code == 200
    assert refusal(Program(hall, "officer").post(address, {})) == (422, "unknown_service")


def test_a_call_that_read_an_earlier_assignment_is_tried_again(hall):
    hall.ticket("A01")
    counter = hall.counter(1)
    assign(hall, "supervisor", 1, "AA")
    with refused(TryAgain):
        lifecycle.call(counter, hall.ticket("AA01"), reason="asked", **BY)
    with refused(TryAgain):
        lifecycle.assign(counter, [hall.queue("A")], **BY)


# --- Who is left when it goes ---------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["break", "close"])
def test_a_counter_that_leaves_is_told_which_queues_are_left_alone(hall, verb):
    hall.ticket("A01")
    assign(hall, "manager", 3, "A", "AA", "B")
    told = []
    for number in (1, 2, 3):
        answer = Program(hall, "manager").post(f"counters/{number}/{verb}", {"reason": "x"})
        told.append(answer.json()["alone"])
    assert told == [[], [], ["A"]]
    assert "alone" not in Program(hall, "manager").post("counters/1/open").json()


# --- Who sits at it -------------------------------------------------------------------------------


@pytest.fixture
def shift(cast):
    """The officer works at counter 1; a relief of the same agency has just come."""
    cast.officer.counter = cast.counter(1)
    cast.officer.save()
    cast.relief = an_operator(cast.hall, "relief", "officer", cast.a)
    cast.relief.save()
    return cast


def hand_over(cast, who: str, to: str = "hall-relief", number: int = 1):
    return Program(cast, who).post(f"counters/{number}/hand-over", {"operator": to})


def counters_of(cast) -> dict[str, int | None]:
    people = cast.hall.operators.filter(username__in=["hall-officer", "hall-relief"])
    return dict(people.values_list("username", "counter__number"))


def test_a_hand_over_keeps_the_counter_and_changes_the_officer(shift):
    shift.ticket()
    shift.serve(1)
    told = hand_over(shift, "officer").json()
    assert (told["counter"]["status"], told["ticket"]["label"]) == ("open", "A-001")
    assert counters_of(shift) == {"hall-officer": None, "hall-relief": 1}
    assert Program(shift, "relief").post("counters/1/finish").status_code == 200


def test_both_officers_stand_in_the_log(shift):
    hand_over(shift, "officer")
    detail = {"from": ["hall-officer"], "to": "hall-relief"}
    actor = "operator:hall-officer"
    assert last_event() == {"kind": "hand_over", "counter": 1, "actor": actor, "detail": detail}


def test_a_second_press_changes_nothing(shift):
    hand_over(shift, "supervisor")
    hand_over(shift, "supervisor")
    assert TicketEvent.objects.count() == 1


def test_an_officer_takes_nobody_from_another_counter_but_the_supervisor_may(shift):
    shift.relief.counter = shift.counter(2)
    shift.relief.save()
    answer = hand_over(shift, "officer")
    assert refusal(answer) == (409, "illegal_move")
    assert answer.json()["message"] == "Petugas itu bertugas di loket 2."
    assert hand_over(shift, "supervisor").status_code == 200
    assert counters_of(shift) == {"hall-officer": None, "hall-relief": 1}


@pytest.mark.parametrize("name", ["hall-colleague", "hall-supervisor", "hall-greeter", "x", ""])
def test_a_counter_goes_to_officers_of_its_agency_alone(shift, name):
    assert refusal(hand_over(shift, "supervisor", name)) == (404, "not_found")


def test_who_left_is_handed_nothing(shift):
    shift.relief.is_active = False
    shift.relief.save()
    assert refusal(hand_over(shift, "manager")) == (404, "not_found")
