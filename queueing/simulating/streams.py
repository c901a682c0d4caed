"""Where does chance come from? One stream of numbers for each purpose, all from one seed.

What one purpose draws disturbs no other: with a counter more come the same people for the same
errands, and what differs between two days is only what was changed (common random numbers).
"""

from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

Draws = npt.NDArray[np.float64]


class Lot(NamedTuple):
    """The seed of all chance, and the how manieth day of it this is."""

    seed: int
    day: int

    def stream(self, purpose: str, of: str = "") -> np.random.Generator:
        """Return the numbers of one purpose, of one agency or counter where it has some."""
        return np.random.default_rng([*self, crc32(purpose.encode()), crc32(of.encode())])


def pick(draws: Draws, weights: list[float]) -> list[int]:
    """Return for each draw in [0, 1) which of the weighted things it means."""
    ends = np.cumsum(weights)
    return [int(place) for place in np.searchsorted(ends / ends[-1], draws, side="right")]
