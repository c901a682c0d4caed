"""The pipe to a screen: it joins the hub, passes frames on, and takes no orders."""

import asyncio
from typing import Any

from channels.exceptions import DenyConnection
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.security.websocket import OriginValidator

from queueing.hub import Outbox, hub

DRAIN_WITHIN = 10.0
TOO_SLOW = 4408


class BrowserOriginValidator(OriginValidator):
    """Refuses pages of other hosts. A program sends no Origin: the board is public anyway."""

    def valid_origin(self, parsed_origin: Any) -> bool:
        return parsed_origin is None or super().valid_origin(parsed_origin)


class BoardConsumer(AsyncWebsocketConsumer):
    """One screen of one hall. A socket that does not drain within 10 s is dropped."""

    pump: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        hall = await hub.find(self.scope["url_route"]["kwargs"]["hall"])
        if hall is None:
            raise DenyConnection
        await self.accept()
        self.hall, self.outbox = hall, Outbox()
        self.pump = asyncio.create_task(self._pump())
        hub.join(hall, self.outbox)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Orders are POSTs; whatever a screen says is not listened to."""

    async def disconnect(self, code: int) -> None:
        if self.pump is not None:
            self.pump.cancel()
            hub.leave(self.hall, self.outbox)

    async def _pump(self) -> None:
        try:
            while True:
                frame = await self.outbox.get()
                async with asyncio.timeout(DRAIN_WITHIN):
                    await self.send(text_data=frame)
        except TimeoutError:
            hub.leave(self.hall, self.outbox)
            await self.close(TOO_SLOW)
