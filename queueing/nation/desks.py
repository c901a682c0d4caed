"""How does a desk press? Call, start, finish; sometimes again, not there, or sent on."""

import random
import time
from typing import Any

from queueing.nation import country
from queueing.nation.crowds import task
from queueing.nation.hall import Hall
from queueing.nation.pace import Pace
from queueing.nation.wire import Answer

OK = 200
RECALL_AFTER, ABSENT_AFTER, ABSENT_PRIORITY_AFTER = 31.0, 91.0, 181.0  # the hall refuses earlier
GLANCE = (1.0, 4.0)  # seconds until an idle officer sees that somebody waits
LOOK_AGAIN = 15.0  # when all who wait are at other counters


class Desk:
    def __init__(self, hall: Hall, counter: int, pace: Pace, seed: int) -> None:
        self.hall, self.counter, self.pace = hall, counter, pace
        self.queue = country.counters()[counter]
        self.line = hall.lines[self.queue]
        self.key = country.key_of(hall.slug, country.officer(hall.slug, counter))
        self.chance = random.Random(f"{seed}/{hall.place.number}/{counter}")  # noqa: S311
        self.is_busy = self.is_open = False

    async def open(self) -> None:
        await self.press("open")
        self.is_open = True

    async def work(self, opens_after: float) -> None:
        if not self.is_open:
            await self.pace.think(opens_after)
            await self.open()
        while not self.pace.is_over:
            await self.notice()
            ticket = await self.call_next()
            if ticket:
                await self.serve(ticket)
            elif self.line.waiting > 0:
                await self.pace.think(LOOK_AGAIN)

    async def notice(self) -> None:
        """Wait until somebody waits; a moment later the officer has seen it."""
        if self.line.waiting == 0:
            await self.line.somebody()
            await self.pace.think(self.chance.uniform(*GLANCE))

    async def press(self, verb: str, body: dict[str, Any] | None = None) -> Answer:
        path = f"counters/{self.counter}/{verb}"
        return await self.hall.press(verb, path, self.key, body or {})

    async def call_next(self) -> dict[str, Any] | None:
        sent = time.monotonic()
        answer = await self.press("call-next", {"finish_current": self.is_busy})
        self.is_busy = False
        ticket: dict[str, Any] | None = answer.body.get("ticket") if answer.status == OK else None
        if ticket:
            self.is_busy = True
            self.line.go()
            self.hall.books.called[self.hall.slug, ticket["label"]].append(sent)
        return ticket

    async def serve(self, ticket: dict[str, Any]) -> None:
        what = self.hall.task_of(ticket["label"])
        if what.is_absent:
            await self.give_up(has_priority=what.has_priority)
            return
        if what.is_recalled:
            await self.pace.wait(RECALL_AFTER)
            await self.press("recall")
        await self.pace.think(self.hall.place.assumptions.between.total_seconds())
        await self.press("start")
        await self.pace.think(what.seconds)
        if what.goes_on:
            await self.send_on(ticket["label"])
        elif self.line.waiting == 0:
            await self.press("finish")
            self.is_busy = False

    async def give_up(self, *, has_priority: bool) -> None:
        await self.pace.wait(ABSENT_PRIORITY_AFTER if has_priority else ABSENT_AFTER)
        await self.press("no-show")
        self.is_busy = False

    async def send_on(self, label: str) -> None:
        """Send whoever was served on to another agency, where a new number waits."""
        there = self.hall.task_of(label).goes_on
        if there is None:
            return
        answer = await self.press("transfer", {"service": there.service})
        self.is_busy = False
        if answer.status == OK:
            self.hall.come(answer.body["leg"], task(None, [there]))
