"""What every test may ask for: a cast in a transaction, a hand on the clock, a hall that runs."""

import datetime as dt
import os
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import override_settings

from tests.cast import Cast
from tests.running import RunningHall
from tests.voices import rendered


@pytest.fixture(scope="session", autouse=True)
def _static_files_wait_until_asked_for() -> Iterator[None]:
    """Every test client builds its middleware anew; let none of them read all static files."""
    with override_settings(WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture
def cast(db) -> Cast:
    return Cast()


@pytest.fixture
def next_door(db) -> Cast:
    return Cast("next-door")


@pytest.fixture
def voices(settings) -> None:
    """The clips of every language are there, as in a hall that has run for a minute."""
    settings.VAR_DIR = rendered()


class Clock:
    """The hall's clock, in the hand of a test: replaces `hall_now()` in this database."""

    def set(self, moment: dt.datetime) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE OR REPLACE FUNCTION hall_now() RETURNS timestamptz LANGUAGE sql VOLATILE"
                " AS $$ SELECT %s::timestamptz $$",
                [moment.isoformat()],
            )
        self.moment = moment

    def forward(self, **span: float) -> None:
        self.set(self.moment + dt.timedelta(**span))


@pytest.fixture
def clock(db) -> Clock:
    """A clock that stands at 09.00 WIB on Tuesday, 24 November 2026; rolled back with the test."""
    clock = Clock()
    clock.set(dt.datetime(2026, 11, 24, 2, 0, tzinfo=dt.UTC))
    return clock


@pytest.fixture(scope="session")
def _running_hall() -> Iterator[RunningHall]:
    name = f"live_{os.environ.get('PYTEST_XDIST_WORKER', 'gw')}"
    with RunningHall(name) as hall:
        yield hall


@pytest.fixture
def hall(_running_hall: RunningHall) -> RunningHall:
    """The demo hall as it runs: two web processes, real servers. Emptied for each test."""
    _running_hall.begin_anew()
    return _running_hall
