"""What time is it in a simulated hall? Whatever its driver says: the one clock is replaced.

`hall_now()` belongs to a database, and the simulated hall has one of its own. Played as fast as it
goes, the clock stands where the driver has set it, for the driver alone. Played for people to look
at, it runs by itself, so many times as fast as the real one, for every process that looks.
"""

import datetime as dt
import time

from django.db import connection

from agencies import clock

_NOW = "CREATE OR REPLACE FUNCTION hall_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS "
_STANDING = _NOW + "$$ SELECT current_setting('simulation.now')::timestamptz $$"
_RUNNING = _NOW + "$$ SELECT %s::timestamptz + %s * (clock_timestamp() - %s::timestamptz) $$"
_SET = "SELECT set_config('simulation.now', %s, false)"
_REAL = "SELECT clock_timestamp()"
NAP = 0.2


class StandingClock:
    """Stands still between two events, and jumps."""

    def __init__(self, moment: dt.datetime) -> None:
        _execute(_STANDING)
        self.advance(moment)

    def advance(self, moment: dt.datetime) -> dt.datetime:
        """Go on to this moment; return it."""
        _execute(_SET, moment.isoformat())
        return moment

    jump = advance


class RunningClock:
    """Runs from this moment on, `speed` times as fast as the real one."""

    def __init__(self, moment: dt.datetime, speed: float) -> None:
        self.speed = speed
        self._run_from(moment)

    def advance(self, moment: dt.datetime) -> dt.datetime:
        """Wait until it is this moment; return what time it is then."""
        while (now := clock.now()) < moment:
            time.sleep(min(NAP, (moment - now).total_seconds() / self.speed))
        return now

    def jump(self, moment: dt.datetime) -> None:
        """Leave out the night."""
        self._run_from(moment)

    def _run_from(self, moment: dt.datetime) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_REAL)
            started = cursor.fetchone()[0]
        _execute(_RUNNING, moment.isoformat(), self.speed, started.isoformat())


def _execute(statement: str, *values: str | float) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
