"""What is known of a day: what clients were told, the log, the rows, the screens' frames."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

CLOSING = {"finish", "no_show", "hold", "transfer", "cancel", "undo_call", "pass_on"}
BACK_AT_THE_COUNTER = {"undo_finish", "undo_no_show", "undo_transfer"}
BACK_IN_LINE = {"reinstate", "resume", "reopen", "undo_call", "pass_on"}


class Call(Protocol):
    """One request of a client: what was asked, and what it was told; see `faults.history`."""

    path: str
    key: str
    outcome: str  # ok, fail or unknown
    text: str


class TicketRow(NamedTuple):
    """A ticket as the database has it."""

    ticket: str
    label: str
    queue: str
    date: dt.date
    number: int
    visit: str  # its token
    first_place: tuple[dt.datetime, int]  # where it stood in line when it was issued
    last_place: tuple[dt.datetime, int]  # and after its last return
    returns: int
    postponed: int = 0


@dataclass(frozen=True)
class Evidence:
    """All that is known of a day."""

    events: Sequence[dict[str, Any]]
    tickets: Sequence[TicketRow]
    calls: Sequence[Call] = ()
    screens: Sequence[Sequence[dict[str, Any]]] = ()  # the frames of each, in order
    board: dict[str, Any] | None = None  # what the server shows at the end
    serves: dict[int, set[str]] = field(default_factory=dict)  # each counter's queues, begin or end
    one_by_one: bool = False  # nothing happened at the same time, so the order must be exact

    def of_tickets(self) -> Iterator[dict[str, Any]]:
        return (event for event in self.events if event["ticket"])

    def rows(self) -> dict[str, TicketRow]:
        return {row.ticket: row for row in self.tickets}
