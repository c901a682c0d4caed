"""What can one come for? The hall's agencies, queues and services as the API tells them."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch

from agencies import clock, hours
from agencies.models import Hall, Queue, Service


def catalogue(hall: Hall) -> dict[str, Any]:
    """Return the whole catalogue of a hall (contract section 4), in four queries."""
    moment = clock.now()
    services = Service.objects.order_by("code")
    queues = Queue.objects.order_by("code").prefetch_related(Prefetch("services", services))
    agencies = hall.agencies.order_by("code").prefetch_related(Prefetch("queues", queues))
    return {
        "hall": hall.slug,
        "agencies": [_agency(hall, row, moment) for row in agencies],
        "life_events": [_life_event(event) for event in hall.life_events],
    }


def _life_event(event: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": event["code"],
        "name": _both(event["name_id"], event["name_en"]),
        "services": event["services"],
    }


def _agency(hall: Hall, agency: Any, moment: dt.datetime) -> dict[str, Any]:
    return {
        "code": agency.code,
        "slug": agency.slug,
        "short_name": agency.short_name,
        "name": _both(agency.name_id, agency.name_en),
        "description": _both(agency.description_id, agency.description_en),
        "zone": agency.zone,
        "queues": [_queue(hall, queue, moment) for queue in agency.queues.all()],
    }


def _queue(hall: Hall, queue: Queue, moment: dt.datetime) -> dict[str, Any]:
    issues = queue.status == Queue.Status.OPEN and hours.is_issuing(hall, moment)
    return {"code": queue.code, "services": _services(queue.services.all(), issues=issues)}


def _services(services: Iterable[Service], *, issues: bool) -> list[dict[str, Any]]:
    return [
        {
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
            "open": issues and service.is_open,
            "quota_left": None,
        }
        for service in services
    ]


def _both(indonesian: Any, english: Any) -> dict[str, Any]:
    return {"id": indonesian, "en": english or indonesian}
