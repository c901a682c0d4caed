"""Who comes to each hall, when and for what? The laws of domain section 15, drawn beforehand."""

import datetime as dt
import heapq
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from queueing.nation import country
from queueing.nation.country import Place
from queueing.simulating.arrivals import Crowd, Errand, Person
from queueing.simulating.streams import Lot

AT_THE_KIOSK = 25.0  # seconds that somebody stands at one, on the mean (domain section 9)
EVENNESS = 4.0  # shape of the gamma law of these seconds: they vary by half their mean [guess]
OPENS = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Task:
    """What a number stands for, when its turn comes."""

    seconds: float
    is_absent: bool = False
    is_recalled: bool = False
    has_priority: bool = False
    goes_on: Errand | None = None


UNKNOWN = Task(300.0)  # a number that was called before its kiosk had the answer


def task(person: Person | None, errands: Sequence[Errand]) -> Task:
    """Return what one number means: all errands that it stands for, one after the other."""
    return Task(
        sum(errand.seconds for errand in errands),
        bool(person and person.is_absent),
        any(errand.is_recalled for errand in errands),
        bool(person and person.priority),
        errands[-1].goes_on,
    )


def of_the_morning(
    place: Place, seed: int, begins: float, ends: float
) -> list[tuple[float, int, Person]]:
    """Return who presses a kiosk, when and at which, between two seconds after opening.

    Each kiosk holds one person at a time, so the crowd at the door comes in one by one.
    """
    chance = random.Random(f"{seed}/{place.number}/kiosks")  # noqa: S311 - a seeded crowd
    drawn = Crowd(place.assumptions, country.offer(), Lot(seed, place.number)).coming(OPENS)
    free = [(0.0, kiosk) for kiosk in range(len(country.KIOSKS))]
    presses = []
    for person in drawn:
        came = (person.arrives_at - OPENS).total_seconds()
        since, kiosk = heapq.heappop(free)
        pressed = max(came, since) + chance.gammavariate(EVENNESS, AT_THE_KIOSK / EVENNESS)
        heapq.heappush(free, (pressed, kiosk))
        presses.append((pressed, kiosk, person))
    return [press for press in presses if begins <= press[0] < ends]


def without_end(place: Place, seed: int) -> Iterator[tuple[float, int, Person]]:
    """Yield people as they come on the mean of the peak hour, as long as somebody asks."""
    chance = random.Random(f"{seed}/{place.number}/steady")  # noqa: S311 - a seeded crowd
    moment, day = 0.0, 0
    while True:
        day += 1
        crowd = Crowd(place.assumptions, country.offer(), Lot(seed + day, place.number))
        people = crowd.coming(OPENS)
        chance.shuffle(people)
        hourly = of_the_peak_hour(place)
        for person in people:
            moment += chance.expovariate(hourly / 3600)
            yield moment, chance.randrange(len(country.KIOSKS)), person


def of_the_peak_hour(place: Place) -> float:
    """Return how many people come in the first hour."""
    usual = place.assumptions
    share = sum(usual.half_hours[:2]) / sum(usual.half_hours)
    return usual.visits * (usual.at_the_door + (1 - usual.at_the_door) * share)
