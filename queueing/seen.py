"""When was a device last seen? Written down as seldom as silence can be told from it."""

import contextlib
import datetime as dt
import time

from django.db import DatabaseError

from agencies.ready import Often
from queueing.models import Device

EVERY = 20.0  # open sockets are asked as often; silence is told after 60 s

_SEEN = Often.named("""
UPDATE queueing_device SET seen_at = hall_now()
WHERE id = %(device)s AND (seen_at IS NULL OR seen_at < hall_now() - %(every)s::interval)
""")
_noted: dict[int, float] = {}  # when this process last wrote down that a device was seen


def note(device: Device) -> None:
    """Write down that the device was seen, every 20 s; that this fails matters to nobody."""
    now = time.monotonic()
    if now - _noted.get(device.pk, -EVERY) < EVERY:
        return
    _noted[device.pk] = now
    with contextlib.suppress(DatabaseError):
        _SEEN.ask({"device": device.pk, "every": dt.timedelta(seconds=EVERY)})
