"""What do we take for granted of a day? Domain section 15, until real logs say better.

Only the order of the five busiest agencies is reported; all shares and minutes are estimates. What
is marked [guess] stands in no source at all.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

SHARES = {"A": 38, "F": 16, "D": 7, "C": 6, "B": 5.5, "G": 5, "S": 5, "N": 5, "E": 3.5}
SHARES |= {"H": 3, "P": 1.8, "K": 1.5, "M": 1, "L": 0.8, "R": 0.5, "J": 0.3, "Q": 0.1}
HALF_HOURS = (16, 14, 13, 11, 9, 8, 6, 5, 3, 4, 5, 3, 2)  # per cent, until the last number


MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Assumptions:
    """How many come and what becomes of them; shares are of one, times are of the wall clock."""

    visits: int = 270
    counters: int = 1  # times as many as the catalogue has
    follows_the_week: bool = True  # Monday and after a holiday 1.3, Friday 0.8 [guess]
    shares: Mapping[str, float] = field(default_factory=lambda: SHARES)
    quotas: Mapping[str, int] = field(default_factory=lambda: {"G": 30})

    half_hours: tuple[float, ...] = HALF_HOURS
    at_the_door: float = 0.08  # come within the first minutes instead
    door: dt.timedelta = 4 * MINUTE

    share_of_target: float = 0.6  # of the promised minutes, on the mean
    spread: float = 0.7  # standard deviation by mean
    day_spread: float = 0.1
    between: dt.timedelta = 0.5 * MINUTE  # from the call until the person sits

    absent: float = 0.05
    priority: float = 0.1
    second: float = 0.12  # with a second errand
    transferred: float = 0.04
    recalled: float = 0.15
    held: float = 0.01  # lack a paper, and are back after a while [guess]
    returning: float = 0.3  # of the absent, and late [guess]
    late_return: dt.timedelta = 10 * MINUTE  # after the call, or to fetch the paper [guess]

    opens_late: tuple[float, float] = (3, 4)  # minutes, and their standard deviation
    rest: dt.timedelta = 45 * MINUTE
    rests_from: dt.time = dt.time(11, 45)
    rests_until: dt.time = dt.time(14, 0)
    lone_rest: dt.timedelta = 60 * MINUTE
    lone_rests_from: dt.time = dt.time(12)

    outages: float = 0.05  # of the days of an agency
    outage: tuple[float, float] = (15, 45)  # minutes
    outage_hours: tuple[dt.time, dt.time] = (dt.time(8, 30), dt.time(14))


PRESETS = {
    "biasa": Assumptions(visits=270),
    "ramai": Assumptions(visits=500),
    "puncak": Assumptions(visits=1000, counters=2),
    "uji-beban": Assumptions(visits=1500, counters=3),
}


def as_in_the_reference(assumptions: Assumptions) -> Assumptions:
    """Leave out what the table of domain section 15 was measured without."""
    return replace(
        assumptions, second=0, transferred=0, held=0, returning=0, follows_the_week=False
    )
