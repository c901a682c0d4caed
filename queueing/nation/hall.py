"""What goes on in one hall? Kiosks give numbers, and the desks that call them hear of it."""

import asyncio
import random
import time
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

from queueing.nation import country
from queueing.nation.books import Books, Given, Press
from queueing.nation.country import Place
from queueing.nation.crowds import UNKNOWN, Task, task
from queueing.nation.wire import Answer, Pool
from queueing.simulating.arrivals import Person

CREATED = 201
Follow = Callable[["Hall", str], None]


class Line:
    """One queue as the load side knows it: how many wait, and which idle desks look on."""

    def __init__(self) -> None:
        self.waiting = 0
        self._idle: deque[asyncio.Future[None]] = deque()

    def come(self) -> None:
        self.waiting += 1
        self._wake()

    def go(self) -> None:
        self.waiting = max(0, self.waiting - 1)

    def _wake(self) -> None:
        while self._idle:
            desk = self._idle.popleft()
            if not desk.done():
                desk.set_result(None)
                return

    async def somebody(self) -> None:
        """Wait until somebody has come for whom no other idle desk was woken."""
        if self.waiting > 0:
            return
        desk = asyncio.get_running_loop().create_future()
        self._idle.append(desk)
        await desk


class Hall:
    def __init__(self, place: Place, pool: Pool, books: Books, seed: int) -> None:
        self.place, self.pool, self.books = place, pool, books
        self.slug = place.slug
        self.lines: dict[str, Line] = defaultdict(Line)
        self.tasks: dict[str, Task] = {}
        self.chance = random.Random(f"{seed}/{place.number}/hall")  # noqa: S311 - a seeded hall
        self.kiosk_keys = [country.key_of(self.slug, name) for name in country.KIOSKS]

    async def press(self, verb: str, path: str, key: str, body: dict[str, Any]) -> Answer:
        """Press a button of this hall, and write down what came of it."""
        sent = time.monotonic()
        self.books.unanswered.add((verb, sent))
        answer = await self.pool.post(f"{self.slug}/{path}", key, body)
        self.books.unanswered.discard((verb, sent))
        took = time.monotonic() - sent
        self.books.presses.append(Press(verb, sent, took, answer.status, answer.code))
        return answer

    async def issue(self, kiosk: int, person: Person) -> str:
        """Give a number to somebody at a kiosk; return the token of the visit, or nothing."""
        body = {
            "services": list(dict.fromkeys(errand.service for errand in person.errands)),
            "priority": person.priority or None,
        }
        answer = await self.press("issue", "visits", self.kiosk_keys[kiosk], body)
        if answer.status != CREATED:
            return ""
        for ticket in answer.body["tickets"]:
            errands = [each for each in person.errands if each.service in ticket["services"]]
            self.come(ticket, task(person, errands))
        return str(answer.body["visit"]["token"])

    def come(self, ticket: dict[str, Any], what: Task) -> None:
        """Take note of a number that now waits."""
        self.books.given.append(Given(self.slug, ticket["label"], ticket["id"]))
        self.tasks[ticket["label"]] = what
        self.lines[ticket["queue"]].come()

    def task_of(self, label: str) -> Task:
        return self.tasks.get(label, UNKNOWN)
