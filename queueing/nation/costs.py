"""What did each part cost? Seconds of CPU and memory, by the kernel's own books."""

import os
import time
from dataclasses import dataclass
from typing import NamedTuple

import psutil

MEGABYTE = 1024 * 1024
PARTS = {
    "mpp.serve": "web",
    "postgres": "postgres",
    "valkey-server": "valkey",
    "mpp.beat": "beat",
    "celery": "worker",
    "supervisor.supervisord": "manager",
}


class Cost(NamedTuple):
    """`cores` is how many cores were busy with it on the mean."""

    part: str
    cores: float
    megabytes: float


@dataclass(frozen=True)
class Mark:
    """How much CPU each process had used at a moment."""

    at: float
    used: dict[psutil.Process, float]
    names: dict[psutil.Process, str]


def mark() -> Mark:
    """Look at this process and all that it started."""
    us = psutil.Process(os.getpid())
    names = {us: "load"}
    for each in us.children(recursive=True):
        if name := _part_of(each):
            names[each] = name
    return Mark(time.monotonic(), {each: _seconds(each) for each in names}, names)


def between(before: Mark, after: Mark) -> list[Cost]:
    """Return what each part cost between two looks; each web process by itself."""
    seconds: dict[str, float] = {}
    memory: dict[str, float] = {}
    names = _numbered(after)
    for process, used in after.used.items():
        name = names[process]
        seconds[name] = seconds.get(name, 0.0) + used - before.used.get(process, 0.0)
        memory[name] = memory.get(name, 0.0) + _megabytes(process)
    length = after.at - before.at
    return [Cost(name, seconds[name] / length, memory[name]) for name in sorted(seconds)]


def _numbered(mark: Mark) -> dict[psutil.Process, str]:
    webs = sorted((each for each, name in mark.names.items() if name == "web"), key=_pid)
    numbers = {each: f"web-{number}" for number, each in enumerate(webs)}
    return mark.names | numbers


def _pid(process: psutil.Process) -> int:
    return int(process.pid)


def _part_of(process: psutil.Process) -> str:
    """Return which part a process is; nothing for a command that is only passing."""
    try:
        words = " ".join(process.cmdline())
    except psutil.Error:
        return ""
    return next((part for word, part in PARTS.items() if word in words), "")


def _seconds(process: psutil.Process) -> float:
    """Return the CPU that a process used, and those of its children that have ended."""
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system + times.children_user + times.children_system)


def _megabytes(process: psutil.Process) -> float:
    """Return the memory of a process, its share of what it shares with others."""
    try:
        return float(process.memory_full_info().pss / MEGABYTE)
    except psutil.Error:
        return 0.0
