"""How long does an errand take at the counter? Lognormal, and some days are slower than others."""

import math
from collections.abc import Sequence
from operator import mul

from queueing.simulating.assumptions import Assumptions
from queueing.simulating.streams import Draws, Lot


def mean(target_minutes: int, assumptions: Assumptions) -> float:
    """Return the mean minutes of a service, without those between two people."""
    return assumptions.share_of_target * target_minutes


def pace(assumptions: Assumptions, lot: Lot) -> float:
    """Return by what every errand of the day takes longer or shorter."""
    draw = lot.stream("pace of the day").standard_normal()
    return float(math.exp(assumptions.day_spread * draw))


def draws(people: int, place: int, lot: Lot) -> Draws:
    """Return a standard normal draw for the first, second or further errand of each person."""
    return lot.stream("service times", of=str(place)).standard_normal(people)


def seconds(target_minutes: int, draw: float, pace: float, assumptions: Assumptions) -> int:
    """Return the whole seconds that an errand takes: mean and spread are those of minutes."""
    mu, sigma = law(mean(target_minutes, assumptions), assumptions)
    return max(1, round(60 * pace * math.exp(mu + sigma * draw)))


def law(mean: float, assumptions: Assumptions) -> tuple[float, float]:
    """Return mean and standard deviation of the logarithm of minutes."""
    sigma = math.sqrt(math.log(1 + assumptions.spread**2))
    return math.log(mean) - sigma**2 / 2, sigma


def mean_of_all(targets: Sequence[int], assumptions: Assumptions) -> float:
    """Return the mean minutes of an agency's services, wanted by one over their rank."""
    weights = by_rank(len(targets))
    minutes = [mean(target, assumptions) for target in targets]
    return sum(map(mul, weights, minutes)) / sum(weights)


def by_rank(services: int) -> list[float]:
    return [1 / rank for rank in range(1, services + 1)]
