"""What a citizen may ask for from the phone, and what is refused with which words."""

import pytest

from agencies.models import Agency
from queueing.models import Ticket, TicketEvent
from queueing.visit_shapes import OwnTicket, Plan, VisitState
from queueing.visits import visit_state
from tests.cast import Cast, fresh
from tests.programs import Program, refusal
from tests.test_shapes import same_keys


class Phone:
    """Somebody's phone at the API, with the token of a visit."""

    def __init__(self, cast: Cast, ticket: Ticket) -> None:
        self.program, self.ticket = Program(cast), ticket
        self.address = f"/api/v1/visits/{ticket.visit.token}"

    def ask(self, verb: str, **order):
        once = order.pop("once", None)
        path = f"{self.address}/tickets/{self.ticket.public_id}/{verb}"
        return self.program.post(path, order, once=once)

    def see(self) -> dict:
        return self.program.get(self.address).json()

    def own(self) -> dict:
        return self.see()["tickets"][0]


@pytest.fixture
def phone(cast, clock) -> Phone:
    phone = Phone(cast, cast.ticket("A01"))
    clock.forward(seconds=1)
    cast.ticket("A01")
    return phone


@pytest.fixture
def may_change(cast) -> None:
    Agency.objects.filter(pk=cast.a.pk).update(phone_change=True)


# --- Later, and away -----------------------------------------------------------------------------


def test_a_wish_is_answered_with_the_ticket_and_logged_as_the_visitors(phone):
    told = phone.ask("postpone").json()
    assert (told["label"], told["state"], told["ahead"]) == ("A-001", "waiting", 1)
    assert TicketEvent.objects.order_by("version").last().actor == "visitor"


def test_a_double_tap_is_one_wish(phone):
    first = phone.ask("step-away", reason="prayer", minutes=15, once="tap")
    second = phone.ask("step-away", reason="prayer", minutes=15, once="tap")
    assert (second.content, second["Idempotency-Replayed"]) == (first.content, "true")
    assert fresh(phone.ticket).away_minutes == 15


def test_who_is_away_sees_until_when_and_how_much_is_left(phone):
    phone.ask("step-away", reason="prayer", minutes=15)
    told = phone.own()
    assert told["away_until"] == "2026-11-24T09:15:01.000+07:00"
    assert (told["away_reason"], told["away_left"]) == ("prayer", 45)
    assert told["may"] == ["postpone", "step-away", "be-back", "cancel"]


def test_when_the_time_is_over_nobody_is_away(phone, clock):
    phone.ask("step-away", reason="prayer", minutes=5)
    clock.forward(minutes=5)
    assert (phone.own()["away_until"], phone.own()["away_reason"]) == (None, "")


@pytest.mark.parametrize("order", [{}, {"reason": "prayer"}, {"minutes": 15}])
def test_going_away_needs_a_reason_and_minutes(phone, order):
    assert refusal(phone.ask("step-away", **order)) == (422, "invalid")


@pytest.mark.parametrize(
    "order", [{"reason": "no", "minutes": 5}, {"reason": "other", "minutes": 61}]
)
def test_what_is_not_of_the_list_is_not_understood(phone, order):
    assert refusal(phone.ask("step-away", **order)) == (422, "invalid")


@pytest.mark.parametrize("verb", ["postpone", "step-away", "be-back"])
def test_who_was_called_meanwhile_is_told_so(cast, phone, verb):
    cast.call(1)
    assert refusal(phone.ask(verb, reason="prayer", minutes=5)) == (409, "illegal_move")
    assert phone.own()["may"] == ["cancel"]


def test_a_wish_is_for_a_number_of_the_own_visit(cast, phone):
    phone.ticket = cast.ticket()
    assert refusal(phone.ask("postpone")) == (404, "not_found")


def test_a_wish_needs_a_key(phone):
    path = f"{phone.address}/tickets/{phone.ticket.public_id}/postpone"
    assert refusal(phone.program.post(path, once="")) == (400, "key_missing")


# --- Another service -----------------------------------------------------------------------------


@pytest.mark.usefixtures("may_change")
def test_a_wrong_choice_is_mended_and_the_place_kept(phone):
    told = phone.ask("change-service", service="A02").json()
    assert (told["label"], told["services"], told["ahead"]) == ("A-001", ["A02"], 0)


def test_where_the_agency_does_not_allow_it_the_staff_mends_it(phone):
    assert refusal(phone.ask("change-service", service="A02")) == (403, "not_yours")
    assert "change-service" not in phone.own()["may"]


@pytest.mark.usefixtures("may_change")
@pytest.mark.parametrize(
    ("service", "told"),
    [
        ("", (422, "unknown_service")),
        ("X99", (422, "unknown_service")),
        ("A01", (409, "illegal_move")),
        ("B01", (409, "illegal_move")),
    ],
)
def test_only_another_service_of_the_agency_can_be_chosen(phone, service, told):
    order = {"service": service} if service else {}
    assert refusal(phone.ask("change-service", **order)) == told


@pytest.mark.usefixtures("may_change")
def test_a_closed_service_cannot_be_chosen(cast, phone):
    cast.hall.services.filter(code="A02").update(is_open=False)
    assert refusal(phone.ask("change-service", service="A02")) == (409, "closed")


@pytest.mark.usefixtures("may_change")
def test_who_was_called_cannot_change_any_more(cast, phone):
    cast.call(1)
    assert refusal(phone.ask("change-service", service="A02")) == (409, "illegal_move")


# --- The visit as a whole ------------------------------------------------------------------------


def labels(state: dict) -> list[str]:
    of = {ticket["id"]: ticket["label"] for ticket in state["tickets"]}
    return [of[each] for each in state["plan"]["order"]]


def test_errands_stand_in_the_order_in_which_they_probably_come(cast):
    cast.ticket("A01")
    first = cast.visit("A01", "B01")[0]
    assert labels(visit_state(first.visit)) == ["B-001", "A-002"]
    cast.call(1)
    cast.call(1, finish_current=True)
    assert labels(visit_state(first.visit)) == ["A-002", "B-001"]


def test_a_wished_order_goes_before_the_places(cast):
    cast.ticket("A01")
    tickets = cast.visit("A01", "B01")
    for turn, ticket in enumerate(tickets):
        Ticket.objects.filter(pk=ticket.pk).update(turn=turn)
    tickets[0].visit.is_ordered = True
    tickets[0].visit.save()
    state = visit_state(tickets[0].visit)
    assert (labels(state), state["plan"]["is_ordered"]) == (["A-002", "B-001"], True)


@pytest.mark.parametrize("codes", [["A01"], ["A01", "B01"]])
def test_telling_a_visit_takes_the_same_questions_for_one_number_and_two(
    cast, codes, django_assert_num_queries
):
    visit = cast.visit(*codes)[0].visit
    with django_assert_num_queries(4):
        visit_state(visit)


def test_a_visit_is_told_as_documented(phone):
    told = phone.see()
    VisitState.model_validate(told)
    for part, shape in [(told, VisitState), (told["tickets"][0], OwnTicket), (told["plan"], Plan)]:
        assert same_keys(part, shape)
