"""Who may end the hall, and how is nothing left of it afterwards?

Ctrl-C reaches launcher and make; `kill` may reach either. GNU make passes a SIGTERM on, but on a
SIGINT of its own it takes back its handler and waits for its child for ever; so the launcher
watches for that, and for make's death.
"""

import asyncio
import ctypes
import os
import signal
import threading
import time
from collections.abc import Coroutine
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

import uvloop

from mpp.embedded import wait_until

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_CHILD_SUBREAPER = 36

Answer = TypeVar("Answer")


def listen() -> None:
    """Turn the first signal into a KeyboardInterrupt, even where a shell has us ignore SIGINT."""
    for number in SIGNALS:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup
            signal.signal(number, end)
    follow_make(os.getppid())


def end(number: int = 0, frame: FrameType | None = None) -> None:
    """End once: who presses Ctrl-C again only wants it even more."""
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def run_loop(main: Coroutine[Any, Any, Answer]) -> Answer:
    """Run this on a loop of its own; the first signal cancels it, and is a KeyboardInterrupt then.

    Raised wherever the loop happens to be, it might end one connection and nothing else.
    """
    handlers = {number: signal.getsignal(number) for number in SIGNALS}

    async def cancellable() -> Answer:
        loop, task = asyncio.get_running_loop(), asyncio.ensure_future(main)
        for number, handler in handlers.items():
            if handler != signal.SIG_IGN:
                loop.add_signal_handler(number, lambda: task.cancelling() or task.cancel())
        return await task

    try:
        return uvloop.run(cancellable())
    except asyncio.CancelledError:
        handlers = dict.fromkeys(handlers, signal.SIG_IGN)
        raise KeyboardInterrupt from None
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def follow_make(make: int) -> None:
    if program(make) not in {"make", "gmake"}:
        return

    def watch() -> None:
        while os.getppid() == make and minds(make, signal.SIGINT):
            time.sleep(0.3)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def program(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def minds(pid: int, number: int) -> bool:
    """Whether a process handles a signal or ignores it: it has said something about it."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return False
    masks = [line.split()[1] for line in lines if line.startswith(("SigCgt", "SigIgn"))]
    return any(int(mask, 16) & (1 << (number - 1)) for mask in masks)


def adopt_orphans() -> None:
    """Make every process whose parent dies below us our own child, so that none is forgotten."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def wait_for_end_of(pid: int) -> None:
    """Wait until a child has ended, and bury the orphans that end before it."""
    while os.wait()[0] != pid:
        pass


def end_orphans(patience: float) -> None:
    """Wait until no child is left; those that stay too long are killed."""
    if not wait_until(no_child_left, patience):
        children = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
        for pid in children.split():
            os.kill(int(pid), signal.SIGKILL)
        wait_until(no_child_left, patience)


def no_child_left() -> bool:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return True
    return False
