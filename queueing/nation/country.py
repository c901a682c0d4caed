"""What does a country look like? Every hall as the catalogue says, and no two quite the same."""

import random
from dataclasses import dataclass, replace
from functools import cache

from django.utils.crypto import salted_hmac

from agencies.management.commands.load_hall import CATALOGUE
from agencies.reading import HallFiles, read_hall
from queueing.simulating.arrivals import Offer, Offered
from queueing.simulating.assumptions import PRESETS, Assumptions

BEGINS_WITH = "negeri-"
KIOSKS = ("Anjungan 1", "Anjungan 2", "Tablet resepsionis")
SCREENS = ("Layar utama", "Layar zona A", "Layar zona B")
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
ZONE_SHARES = (60, 30, 10)
VISITS_SPREAD, SHARE_SPREAD, PACE_SPREAD = 0.2, 0.3, 0.15  # [guess]


@dataclass(frozen=True)
class Place:
    """One hall of the country: how many come on a usual day, for what, and how slow it is there."""

    number: int
    slug: str
    name: str
    timezone: str
    assumptions: Assumptions
    pace: float  # of the promised minutes; 1 is as in the catalogue


def places(many: int, seed: int, visits: int = 500) -> list[Place]:
    """Return the halls of a country; the first ones of a larger country are the same."""
    return [_place(number, random.Random(f"{seed}/{number}"), visits) for number in range(many)]  # noqa: S311 - a seeded country


def _place(number: int, chance: random.Random, visits: int) -> Place:
    usual = PRESETS["ramai"]
    shares = {
        letter: share * chance.lognormvariate(0, SHARE_SPREAD)
        for letter, share in usual.shares.items()
    }
    middle = -(VISITS_SPREAD**2) / 2  # of a mean of one
    come = round(visits * chance.lognormvariate(middle, VISITS_SPREAD))
    return Place(
        number,
        f"{BEGINS_WITH}{number + 1:03d}",
        f"Mal Pelayanan Publik Negeri {number + 1:03d}",
        chance.choices(ZONES, ZONE_SHARES)[0],
        replace(usual, visits=come, shares=shares, follows_the_week=False),
        chance.lognormvariate(0, PACE_SPREAD),
    )


def key_of(slug: str, name: str) -> str:
    """Return the key of a desk or device of the country; like a demo hall's, from the secret."""
    return salted_hmac("nation", f"{slug}/{name}", algorithm="sha256").hexdigest()


def officer(slug: str, counter: int) -> str:
    return f"{slug}.loket-{counter:02d}"


@cache
def catalogue() -> HallFiles:
    return read_hall(CATALOGUE)


@cache
def offer() -> Offer:
    """Return what one can come for, by the letter of the agency."""
    rows = catalogue().services
    return {
        letter: [
            Offered(row["code"], row["target_minutes"])
            for row in rows
            if row["agency_code"] == letter
        ]
        for letter in {row["agency_code"] for row in rows}
    }


@cache
def counters() -> dict[int, str]:
    """Return the letter of the queue that each counter serves."""
    rows = catalogue().agencies
    letters = [row["code"] for row in rows for _ in range(row["counters"])]
    return dict(enumerate(letters, 1))
