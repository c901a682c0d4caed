"""What is a visit's own phone answered? The shapes of `visits.visit_state`, for the document."""

import datetime as dt
from typing import Literal

from ninja import Schema

from queueing.shapes import TicketShape


class OwnTicket(TicketShape):
    """`may` names what its holder can ask for now; the counts say how much is left of it.

    `held_by` is the label of the visit's number that comes before this one.
    """

    held_by: str
    incident_since: dt.datetime | None
    away_until: dt.datetime | None
    away_reason: Literal["", "prayer", "elsewhere", "other"]
    away_left: int
    postpones_left: int
    may: list[Literal["postpone", "step-away", "be-back", "change-service", "cancel"]]


class Plan(Schema):
    """In which order the errands come; `is_ordered` when somebody wished for it."""

    is_ordered: bool
    order: list[str]


class VisitState(Schema):
    """The socket `/ws/v/{token}` sends the same object."""

    type: Literal["visit"]
    hall: str
    epoch: str
    version: int
    at: dt.datetime
    tickets: list[OwnTicket]
    plan: Plan


class PushState(Schema):
    on: bool
