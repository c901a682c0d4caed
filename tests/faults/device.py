"""A kiosk or lobby screen with a disk of its own: its power may be cut, and it starts again."""

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Page

from mpp.embedded import wait_until


class Device:
    """`start` it at an address, `stop` it, or `cut_power`; what it has kept stays on its disk."""

    def __init__(self, browser: Browser, path: str, disk: Path, url: str) -> None:
        self.kind, self.path = browser.browser_type, path
        self.disk, self.url = disk, url
        self.context: BrowserContext | None = None
        self.faults: list[str] = []

    def start(self, address: str, *, size: tuple[int, int], moment: Any = None) -> Page:
        self.context = self.kind.launch_persistent_context(
            self.disk,
            executable_path=self.path,
            args=["--no-sandbox"],
            base_url=self.url,
            viewport={"width": size[0], "height": size[1]},
        )
        page = self.context.pages[0]
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        if moment:
            page.clock.set_fixed_time(moment)
        page.goto(address)
        return page

    def stop(self) -> None:
        if self.context:
            with suppress(Error):
                self.context.close()
        self.context = None

    def cut_power(self) -> None:
        """Kill the whole browser at once: nothing is written any more."""
        for pid in self.family():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert wait_until(lambda: not self.family(), 10)
        self.stop()

    def family(self) -> list[int]:
        """Return the processes that run on this disk."""
        mine = str(self.disk).encode()
        return [int(each.name) for each in Path("/proc").glob("[0-9]*") if mine in command_of(each)]


def command_of(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""
