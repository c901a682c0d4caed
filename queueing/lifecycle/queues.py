"""Does the queue's system work? An incident ("sistem sedang gangguan"), until it is cleared.

Nobody loses a place. Officers go on as far as they can: whoever is served may finish, and the next
may be called. Only numbers are not given, and nobody says when one will be called.
"""

from typing import Any

from agencies import clock
from agencies.models import Queue
from queueing.journal import Happening, write_down
from queueing.lifecycle.moves import act


@act
def begin_incident(queue: Queue, *, actor: str, reason: str = "") -> Queue:
    """Say that the system is down; whoever presses again may only say better why."""
    fresh = _locked(queue)
    if fresh.incident_since and reason in {"", fresh.incident_reason}:
        return fresh
    fresh.incident_since = fresh.incident_since or clock.now()
    fresh.incident_reason = reason
    return _changed("incident", fresh, actor, {"reason": reason} if reason else {})


@act
def clear_incident(queue: Queue, *, actor: str) -> Queue:
    """Say that the system is back; where there is no incident, nothing changes."""
    fresh = _locked(queue)
    if fresh.incident_since is None:
        return fresh
    detail = {"since": fresh.incident_since.isoformat()}
    fresh.incident_since, fresh.incident_reason = None, ""
    return _changed("clear", fresh, actor, detail)


def _locked(queue: Queue) -> Queue:
    """Lock the queue: from here to the commit no number is drawn (numbering.draw)."""
    queues = Queue.objects.select_for_update(of=("self",), no_key=True)
    return queues.select_related("hall", "agency").get(pk=queue.pk)


def _changed(kind: str, queue: Queue, actor: str, detail: dict[str, Any]) -> Queue:
    queue.save(update_fields=["incident_since", "incident_reason"])
    moment = clock.now()
    date = clock.day_of(queue.hall, moment)
    write_down(queue.hall, [Happening(kind, moment, date, actor, queue=queue, detail=detail)])
    return queue
