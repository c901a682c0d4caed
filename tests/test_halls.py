"""Do halls know of each other? Numbers, versions, boards and logs are each hall's own."""

import datetime as dt

import pytest

from agencies.models import Hall
from queueing import lifecycle
from queueing.board import board
from queueing.models import QueueDay, Ticket
from tests.programs import Program, refusal

ACTOR = "operator:officer"


def labels(cast) -> list[str]:
    return [each.label for each in Ticket.objects.filter(hall=cast.hall).order_by("pk")]


def test_each_hall_counts_its_own_numbers(cast, next_door):
    for _ in range(3):
        cast.ticket()
    next_door.ticket()
    assert (labels(cast), labels(next_door)) == (["A-001", "A-002", "A-003"], ["A-001"])


def test_each_hall_counts_its_own_versions(cast, next_door):
    for who in (cast, next_door, cast, cast, next_door):
        who.ticket()
    versions = [
        list(who.hall.events.values_list("version", flat=True)) for who in (cast, next_door)
    ]
    assert [sorted(each) for each in versions] == [[1, 2, 3], [1, 2]]
    assert dict(Hall.objects.values_list("slug", "version")) == {"hall": 3, "next-door": 2}


def test_each_hall_has_an_epoch_of_its_own(cast, next_door):
    epochs = {board(who.hall)["epoch"] for who in (cast, next_door)}
    assert len(epochs) == 2


def test_a_board_shows_its_own_hall(cast, next_door, clock):
    next_door.ticket()
    next_door.call(1)
    lifecycle.close_counter(next_door.counter(3), actor=ACTOR)
    told = Program(cast).get("board").json()
    assert (told["hall"], told["version"], told["calls"]) == ("hall", 0, [])
    assert [queue["waiting"] for queue in told["queues"]] == [0, 0]
    assert {counter["status"] for counter in told["counters"]} == {"open"}


def test_a_log_holds_its_own_hall(cast, next_door):
    cast.ticket()
    next_door.ticket()
    next_door.call(1)
    log = Program(cast, "manager").get("events").json()
    assert (log["epoch"], log["version"]) == (str(cast.hall.epoch), 1)
    assert [event["kind"] for event in log["events"]] == ["issue"]


def test_a_catalogue_lists_its_own_hall(cast, next_door):
    next_door.hall.agencies.filter(code="A").update(short_name="Sebelah")
    next_door.hall.services.update(is_open=False)
    told = Program(cast).get("catalogue").json()
    names = [agency["short_name"] for agency in told["agencies"]]
    services = [s for agency in told["agencies"] for s in agency["queues"][0]["services"]]
    assert names == ["Agency A", "Agency B"]
    assert {service["open"] for service in services} == {True}


def test_a_counter_calls_nobody_from_next_door(cast, next_door):
    next_door.ticket()
    assert Program(cast, "officer").post("counters/1/call-next").json()["ticket"] is None


def test_a_ticket_of_the_hall_next_door_does_not_exist_here(cast, next_door):
    ticket = next_door.ticket()
    for name in ("officer", "supervisor", "manager", "greeter"):
        response = Program(cast, name).post(f"tickets/{ticket.public_id}/cancel")
        assert refusal(response) == (404, "not_found")
    order = {"ticket": str(ticket.public_id), "reason": "x"}
    assert refusal(Program(cast, "officer").post("counters/1/call", order)) == (404, "not_found")


def test_nobody_is_sent_on_to_the_hall_next_door(cast, next_door):
    next_door.queue("B").services.filter(code="B01").update(code="X01")
    next_door.hall.queues.filter(code="B").update(code="X")
    cast.ticket()
    cast.serve(1)
    officer = Program(cast, "officer")
    told = [
        officer.post("counters/1/transfer", order) for order in ({"queue": "X"}, {"service": "X01"})
    ]
    assert [refusal(each) for each in told] == [(422, "invalid"), (422, "unknown_service")]


def test_people_of_one_hall_work_in_no_other(cast, next_door):
    for name in ("officer", "supervisor", "greeter", "manager", "kiosk"):
        stranger = Program(cast, key=next_door.key(name))
        told = [
            stranger.take("A01"),
            stranger.post("counters/1/open"),
            stranger.get("events"),
        ]
        assert [refusal(each) for each in told] == [(404, "not_found")] * 3
    assert Ticket.objects.count() == 0


def test_the_same_names_may_be_used_in_every_hall(cast, next_door):
    assert cast.queue("A").pk != next_door.queue("A").pk
    assert cast.counter(1).pk != next_door.counter(1).pk
    assert cast.service("A01").pk != next_door.service("A01").pk


def test_a_hall_that_is_closed_closes_no_other(cast, next_door):
    Hall.objects.filter(pk=next_door.hall.pk).update(always_open=False)
    told = [Program(who, "kiosk").take("A01").status_code for who in (cast, next_door)]
    assert told == [201, 409]


def test_closing_the_day_of_one_hall_leaves_the_other_days_open(cast, next_door, clock):
    cast.ticket()
    next_door.ticket()
    clock.forward(days=1)
    lifecycle.close_day(cast.hall, dt.date(2026, 11, 24))
    assert dict(Ticket.objects.values_list("hall__slug", "state")) == {
        "hall": "expired",
        "next-door": "waiting",
    }


def test_the_pace_of_a_kiosk_is_nobody_elses(cast, next_door, settings, clock):
    settings.KIOSK_RATE = 1
    told = [Program(who, "kiosk").take("A01").status_code for who in (cast, next_door, cast)]
    assert told == [201, 201, 429]


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
def test_each_hall_has_the_date_of_its_own_wall(cast, next_door, clock, zone):
    Hall.objects.filter(pk=next_door.hall.pk).update(timezone=zone)
    clock.set(dt.datetime(2026, 11, 24, 16, 30, tzinfo=dt.UTC))
    cast.ticket()
    next_door.ticket()
    days = dict(QueueDay.objects.values_list("queue__hall__slug", "date"))
    east = dt.date(2026, 11, 24 if zone == "Asia/Jakarta" else 25)
    assert days == {"hall": dt.date(2026, 11, 24), "next-door": east}


def test_the_door_shows_every_hall_and_each_has_its_start_page(cast, next_door, client):
    door = client.get("/").content.decode()
    assert [f'href="/{who.hall.slug}/"' in door for who in (cast, next_door)] == [True, True]
    assert client.get("/hall/").status_code == client.get("/next-door/").status_code == 200
