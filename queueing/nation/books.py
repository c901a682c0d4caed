"""What was pressed, answered and seen? Written down as it happens, judged afterwards."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

Number = tuple[str, str]  # the slug of a hall and a label


class Press(NamedTuple):
    verb: str
    sent: float  # monotonic seconds, like every moment here
    took: float
    status: int
    code: str


class Given(NamedTuple):
    """A number that a kiosk, or a transfer, was answered."""

    hall: str
    label: str
    ticket: str


@dataclass
class Books:
    presses: list[Press] = field(default_factory=list)
    unanswered: set[tuple[str, float]] = field(default_factory=set)  # a verb, and when
    given: list[Given] = field(default_factory=list)
    called: dict[Number, list[float]] = field(default_factory=lambda: defaultdict(list))
    seen: dict[Number, list[float]] = field(default_factory=lambda: defaultdict(list))
    told: dict[Number, float] = field(default_factory=dict)  # a phone, of its call
    faults: list[str] = field(default_factory=list)  # of screens
    lags: list[float] = field(default_factory=list)  # by which our own loop was late
    screens = phones = frames = 0
    ended = float("inf")  # what is pressed later is not judged: nobody waits for its answer
