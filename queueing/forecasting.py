"""What is everybody told about their turn? Renewed off the request path, and kept.

One roll-out of a hall (`rolling`) says it for every number that waits, and for whoever would take
one now. Boards, kiosk, phone, desk and slip all read what is kept here, so they show one figure.
"""

import datetime as dt
import time
from collections import Counter as Tally
from typing import Any

import numpy as np
from django.db import connection

from agencies.models import Hall, Queue
from agencies.ready import Ready
from queueing import estimating
from queueing.models import Estimate, Forecast, Why
from queueing.rolling import Futures
from queueing.scene import Scene

AGAIN = dt.timedelta(seconds=20)  # while nothing changes
BUDGET = 2.5  # seconds of one round: many halls take turns
A_ROUND, ROUNDS = 20, 6  # halls at least; else all in so many rounds: well before FRESH is over
MIDDLE, LATE = 0.5, 0.8
_TOLD = ["version", "told_at", "at", "ahead", "middle", "late", "why", "simple", "stretch"]

_hall: Ready[Hall] = Ready(lambda pk: Hall.objects.filter(pk=pk))
_forecasts: Ready[Forecast] = Ready(lambda hall: Forecast.objects.filter(queue__hall=hall))
_DUE = """
    SELECT h.id FROM agencies_hall h
    LEFT JOIN (SELECT q.hall_id, max(f.version) AS version, max(f.at) AS at
               FROM queueing_forecast f JOIN agencies_queue q ON q.id = f.queue_id
               GROUP BY q.hall_id) f ON f.hall_id = h.id
    WHERE f.at IS NULL OR f.version <> h.version OR (f.at < hall_now() - %s AND EXISTS (
        SELECT 1 FROM agencies_counter c WHERE c.hall_id = h.id AND c.status <> 'closed'))
    ORDER BY f.at NULLS FIRST
"""


def renew_due() -> list[Scene]:
    """Renew the halls in which something changed, those first that waited longest for it.

    In a country something changes everywhere all the time: then each hall has its turn in 30 s.
    """
    with connection.cursor() as cursor:
        since: list[Any] = [AGAIN]
        cursor.execute(_DUE, since)
        due = [pk for (pk,) in cursor.fetchall()]
    end, renewed = time.monotonic() + BUDGET, list[Scene]()
    for pk in due[: max(A_ROUND, -(-len(due) // ROUNDS))]:
        if time.monotonic() > end:
            break
        renewed += map(renew, _hall.ask(pk))
    return renewed


def renew(hall: Hall) -> Scene:
    """Work out when everybody who waits is called, and keep what changes what they are told."""
    scene = Scene(hall)
    calls = scene.rolled.calls
    teller = Teller(scene)
    news = _news(teller.estimates(calls))
    Estimate.objects.bulk_create(news)
    queue_of = {ticket["pk"]: ticket["queue_id"] for ticket in scene.waiting}
    told_anew = {queue_of[estimate.ticket_id] for estimate in news}
    before = {each.queue_id: each for each in _forecasts.ask(hall.pk)}
    forecasts = [
        teller.forecast(queue, calls.get(-pk), None if pk in told_anew else before.get(pk))
        for pk, queue in scene.queues.items()
    ]
    Forecast.objects.bulk_create(
        forecasts, update_conflicts=True, unique_fields=["queue"], update_fields=_TOLD
    )
    return scene


def _news(estimates: list[Estimate]) -> list[Estimate]:
    """Return those that differ from what the holders of the numbers were told last."""
    last = Estimate.objects.filter(ticket__in=[each.ticket_id for each in estimates])
    newest = last.order_by("ticket", "-at", "-pk").distinct("ticket")
    before = {estimate.ticket_id: estimate for estimate in newest}
    return [each for each in estimates if not estimating.is_same(before.get(each.ticket_id), each)]


class Teller:
    """Puts what was rolled into what is told."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.calling = Tally(queue for desk in scene.open_desks for queue in desk.queues)
        self.ahead: Tally[int] = Tally()

    def estimates(self, calls: dict[int, Futures]) -> list[Estimate]:
        """Return what the holder of each waiting number would be told now, first in line first."""
        told = []
        for ticket in self.scene.waiting:
            queue = self.scene.queues[ticket["queue_id"]]
            about = self._expected(queue, calls.get(ticket["pk"]), self.ahead[queue.pk])
            if self._is_held_back(ticket):
                about |= {"middle": None, "late": None, "why": about["why"] or Why.HELD_BACK}
            told.append(Estimate(ticket_id=ticket["pk"], **about))
            self.ahead[queue.pk] += 1
        return told

    def _is_held_back(self, ticket: dict[str, Any]) -> bool:
        """Whether an errand comes first of which nobody knows when it is done."""
        return ticket["visit__is_ordered"] and any(
            self.scene.holds(other) and not self.calling[other["queue_id"]]
            for other in self.scene.waiting
            if other["visit_id"] == ticket["visit_id"] and _turn(other) < _turn(ticket)
        )

    def forecast(self, queue: Queue, call: Futures | None, before: Forecast | None) -> Forecast:
        """Return what whoever takes a number of this queue now would be told.

        It holds since `before` when that told the same.
        """
        ahead = sum(ticket["queue_id"] == queue.pk for ticket in self.scene.waiting)
        about = self._expected(queue, call, ahead)
        now = Forecast(queue=queue, version=self.scene.hall.version, **about)
        now.told_at = before.told_at if before and estimating.is_same(before, now) else now.at
        return now

    def _expected(self, queue: Queue, call: Futures | None, ahead: int) -> dict[str, Any]:
        """Return the columns of an expectation."""
        scene, calling = self.scene, self.calling[queue.pk]
        law = scene.queue_laws.get(queue.pk)
        about: dict[str, Any] = {
            "at": scene.now,
            "ahead": ahead,
            "simple": law and estimating.simple_minutes(ahead, law.mean, calling),
            "stretch": scene.stretch_of(queue),
            "why": self._why_not(queue, call),
        }
        if about["why"] or call is None:
            return about
        middle, late = (float(each) for each in np.quantile(call, (MIDDLE, LATE)))
        late = middle + (late - middle) * about["stretch"]
        if late - middle > estimating.WIDEST:
            return {**about, "why": Why.TOO_WIDE}
        return {**about, "middle": scene.moment(middle), "late": scene.moment(late)}

    def _why_not(self, queue: Queue, call: Futures | None) -> str:
        if queue.incident_since:
            return Why.INCIDENT
        if not self.calling[queue.pk] or call is None:
            return Why.NO_COUNTER
        return Why.TOO_FEW if self.scene.learned[queue.pk] < estimating.LEAST_LEARNED else ""


def _turn(ticket: dict[str, Any]) -> int:
    return ticket["turn"] or 0
