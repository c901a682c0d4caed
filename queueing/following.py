"""What was each phone of this process last told, and what is news to it?

One statement for each hall and version says where all followed numbers stand. Whose place alone
has changed is told so from memory; only a visit to which something happened is read anew. A phone
is sent a frame when its own visit changed, and beats meanwhile.
"""

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

import orjson

from agencies.clock import on_the_wall
from agencies.models import Hall
from agencies.ready import Often
from queueing import gauges
from queueing.estimating import FRESH
from queueing.feeds import BEAT_AFTER, Feed, Outbox
from queueing.models import Ticket
from queueing.visits import tickets_of, visit_told

MANY = 2  # errands

# One snapshot: the version, and where each followed number stands at it. What happened to a number
# since then is in the log; a wish for an order, or a new estimate, is not.
_WHERE = Often.named("""
WITH hall AS (
    SELECT h.id, h.epoch, h.version, hall_now() AS at,
           GREATEST((hall_now() AT TIME ZONE h.timezone)::date, h.business_date) AS today
    FROM agencies_hall h WHERE h.id = %(hall)s
),
mine AS (
    SELECT t.id, t.public_id, t.visit_id, t.queue_id, t.date, t.state, t.turn, t.away_until,
           v.is_ordered, q.incident_since
    FROM queueing_ticket t JOIN queueing_visit v ON v.id = t.visit_id
    JOIN agencies_queue q ON q.id = t.queue_id
    WHERE t.visit_id = ANY(%(visits)s)
),
line AS (
    SELECT t.id, row_number() OVER (
        PARTITION BY t.queue_id, t.date ORDER BY t.effective_time, t.id) - 1 AS ahead
    FROM queueing_ticket t
    WHERE t.state = 'waiting' AND (t.queue_id, t.date) IN (
        SELECT queue_id, date FROM mine WHERE state = 'waiting')
),
news AS (
    SELECT DISTINCT e.ticket_id FROM queueing_ticketevent e, hall
    WHERE e.hall_id = hall.id AND e.version > %(since)s
)
SELECT hall.epoch::text, hall.version, hall.at, mine.visit_id, mine.public_id::text,
       line.ahead, news.ticket_id IS NOT NULL,
       concat_ws(' ', mine.turn, mine.is_ordered, mine.away_until > hall.at, mine.incident_since,
                 (SELECT f.at > hall.at - %(fresh)s::interval FROM queueing_forecast f
                  WHERE f.queue_id = mine.queue_id),
                 (SELECT max(e.id) FROM queueing_estimate e WHERE e.ticket_id = mine.id)),
       mine.date < hall.today - 1
FROM hall LEFT JOIN mine ON TRUE
LEFT JOIN line ON line.id = mine.id
LEFT JOIN news ON news.ticket_id = mine.id
ORDER BY mine.visit_id, mine.id
""")


class Place(NamedTuple):
    """Where a followed number stands; `mark` changes with what the log does not tell."""

    ticket: str
    ahead: int | None
    is_news: bool
    mark: str
    is_forgotten: bool


class Snapshot(NamedTuple):
    epoch: str
    version: int
    at: dt.datetime
    places: dict[int, list[Place]]


def where_they_stand(hall: Hall, visits: Collection[int], since: int) -> Snapshot:
    """Return where the numbers of these visits stand now, and what happened since a version."""
    about = {"hall": hall.pk, "visits": list(visits), "since": since, "fresh": FRESH}
    rows = _WHERE.ask(about)
    places: dict[int, list[Place]] = defaultdict(list)
    for *_, visit, ticket, ahead, is_news, mark, is_forgotten in rows:
        if visit is not None:
            places[visit].append(Place(ticket, ahead, is_news, mark, is_forgotten))
    epoch, version, at = rows[0][:3]
    return Snapshot(epoch, version, at, places)


class Told(NamedTuple):
    """What a visit's phones were told last, and from where it was known."""

    places: list[tuple[str, int | None, str]]
    state: dict[str, Any]

    def says_the_same_as(self, other: "Told | None") -> bool:
        names = ("tickets", "plan")
        return other is not None and all(self.state[name] == other.state[name] for name in names)


