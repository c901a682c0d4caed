"""What can Prometheus read? Each part's pulse, the hall's day, and what the processes counted."""

import hmac
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET
from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from agencies import clock
from queueing import gauges
from queueing.views import health

# Which day it is stands there before anything is looked for, else all days would be read.
_TODAY = """
    WITH hall AS MATERIALIZED (
        SELECT id, slug, (hall_now() AT TIME ZONE timezone)::date AS date FROM agencies_hall)
"""
_TICKETS = f"""
    {_TODAY} SELECT hall.slug, t.state, count(*) FROM hall
    JOIN queueing_ticket t ON t.hall_id = hall.id AND t.date = hall.date GROUP BY 1, 2
"""  # noqa: S608 - no outside text
_CALLS = f"""
    {_TODAY} SELECT hall.slug, e.kind, count(*) FROM hall
    JOIN queueing_ticketevent e ON e.hall_id = hall.id AND e.date = hall.date
    WHERE e.kind IN ('call', 'recall') GROUP BY 1, 2
"""  # noqa: S608 - no outside text
_VERSIONS = "SELECT slug, version FROM agencies_hall"


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer in Prometheus' text format, to this machine or to whoever has METRICS_KEY."""
    if not may_read(request):
        raise Http404
    together = CollectorRegistry()
    together.register(Counted())
    together.register(Told())
    return HttpResponse(generate_latest(together), content_type=CONTENT_TYPE_LATEST)


def may_read(request: HttpRequest) -> bool:
    """Whether the key is right; without a key, whether no proxy stands between."""
    if settings.METRICS_KEY:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), settings.METRICS_KEY.encode())
    return request.META["REMOTE_ADDR"] == "127.0.0.1" and "X-Forwarded-For" not in request.headers


class Counted(Collector):
    """What the processes counted; a moment by the hall's clock is told as its age."""

    def collect(self) -> Iterator[Metric]:
        for metric in gauges.registry().collect():
            if metric.name == "mpp_looked_at":
                yield from _ages(metric)
            elif metric.name.startswith("mpp_"):
                yield metric


def _ages(looked_at: Metric) -> Iterator[Metric]:
    told = GaugeMetricFamily(
        "mpp_board_age_seconds", "How long ago a process last knew its boards true", labels=["pid"]
    )
    try:
        now = clock.now().timestamp()
    except Error:
        return
    for sample in looked_at.samples:
        if sample.value:
            told.add_metric([sample.labels.get("pid", "")], max(0.0, now - sample.value))
    yield told


class Told(Collector):
    """What the parts tell of themselves now; a part that is down takes its figures with it."""

    def collect(self) -> Iterator[Metric]:
        parts = {"database": pulse(health.database), "doorbell": pulse(health.doorbell)}
        up = [(name, told["status"] == "ok") for name, (told, _) in parts.items()]
        took = [(name, seconds) for name, (_, seconds) in parts.items()]
        yield table("mpp_part_up", "Whether a part answers as it should", ["part"], up)
        yield table("mpp_part_seconds", "How long its answer took", ["part"], took)
        if parts["database"][0]["status"] != "down":
            yield table("mpp_tickets_today", "Tickets by state", ["hall", "state"], ask(_TICKETS))
            yield table("mpp_calls_today", "Calls and recalls", ["hall", "kind"], ask(_CALLS))
            yield table("mpp_hall_version", "Changes so far", ["hall"], ask(_VERSIONS))
            yield from _late(health.worker(), health.backup())


def pulse(ask: Callable[[], dict[str, Any]]) -> tuple[dict[str, Any], float]:
    """Return what a part tells, and the seconds it took."""
    began = time.perf_counter()
    return ask(), time.perf_counter() - began


def _late(worker: dict[str, Any], backup: dict[str, Any]) -> Iterator[Metric]:
    drill = backup.get("drill") or {}
    canary_age = worker.get("canary_age_seconds")
    ages = {
        "mpp_canary_age_seconds": ("Since the worker's last sign", canary_age),
        "mpp_backup_age_hours": ("Since the last backup", backup.get("age_hours")),
        "mpp_drill_ok": ("Whether the last drill brought it back whole", drill.get("ok")),
        "mpp_drill_seconds": ("How long that took", drill.get("seconds")),
        "mpp_drill_behind_seconds": ("What would have been lost", drill.get("behind_seconds")),
    }
    for name, (words, value) in ages.items():
        if value is not None:
            yield table(name, words, [], [(value,)])


def table(name: str, words: str, labels: list[str], rows: Iterable[tuple[Any, ...]]) -> Metric:
    """Return a metric with one sample a row: its labels, then its value."""
    metric = GaugeMetricFamily(name, words, labels=labels)
    for *named, value in rows:
        metric.add_metric(named, float(value))
    return metric


def ask(question: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()
