"""In which order are the errands of a visit done? By wish, by the line, every place kept."""

import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.models import Counter, Hall
from queueing import forecasting, lifecycle, steering
from queueing.models import TicketEvent, Visit
from queueing.planning import Errand, steered
from queueing.refusals import IllegalMove, Invalid
from queueing.visits import visit_state
from tests.calendars import at, timetable, with_hours
from tests.cast import fresh, refused
from tests.programs import Program, refusal
from tests.test_forecasting import teach

BY = {"actor": "visit:phone"}
NINE = dt.datetime(2026, 11, 24, 2, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def finish(cast, counter: int) -> None:
    lifecycle.finish(cast.counter(counter), actor="operator:officer")


# --- By wish ------------------------------------------------------------------------------------


def test_an_errand_that_is_to_come_later_is_passed_by_until_the_first_is_done(cast, clock):
    a, b = cast.visit("A01", "B01")
    other = cast.ticket("A01")
    lifecycle.reorder([b], **BY)
    assert cast.call(1) == other
    cast.serve(3)
    finish(cast, 3)
    assert cast.call(2) == a  # at its own place: before whoever came later


def test_a_place_is_kept_while_another_errand_is_done(cast, clock):
    a, b = cast.visit("A01", "B01")
    lifecycle.reorder([b], **BY)
    later = cast.ticket("A01")
    cast.serve(3)
    finish(cast, 3)
    assert [cast.call(1), cast.call(2)] == [a, later]


@pytest.mark.parametrize("end", ["cancel", "no_show"])
def test_an_errand_that_will_not_be_done_holds_nobody_back(cast, clock, end):
    a, b = cast.visit("A01", "B01")
    lifecycle.reorder([b], **BY)
    if end == "cancel":
        lifecycle.cancel(fresh(b), **BY)
    else:
        cast.call(3)
        lifecycle.no_show(cast.counter(3), said_so=True, actor="operator:colleague")
    assert cast.call(1) == a


@pytest.mark.parametrize(("status", "is_held"), [("closed", False), ("break", True)])
def test_an_errand_whose_counters_are_shut_holds_nobody_back(cast, clock, status, is_held):
    a, b = cast.visit("A01", "B01")
    lifecycle.reorder([b], **BY)
    Counter.objects.filter(number=3).update(status=status)
    assert (cast.call(1) == a) is not is_held


def test_who_is_away_from_the_first_errand_is_called_for_the_next(cast, clock):
    a, b = cast.visit("A01", "B01")
    lifecycle.reorder([b], **BY)
    lifecycle.step_away(fresh(b), reason="elsewhere", minutes=15, **BY)
    assert cast.call(1) == a


def test_an_errand_whose_system_is_down_holds_nobody_back(cast, clock):
    a, b = cast.visit("A01", "B01")
    lifecycle.reorder([b], **BY)
    assert cast.call(1) is None
    lifecycle.begin_incident(cast.queue("B"), actor="operator:colleague", reason="SIAK")
    assert cast.call(1) == a


def test_the_order_can_be_changed_again(cast, clock):
    a, b = cast.visit("A01", "B01")
    lifecycle.reorder([b], **BY)
    lifecycle.reorder([a], **BY)
    assert cast.call(3) is None
    assert cast.call(1) == a


def test_the_others_follow_in_the_order_they_had(cast, clock):
    a, b = cast.visit("A01", "B01")
    assert [t.label for t in lifecycle.reorder([b], **BY)] == ["B-001", "A-001"]
    assert [t.label for t in lifecycle.reorder([b, a], **BY)] == ["B-001", "A-001"]


def test_the_log_tells_the_order_and_why(cast, clock):
    _a, b = cast.visit("A01", "B01")
    lifecycle.reorder([b], reason="window", **BY)
    event = TicketEvent.objects.get(kind="reorder")
    assert (event.ticket, event.detail) == (b, {"order": ["B-001", "A-001"], "reason": "window"})


def test_one_errand_alone_has_no_order(cast, clock):
    with refused(IllegalMove):
        lifecycle.reorder([cast.ticket()], **BY)


def test_who_is_at_a_counter_is_not_put_first(cast, clock):
    a, _b = cast.visit("A01", "B01")
    cast.call(1)
    with refused(IllegalMove):
        lifecycle.reorder([fresh(a)], **BY)


def test_numbers_of_two_visits_have_no_order(cast, clock):
    a, _b = cast.visit("A01", "B01")
    other, _ = cast.visit("A01", "B01")
    with refused(Invalid):
        lifecycle.reorder([a, other], **BY)


# --- On the phone and at the reception ----------------------------------------------------------


@pytest.fixture
def phone(cast, client, clock):
    visit = cast.visit("A01", "B01")[0].visit
    address = f"/api/v1/visits/{visit.token}"

    class Phone:
        def look(self) -> dict:
            return client.get(address).json()

        def ids(self) -> dict[str, str]:
            return {ticket["queue"]: ticket["id"] for ticket in self.look()["tickets"]}

        def order(self, *ids: str):
            return client.post(
                f"{address}/order",
                {"tickets": list(ids)},
                content_type="application/json",
                headers={"Idempotency-Key": uuid.uuid4().hex},
            )

    return Phone()


def test_a_phone_puts_an_errand_first(phone):
    ids = phone.ids()
    assert phone.look()["plan"] == {"is_ordered": False, "order": [ids["A"], ids["B"]]}
    answer = phone.order(ids["B"])
    assert answer.status_code == 200
    wanted = {"is_ordered": True, "order": [ids["B"], ids["A"]]}
    assert answer.json()["plan"] == phone.look()["plan"] == wanted


def test_a_phone_orders_only_its_own_errands(phone, cast):
    other = cast.ticket()
    assert refusal(phone.order(str(other.public_id))) == (404, "not_found")
    assert refusal(phone.order()) == (422, "invalid")


def test_the_greeter_puts_an_errand_first(cast, clock):
    a, b = cast.visit("A01", "B01")
    answer = Program(cast, "greeter").post(f"tickets/{b.public_id}/first")
    assert (answer.status_code, answer.json()["label"]) == (200, "B-001")
    assert Visit.objects.get(pk=a.visit_id).is_ordered


def test_whoever_is_called_leads_the_plan_and_what_is_done_ends_it(cast, clock):
    a, b = cast.visit("A01", "B01")
    cast.call(3)

    def order() -> list[str]:
        return visit_state(Visit.objects.get(pk=a.visit_id))["plan"]["order"]

    assert order() == [str(b.public_id), str(a.public_id)]
    lifecycle.start(cast.counter(3), actor="operator:colleague")
    finish(cast, 3)
    assert order() == [str(a.public_id), str(b.public_id)]


def held_by(cast, ticket) -> str:
    told = visit_state(Visit.objects.get(pk=ticket.visit_id))["tickets"]
    return next(each["held_by"] for each in told if each["id"] == str(ticket.public_id))


def test_the_phone_is_told_which_number_comes_first(cast, clock):
    a, b = cast.visit("A01", "B01")
    assert held_by(cast, a) == ""
    lifecycle.reorder([b], **BY)
    assert (held_by(cast, a), held_by(cast, b)) == ("B-001", "")
    cast.call(3)
    assert held_by(cast, a) == "B-001"


def test_an_errand_whose_counters_are_shut_is_not_told_to_come_first(cast, clock):
    a, b = cast.visit("A01", "B01")
    lifecycle.reorder([b], **BY)
    Counter.objects.filter(queues=b.queue_id).update(status=Counter.Status.CLOSED)
    assert held_by(cast, a) == ""
    assert cast.call(1) == a


# --- Steered by the hall ------------------------------------------------------------------------


def errand(key: int, called: float, length: float, closes: float | None = None) -> Errand:
    closes_at = None if closes is None else NINE + closes * MINUTE
    return Errand(key, NINE + called * MINUTE, length * MINUTE, closes_at)


@pytest.fixture
def until_noon(cast, clock):
    """Papers of B are taken until noon; it is twenty past eleven, and both queues are known."""
    with_hours(cast.hall)
    windows = (range(5), "08:00", "11:30", "12:00")
    timetable(cast.hall, windows, services=[cast.service("B01")])
    teach(cast, minutes=35)
    clock.set(at(1, "11:20"))
    cast.ticket("B02")
    cast.serve(3)
    return cast


def steer(cast) -> int:
    return steering.steer(forecasting.renew(Hall.objects.get(pk=cast.hall.pk)))


def test_who_would_miss_a_window_is_steered_once_and_may_choose_otherwise(until_noon, clock):
    a, b = until_noon.visit("A01", "B01")
    until_noon.ticket("A01")
    clock.forward(minutes=5)
    assert steer(until_noon) == 1
    assert TicketEvent.objects.get(kind="reorder").detail["reason"] == "window"
    assert until_noon.call(1) != a
    assert steer(until_noon) == 0
    lifecycle.reorder([fresh(a)], **BY)
    assert steer(until_noon) == 0
    assert until_noon.call(2) == a
    assert fresh(b).is_waiting


def test_who_has_chosen_meanwhile_is_not_steered(until_noon, clock):
    a, b = until_noon.visit("A01", "B01")
    until_noon.ticket("A01")
    clock.forward(minutes=5)
    scene = forecasting.renew(Hall.objects.get(pk=until_noon.hall.pk))
    lifecycle.reorder([a, b], **BY)
    assert steering.steer(scene) == 0
    assert until_noon.call(1) == a


def test_who_was_called_meanwhile_is_not_steered(until_noon, clock):
    until_noon.visit("A01", "B01")
    until_noon.ticket("A01")
    clock.forward(minutes=5)
    scene = forecasting.renew(Hall.objects.get(pk=until_noon.hall.pk))
    until_noon.call(1)
    assert steering.steer(scene) == 0
    assert not TicketEvent.objects.filter(kind="reorder").exists()


def test_who_misses_nothing_is_left_to_the_line(until_noon, clock):
    until_noon.visit("A01", "B02")
    assert steer(until_noon) == 0


def test_nobody_is_steered_while_no_window_ends():
    assert steered([errand(1, 5, 60), errand(2, 6, 5)]) is None


def test_a_window_that_would_be_missed_comes_first():
    papers_until_noon = errand(2, called=25, length=10, closes=40)
    assert steered([errand(1, called=20, length=45), papers_until_noon]) == [2, 1]


def test_a_window_that_no_order_keeps_steers_nobody():
    assert steered([errand(1, 20, 45), errand(2, 50, 10, closes=40)]) is None


@given(
    st.lists(
        st.tuples(st.integers(0, 90), st.integers(1, 40), st.none() | st.integers(5, 120)),
        min_size=1,
        max_size=5,
    )
)
def test_being_steered_never_misses_more_windows_than_the_line_would(times):
    errands = [errand(key, *each) for key, each in enumerate(times)]
    order = steered(errands)
    by_call = [each.key for each in sorted(errands, key=lambda each: (each.called_at, each.key))]
    if order is not None:
        assert missed(errands, order) < missed(errands, by_call)


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(1, 40)), min_size=2, max_size=5))
def test_without_windows_no_order_leaves_the_hall_earlier_than_that_of_the_calls(times):
    assert steered([errand(key, *each) for key, each in enumerate(times)]) is None


def missed(errands: list[Errand], order: list[int]) -> int:
    """How many windows are missed, counted minute by minute."""
    by_key, minute, count = {each.key: each for each in errands}, 0, 0
    for key in order:
        each = by_key[key]
        while minute * MINUTE + NINE < each.called_at:
            minute += 1
        count += each.closes_at is not None and NINE + minute * MINUTE >= each.closes_at
        minute += int(each.length / MINUTE) + 1
    return count
