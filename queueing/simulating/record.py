"""What came of a day? Read from the hall's own rows and its log, like any report of it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from agencies.models import Hall
from queueing.models import TicketEvent
from queueing.simulating import methods
from queueing.simulating.day import Day, Told
from queueing.simulating.plan import minutes_each

_NUMBERS = """
    SELECT t.id, a.code, t.state, t.leg_of_id IS NOT NULL, t.priority <> '', t.issued_at,
    (SELECT min(e.at) FROM queueing_ticketevent e WHERE e.ticket_id = t.id AND e.kind = 'call'),
    t.ended_at, told.middle, told.late, told.simple
    FROM queueing_ticket t
    JOIN agencies_queue q ON q.id = t.queue_id JOIN agencies_agency a ON a.id = q.agency_id
    LEFT JOIN LATERAL (
        SELECT s.middle, s.late, s.simple FROM queueing_estimate s
        WHERE s.ticket_id = t.id ORDER BY s.at, s.id LIMIT 1) told ON true
    WHERE t.hall_id = %s AND t.date = %s ORDER BY t.id
"""
LEAVES = {"finish", "no_show", "hold", "transfer", "cancel", "pass_on", "undo_call"}
STOPS = {"break", "close"}


@dataclass(frozen=True)
class Number:
    """One number of the day, in minutes: `said` by the simpler methods, `told` by the hall."""

    person: int
    agency: str
    state: str
    is_leg: bool
    has_priority: bool
    wait: float | None  # until the first call
    ended: float | None  # since the person came in
    ahead: int
    said: Mapping[str, float]
    told_middle: float | None
    told_late: float | None
    told_simple: float | None  # what the simple method said then (domain section 8)


@dataclass
class Share:
    """How long the counters of an agency were open, and with somebody, in minutes."""

    open: float = 0
    busy: float = 0


@dataclass(frozen=True)
class Record:
    date: str
    people: int
    numbers: list[Number]
    shares: dict[str, Share]
    stays: dict[int, float]  # of those with several errands, all of them done
    several: int  # came for more than one agency
    overlaps: int
    turned_away: int
    events: int
    seconds: float
    taken_over: list[int] = field(default_factory=list)


def read(day: Day, seconds: float) -> Record:
    """Return what came of a day that took so many seconds to play."""
    people, told = day.plan.people, day.told
    numbers = _numbers(day)
    shares, overlaps, events = _follow(day.hall, day.date)
    several = [each for each in people if len({errand.agency for errand in each.errands}) > 1]
    own = defaultdict(list)
    for number in numbers:
        own[number.person].append(number)
    stays = {each.number: _stay(own[each.number]) for each in several}
    return Record(
        date=day.date.isoformat(),
        people=len(people),
        numbers=numbers,
        shares=shares,
        stays={person: stay for person, stay in stays.items() if stay is not None},
        several=len(several),
        overlaps=overlaps,
        turned_away=told.turned_away,
        events=events,
        seconds=seconds,
        taken_over=sorted(told.taken_over),
    )


def _numbers(day: Day) -> list[Number]:
    each = minutes_each(day.hall, day.assumptions)
    came = {person.number: person.arrives_at for person in day.plan.people}
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, [day.hall.pk, day.date])
        rows = [row for row in cursor.fetchall() if row[0] in day.told.person_of]
    return [_number(row, came, each, day.told) for row in rows]


def _number(
    row: tuple[Any, ...], came: Mapping[int, dt.datetime], each: Mapping[str, float], told: Told
) -> Number:
    ticket, agency, state, is_leg, has_priority, issued, called, ended, middle, late, simple = row
    person, seen = told.person_of[ticket], told.seen[ticket]
    return Number(
        person=person,
        agency=agency,
        state=state,
        is_leg=is_leg,
        has_priority=has_priority,
        wait=_minutes(issued, called),
        ended=_minutes(came[person], ended),
        ahead=seen.ahead,
        said=methods.said(seen, each[agency]),
        told_middle=_minutes(issued, middle),
        told_late=_minutes(issued, late),
        told_simple=simple,
    )


def _minutes(since: dt.datetime, until: dt.datetime | None) -> float | None:
    return (until - since).total_seconds() / 60 if until else None


def _stay(numbers: list[Number]) -> float | None:
    """Return how long somebody was in the hall until all errands were done."""
    ends = [number.ended for number in numbers if number.state in {"done", "transferred"}]
    first = [number for number in numbers if not number.is_leg]
    is_whole = len(first) > 1 and len(ends) == len(numbers) and None not in ends
    return max(filter(None, ends)) if is_whole else None


def _follow(hall: Hall, date: dt.date) -> tuple[dict[str, Share], int, int]:
    """Follow the log of the day: how long counters were open and busy, and who was at two.

    Who, that is a visit: somebody who was refused one number and took it later, by itself, is
    another visit, and nobody in the hall knows that it is the same person.
    """
    letters = dict(hall.counters.values_list("number", "agency__code"))
    shares: dict[str, Share] = defaultdict(Share)
    opened: dict[int, dt.datetime] = {}
    called: dict[int, tuple[dt.datetime, int]] = {}  # by counter: since when, and which visit
    events = TicketEvent.objects.filter(hall=hall, date=date).order_by("version")
    overlaps = count = 0
    for kind, at, number, visit in events.values_list("kind", "at", "counter", "ticket__visit"):
        count, counter = count + 1, number or 0
        if kind == "open":
            opened[counter] = at
        elif kind in STOPS and counter in opened:
            shares[letters[counter]].open += (at - opened.pop(counter)).total_seconds() / 60
        elif kind == "call":
            overlaps += visit in [who for _, who in called.values()]
            called[counter] = at, visit
        elif kind in LEAVES and counter in called:
            shares[letters[counter]].busy += (at - called.pop(counter)[0]).total_seconds() / 60
    return dict(shares), overlaps, count
