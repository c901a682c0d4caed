"""Today is the hall's day, by the database's clock, wherever the server thinks it is (T30)."""

import datetime as dt
import os
import time

import pytest
from django.db import connection

from agencies import clock as hall_clock
from agencies.models import Hall
from tests.cast import Cast

QUARTER_TO_SEVEN_WIB = dt.datetime(2026, 11, 23, 23, 45, tzinfo=dt.UTC)  # on the 24th


@pytest.fixture(params=["UTC", "America/New_York", "Asia/Jakarta"])
def server_zone(request, monkeypatch):
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("database_zone", ["UTC", "America/New_York", "Asia/Tokyo"])
@pytest.mark.fault(
    "T30", "06.45 WIB with 3 zones of the server and 3 of the database", "the hall's date in all 9"
)
def test_a_number_of_the_early_morning_belongs_to_the_halls_date(
    cast, clock, server_zone, database_zone
):
    assert os.environ["TZ"] == server_zone
    clock.set(QUARTER_TO_SEVEN_WIB)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE %s", [database_zone])
    ticket = cast.ticket()
    assert (ticket.date, ticket.number) == (dt.date(2026, 11, 24), 1)


@pytest.mark.parametrize(
    ("zone", "date"),
    [("Asia/Jakarta", 23), ("Asia/Makassar", 24), ("Asia/Jayapura", 24)],
)
def test_each_hall_has_the_date_of_its_own_wall(db, clock, zone, date):
    clock.set(dt.datetime(2026, 11, 23, 16, 30, tzinfo=dt.UTC))
    cast = Cast()
    Hall.objects.update(timezone=zone)
    assert cast.ticket().date == dt.date(2026, 11, date)


def test_a_clock_that_is_set_back_never_opens_an_earlier_day(cast, clock):
    clock.set(QUARTER_TO_SEVEN_WIB)
    cast.ticket()
    clock.forward(hours=-12)
    ticket = cast.ticket()
    assert (ticket.date, ticket.number) == (dt.date(2026, 11, 24), 2)
    assert hall_clock.today(Hall.objects.get(pk=cast.hall.pk)) == dt.date(2026, 11, 24)


def test_the_next_date_begins_with_number_one(cast, clock):
    cast.ticket(), cast.ticket()
    clock.forward(days=1)
    assert cast.ticket().label == "A-001"


def test_the_clock_is_the_databases_not_the_machines(db, time_machine):
    time_machine.move_to(dt.datetime(1999, 12, 31, tzinfo=dt.UTC))
    assert hall_clock.now().year >= 2026
