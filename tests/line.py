"""Who waits, and who is passed by, as the log tells it: the checker's own line."""

import datetime as dt
from collections import Counter
from typing import Any

from tests.evidence import BACK_AT_THE_COUNTER, BACK_IN_LINE, CLOSING, Evidence, TicketRow

ENDS_ABSENCE = BACK_IN_LINE - {"undo_call"}  # that one puts things back as they were
AFTER_RETURN = 3
CREDIT = dt.timedelta(minutes=30)
TICK = dt.timedelta(microseconds=1)


class Line:
    """Who waits, as the log tells it, each with the place in line of that moment."""

    def __init__(self, evidence: Evidence) -> None:
        self.rows = evidence.rows()
        self.size_of = Counter(row.visit for row in evidence.tickets)
        self.one_by_one = evidence.one_by_one
        self.places: dict[str, tuple[dt.datetime, int]] = {}
        self.waiting: set[str] = set()
        self.busy: dict[str, str] = {}  # visit to its ticket at a counter
        self.returns: Counter[str] = Counter()
        self.unsure: set[str] = set()  # came back without the queue's lock
        self.only_at: dict[str, int | None] = {}  # sent to one counter: the others may pass by
        self.away: dict[str, dt.datetime] = {}  # gone for a while, until then

    def follow(self, event: dict[str, Any]) -> None:
        kind, ticket = event["kind"], event["ticket"]
        row = self.rows[ticket]
        self.places[ticket] = self.place(event, row)
        if kind in {"resume", "reopen"}:
            self.unsure.add(ticket)
        elif kind in {"issue", "pass_on"}:
            self.only_at[ticket] = event["detail"].get("counter")
        self.follow_absence(event)
        if kind in {"issue", *BACK_IN_LINE}:
            self.waiting.add(ticket)
        elif kind in {"call", "cancel", "expire", "transfer"}:
            self.waiting.discard(ticket)
        if kind in {"call", *BACK_AT_THE_COUNTER}:
            self.busy[row.visit] = ticket
        elif kind in CLOSING and self.busy.get(row.visit) == ticket:
            del self.busy[row.visit]

    def place(self, event: dict[str, Any], row: TicketRow) -> tuple[Any, int]:
        match event["kind"]:
            case "issue":
                return row.first_place
            case "reinstate":
                return self.place_after_return(event, row)
            case "postpone":
                return self.place_after(event["detail"]["after"], row)
            case "pass_on":
                return self.place_passed_on(event, row)
            case "prioritise":
                return self.place_with_priority(event)
        return self.places[row.ticket]

    def follow_absence(self, event: dict[str, Any]) -> None:
        """Who has gone for a while is passed by until then, or until back before."""
        if event["kind"] == "step_away":
            self.away[event["ticket"]] = dt.datetime.fromisoformat(event["detail"]["until"])
        elif event["kind"] in {"be_back", *ENDS_ABSENCE}:
            self.away.pop(event["ticket"], None)

    def place_after(self, label: str, row: TicketRow) -> tuple[Any, int]:
        """Right behind that number, which the log names."""
        ahead = next(
            each for each in self.rows.values() if (each.label, each.date) == (label, row.date)
        )
        return self.places[ahead.ticket][0] + TICK, row.first_place[1]

    def place_after_return(self, event: dict[str, Any], row: TicketRow) -> tuple[Any, int]:
        self.returns[row.ticket] += 1
        if self.returns[row.ticket] == row.returns and not row.postponed:
            return row.last_place
        ahead = sorted(self.places[each] for each in self.before({row.queue}, row.date))
        last = ahead[:AFTER_RETURN][-1][0] + TICK if ahead else None
        return last or dt.datetime.fromisoformat(event["at"]), row.first_place[1]

    def place_passed_on(self, event: dict[str, Any], row: TicketRow) -> tuple[Any, int]:
        """The same place, or with a reason the front of the line."""
        since, key = self.places[row.ticket]
        ahead = [self.places[each][0] for each in self.before({row.queue}, row.date)]
        if "front" in event["detail"] and ahead:
            since = min(since, min(ahead) - TICK)
        return since, key

    def place_with_priority(self, event: dict[str, Any]) -> tuple[Any, int]:
        """Half an hour is given or taken back, once; who came back late keeps that place."""
        since, key = self.places[event["ticket"]]
        steps = event["detail"]["was"] - event["detail"]["priority"]
        return since + CREDIT * (0 if self.returns[event["ticket"]] else steps), key

    def before(self, queues: set[str], date: dt.date) -> list[str]:
        rows = (self.rows[ticket] for ticket in self.waiting)
        return [row.ticket for row in rows if row.queue in queues and row.date == date]

    def is_away(self, ticket: str, at: dt.datetime) -> bool:
        return ticket in self.away and self.away[ticket] > at

    def may_be_called(self, ticket: str, counter: int, at: dt.datetime) -> bool:
        """Whether this one was surely there to be called, at whatever instant the press looked."""
        if self.is_away(ticket, at - dt.timedelta(seconds=0 if self.one_by_one else 1)):
            return False
        if self.only_at.get(ticket) not in {None, counter}:
            return False
        visit = self.rows[ticket].visit
        is_alone = self.size_of[visit] == 1 and ticket not in self.unsure
        return (is_alone or self.one_by_one) and visit not in self.busy
