"""What phones are told by the hub: their own visit, when it has changed, in few questions."""

import asyncio
import json

import pytest

from queueing import lifecycle
from queueing.feeds import Outbox
from queueing.following import VisitFeed
from queueing.models import Ticket
from queueing.visits import tickets_of, visit_state
from tests.cast import fresh


class Phone:
    """An outbox of the feed, and what was put into it."""

    def __init__(self, feed: VisitFeed, ticket: Ticket) -> None:
        self.visit = ticket.visit
        self.outbox = Outbox(ticket.visit_id)
        feed.outboxes.add(self.outbox)

    def frame(self) -> dict | None:
        """Return what came, if anything did."""
        waits = self.outbox.has_news()
        return json.loads(asyncio.run(self.outbox.get()) or "null") if waits else None


@pytest.fixture
def feed(cast) -> VisitFeed:
    return VisitFeed(cast.hall)


def look(feed: VisitFeed) -> None:
    feed.hall.refresh_from_db()
    feed.send(*feed.build())


def told(phone: Phone) -> list[tuple[str, str, int | None]]:
    frame = phone.frame()
    assert frame
    assert frame["type"] == "visit"
    return [(each["label"], each["state"], each["ahead"]) for each in frame["tickets"]]


def test_the_first_frame_is_what_the_api_tells(cast, clock, feed):
    phone = Phone(feed, cast.visit("A01", "B01")[0])
    look(feed)
    phone.visit.refresh_from_db()
    assert phone.frame() == visit_state(phone.visit)


def test_a_call_moves_everybody_behind_and_nobody_else(cast, feed):
    cast.ticket("A01")
    behind, elsewhere = Phone(feed, cast.ticket("A01")), Phone(feed, cast.ticket("B01"))
    look(feed)
    behind.frame(), elsewhere.frame()
    cast.call(1)
    look(feed)
    assert told(behind) == [("A-002", "waiting", 0)]
    assert elsewhere.frame() is None


def test_the_called_phone_is_told_its_counter(cast, feed):
    phone = Phone(feed, cast.ticket("A01"))
    look(feed)
    phone.frame()
    cast.call(1)
    look(feed)
    assert phone.frame()["tickets"][0]["counter"] == 1


def test_a_place_moves_from_memory_and_a_change_is_read_for_all_at_once(
    cast, feed, django_assert_num_queries
):
    cast.ticket("A01")
    phones = [Phone(feed, cast.ticket("A01")) for _ in range(4)]
    look(feed)
    cast.call(1)
    with django_assert_num_queries(1):
        feed.send(*feed.build())
    assert [told(phone)[0][2] for phone in phones] == [0, 1, 2, 3]
    cast.call(1, finish_current=True), cast.call(2)
    with django_assert_num_queries(2):
        feed.build()


def test_a_phone_that_joins_later_is_told_at_once(cast, feed):
    ticket = cast.ticket()
    Phone(feed, ticket)
    look(feed)
    late = Phone(feed, ticket)
    look(feed)
    assert told(late) == [("A-001", "waiting", 0)]


def test_two_errands_change_their_order_as_their_places_do(cast, feed):
    cast.ticket("A01")
    own = cast.visit("A01", "B01")
    cast.ticket("B01")
    phone = Phone(feed, own[0])
    look(feed)
    assert phone.frame()["plan"]["order"] == [str(own[1].public_id), str(own[0].public_id)]
    lifecycle.postpone(fresh(own[1]), actor="visitor")
    cast.call(1)
    look(feed)
    assert phone.frame()["plan"]["order"] == [str(own[0].public_id), str(own[1].public_id)]


def test_who_was_away_is_told_when_the_time_is_over(cast, clock, feed):
    ticket = cast.ticket()
    phone = Phone(feed, ticket)
    lifecycle.step_away(ticket, reason="prayer", minutes=5, actor="visitor")
    look(feed)
    assert phone.frame()["tickets"][0]["away_reason"] == "prayer"
    clock.forward(minutes=5)
    look(feed)
    assert phone.frame()["tickets"][0]["away_until"] is None


def test_the_socket_of_a_forgotten_visit_ends(cast, clock, feed):
    phone = Phone(feed, cast.ticket())
    look(feed)
    clock.forward(days=1)
    look(feed)
    assert not phone.outbox.is_over
    clock.forward(days=1)
    look(feed)
    assert phone.outbox.is_over


def test_after_a_restore_everything_is_told_anew(cast, feed):
    phone = Phone(feed, cast.ticket())
    look(feed)
    phone.frame()
    cast.hall.epoch = "3f1a8a52-9df0-4f62-8d3b-0f5c2d7b7a11"
    cast.hall.save(update_fields=["epoch"])
    look(feed)
    assert feed.epoch == str(cast.hall.epoch)
    assert told(phone) == [("A-001", "waiting", 0)]


# --- Between the two questions ------------------------------------------------------------------


def test_who_was_called_meanwhile_has_no_place(cast):
    ticket = cast.ticket("A01")
    cast.call(1)
    [told] = tickets_of([ticket.visit_id], {str(ticket.public_id): 0})
    assert (told.state, told.place) == ("called", None)


def test_who_waits_again_meanwhile_has_a_place(cast):
    cast.ticket("A01")
    ticket = cast.ticket("A01")
    [told] = tickets_of([ticket.visit_id], {str(ticket.public_id): None})
    assert told.place == 1
