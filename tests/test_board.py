"""What is showing now? Section 5 of the contract, to the letter."""

import json

import pytest

from agencies.models import Counter
from queueing import board as showing
from queueing import lifecycle
from queueing.board import board
from queueing.models import Ticket
from tests.cast import make_agency
from tests.programs import Program

ACTOR = "operator:officer"


def shown(cast) -> dict:
    return Program(cast).get("board").json()


UP = {"incident_since": None, "estimate": None, "estimate_why": ""}


def test_an_empty_hall_has_an_empty_board(cast, clock):
    assert shown(cast) == {
        "type": "board",
        "hall": "hall",
        "epoch": str(cast.hall.epoch),
        "version": 0,
        "at": "2026-11-24T09:00:00.000+07:00",
        "date": "2026-11-24",
        "queues": [
            {"code": "A", "agency": "A", "waiting": 0, "status": "open", "counters_open": 2} | UP,
            {"code": "B", "agency": "B", "waiting": 0, "status": "open", "counters_open": 1} | UP,
        ],
        "counters": [
            {"number": 1, "agency": "A", "status": "open", "ticket": None},
            {"number": 2, "agency": "A", "status": "open", "ticket": None},
            {"number": 3, "agency": "B", "status": "open", "ticket": None},
        ],
        "calls": [],
    }


def test_a_call_shows_at_its_counter_and_among_the_calls(cast, clock):
    cast.ticket()
    cast.ticket()
    cast.call(2)
    told = shown(cast)
    assert told["queues"][0]["waiting"] == 1
    assert told["counters"][1]["ticket"] == {"label": "A-001", "state": "called", "calls": 1}
    assert told["calls"] == [
        {
            "version": 3,
            "label": "A-001",
            "queue": "A",
            "counter": 2,
            "calls": 1,
            "at": "2026-11-24T09:00:00.000+07:00",
        }
    ]


def test_whoever_is_served_shows_as_served_and_then_no_more(cast):
    cast.ticket()
    cast.serve(1)
    assert shown(cast)["counters"][0]["ticket"]["state"] == "serving"
    lifecycle.finish(cast.counter(1), actor=ACTOR)
    assert shown(cast)["counters"][0]["ticket"] is None


@pytest.mark.parametrize("end", ["hold", "no_show", "transfer"])
def test_a_counter_that_was_left_is_free(cast, end):
    cast.ticket()
    cast.call(1) if end == "no_show" else cast.serve(1)
    if end == "transfer":
        current = lifecycle.current_ticket(cast.counter(1))
        lifecycle.transfer(current, cast.queue("B"), actor=ACTOR)
    else:
        options = {"said_so": True} if end == "no_show" else {}
        getattr(lifecycle, end)(cast.counter(1), actor=ACTOR, **options)
    assert [counter["ticket"] for counter in shown(cast)["counters"]] == [None, None, None]


def test_a_recall_is_a_call_of_its_own_above_the_first(cast, clock):
    cast.ticket()
    cast.call(1)
    clock.forward(seconds=30)
    lifecycle.recall(cast.counter(1), actor=ACTOR)
    calls = shown(cast)["calls"]
    assert [(call["version"], call["label"], call["calls"]) for call in calls] == [
        (3, "A-001", 2),
        (2, "A-001", 1),
    ]
    assert shown(cast)["counters"][0]["ticket"]["calls"] == 2


def test_the_last_calls_are_shown_newest_first(cast):
    for _ in range(15):
        cast.ticket()
        cast.call(1, finish_current=True)
    calls = shown(cast)["calls"]
    assert [call["label"] for call in calls] == [f"A-{number:03d}" for number in range(15, 3, -1)]
    assert len(calls) >= 10
    assert [call["version"] for call in calls] == sorted(
        (call["version"] for call in calls), reverse=True
    )


