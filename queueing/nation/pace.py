"""How fast does the country's time pass? One figure for everybody, which may be changed midway."""

import asyncio
import time


class Pace:
    """`speed` 2 makes everybody come, think and serve twice as fast; the hall's own rules stay.

    Below 1 fewer come, and desks take as long as ever. `brisk` desks take only a part of the time,
    so that as many are finished as begun soon after the beginning.
    """

    def __init__(self, speed: float = 1.0, brisk: float = 1.0) -> None:
        self.speed, self.brisk = speed, brisk
        self.is_over = False

    async def think(self, seconds: float) -> None:
        await asyncio.sleep(seconds / (self.brisk * max(1.0, self.speed)))

    async def wait(self, seconds: float) -> None:
        """Wait for what the hall measures by its own clock."""
        await asyncio.sleep(seconds)


class Stopwatch:
    """How far the morning has come, at whatever speed."""

    def __init__(self, pace: Pace, began_at: float) -> None:
        self.pace, self.moment, self.looked = pace, began_at, time.monotonic()

    def now(self) -> float:
        looked = time.monotonic()
        self.moment += (looked - self.looked) * self.pace.speed
        self.looked = looked
        return self.moment

    async def until(self, moment: float) -> None:
        """Sleep until then; never long in one go, because the speed may change."""
        while (left := moment - self.now()) > 0:  # noqa: ASYNC110 - nobody tells us that time has passed
            await asyncio.sleep(min(left / self.pace.speed, 1.0))
