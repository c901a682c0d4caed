"""What does a page hold on to? Asked over the browser's debugger, after its garbage is gone."""

from typing import NamedTuple

from playwright.sync_api import CDPSession, Page


class Weight(NamedTuple):
    heap: float  # MB
    nodes: int
    listeners: int

    def grown(self, before: "Weight") -> "Weight":
        pairs = zip(self, before, strict=True)
        return Weight(*(round(now - then, 2) for now, then in pairs))  # type: ignore[arg-type]


def weight_of(page: Page) -> Weight:
    """Collect garbage until nothing more goes, then weigh."""
    session = page.context.new_cdp_session(page)
    weights = [weigh_once(session), weigh_once(session)]
    while weights[-1].nodes < weights[-2].nodes and len(weights) < 10:
        weights.append(weigh_once(session))
    session.detach()
    return weights[-1]


def weigh_once(session: CDPSession) -> Weight:
    session.send("HeapProfiler.collectGarbage")
    counters = session.send("Memory.getDOMCounters")
    heap = session.send("Runtime.getHeapUsage")["usedSize"] / 2**20
    return Weight(heap, counters["nodes"], counters["jsEventListeners"])