def test_the_calls_of_yesterday_are_gone(cast, clock):
    cast.ticket()
    cast.serve(1)
    lifecycle.finish(cast.counter(1), actor=ACTOR)
    cast.ticket()
    clock.forward(days=1)
    told = shown(cast)
    assert (told["date"], told["calls"]) == ("2026-11-25", [])
    assert [queue["waiting"] for queue in told["queues"]] == [0, 0]


def test_the_version_is_that_of_the_last_event(cast):
    cast.ticket()
    cast.call(1)
    assert shown(cast)["version"] == cast.hall.events.count() == 2


def test_a_label_grows_beyond_three_digits(cast):
    cast.ticket()
    cast.queue("A").days.update(last_number=1233)
    cast.ticket()
    cast.call(1)
    cast.call(2)
    told = shown(cast)
    assert [counter["ticket"]["label"] for counter in told["counters"][:2]] == ["A-001", "A-1234"]
    assert [call["label"] for call in told["calls"]] == ["A-1234", "A-001"]


def test_counters_show_whether_they_are_there_for_anybody(cast):
    lifecycle.break_counter(cast.counter(1), actor=ACTOR, reason="istirahat", until=None)
    lifecycle.close_counter(cast.counter(3), actor=ACTOR)
    told = shown(cast)
    assert [counter["status"] for counter in told["counters"]] == ["break", "open", "closed"]
    assert [queue["counters_open"] for queue in told["queues"]] == [1, 0]


@pytest.mark.parametrize("status", ["open", "paused", "closed"])
def test_queues_show_whether_they_take_anybody(cast, status):
    cast.hall.queues.filter(code="B").update(status=status)
    assert [queue["status"] for queue in shown(cast)["queues"]] == ["open", status]


def test_a_counter_of_two_queues_is_counted_for_both(cast):
    cast.counter(3).queues.add(cast.queue("A"))
    assert [queue["counters_open"] for queue in shown(cast)["queues"]] == [3, 1]


def test_a_hall_without_anything_has_a_board_all_the_same(cast):
    Counter.objects.all().delete()
    cast.hall.services.all().delete()
    cast.hall.queues.all().delete()
    told = shown(cast)
    assert (told["queues"], told["counters"], told["calls"]) == ([], [], [])


def test_nothing_on_the_board_tells_who_somebody_is(cast):
    ticket = cast.ticket(priority="disability")
    cast.call(1)
    text = json.dumps(shown(cast))
    secrets = [str(ticket.public_id), ticket.visit.token, "disability", "officer", "kiosk"]
    assert [secret for secret in secrets if secret in text] == []


# --- The same everywhere ------------------------------------------------------------------------


def test_the_board_of_the_api_is_the_board_of_the_pages(cast, clock):
    cast.ticket()
    cast.call(1)
    assert shown(cast) == board(cast.hall)


def test_the_text_for_the_sockets_is_the_board(cast, clock):
    cast.ticket()
    told, text = showing.board_text(cast.hall)
    assert json.loads(text) == told == board(cast.hall)


def test_a_beat_says_where_the_board_is(cast, clock):
    beat = json.loads(showing.beat_text(cast.hall, "epoch", 7, clock.moment))
    assert beat == {
        "type": "beat",
        "epoch": "epoch",
        "version": 7,
        "at": "2026-11-24T09:00:00.000+07:00",
    }


# --- The hall next door, and how much it asks ---------------------------------------------------


def test_what_happens_next_door_does_not_show(cast, next_door, clock):
    cast.ticket()
    before = shown(cast)
    next_door.ticket()
    next_door.call(1)
    lifecycle.close_counter(next_door.counter(2), actor=ACTOR)
    assert shown(cast) == before


def test_the_board_asks_no_more_for_thirty_tickets_than_for_one(cast, django_assert_num_queries):
    cast.ticket()
    cast.call(1)
    with django_assert_num_queries(2):
        shown(cast)
    make_agency(cast.hall, "C", [4, 5])
    for _ in range(29):
        cast.ticket()
        cast.call(2, finish_current=True)
    assert Ticket.objects.count() == 30
    with django_assert_num_queries(2):
        shown(cast)
