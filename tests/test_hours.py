"""When may one come? On working days from 08.00, and until 14.30 for a number."""

import pytest

from agencies import hours
from agencies.models import Hall
from queueing.board import board
from queueing.models import Ticket
from tests.calendars import at, with_hours
from tests.programs import Program, refusal


@pytest.fixture
def hall(cast) -> Hall:
    """The cast's hall, with the hours of the launch: Monday to Friday, 08.00 to 15.00."""
    return with_hours(cast.hall)


# --- Is it open? --------------------------------------------------------------------------------

MOMENTS = [
    (0, "00:00:00", False),
    (0, "07:59:59.999999", False),
    (0, "08:00:00", True),
    (0, "11:45:00", True),
    (0, "14:29:59.999999", True),
    (0, "14:30:00", False),
    (0, "15:00:00", False),
    (0, "23:59:59", False),
    (4, "08:00:00", True),
    (4, "14:29:00", True),
    (5, "09:00:00", False),
    (6, "09:00:00", False),
]


@pytest.mark.parametrize(("day", "time", "is_open"), MOMENTS)
def test_numbers_are_given_on_working_days_from_eight_to_half_past_two(hall, day, time, is_open):
    assert hours.is_issuing(hall, at(day, time)) is is_open


@pytest.mark.parametrize(("day", "time", "_"), MOMENTS)
def test_a_hall_that_is_always_open_gives_numbers_at_any_hour(hall, day, time, _):
    hall.always_open = True
    assert hours.is_issuing(hall, at(day, time)) is True


def test_the_hours_are_those_of_the_halls_wall_clock(hall):
    moment = at(0, "07:30", "Asia/Jakarta")
    hall.timezone = "Asia/Makassar"
    assert hours.is_issuing(hall, moment) is True
    hall.timezone = "Asia/Jayapura"
    assert hours.is_issuing(hall, at(0, "13:00", "Asia/Jakarta")) is False


def test_a_hall_without_hours_is_closed_and_nobody_knows_until_when(cast):
    cast.hall.always_open = False
    assert hours.is_issuing(cast.hall, at(0, "09:00")) is False
    assert hours.next_opening(cast.hall, at(0, "09:00")) is None


# --- When does it open? -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (at(0, "06:00"), at(0, "08:00")),
        (at(0, "07:59:59"), at(0, "08:00")),
        (at(0, "08:00"), at(1, "08:00")),
        (at(0, "14:30"), at(1, "08:00")),
        (at(3, "23:59:59"), at(4, "08:00")),
        (at(4, "14:30"), at(7, "08:00")),
        (at(5, "10:00"), at(7, "08:00")),
        (at(6, "23:59"), at(7, "08:00")),
    ],
)
def test_the_next_opening_skips_the_days_on_which_the_hall_is_closed(hall, now, opens):
    assert hours.next_opening(hall, now) == opens


def test_a_hall_of_one_day_a_week_opens_again_in_a_week(cast):
    hall = with_hours(cast.hall, range(2, 3))
    assert hours.next_opening(hall, at(2, "15:00")) == at(9, "08:00")


# --- What a closed hall says --------------------------------------------------------------------

CLOSED = "Mal Pelayanan Publik tutup hari ini."
OVER = "Nomor untuk hari ini tidak diberikan lagi."


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        (at(1, "06:45"), "Mal Pelayanan Publik belum dibuka. Buka pukul 08.00."),
        (at(1, "14:30"), f"{OVER} Buka lagi Rabu, 25 November, 08.00."),
        (at(4, "14:31"), f"{OVER} Buka lagi Senin, 30 November, 08.00."),
        (at(6, "12:00"), f"{CLOSED} Buka lagi Senin, 30 November, 08.00."),
    ],
)
def test_a_closed_hall_gives_no_number_and_says_when_it_opens(cast, hall, clock, now, sentence):
    clock.set(now)
    response = Program(cast, "kiosk").take("A01")
    assert refusal(response) == (409, "closed")
    assert response.json()["message"] == sentence
    assert Ticket.objects.count() == 0


def test_a_hall_that_nobody_knows_when_it_opens_says_only_that_it_is_closed(cast, clock):
    cast.hall.always_open = False
    cast.hall.save()
    assert Program(cast, "kiosk").take("A01").json()["message"] == CLOSED


def test_the_greeter_gives_no_number_in_a_closed_hall_either(cast, hall, clock):
    clock.set(at(1, "14:30"))
    assert refusal(Program(cast, "greeter").take("A01")) == (409, "closed")


def test_the_first_number_is_given_at_eight_and_the_last_before_half_past_two(cast, hall, clock):
    taken = []
    for time in ("07:59:59", "08:00:00", "14:29:59", "14:30:00"):
        clock.set(at(1, time))
        taken.append(Program(cast, "kiosk").take("A01").status_code)
    assert taken == [409, 201, 201, 409]
    assert list(Ticket.objects.order_by("pk").values_list("number", flat=True)) == [1, 2]


def test_whoever_holds_a_number_is_served_after_the_last_one_was_given(cast, hall, clock):
    clock.set(at(1, "14:29"))
    cast.ticket()
    clock.set(at(1, "14:45"))
    officer = Program(cast, "officer")
    assert officer.post("counters/1/call-next").json()["ticket"]["label"] == "A-001"
    assert officer.post("counters/1/start").json()["ticket"]["state"] == "serving"
    assert officer.post("counters/1/transfer", {"queue": "B"}).json()["leg"]["label"] == "B-001"


# --- What the screens show ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "status"),
    [(at(1, "07:59"), "closed"), (at(1, "08:00"), "open"), (at(5, "09:00"), "closed")],
)
def test_the_board_shows_the_queues_of_a_closed_hall_as_closed(hall, clock, now, status):
    clock.set(now)
    assert [queue["status"] for queue in board(hall)["queues"]] == [status, status]


def test_an_open_hall_shows_each_queue_as_it_is(cast, hall, clock):
    hall.queues.filter(code="B").update(status="paused")
    clock.set(at(1, "09:00"))
    assert [queue["status"] for queue in board(hall)["queues"]] == ["open", "paused"]


def test_the_catalogue_of_a_closed_hall_opens_no_service(cast, hall, clock):
    def opened() -> set[bool]:
        agencies = Program(cast).get("catalogue").json()["agencies"]
        return {
            service["open"] for agency in agencies for service in agency["queues"][0]["services"]
        }

    clock.set(at(1, "14:29"))
    assert opened() == {True}
    clock.set(at(1, "14:30"))
    assert opened() == {False}
