"""Who came on a day that was, and who sat where? So that it can be played again.

Read from the hall's own rows as words that JSON can carry, and made a plan of in the stage. What
was done at a counter takes as long again; what nobody saw the end of, as long as is usual.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from agencies.clock import zone_of
from agencies.models import Hall
from queueing.models import Ticket, TicketEvent
from queueing.simulating.arrivals import Errand, Person
from queueing.simulating.assumptions import Assumptions
from queueing.simulating.plan import Plan
from queueing.simulating.staffing import Shift

S = Ticket.State
WENT = {S.CANCELLED}  # by their own wish: they came for nothing
UNTIL_THE_LAST = dt.timedelta(minutes=30)  # the counters stay at least so long after who came last
LEAST = 10  # seconds at a counter
USUAL = Assumptions()
Words = dict[str, Any]


# --- Read ---------------------------------------------------------------------------------------


def read(hall: Hall, date: dt.date) -> Words:
    """Return the people and the shifts of a day as words; no people when nobody came."""
    visits = defaultdict(list)
    rows = Ticket.objects.whole().filter(hall=hall, date=date).exclude(state__in=WENT)
    for ticket in rows.select_related("queue__agency").order_by("pk"):
        visits[ticket.visit_id].append(ticket)
    people = sorted(map(_person, visits.values()), key=lambda each: each["at"])
    return {"people": people, "shifts": _shifts(hall, date)}


def _person(tickets: Sequence[Ticket]) -> Words:
    first = [ticket for ticket in tickets if ticket.leg_of_id is None] or tickets[:1]
    legs = {ticket.leg_of_id: ticket for ticket in tickets}
    return {
        "at": min(ticket.issued_at for ticket in first).isoformat(),
        "priority": first[0].priority,
        "is_absent": all(each.returns or each.state in {S.NO_SHOW, S.EXPIRED} for each in first),
        "returns": any(each.returns for each in first),
        "errands": [errand for each in first for errand in _errands(each, legs)],
    }


def _errands(ticket: Ticket, legs: Mapping[int | None, Ticket]) -> list[Words]:
    """Return what was wanted with a number; its time at the counter is shared evenly."""
    share, rest = divmod(_seconds(ticket), len(ticket.wanted))
    agency = ticket.queue.agency.code
    taken: list[Words] = [
        {"agency": agency, "service": service.code, "seconds": share, "goes_on": None}
        for service in ticket.wanted
    ]
    taken[0]["seconds"] += rest
    if leg := legs.get(ticket.pk):
        taken[-1]["goes_on"] = next(iter(_errands(leg, {})), None)
    return taken


def _seconds(ticket: Ticket) -> int:
    """Return how long the number was at the counter, or would be as a rule."""
    if ticket.called_at and ticket.ended_at and ticket.state in {S.DONE, S.TRANSFERRED}:
        at_the_counter = ticket.ended_at - ticket.called_at - USUAL.between
        return max(LEAST, round(at_the_counter.total_seconds()))
    target = sum(service.target_minutes for service in ticket.wanted)
    return round(target * 60 * USUAL.share_of_target)


def _shifts(hall: Hall, date: dt.date) -> list[Words]:
    """Return the first opening, last closing and longest break of each counter that worked."""
    changes = defaultdict(list)
    kinds = ["open", "break", "close", "call"]
    events = TicketEvent.objects.filter(hall=hall, date=date, kind__in=kinds).order_by("version")
    for number, kind, at in events.values_list("counter", "kind", "at"):
        changes[number].append((kind, at))
    places: dict[str, int] = defaultdict(int)
    shifts = []
    for number, agency in hall.counters.order_by("number").values_list("number", "agency__code"):
        if number in changes:
            places[agency] += 1
            shift = _shift(changes[number])
            shifts.append({"agency": agency, "place": places[agency], **shift})
    return shifts


def _shift(changes: Sequence[tuple[str, dt.datetime]]) -> Words:
    last, ended = changes[-1]
    rests = [
        (until - since, since) for (kind, since), (_, until) in pairwise(changes) if kind == "break"
    ]
    rest, rests_at = max(rests, default=(dt.timedelta(), None))
    return {
        "opens_at": changes[0][1].isoformat(),
        "closes_at": ended.isoformat() if last == "close" else None,
        "rests_at": rests_at and rests_at.isoformat(),
        "rest": rest.total_seconds(),
    }


# --- Planned ------------------------------------------------------------------------------------


def plan(words: Words, hall: Hall) -> Plan:
    """Return the plan of such a day, as far as this hall has its services and agencies."""
    known = set(hall.services.filter(is_open=True).values_list("code", flat=True))
    agencies = set(hall.counters.values_list("agency__code", flat=True))
    shifts = [each for each in words["shifts"] if each["agency"] in agencies]
    people = [
        Person(
            number,
            _at(each["at"]),
            errands,
            each["priority"],
            each["is_absent"],
            each["returns"],
        )
        for number, each in enumerate(words["people"])
        if (errands := tuple(_planned(each["errands"], known)))
    ]
    ends = [_at(each["closes_at"]) for each in shifts if each["closes_at"]]
    closes_at = max([*ends, _at(words["people"][-1]["at"]) + UNTIL_THE_LAST])
    closes_at = closes_at.astimezone(zone_of(hall))
    return Plan(people, [_planned_shift(each, closes_at) for each in shifts], [], closes_at)


def _planned(errands: Iterable[Words], known: Collection[str]) -> Iterator[Errand]:
    for errand in errands:
        if errand["service"] in known:
            onward = next(_planned(filter(None, [errand["goes_on"]]), known), None)
            yield Errand(errand["agency"], errand["service"], errand["seconds"], goes_on=onward)


def _planned_shift(words: Words, closes_at: dt.datetime) -> Shift:
    return Shift(
        words["agency"],
        words["place"],
        _at(words["opens_at"]),
        _at(words["closes_at"]) if words["closes_at"] else closes_at,
        _at(words["rests_at"]) if words["rests_at"] else None,
        dt.timedelta(seconds=words["rest"]),
    )


def _at(words: str) -> dt.datetime:
    return dt.datetime.fromisoformat(words)
