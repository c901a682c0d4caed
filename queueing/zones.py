"""Where in the hall is a counter? A plan of its zones, drawn from what the hall says of itself."""

from collections import defaultdict
from typing import Any

from agencies.models import Assignment, Counter, Hall

WIDTH, IN_A_ROW = 320, 8
STEP, BOX, TITLE, EDGE = 38, 34, 28, 8


def plan_of(hall: Hall) -> dict[str, Any]:
    """Return the zones with their counters and where to draw them; nothing without zones."""
    counters = Counter.objects.filter(hall=hall).exclude(agency__zone="")
    serves = _queues_of(hall)
    by_zone: dict[str, list[int]] = defaultdict(list)
    for number, zone in counters.order_by("number").values_list("number", "agency__zone"):
        by_zone[zone].append(number)
    zones, top = [], 0
    for zone in sorted(by_zone):
        drawn = _zone(zone, by_zone[zone], serves, top)
        zones.append(drawn)
        top += drawn["height"] + EDGE
    return {"width": WIDTH, "height": max(0, top - EDGE), "zones": zones}


def _queues_of(hall: Hall) -> dict[int, list[str]]:
    """Return the letters of the queues that each counter serves."""
    serves: dict[int, list[str]] = defaultdict(list)
    rows = Assignment.objects.filter(counter__hall=hall).order_by("queue__code")
    for number, code in rows.values_list("counter__number", "queue__code"):
        serves[number].append(code)
    return serves


def _zone(name: str, numbers: list[int], serves: dict[int, list[str]], top: int) -> dict[str, Any]:
    rows = -(-len(numbers) // IN_A_ROW)
    return {
        "name": name,
        "top": top,
        "base": top + TITLE - EDGE,
        "height": TITLE + rows * STEP + EDGE,
        "counters": [
            _counter(number, serves.get(number, []), place, top)
            for place, number in enumerate(numbers)
        ],
    }


def _counter(number: int, queues: list[str], place: int, top: int) -> dict[str, Any]:
    """Return a counter with its box and where its number is written."""
    left = EDGE + place % IN_A_ROW * STEP
    top += TITLE + place // IN_A_ROW * STEP
    middle, base = left + BOX // 2, top + BOX // 2 + 5
    box = {"left": left, "top": top, "middle": middle, "base": base}
    return {"number": number, "queues": queues, **box}


def who_serves(plan: dict[str, Any]) -> list[tuple[int, str, list[str]]]:
    """Return each counter with its zone and its queues, for the page's module."""
    return [
        (counter["number"], zone["name"], counter["queues"])
        for zone in plan["zones"]
        for counter in zone["counters"]
    ]


def whereabouts(plan: dict[str, Any], ticket: dict[str, Any]) -> list[tuple[str, int]]:
    """Return zone and number of the counters to which a number may be called, or is."""
    own, queue = ticket["counter"], ticket["queue"]
    return [
        (zone, number)
        for number, zone, queues in who_serves(plan)
        if number == own or (own is None and queue in queues)
    ]
