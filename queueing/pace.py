"""Who knocks too often? A flood is refused before the database is asked, and counted.

The count of one web process; an installation's limit is as many times higher as it has processes.
"""

import threading
import time
from collections import Counter
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DatabaseError, connection

from agencies import clock
from agencies.ready import Often, Ready
from queueing.models import Device, Flood
from queueing.refusals import TooMany

MOST_KEYS = 20_000
TOLD_EVERY = 1.0
_ADD = """
    INSERT INTO queueing_flood (date, kind, count) VALUES (%s, %s, %s)
    ON CONFLICT (date, kind) DO UPDATE SET count = queueing_flood.count + EXCLUDED.count
"""
# How long ago each number was given that a kiosk gave in the last minute, oldest first. More visits
# than the pace allows never matter, and PostgreSQL reads no more when it knows how few are wanted.
_MINUTE = """
    WITH now AS (SELECT hall_now() AS at), lately AS (
        SELECT v.id, v.arrived_at FROM queueing_visit v
        WHERE v.device_id = %(kiosk)s ORDER BY v.arrived_at DESC LIMIT {most})
    SELECT now.at - t.issued_at
    FROM now, lately JOIN queueing_ticket t ON t.visit_id = lately.id
    WHERE lately.arrived_at > now.at - interval '1 minute' AND t.leg_of_id IS NULL
    ORDER BY t.issued_at
"""
_locked: Ready[Device] = Ready(
    lambda kiosk: Device.objects.select_for_update(no_key=True).filter(pk=kiosk).only("pk")
)


class Pace:
    """At most so many knocks a minute for each key; 0 is no limit."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._minutes: dict[str, tuple[float, int]] = {}

    def wait(self, key: str) -> int:
        """Count a knock; return the seconds to wait when it is one too many, else 0."""
        now = time.monotonic()
        began, count = self._minutes.get(key, (now, 0))
        if now - began >= 60:  # noqa: PLR2004 - a minute
            began, count = now, 0
        if len(self._minutes) > MOST_KEYS:
            self._minutes.clear()  # rather let some knock again than remember without end
        self._minutes[key] = began, count + 1
        is_too_often = self.limit and count >= self.limit
        return max(1, round(60 - (now - began))) if is_too_often else 0


class Floods:
    """What this process refused; written down at most once a second."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._refused: Counter[str] = Counter()
        self._told_at = 0.0

    def note(self, kind: str) -> None:
        with self._lock:
            self._refused[kind] += 1
            is_due = time.monotonic() - self._told_at >= TOLD_EVERY
        if is_due:
            self.tell()

    def tell(self) -> None:
        """Write down what was refused since the last time; what cannot be written is kept."""
        with self._lock:
            refused, self._refused = self._refused, Counter()
            self._told_at = time.monotonic()
        for kind, count in refused.items():
            try:
                _add(kind, count)
            except DatabaseError:
                with self._lock:
                    self._refused[kind] += count

    def today(self) -> dict[str, int]:
        """Return how many knocks of each kind the whole installation refused today."""
        self.tell()
        return dict(Flood.objects.filter(date=_date()).values_list("kind", "count"))


def require_pace(kiosk: Device, wanted: int) -> None:
    """Let one kiosk issue at most KIOSK_RATE tickets in any minute; raises TooMany.

    The kiosk's row is locked first, so simultaneous presses are counted one after another. A visit
    of more tickets than that is let through after a minute without any.
    """
    if not settings.KIOSK_RATE:
        return
    _locked.ask(kiosk.pk)
    ages = [age for (age,) in _minute(settings.KIOSK_RATE).ask({"kiosk": kiosk.pk})]
    too_many = min(len(ages) + wanted - settings.KIOSK_RATE, len(ages))
    if too_many > 0:
        age = ages[too_many - 1]
        raise TooMany(retry_after=max(1, 60 - int(age.total_seconds())))


@cache
def _minute(most: int) -> Often:
    return Often.named(_MINUTE.format(most=most))


def _add(kind: str, count: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [_date(), kind, count])


def _date() -> str:
    return clock.now().astimezone(ZoneInfo(settings.TIME_ZONE)).date().isoformat()


phones = Pace(settings.PHONE_RATE)
helps = Pace(10)  # of one kiosk
floods = Floods()