class VisitFeed(Feed):
    """The phones that follow visits of one hall."""

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall)
        self.told: dict[int, Told] = {}

    def count(self) -> None:
        gauges.PHONES.labels(self.hall.slug).set(len(self.outboxes))

    def build(self) -> tuple[Snapshot, dict[int, Told], set[int]]:
        """Return the snapshot, what has changed of each visit, and which visits are forgotten."""
        watched = {outbox.visit for outbox in list(self.outboxes)}
        known = self.told if str(self.hall.epoch) == self.epoch else {}
        snapshot = where_they_stand(self.hall, watched, self.version if known else -1)
        current = {visit for visit, places in snapshot.places.items() if is_kept(places)}
        anew = {visit for visit in current if _is_to_be_read(known.get(visit), snapshot, visit)}
        changed = self._read(anew, snapshot)
        for visit in current - anew:
            if moved := _moved(known[visit], snapshot, visit):
                changed[visit] = moved
        return snapshot, changed, watched - current

    def _read(self, visits: set[int], snapshot: Snapshot) -> dict[int, Told]:
        """Read these visits anew: in two queries, however many."""
        if not visits:
            return {}
        ahead = {place.ticket: place.ahead for each in visits for place in snapshot.places[each]}
        rows: dict[int, list[Ticket]] = defaultdict(list)
        for ticket in tickets_of(visits, ahead):
            rows[ticket.visit_id].append(ticket)
        return {
            visit: Told(_known(snapshot.places[visit]), visit_told(self.hall, snapshot.at, tickets))
            for visit, tickets in rows.items()
        }

    def send(self, snapshot: Snapshot, changed: dict[int, Told], forgotten: set[int]) -> None:
        """Tell each phone its own visit when that has changed, or when it was told nothing yet."""
        if self._is_older(snapshot.epoch, snapshot.version):
            return
        known = self.told if snapshot.epoch == self.epoch else {}
        self.epoch, self.version = snapshot.epoch, snapshot.version
        news = {each for each in changed if not changed[each].says_the_same_as(known.get(each))}
        self.told = known | changed
        by_visit = self._by_visit()
        self._tell(by_visit, news, snapshot)
        if time.monotonic() - self.sent_at >= BEAT_AFTER:
            self.beat(snapshot.at)  # in a busy hall the others would hear nothing
        for visit in forgotten:
            for outbox in by_visit.get(visit, ()):
                outbox.end()
        self.told = {visit: told for visit, told in self.told.items() if visit in by_visit}

    def _by_visit(self) -> dict[int, list[Outbox]]:
        by_visit: dict[int, list[Outbox]] = defaultdict(list)
        for outbox in self.outboxes:
            by_visit[outbox.visit].append(outbox)
        return by_visit

    def _tell(
        self, by_visit: dict[int, list[Outbox]], news: Collection[int], snapshot: Snapshot
    ) -> None:
        for visit, outboxes in by_visit.items():
            waiting = [each for each in outboxes if visit in news or not each.is_served]
            if waiting and visit in self.told:
                text = frame_text(self.hall, snapshot, self.told[visit].state)
                for outbox in waiting:
                    outbox.put(text)


def frame_text(hall: Hall, snapshot: Snapshot, state: dict[str, Any]) -> str:
    at = on_the_wall(hall, snapshot.at)
    frame = {**state, "epoch": snapshot.epoch, "version": snapshot.version, "at": at}
    return orjson.dumps(frame).decode()


def is_kept(places: Iterable[Place]) -> bool:
    return not any(place.is_forgotten for place in places)


def _known(places: list[Place]) -> list[tuple[str, int | None, str]]:
    return [(place.ticket, place.ahead, place.mark) for place in places]


def _is_to_be_read(told: Told | None, snapshot: Snapshot, visit: int) -> bool:
    """Whether more than a place in line has changed."""
    places = snapshot.places[visit]
    if told is None or any(place.is_news for place in places):
        return True
    return [(ticket, mark) for ticket, _, mark in told.places] != [
        (place.ticket, place.mark) for place in places
    ]


def _moved(told: Told, snapshot: Snapshot, visit: int) -> Told | None:
    """Return the visit with its new places in line; None when they are the old ones."""
    places = _known(snapshot.places[visit])
    if places == told.places:
        return None
    ahead = {ticket: place for ticket, place, _ in places}
    tickets = [{**each, "ahead": ahead[each["id"]]} for each in told.state["tickets"]]
    return Told(places, {**told.state, "tickets": tickets, "plan": _plan(told.state, tickets)})


def _plan(state: dict[str, Any], tickets: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the plan again: without a wish or an estimate, errands come by their places."""
    waits = [ticket for ticket in tickets if ticket["state"] == "waiting"]
    is_foretold = all(ticket["estimate"] for ticket in waits)
    if state["plan"]["is_ordered"] or len(waits) < MANY or is_foretold:
        return dict(state["plan"])
    before = {ticket: place for place, ticket in enumerate(state["plan"]["order"])}
    slots = sorted(before[ticket["id"]] for ticket in waits)
    nearest = sorted(waits, key=lambda ticket: (ticket["ahead"], before[ticket["id"]]))
    order = list(state["plan"]["order"])
    for slot, ticket in zip(slots, nearest, strict=True):
        order[slot] = ticket["id"]
    return {**state["plan"], "order": order}
