"""Was anything lost, doubled or late? The books of the load side beside the rows of the hall."""

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import psycopg2

from queueing.nation import country
from queueing.nation.books import Books, Number, Press

LIMIT = 0.25  # seconds from the press of a call to the last screen, of 95 in 100
DONE = (200, 201)
HONEST = {"closed", "quota_exhausted"}  # a kiosk is told so in time: nobody is lost by it
A_WHILE = 300.0  # seconds that are looked at by themselves, too
TOLD = 8  # examples of each fault

_ROWS = """
    SELECT h.slug, q.code || '-' || lpad(t.number::text, greatest(3, length(t.number::text)), '0'),
           t.public_id::text,
           (SELECT count(*) FROM queueing_ticketevent e WHERE e.ticket_id = t.id AND kind = 'call')
    FROM queueing_ticket t JOIN queueing_visit v ON v.id = t.visit_id
    JOIN agencies_queue q ON q.id = t.queue_id JOIN agencies_hall h ON h.id = t.hall_id
    WHERE h.slug LIKE %s
"""


@dataclass(frozen=True)
class Spread:
    """How long something took, in milliseconds."""

    count: int
    p50: float = 0.0
    p95: float = 0.0
    p99: float = 0.0


@dataclass
class Verdict:
    errors: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)  # calls that a screen never showed
    turned_away: int = 0
    presses: dict[str, Spread] = field(default_factory=dict)
    to_screen: Spread = field(default_factory=lambda: Spread(0))
    meanwhile: dict[int, Spread] = field(default_factory=dict)  # to screen, by minutes since then
    to_phone: Spread = field(default_factory=lambda: Spread(0))

    @property
    def is_sound(self) -> bool:
        return not (self.errors or self.lost or self.double or self.unseen)

    @property
    def is_in_time(self) -> bool:
        return self.to_screen.p95 <= LIMIT * 1000

    @property
    def holds(self) -> bool:
        return self.is_sound and self.is_in_time and self.to_screen.count > 0


@dataclass(frozen=True)
class Row:
    """A number as the database knows it."""

    hall: str
    label: str
    ticket: str
    calls: int


def rows_of(database_url: str) -> list[Row]:
    """Return the numbers of the country."""
    session = psycopg2.connect(database_url)
    with session, session.cursor() as cursor:
        cursor.execute(_ROWS, [f"{country.BEGINS_WITH}%"])
        rows = [Row(*row) for row in cursor.fetchall()]
    session.close()
    return rows


def judge(books: Books, since: float = 0.0, until: float | None = None) -> Verdict:
    """Judge what was pressed between two moments by what was answered and seen."""
    until = books.ended if until is None else until
    presses = [press for press in books.presses if since <= press.sent < until]
    errors = [_told(press) for press in presses if _is_error(press)] + books.faults
    late = [verb for verb, sent in books.unanswered if since <= sent < until]
    errors += [f"{verb}: no answer yet" for verb in late]
    calls = {number: sent[0] for number, sent in books.called.items() if since <= sent[0] < until}
    shown = [
        (sent, max(books.seen[number]) - sent)
        for number, sent in calls.items()
        if len(books.seen.get(number, ())) == len(country.SCREENS)
    ]
    return Verdict(
        errors=errors,
        double=_twice(books),
        unseen=_unseen(books, calls),
        turned_away=sum(press.code in HONEST for press in presses),
        presses=_by_verb(presses),
        to_screen=spread(took for _, took in shown),
        meanwhile=_meanwhile(shown),
        to_phone=spread(
            books.told[number] - sent for number, sent in calls.items() if number in books.told
        ),
    )


def compare(verdict: Verdict, books: Books, rows: Sequence[Row], faults: Iterable[str]) -> None:
    """Add what the database says: each number that was given must be there once, called once.

    `faults` are its own contradictions: holes between numbers, states that the log does not tell.
    """
    there = {(row.hall, row.ticket): row for row in rows}
    for given in books.given:
        row = there.get((given.hall, given.ticket))
        if row is None or row.label != given.label:
            verdict.lost.append(f"{given.hall} {given.label} was given and is not there")
    labels = Tally((row.hall, row.label) for row in rows)
    verdict.double += [
        f"{' '.join(each)} is there {n} times" for each, n in labels.items() if n > 1
    ]
    verdict.double += [
        f"{row.hall} {row.label} was called {row.calls} times" for row in rows if row.calls > 1
    ]
    called = {(row.hall, row.label) for row in rows if row.calls}
    verdict.lost += [
        f"the call of {' '.join(number)} is not there"
        for number in books.called
        if number not in called
    ]
    verdict.lost += faults


def _is_error(press: Press) -> bool:
    return press.status not in DONE and press.code not in HONEST


def _told(press: Press) -> str:
    return f"{press.verb}: {press.status} {press.code}"


def _twice(books: Books) -> list[str]:
    """Return numbers that two people hold, or that two desks called."""
    given = Tally((each.hall, each.label) for each in books.given)
    return [f"{' '.join(each)} was given {n} times" for each, n in given.items() if n > 1] + [
        f"{' '.join(number)} was called {len(sent)} times"
        for number, sent in books.called.items()
        if len(sent) > 1
    ]


def _unseen(books: Books, calls: dict[Number, float]) -> list[str]:
    screens = len(country.SCREENS)
    return [
        f"{' '.join(number)} was seen on {len(books.seen.get(number, ()))} of {screens} screens"
        for number in calls
        if len(books.seen.get(number, ())) != screens
    ]


def _by_verb(presses: Sequence[Press]) -> dict[str, Spread]:
    verbs = sorted({press.verb for press in presses})
    return {verb: spread(each.took for each in presses if each.verb == verb) for verb in verbs}


def _meanwhile(shown: Sequence[tuple[float, float]]) -> dict[int, Spread]:
    """Return how long calls took to the screens in each while since the first one."""
    whiles: dict[int, list[float]] = defaultdict(list)
    began = min((sent for sent, _ in shown), default=0.0)
    for sent, took in shown:
        whiles[round((sent - began) // A_WHILE * A_WHILE / 60)].append(took)
    return {minute: spread(whiles[minute]) for minute in sorted(whiles)}


def spread(seconds: Iterable[float]) -> Spread:
    known = [1000 * each for each in seconds]
    if not known:
        return Spread(0)
    found: Any = np.percentile(known, (50, 95, 99))
    return Spread(len(known), *(round(float(each), 1) for each in found))
