"""What may an order say? The bodies of the API's POSTs; anything else is not understood."""

import datetime as dt
import re
import uuid
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from queueing.models import Device, Outcome, Ticket

FIRST_DAY = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
LAST_DAY = dt.datetime(2120, 1, 1, tzinfo=dt.UTC)

# What the hall's people may call the groups of domain section 4.
_PRIORITY_WORDS = {
    "lansia": Ticket.Priority.ELDERLY,
    "disabilitas": Ticket.Priority.DISABILITY,
    "penyandang_disabilitas": Ticket.Priority.DISABILITY,
    "ibu_hamil": Ticket.Priority.PREGNANT,
    "hamil": Ticket.Priority.PREGNANT,
    "ibu_menyusui": Ticket.Priority.NURSING,
    "menyusui": Ticket.Priority.NURSING,
    "balita": Ticket.Priority.SMALL_CHILD,
    "membawa_balita": Ticket.Priority.SMALL_CHILD,
    "anak": Ticket.Priority.CHILD,
    "bencana": Ticket.Priority.DISASTER,
    "korban_bencana": Ticket.Priority.DISASTER,
    "true": Ticket.Priority.UNSAID,
}


def _plain(text: str) -> str:
    if any(letter < " " and letter not in "\n\t" for letter in text):
        raise ValueError("control characters are not text")  # noqa: TRY003, EM101
    return text


def _priority(wish: str | bool | None) -> str:
    """Return the code of the group, "" for none; raises ValueError for a group nobody knows."""
    word = re.sub(r"[ -]", "_", str(wish or "").lower())
    word = _PRIORITY_WORDS.get(word, word)
    if word and word not in Ticket.Priority:
        raise ValueError("unknown priority group")  # noqa: TRY003, EM101
    return str(word)


Code = Annotated[str, Field(min_length=1, max_length=8), AfterValidator(_plain)]
ClipName = Annotated[str, Field(max_length=90), AfterValidator(_plain)]
Sentence = Annotated[str, Field(max_length=200), AfterValidator(_plain)]
Label = Annotated[str, Field(max_length=20), AfterValidator(_plain)]
Reason = Annotated[str, Field(max_length=80), AfterValidator(_plain)]
Name = Annotated[str, Field(max_length=150), AfterValidator(_plain)]
Weight = Annotated[int, Field(ge=1, le=9)]
Moment = Annotated[AwareDatetime, Field(ge=FIRST_DAY, lt=LAST_DAY)]
Help = Literal["wheelchair", "sign", "guide", "other"]
Priority = Annotated[str | bool | None, AfterValidator(_priority)]


class ErrandsOrder(BaseModel):
    tickets: Annotated[list[uuid.UUID], Field(min_length=1, max_length=20)]


class VisitOrder(BaseModel):
    services: list[Code] = Field(min_length=1, max_length=12)
    priority: Priority = ""
    language: str = Field("id", pattern="^(id|en)$")
    help: Help | None = None
    companion: bool = False


class HelpOrder(BaseModel):
    kind: Help


class Onward(BaseModel):
    """Where somebody is sent, and how: to a service or a queue, or to one counter of it."""

    queue: Code | None = None
    service: Code | None = None
    counter: int | None = Field(None, ge=1, le=999)
    front_reason: Reason = ""
    comes_back: bool = False
    note: Sentence = ""


class CounterOrder(Onward):
    """One body for all counter verbs; each verb reads its own words."""

    finish_current: bool = False
    reason: Reason = ""
    until: Moment | None = None
    ticket: uuid.UUID | None = None
    label: Label = ""
    said_so: bool = False
    delivered: list[Code] = Field(default_factory=list, max_length=12)
    queues: list[Code] = Field(default_factory=list, max_length=12)
    weights: dict[Code, Weight] = Field(default_factory=dict, max_length=12)
    operator: Name = ""
    services: list[Code] = Field(default_factory=list, max_length=12)
    priority: Priority = ""


class QueueOrder(BaseModel):
    reason: Reason = ""


class TicketOrder(Onward):
    reason: Sentence = ""
    priority: Priority = ""


class WishOrder(BaseModel):
    """What a citizen says with a wish: how long and why away, or which service instead."""

    reason: Literal["", "prayer", "elsewhere", "other"] = ""
    minutes: int = Field(0, ge=0, le=60)
    service: Code | None = None


class PushKeys(BaseModel):
    p256dh: Annotated[str, Field(max_length=100)]
    auth: Annotated[str, Field(max_length=40)]


class StopOrder(BaseModel):
    endpoint: Annotated[str, Field(max_length=600), AfterValidator(_plain)]


class PushOrder(StopOrder):
    """What a browser says of where its phone can be told."""

    keys: PushKeys


class ShownReport(BaseModel):
    epoch: Annotated[str, Field(max_length=64)]
    version: int = Field(ge=0, lt=2**62)
    sound: Literal["", "silent", "blocked", "broken", "ready"] = ""  # can the screen be heard?
    missing: Annotated[list[ClipName], Field(max_length=20)] = []  # clips that it could not have
    spoken: int | None = Field(None, ge=0, lt=2**62)  # the newest call that was said to its end


Told = Annotated[str, Field(max_length=24), AfterValidator(_plain)]


class DoneJob(BaseModel):
    id: int = Field(ge=0, lt=2**62)
    outcome: Outcome


class SeenReport(BaseModel):
    """A kiosk's sign of life: what it runs, how its printer is, which jobs it has done."""

    release: Annotated[str, Field(max_length=16), AfterValidator(_plain)] = ""
    screen: Told = ""
    printer: Device.PrinterState = Device.PrinterState.NOT_HEARD
    done: list[DoneJob] = Field([], max_length=10)


class CheckReport(BaseModel):
    """What came of a test call; `at` is the check's name, as the screen was told."""

    at: Annotated[str, Field(max_length=40), AfterValidator(_plain)]
    outcome: Literal["heard", "silent"]


class ScreenReport(BaseModel):
    """A lobby screen's sign of life: what it runs, how large it is, whether it can be heard."""

    release: Annotated[str, Field(max_length=16), AfterValidator(_plain)] = ""
    screen: Told = ""
    sound: Device.SoundState = Device.SoundState.NOT_HEARD
    check: CheckReport | None = None


class SlipReport(BaseModel):
    outcome: Outcome
    is_companion: bool = False


class ReprintOrder(BaseModel):
    """Where to print: one of the hall's kiosks by its number, or with whoever asks."""

    kiosk: int | None = Field(None, ge=0, lt=2**62)
