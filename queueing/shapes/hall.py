"""What is told of counters, queues, the log and the board?"""

import datetime as dt
from typing import Any, Literal

from ninja import Schema

from queueing.shapes.offers import Estimate, WhyNoEstimate
from queueing.shapes.visits import TicketShape


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
    estimate: Estimate | None
    estimate_why: WhyNoEstimate


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
