"""What did it cost? CPU seconds of the web processes, of PostgreSQL with its backends, and ours."""

import os
import time
from collections.abc import Iterable

import psutil

from tests.servers import Servers, WebProcesses


def cpu_of(pids: Iterable[int]) -> float:
    """Return the CPU seconds of these processes."""
    return sum(of_the_living(psutil.Process(pid)) for pid in pids)


def cpu_of_family(pid: int) -> float:
    """Return the CPU seconds of a process, its children, and those of them that have ended.

    Read again when one ends meanwhile, which would be counted twice or not at all.
    """
    head = psutil.Process(pid)
    while True:
        ended = of_the_ended(head)
        total = ended + sum(map(of_the_living, (head, *head.children())))
        if of_the_ended(head) == ended:
            return total


def of_the_ended(head: psutil.Process) -> float:
    times = head.cpu_times()
    return float(times.children_user + times.children_system)


def of_the_living(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:  # it has just ended
        return 0.0
    return float(times.user + times.system)


class Meter:
    """Reads all at once; `since` an earlier reading, in milliseconds for each of `count`."""

    def __init__(self, servers: Servers, web: WebProcesses | None = None) -> None:
        self.web = cpu_of(process.pid for process in web.processes) if web else 0.0
        # As root a wrapper stands before the server: it becomes the server, with the same pid.
        self.postgres = cpu_of_family(servers.postgres.pid)
        self.own = time.process_time()

    def since(self, before: "Meter", count: int) -> dict[str, float]:
        each = 1000 / count
        return {
            "web CPU-ms": (self.web - before.web) * each,
            "PostgreSQL CPU-ms": (self.postgres - before.postgres) * each,
            "client CPU-ms": (self.own - before.own) * each,
        }


class Machine:
    """Reads what the cores have done, and what of it was us and all that we have started."""

    def __init__(self) -> None:
        busy, mine = psutil.cpu_times(), os.times()
        self.at = time.monotonic()
        self.busy = sum(busy) - busy.idle - getattr(busy, "iowait", 0.0)
        self.mine = mine.user + mine.system + mine.children_user + mine.children_system

    def others_since(self, before: "Machine") -> float:
        """Return the share of all cores that was spent on anybody else; read when ours are over."""
        others = (self.busy - before.busy) - (self.mine - before.mine)
        return max(0.0, others) / ((self.at - before.at) * (os.cpu_count() or 1))


def pss_of(pid: int) -> float:
    """Return the MB that a process holds, of shared pages its share."""
    return psutil.Process(pid).memory_full_info().pss / 2**20
