"""What was drawn for a day, and who sits at which counter of the hall?"""

import datetime as dt
from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from agencies.calendar import Span, calendar_of
from agencies.clock import zone_of
from agencies.models import Counter, Hall, Service
from queueing.models import Ticket
from queueing.simulating import service_times, staffing
from queueing.simulating.arrivals import Crowd, Offer, Offered, Person
from queueing.simulating.assumptions import Assumptions
from queueing.simulating.staffing import Change, Hours, Outage, Shift
from queueing.simulating.streams import Lot

ALWAYS = (Span(dt.time(8), dt.time(14, 30), dt.time(15)),)
MONDAY, FRIDAY = 0, 4
BUSY, QUIET = 1.3, 0.8


@dataclass(frozen=True)
class Plan:
    people: list[Person]
    shifts: list[Shift]
    outages: list[Outage]
    closes_at: dt.datetime

    @property
    def begins_at(self) -> dt.datetime:
        """When the first person comes, or the first counter opens."""
        comings = (person.arrives_at for person in self.people)
        openings = (shift.opens_at for shift in self.shifts)
        return min(chain(comings, openings), default=self.closes_at)


@dataclass(eq=False)
class Desk:
    """A counter and whoever sits behind it."""

    counter: Counter
    shift: Shift
    queues: set[int]
    ticket: Ticket | None = None
    rest_is_due: bool = False
    leaves: bool = False

    @property
    def by(self) -> str:
        return f"operator:loket-{self.counter.number:02d}"


def draw(
    hall: Hall,
    date: dt.date,
    assumptions: Assumptions,
    lot: Lot,
    changes: Sequence[Change] = (),
) -> Plan:
    hours = hours_of(hall, date)
    usual = Tally(hall.counters.values_list("agency__code", flat=True))
    counters = {code: usual[code] for code in sorted(usual)}
    factor = _factor(hall, date) if assumptions.follows_the_week else 1
    return Plan(
        Crowd(assumptions, offer(hall), lot).coming(hours.opens_at, factor),
        staffing.shifts(assumptions, counters, hours, lot, changes),
        staffing.outages(assumptions, counters, hours, lot),
        hours.closes_at,
    )


def hours_of(hall: Hall, date: dt.date) -> Hours:
    spans = ALWAYS if hall.always_open else calendar_of(hall).spans(date)
    zone = zone_of(hall)
    opens, closes = (
        dt.datetime.combine(date, time, zone) for time in (spans[0].opens, spans[-1].closes)
    )
    if len(spans) == 1:
        return Hours(opens, closes)
    rests, ends = (
        dt.datetime.combine(date, time, zone) for time in (spans[0].closes, spans[1].opens)
    )
    return Hours(opens, closes, rests, ends - rests)


def open_days(hall: Hall, first: dt.date, many: int) -> list[dt.date]:
    """Return so many days on which the hall opens."""
    dates = (first + dt.timedelta(days=days) for days in range(10 * many + 30))
    opens = [date for date in dates if hall.always_open or calendar_of(hall).spans(date)]
    return opens[:many]


def offer(hall: Hall) -> Offer:
    """Return what one can come for, agency by agency, in the order of the files."""
    found = defaultdict(list)
    services = Service.objects.filter(hall=hall, is_open=True).order_by("code")
    for letter, code, target in services.values_list(
        "queue__agency__code", "code", "target_minutes"
    ):
        found[letter].append(Offered(code, target))
    return found


def desks(hall: Hall, shifts: Iterable[Shift]) -> list[Desk]:
    """Return the counter of each shift: the first of an agency is the one of the lowest number.

    A counter that the hall has not is set up.
    """
    counters: dict[str, list[Counter]] = defaultdict(list)
    rows = hall.counters.select_related("hall", "agency").order_by("number")
    for counter in rows:
        counters[counter.agency.code].append(counter)
    return [_desk(hall, counters[shift.agency], shift) for shift in shifts]


def _desk(hall: Hall, own: list[Counter], shift: Shift) -> Desk:
    while len(own) < shift.place:
        own.append(one_more(hall, own[0]))
    counter = own[shift.place - 1]
    return Desk(counter, shift, set(counter.queues.values_list("pk", flat=True)))


def one_more(hall: Hall, like: Counter) -> Counter:
    """Set up a counter beside this one, for the same queues."""
    number = max(hall.counters.values_list("number", flat=True)) + 1
    counter = Counter.objects.create(hall=hall, agency=like.agency, number=number)
    counter.queues.set(like.queues.all())
    return Counter.objects.select_related("hall", "agency").get(pk=counter.pk)


def _factor(hall: Hall, date: dt.date) -> float:
    """Return how many times the usual number of people come on this date."""
    is_after = calendar_of(hall).day_off(date - dt.timedelta(days=1))
    if date.weekday() == MONDAY or is_after:
        return BUSY
    return QUIET if date.weekday() == FRIDAY else 1


def minutes_each(hall: Hall, assumptions: Assumptions) -> dict[str, float]:
    """Return how long a person is at a counter on the mean, by the letter of the agency."""
    return {
        letter: service_times.mean_of_all([each.target_minutes for each in services], assumptions)
        + assumptions.between.total_seconds() / 60
        for letter, services in offer(hall).items()
    }
