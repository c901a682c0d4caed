"""What does the hall offer, and when would one be called?"""

import datetime as dt
from typing import Literal

from ninja import Schema
from pydantic import Field


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


class Estimate(Schema):
    """When a number is probably called; `soon`: it may be any moment."""

    from_: dt.datetime = Field(alias="from")
    to: dt.datetime
    soon: bool


WhyNoEstimate = Literal["", "incident", "no_counter", "too_wide", "too_few", "held_back"]


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
    estimate: Estimate | None


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
