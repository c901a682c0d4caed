"""What does each process count while it works? `views/metrics.py` tells it, with the hall's own.

Every web process counts for itself; where PROMETHEUS_MULTIPROC_DIR names a folder, they count in
files there, and whichever is asked tells the sum.
"""

import os
from pathlib import Path

import psutil
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

REQUESTS = Histogram(
    "mpp_request_seconds", "How long requests took", ["route", "status"], buckets=FAST
)
SOCKETS = Gauge("mpp_sockets", "Open board sockets", ["hall"], multiprocess_mode="livesum")
PHONES = Gauge("mpp_phones", "Open sockets of phones", ["hall"], multiprocess_mode="livesum")
LOOKED_AT = Gauge(
    "mpp_looked_at",
    "When a process last compared its boards with the database, by the hall's clock",
    multiprocess_mode="liveall",
)
LOOKS = Histogram(
    "mpp_look_seconds", "How long the database took to tell the versions", buckets=FAST
)
BOARDS = Histogram("mpp_board_build_seconds", "How long a board took to build", buckets=FAST)
RINGS = Histogram("mpp_doorbell_seconds", "How long it took to hand Redis a ring", buckets=FAST)
FAILED_RINGS = Counter("mpp_doorbell_failures", "Rings that did not reach Redis")


def registry() -> CollectorRegistry:
    """Return what all processes counted."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if not folder:
        return REGISTRY
    forget_dead(Path(folder))
    together = CollectorRegistry()
    MultiProcessCollector(together)
    return together


def forget_dead(folder: Path) -> None:
    """Take the sockets and boards of processes that are gone out of the sum."""
    for path in folder.glob("gauge_live*.db"):
        pid = int(path.stem.rsplit("_", 1)[1])
        if not psutil.pid_exists(pid):
            mark_process_dead(pid, str(folder))
