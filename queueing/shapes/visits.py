"""What is told of a ticket, a visit, and at the reception?"""

import datetime as dt
from typing import Literal

from ninja import Schema

from queueing.shapes.offers import BothLanguages, Estimate, WhyNoEstimate


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
    estimate_why: WhyNoEstimate


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
    """`group` is the priority group, for the reception's eyes alone; `wish` what was asked for.

    `others` are the visit's other numbers that wait.
    """

    ticket: TicketShape
    group: str | None
    returns_left: int
    wish: str
    others: list[str]
    visit: FoundVisit
