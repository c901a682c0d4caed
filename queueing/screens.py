"""How are the lobby screens, and were they seen and heard this morning?

A screen gives a sign of life every few seconds and learns by it how it is set up, of which release
it should be, and whether the manager wants to see and hear a test call. A test call is no ticket:
it leaves no trace but on the screens' own rows.
"""

import datetime as dt
import hashlib
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from agencies import clock
from agencies.clock import on_the_wall
from agencies.models import Hall
from queueing.legibility import Layout, Room, layout
from queueing.models import Device, Lobby
from queueing.parts import PREFIX

CHECK_LIVES = dt.timedelta(minutes=2)
LANDSCAPE, UPRIGHT = 16 / 9, 9 / 16
O = Device.Orientation  # noqa: E741 - a word for a word


def displays(hall: Hall) -> QuerySet[Device]:
    return hall.devices.filter(kind=Device.Kind.DISPLAY, is_active=True)


# --- Set up -------------------------------------------------------------------------------------


def layout_of(device: Device) -> Layout | None:
    """Return how a screen is divided; None before anybody has measured the room."""
    if device.farthest is None:
        return None
    room = Room(device.diagonal, device.farthest, ratio_of(device))
    return layout(room, one_counter=device.part.startswith(PREFIX))


def ratio_of(device: Device) -> float:
    """Return how wide the screen is for its height: as it told, or else as it was set up."""
    if device.orientation == O.AUTO:
        width, _, height = device.screen.partition("@")[0].partition("x")
        if width.isdigit() and height.isdigit() and int(width) and int(height):
            return min(max(int(width) / int(height), 0.4), 2.5)
    return UPRIGHT if device.orientation == O.PORTRAIT else LANDSCAPE


def drawn(device: Device) -> dict[str, Any] | None:
    """Return of a screen's layout what its page needs to draw it."""
    plan = layout_of(device)
    if plan is None:
        return None
    return {
        "per_height": plan.per_height,
        "ratio": round(plan.room.ratio, 4),
        "rows": plan.rows,
        "chips": plan.chips,
        "tiles": plan.tiles,
        "is_roomy": plan.is_roomy,
        "is_tall": plan.is_tall,
    }


def told(device: Device) -> dict[str, Any]:
    """Return how a screen is set up, as its page is told."""
    return {
        "name": device.name,
        "part": device.part,
        "look": device.look,
        "sound": device.sound,
        "layout": drawn(device),
        "beside": beside(device.hall),
        "release": settings.RELEASE,
    }


def beside(hall: Hall) -> str:
    """Return a name of all that stands beside the calls; something else there, another name."""
    fields = ("text_is_on", "text_id", "text_en", "colour", "media_are_on", "logo")
    lobby = Lobby.objects.filter(hall=hall).values_list(*fields).first() or ()
    shown = hall.media.filter(is_on=True).values_list("pk", "digest", "name", "seconds", "place")
    parts = [bytes(each) if isinstance(each, memoryview) else each for each in lobby]
    return hashlib.sha256(repr([parts, list(shown)]).encode()).hexdigest()[:12]


# --- Signs of life ------------------------------------------------------------------------------


def heard(device: Device, *, release: str, screen: str, sound: str) -> None:
    """Write down what a screen says of itself, when it is news."""
    if (device.release, device.screen, device.sound_state) != (release, screen, sound):
        news = {"release": release, "screen": screen, "sound_state": sound}
        Device.objects.filter(pk=device.pk).update(**news)


# --- The morning check --------------------------------------------------------------------------


def check_all(hall: Hall) -> None:
    """Ask every screen of the hall for a test call; what an earlier check told is forgotten."""
    displays(hall).update(checked_at=clock.HallNow(), check_seen_at=None, check_outcome="")


def is_asked(device: Device, now: dt.datetime) -> bool:
    """Whether a screen still has to show a test call; after two minutes nobody listens any more."""
    if device.checked_at is None or device.check_seen_at:
        return False
    return now - device.checked_at < CHECK_LIVES


def wanted_check(hall: Hall, device: Device) -> str | None:
    """Return the moment of a check that this screen shall still show, as its name."""
    is_wanted = device.checked_at and is_asked(device, clock.now())
    return on_the_wall(hall, device.checked_at) if is_wanted else None


def note_check(hall: Hall, device: Device, check: str, outcome: str) -> None:
    """Write down that a screen has shown the test call, and whether it was heard."""
    if device.checked_at is None or on_the_wall(hall, device.checked_at) != check:
        return
    waiting = Device.objects.filter(pk=device.pk, check_seen_at=None)
    waiting.update(check_seen_at=clock.HallNow(), check_outcome=outcome)
