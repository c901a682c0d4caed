"""The pipe to a screen: it joins the hub, passes frames on, and takes no orders."""

import asyncio
import time
from typing import Any

from channels.exceptions import DenyConnection
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.security.websocket import OriginValidator
from django.db import Error

from agencies.models import Hall
from queueing.access import find_visit
from queueing.feeds import Outbox
from queueing.hub import hub
from queueing.pace import floods
from queueing.refusals import Refusal
from queueing.standing import Standing, seats, standing_of

LOOK_AGAIN = 20.0
MOST_HEARD = 10  # messages a second
TURNED_AWAY, FORGOTTEN, TOO_SLOW, TOO_LOUD = 4403, 4404, 4408, 4429


class BrowserOriginValidator(OriginValidator):
    """Refuses pages of other hosts. A program sends no Origin: the board is public anyway."""

    def valid_origin(self, parsed_origin: Any) -> bool:
        return parsed_origin is None or super().valid_origin(parsed_origin)


class Nowhere(AsyncWebsocketConsumer):
    """An address that no socket has: refused, as an unknown page is."""

    async def connect(self) -> None:
        raise DenyConnection


class HubConsumer(AsyncWebsocketConsumer):
    """A socket of the hub. One that does not drain within some 10 s is dropped."""

    tasks: tuple[asyncio.Task[None], ...] = ()
    seat = ""
    heard: tuple[int, int] = (0, 0)  # a second, and the messages in it
    hall: Hall
    outbox: Outbox

    def watch(self) -> None:
        self.outbox.drop = self._drop
        self.tasks = (asyncio.create_task(self._pump()),)
        hub.join(self.hall, self.outbox)

    async def sit_down(self, seat: str) -> None:
        """Take a seat on the account of whoever this is; a full account gets no more."""
        if not seats.take(seat):
            await hub.ask(lambda: floods.note("socket"))
            raise DenyConnection
        self.seat = seat

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Orders are POSTs; whatever a screen says is not listened to, and much of it ends it."""
        second, count = int(time.monotonic()), self.heard[1] + 1
        self.heard = (second, count) if second == self.heard[0] else (second, 1)
        if self.heard[1] > MOST_HEARD:
            await self.close(TOO_LOUD)

    async def disconnect(self, code: int) -> None:
        if self.seat:
            seats.leave(self.seat)
        for task in self.tasks:
            task.cancel()
        if self.tasks:
            hub.leave(self.hall, self.outbox)

    async def _pump(self) -> None:
        while (frame := await self.outbox.get()) is not None:
            await self.base_send({"type": "websocket.send", "text": frame})
        await self.close(FORGOTTEN)

    def _drop(self) -> None:
        """Let go of a socket that does not drain: the hub has seen it."""
        hub.leave(self.hall, self.outbox)
        for task in self.tasks:
            task.cancel()
        self.tasks = (asyncio.create_task(self.close(TOO_SLOW)),)


class BoardConsumer(HubConsumer):
    """One screen of one hall."""

    async def connect(self) -> None:
        hall = await hub.find(self.scope["url_route"]["kwargs"]["hall"])
        if hall is None:
            raise DenyConnection
        self.hall, self.outbox = hall, Outbox()
        self.standing = await self.standing_now()
        address = (self.scope.get("client") or [""])[0]
        await self.sit_down(self.standing.holder or f"address:{address}")
        await self.accept()
        self.watch()
        if self.standing != Standing():
            self.tasks += (asyncio.create_task(self._watch()),)

    async def standing_now(self) -> Standing:
        return await hub.ask(lambda: standing_of(self.scope["cookies"]))

    async def _watch(self) -> None:
        """Ask again who this is. Of a stranger nobody asks: who is nobody cannot become less."""
        while True:
            await asyncio.sleep(LOOK_AGAIN)
            try:
                is_same = await self.standing_now() == self.standing
            except Error:
                continue  # without a database nobody has been sent away either
            if not is_same:
                await self.close(TURNED_AWAY)
                return


class VisitConsumer(HubConsumer):
    """One phone that follows a visit, for whoever holds its token.

    Its seat is the visit's: all phones of a hall may come from one address, and none shall keep
    another out.
    """

    async def connect(self) -> None:
        token = self.scope["url_route"]["kwargs"]["token"]
        try:
            visit = await hub.ask(lambda: find_visit(token))
        except Refusal:
            raise DenyConnection from None
        self.hall, self.outbox = visit.hall, Outbox(visit.pk)
        await self.sit_down(f"visit:{visit.pk}")
        await self.accept()
        self.watch()
