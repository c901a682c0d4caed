"""A TCP door that can fail: pass, stall, blackhole, delay, reset, refuse."""

import asyncio
import threading
from typing import Self

MODES = {"pass", "stall", "blackhole", "delay", "reset", "refuse"}


class FaultProxy:
    """Stands before a port; what it does to old and new connections can be changed at any time.

    pass: all well. stall: bytes wait until it passes again. blackhole: bytes are swallowed.
    delay: bytes come late by `lag` seconds. reset: connections are cut. refuse: and none is taken.
    """

    def __init__(self, target: int, lag: float = 0.5) -> None:
        self.target, self.lag, self.mode = target, lag, "pass"
        self._writers: set[asyncio.StreamWriter] = set()
        self._passing = asyncio.Event()
        self._passing.set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._wait(asyncio.start_server(self._connected, "127.0.0.1", 0))
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *error: object) -> None:
        self.set("reset")
        self._wait(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def set(self, mode: str) -> None:
        assert mode in MODES
        self._wait(self._set(mode))

    def _wait(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _end(self) -> None:
        self._server.close()
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
        self._cut()
        await asyncio.sleep(0)  # until the sockets are closed

    async def _set(self, mode: str) -> None:
        self.mode = mode
        (self._passing.clear if mode == "stall" else self._passing.set)()
        if mode in {"reset", "refuse"}:
            self._cut()

    def _cut(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.mode in {"refuse", "reset"}:
            writer.transport.abort()
            return
        self._writers.add(writer)
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:  # nobody is there
            writer.transport.abort()
            return
        self._writers.add(back)
        await asyncio.gather(self._pipe(reader, back), self._pipe(there, writer))

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while piece := await reader.read(65536):
                if self.mode == "delay":
                    await asyncio.sleep(self.lag)
                await self._passing.wait()
                if self.mode != "blackhole":
                    writer.write(piece)
                    await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()
