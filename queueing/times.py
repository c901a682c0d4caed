"""How long does a service take here? What the log has taught, leaning on the published target."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SHARE_OF_TARGET = 0.6  # the mean, until it is learned (domain section 15)
SPREAD = 0.7  # standard deviation by mean
PRIOR_WEIGHT = 10  # services that the target counts for, beside those learned
# Whether the time at the counter of a ticket `t` teaches anything: a slip of the finger does not,
# nor does somebody whom nobody finished.
TEACHES = "t.ended_at - t.called_at BETWEEN interval '10 seconds' AND interval '4 hours'"


@dataclass(frozen=True)
class Law:
    """How long something takes: lognormal, by mean and spread of its logarithm (minutes)."""

    log_mean: float
    log_sd: float

    @property
    def mean(self) -> float:
        return math.exp(self.log_mean + self.log_sd**2 / 2)


def supposed(target_minutes: float) -> Law:
    """Return the law of a service of which only the target is known."""
    return _by_moments(SHARE_OF_TARGET * target_minutes, SPREAD)


def learned(target_minutes: float, count: int, log_mean: float, log_sd: float) -> Law:
    """Return the law of a service that was seen so often; few sights are drawn to the target."""
    prior = supposed(target_minutes)
    trust = count / (count + PRIOR_WEIGHT)
    variance = trust * log_sd**2 + (1 - trust) * prior.log_sd**2
    return Law(trust * log_mean + (1 - trust) * prior.log_mean, math.sqrt(variance))


def together(laws: Iterable[Law]) -> Law:
    """Return the law of several services one after the other, by the moments of their sum."""
    laws = list(laws)
    if len(laws) == 1:
        return laws[0]
    mean = sum(law.mean for law in laws)
    variance = sum(_variance(law) for law in laws)
    return _by_moments(mean, math.sqrt(variance) / mean)


def mixed(shares: Mapping[Law, float]) -> Law:
    """Return the law of somebody of whom only these shares of services are known."""
    whole = sum(shares.values())
    mean = sum(share * law.mean for law, share in shares.items()) / whole
    square = sum(share * (_variance(law) + law.mean**2) for law, share in shares.items()) / whole
    return _by_moments(mean, math.sqrt(max(square - mean**2, 0.0)) / mean)


def _variance(law: Law) -> float:
    return (math.exp(law.log_sd**2) - 1) * law.mean**2


def _by_moments(mean: float, spread: float) -> Law:
    """Return the lognormal law of a mean and a spread (standard deviation by mean)."""
    log_variance = math.log(1 + spread**2)
    return Law(math.log(mean) - log_variance / 2, math.sqrt(log_variance))
