"""How does the peak hour go? Everybody of every hall, from outside, in one process.

`Hour` opens the sockets of all screens, lets the desks begin, and lets people come to the kiosks;
some of them follow their number on the phone.
"""

import asyncio
import itertools
import random
import time
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit

from queueing.nation import country, crowds
from queueing.nation.books import Books
from queueing.nation.country import Place
from queueing.nation.desks import Desk
from queueing.nation.hall import Hall
from queueing.nation.pace import Pace, Stopwatch
from queueing.nation.screens import Phone, Screen
from queueing.nation.wire import Pool, Socket, listen
from queueing.simulating.arrivals import Person

A_SCREEN_EVERY = 0.01  # seconds, while they are switched on
TAKES_OUT_THE_PHONE = (10.0, 60.0)  # seconds after the number was given [guess]
LAG_EVERY = 0.05
OPENERS = 4  # presses at once, before it begins
LAST_FRAMES = 3.0  # seconds that the last presses have to be answered and shown
Presses = Iterable[tuple[float, int, Person]]


@dataclass(frozen=True)
class Wish:
    """What is played: of which seed, from when, and how many follow by phone."""

    seed: int = 1
    begins: float = 0.0  # seconds after 08.00
    ends: float = 3600.0
    phones: float = 0.2  # of the visits [guess]
    desks_are_there: bool = False  # else they open some minutes late, as in section 15
    is_steady: bool = False  # the mean of the peak hour, without end


@dataclass
class Hour:
    url: str
    places: Sequence[Place]
    wish: Wish
    pace: Pace = field(default_factory=Pace)
    books: Books = field(default_factory=Books)

    async def __aenter__(self) -> Self:
        address = urlsplit(self.url)
        self.host, self.port = address.hostname or "", address.port or 80
        self.pool = Pool(self.host, self.port)
        self.halls = [Hall(each, self.pool, self.books, self.wish.seed) for each in self.places]
        self.chance = random.Random(f"{self.wish.seed}/phones")  # noqa: S311 - seeded
        self.running: set[asyncio.Task[None]] = set()
        self.sockets: list[Socket] = []
        self.phones: dict[Phone, Socket] = {}
        self.crowds: list[tuple[Hall, Presses]] = [(hall, self._crowd(hall)) for hall in self.halls]
        self.desks = [
            (desk, self._late(desk))
            for hall in self.halls
            for desk in (
                Desk(hall, number, self.pace, self.wish.seed) for number in country.counters()
            )
        ]
        await self._get_ready()
        return self

    async def __aexit__(self, *error: object) -> None:
        self.pace.is_over = True
        for each in list(self.running):
            each.cancel()
        if self.running:
            await asyncio.wait(self.running, timeout=LAST_FRAMES)
        for socket in [*self.sockets, *self.phones.values()]:
            socket.leave()
        self.pool.close()

    def begin(self) -> None:
        """Let everybody loose."""
        self.watch = Stopwatch(self.pace, self.wish.begins)
        self._go_on(self._feel_lag())
        for hall, presses in self.crowds:
            self._go_on(self._let_come(hall, presses))
        for desk, late in self.desks:
            self._go_on(desk.work(late))

    async def play(self) -> None:
        """Play from the beginning to the end that was wished for."""
        self.begin()
        await self.watch.until(self.wish.ends)
        self.pace.is_over, self.books.ended = True, time.monotonic()
        await asyncio.sleep(LAST_FRAMES)

    def check_sockets(self) -> None:
        """Note screens that lost their socket, of which none was shut by us."""
        cut = [socket for socket in self.sockets if not socket.is_open]
        self.books.faults += [f"{socket.path} was cut off" for socket in cut]

    # --- Who does something ---------------------------------------------------------------------

    def _go_on(self, work: Coroutine[Any, Any, None]) -> None:
        begun = asyncio.create_task(work)
        self.running.add(begun)
        begun.add_done_callback(self._note_end)

    def _note_end(self, task: asyncio.Task[None]) -> None:
        """A task of ours that breaks is a fault of the instrument, and is told."""
        self.running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self.books.faults.append(f"the load side broke: {error!r}")

    def _crowd(self, hall: Hall) -> Presses:
        wish = self.wish
        if wish.is_steady:
            without_end = crowds.without_end(hall.place, wish.seed)
            return itertools.chain([next(without_end)], without_end)  # drawn before all begins
        return crowds.of_the_morning(hall.place, wish.seed, wish.begins, wish.ends)

    async def _let_come(self, hall: Hall, presses: Presses) -> None:
        began = self.wish.begins if self.wish.is_steady else 0.0
        for moment, kiosk, person in presses:
            await self.watch.until(began + moment)
            if self.pace.is_over:
                return
            self._go_on(self._take(hall, kiosk, person))

    async def _take(self, hall: Hall, kiosk: int, person: Person) -> None:
        token = await hall.issue(kiosk, person)
        if token and self.chance.random() < self.wish.phones:
            await self.pace.think(self.chance.uniform(*TAKES_OUT_THE_PHONE))
            await self._follow(hall, token)

    def _late(self, desk: Desk) -> float:
        """Return how long after the beginning a desk opens; below 0: it was there before."""
        minutes = desk.chance.gauss(*desk.hall.place.assumptions.opens_late)
        return 60 * minutes - self.wish.begins

    async def _get_ready(self) -> None:
        """Switch the screens on, and open the desks of the early; nobody judges that."""
        await self._switch_screens_on()
        if self.wish.desks_are_there:
            for desk, _ in self.desks:
                desk.is_open = True
            return
        early = iter([desk for desk, late in self.desks if late < 0])
        await asyncio.gather(*(self._open_in_turn(early) for _ in range(OPENERS)))
        self.books.presses.clear()

    async def _open_in_turn(self, desks: Iterator[Desk]) -> None:
        for desk in desks:
            await desk.open()

    # --- Who looks on ---------------------------------------------------------------------------

    async def _switch_screens_on(self) -> None:
        for hall, _ in itertools.product(self.halls, country.SCREENS):
            screen = Screen(hall.slug, self.books)
            path = f"/ws/{hall.slug}/board"
            self.sockets.append(await listen(self.host, self.port, path, screen.hear))
            self.books.screens += 1
            await asyncio.sleep(A_SCREEN_EVERY)
        await asyncio.sleep(A_SCREEN_EVERY * len(self.halls))

    async def _follow(self, hall: Hall, token: str) -> None:
        phone = Phone(hall.slug, self.books, self._put_away)
        path = f"/ws/v/{token}"
        self.phones[phone] = await listen(self.host, self.port, path, phone.hear)
        self.books.phones += 1

    def _put_away(self, phone: Phone) -> None:
        socket = self.phones.pop(phone, None)
        if socket:
            socket.leave()

    async def _feel_lag(self) -> None:
        """Note by how much our own loop is late: what we measure is late by as much."""
        while True:
            began = time.monotonic()
            await asyncio.sleep(LAG_EVERY)
            self.books.lags.append(time.monotonic() - began - LAG_EVERY)
