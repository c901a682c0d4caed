"""Who sits behind an open socket, and do they still belong here?

A socket lives for days; the sign-in or the device behind it may end meanwhile. So it is asked again
every 20 s, and closed when the answer is another one.
"""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from django.conf import settings

from agencies import sessions
from queueing.access import COOKIES, device_by_key

PER_HOLDER = 20


class Standing(NamedTuple):
    """Devices and person that a browser's cookies stand for."""

    devices: tuple[int, ...] = ()
    person: tuple[int, str, int | None, int | None] | None = None

    @property
    def holder(self) -> str:
        """Return on whose account the socket is, or nobody's."""
        if self.devices:
            return f"device:{self.devices[0]}"
        return f"operator:{self.person[0]}" if self.person else ""


def standing_of(cookies: Mapping[str, str]) -> Standing:
    keys = {kind: cookies[name] for kind, name in COOKIES.items() if name in cookies}
    devices = [device_by_key(key, kind) for kind, key in keys.items()]
    person = None
    if session_key := cookies.get(settings.SESSION_COOKIE_NAME):
        person = sessions.person_of(session_key)
    return Standing(
        tuple(device.pk for device in devices if device),
        (person.pk, person.role, person.hall_id, person.agency_id) if person else None,
    )


class Seats:
    """How many sockets each holder has open in this process."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()

    def take(self, seat: str) -> bool:
        """Take one more, unless that is too many."""
        if self._taken[seat] >= (limit_of(seat) or self._taken[seat] + 1):
            return False
        self._taken[seat] += 1
        return True

    def leave(self, seat: str) -> None:
        self._taken[seat] -= 1
        if self._taken[seat] <= 0:
            del self._taken[seat]


def limit_of(seat: str) -> int:
    return settings.SOCKETS_PER_ADDRESS if seat.startswith("address:") else PER_HOLDER


seats = Seats()
