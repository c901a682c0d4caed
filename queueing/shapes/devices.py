"""What is told to a kiosk, a lobby screen and whoever prints?"""

from typing import Literal

from ninja import Schema

from queueing.shapes.visits import TicketShape, VisitKey


class DeviceShape(Schema):
    """How a kiosk is set up; sizes in inches and millimetres."""

    name: str
    diagonal: float
    reach: Literal["normal", "low"]
    orientation: Literal["portrait", "landscape", "auto"]
    printer: Literal["none", "browser", "escpos"]
    paper: Literal[80, 58]
    bridge: str
    language: Literal["id", "en"]
    sound: bool
    locked: bool
    release: str


class JobShape(Schema):
    """What the kiosk shall print; a reprint comes with its ticket and the token of its visit."""

    id: int
    kind: Literal["test", "reprint"]
    ticket: str | None = None
    visit: str | None = None


class Seen(Schema):
    device: DeviceShape
    job: JobShape | None


class LayoutShape(Schema):
    """How a lobby screen is divided; `per_height` units of its letters make its height."""

    per_height: float
    ratio: float
    rows: int
    chips: int
    tiles: int
    is_roomy: bool
    is_tall: bool


class ScreenShape(Schema):
    """How a lobby screen is set up; without a layout nobody has measured the room yet.

    `beside` is another name whenever something else stands beside the calls.
    """

    name: str
    part: str
    look: Literal["light", "dark"]
    sound: bool
    layout: LayoutShape | None
    beside: str
    release: str


class ScreenSeen(Schema):
    """`check` names a test call that the screen shall show and say now."""

    device: ScreenShape
    check: str | None


class SlipShape(Schema):
    """One attempt to print; `copies` counts those of this ticket that came out."""

    ticket: str
    outcome: str
    is_reprint: bool
    is_companion: bool
    copies: int


class Reprint(Schema):
    ticket: TicketShape
    visit: VisitKey
    job: int | None


class Shown(Schema):
    epoch: str
    version: int
