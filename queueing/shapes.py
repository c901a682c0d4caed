"""What does the API answer? The shapes of contract sections 4 and 5, for its OpenAPI document.

The answers themselves are plain data from `board` and `catalogue`; `tests/test_api.py` holds each
one against its shape.
"""

import datetime as dt
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from queueing.commands import LONGEST_KEY


class Problem(Schema):
    """Every refusal: a code for programs, a sentence for people in the language asked for."""

    code: str
    message: str


class BothLanguages(Schema):
    id: str
    en: str


class ListInBothLanguages(Schema):
    id: list[str]
    en: list[str]


ServiceState = Literal["open", "not_yet", "over", "closed", "paused", "quota"]


class OfferedService(Schema):
    code: str
    slug: str
    name: BothLanguages
    target_minutes: int
    requirements: ListInBothLanguages
    fee_idr: int | None
    fee_note: BothLanguages
    processing_time: BothLanguages
    aliases: list[str]
    frequent_rank: int | None
    open: bool
    state: ServiceState
    sentence: BothLanguages
    opens_at: dt.datetime | None
    last_issue_at: dt.datetime | None
    quota_left: int | None


class Outlook(Schema):
    """How long a service is still open, and whether who comes now will be served today."""

    service: str
    open: bool
    state: ServiceState
    sentence: str
    opens_at: dt.datetime | None
    last_issue_at: dt.datetime | None
    closes_at: dt.datetime | None
    minutes_left: int | None
    quota_left: int | None
    waiting: int
    counters_open: int
    served_today: Literal["likely", "unlikely", "unknown"]


class OfferedQueue(Schema):
    code: str
    services: list[OfferedService]


class OfferedAgency(Schema):
    code: str
    slug: str
    short_name: str
    name: BothLanguages
    description: BothLanguages
    zone: str
    queues: list[OfferedQueue]


class LifeEvent(Schema):
    code: str
    name: BothLanguages
    services: list[str]


class Catalogue(Schema):
    hall: str
    agencies: list[OfferedAgency]
    life_events: list[LifeEvent]


class Estimate(Schema):
    from_: dt.datetime = Field(alias="from")
    to: dt.datetime


class TicketShape(Schema):
    id: str
    label: str
    number: int
    queue: str
    services: list[str]
    state: Literal[
        "waiting",
        "called",
        "serving",
        "done",
        "no_show",
        "on_hold",
        "transferred",
        "cancelled",
        "expired",
    ]
    priority: bool
    issued_at: dt.datetime
    called_at: dt.datetime | None
    started_at: dt.datetime | None
    ended_at: dt.datetime | None
    counter: int | None
    calls: int
    ahead: int | None
    estimate: Estimate | None


class VisitKey(Schema):
    token: str
    follow_url: str


class NewVisit(Schema):
    visit: VisitKey
    tickets: list[TicketShape]


class HelpState(Schema):
    id: str
    kind: Literal["wheelchair", "sign", "guide", "other"]
    asked_at: dt.datetime
    answered_at: dt.datetime | None
    state: Literal["asked", "answered"]


class Alert(Schema):
    """`agency` when it is one agency's to mend; kind and code together are the alert's name."""

    kind: Literal[
        "help_asked",
        "printer",
        "device_silent",
        "no_counter",
        "incident",
        "long_wait",
        "quota_low",
    ]
    code: str
    sentence: BothLanguages
    since: dt.datetime
    link: str
    agency: str | None


class AlertList(Schema):
    at: dt.datetime
    alerts: list[Alert]


class FoundVisit(VisitKey):
    help: str | None
    companion: bool


class FoundTicket(Schema):
    """`group` is the priority group, for the reception's eyes alone; `wish` what was asked for."""

    ticket: TicketShape
    group: str | None
    returns_left: int
    wish: str
    visit: FoundVisit


class CounterState(Schema):
    number: int
    status: Literal["open", "break", "closed"]
    reason: str
    until: dt.datetime | None


class CounterAnswer(Schema):
    """`leg` comes with a transfer only: the ticket that now waits elsewhere.

    `alone` comes with a break and a close: queues with people waiting and no open counter any more.
    """

    counter: CounterState
    ticket: TicketShape | None
    leg: TicketShape | None = None
    alone: list[str] | None = None


class QueueState(Schema):
    code: str
    agency: str
    incident_since: dt.datetime | None
    reason: str


class QueueAnswer(Schema):
    queue: QueueState


class EventShape(Schema):
    version: int
    at: dt.datetime
    kind: str
    ticket: str | None
    label: str | None
    queue: str | None
    service: str | None
    counter: int | None
    actor: str
    detail: dict[str, Any]


class EventPage(Schema):
    epoch: str
    version: int
    events: list[EventShape]


class BoardQueue(Schema):
    code: str
    agency: str
    status: Literal["open", "paused", "closed"]
    incident_since: dt.datetime | None
    waiting: int
    counters_open: int


class BoardTicket(Schema):
    label: str
    state: Literal["called", "serving"]
    calls: int


class BoardCounter(Schema):
    number: int
    agency: str
    status: Literal["open", "break", "closed"]
    ticket: BoardTicket | None


class BoardCall(Schema):
    version: int
    label: str
    queue: str
    counter: int
    calls: int
    at: dt.datetime


class Board(Schema):
    type: Literal["board"]
    hall: str
    epoch: str
    version: int
    at: dt.datetime
    date: dt.date
    queues: list[BoardQueue]
    counters: list[BoardCounter]
    calls: list[BoardCall]


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


# What every press needs, and what may be answered instead.
PRESS = {
    "parameters": [
        {
            "in": "header",
            "name": "Idempotency-Key",
            "required": True,
            "description": "The same key with the same body is answered the same, once done.",
            "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
        }
    ]
}
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
REFUSED |= {413: Problem, 429: Problem, 503: Problem}
NOT_FOUND = {404: Problem, 503: Problem}
