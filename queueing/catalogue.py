"""What can one come for? The hall's agencies, queues and services as the API tells them."""

from typing import Any

from django.db.models import Prefetch

from agencies import clock, hours, notices
from agencies.clock import on_the_wall
from agencies.hours import Standing
from agencies.models import Hall, Queue, Service
from queueing.quotas import Tally


class Now:
    """How each service of a hall stands at one moment; equal reasons are put in words once."""

    def __init__(self, hall: Hall) -> None:
        self.hall, self.moment = hall, clock.now()
        self._tally = Tally(hall, clock.day_of(hall, self.moment))
        self._told: dict[tuple[Any, ...], dict[str, str]] = {}

    def standing(self, service: Service) -> Standing:
        return hours.standing(self.hall, service, self.moment, self._tally.used(service))

    def sentence(self, standing: Standing) -> dict[str, str]:
        if standing.is_open:
            return {"id": "", "en": ""}
        reason = (standing.state, standing.cause, standing.opens_at, standing.agency)
        if reason not in self._told:
            self._told[reason] = notices.in_both(self.hall, standing, self.moment)
        return self._told[reason]


def catalogue(hall: Hall) -> dict[str, Any]:
    """Return the whole catalogue of a hall (contract section 4), in four queries.

    A hall with quotas takes one more, and one whose calendar has just changed another.
    """
    now = Now(hall)
    services = Service.objects.order_by("code")
    queues = Queue.objects.order_by("code").prefetch_related(Prefetch("services", services))
    agencies = hall.agencies.order_by("code").prefetch_related(Prefetch("queues", queues))
    return {
        "hall": hall.slug,
        "agencies": [_agency(row, now) for row in agencies],
        "life_events": [_life_event(event) for event in hall.life_events],
    }


def _life_event(event: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": event["code"],
        "name": _both(event["name_id"], event["name_en"]),
        "services": event["services"],
    }


def _agency(agency: Any, now: Now) -> dict[str, Any]:
    return {
        "code": agency.code,
        "slug": agency.slug,
        "short_name": agency.short_name,
        "name": _both(agency.name_id, agency.name_en),
        "description": _both(agency.description_id, agency.description_en),
        "zone": agency.zone,
        "queues": [
            {
                "code": queue.code,
                "services": [_service(service, now) for service in queue.services.all()],
            }
            for queue in agency.queues.all()
        ],
    }


def _service(service: Service, now: Now) -> dict[str, Any]:
    standing = now.standing(service)
    return {
        "code": service.code,
        "slug": service.slug,
        "name": _both(service.name_id, service.name_en),
        "target_minutes": service.target_minutes,
        "requirements": _both(service.requirements_id, service.requirements_en),
        "fee_idr": service.fee_idr,
        "fee_note": _both(service.fee_note_id, service.fee_note_en),
        "processing_time": _both(service.processing_time_id, service.processing_time_en),
        "aliases": service.aliases,
        "frequent_rank": service.frequent_rank,
        "open": standing.is_open,
        "state": standing.state,
        "sentence": now.sentence(standing),
        "opens_at": on_the_wall(now.hall, standing.opens_at),
        "last_issue_at": on_the_wall(now.hall, standing.last_issue_at),
        "quota_left": standing.quota_left,
    }


def _both(indonesian: Any, english: Any) -> dict[str, Any]:
    return {"id": indonesian, "en": english or indonesian}
