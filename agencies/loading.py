"""How does a hall come in from its files? In one transaction, as often as wanted.

Loading adds and updates; it never deletes. A service that left the files is closed, so that every
ticket ever issued still says what it was for.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from agencies.loading_calendar import load_calendar
from agencies.models import Agency, Counter, Hall, Queue, Service
from agencies.reading import HallFiles, Row

_AGENCY = ["slug", "short_name", "name_id", "name_en", "kind", "description_id"]
_AGENCY += ["description_en", "provenance", "source_ref"]
_SERVICE = ["slug", "name_id", "name_en", "target_minutes", "requirements_id", "requirements_en"]
_SERVICE += ["fee_idr", "fee_note_id", "fee_note_en", "processing_time_id", "processing_time_en"]
_SERVICE += ["provenance", "legal_basis", "source_ref"]
_LIFE_EVENT = ["code", "name_id", "name_en", "services"]


@dataclass(frozen=True)
class Loaded:
    hall: Hall
    agencies: int
    services: int
    counters: int
    closed: list[str]


@transaction.atomic
def load(files: HallFiles) -> Loaded:
    """Make the hall what its files say."""
    hall, _ = Hall.objects.update_or_create(
        slug=files.hall["slug"],
        defaults=_only(files.hall, "name_id", "name_en", "city", "timezone")
        | {"life_events": [_only(row, *_LIFE_EVENT) for row in files.life_events]},
    )
    for rows, things in ((files.agencies, hall.agencies), (files.services, hall.services)):
        _free_addresses(rows, list(things.all()))
    queues = {row["code"]: _load_agency(hall, row) for row in files.agencies}
    counters = _load_counters(hall, files.agencies, queues)
    _load_services(hall, files, queues)
    load_calendar(hall, files)
    return Loaded(hall, len(queues), len(files.services), counters, _close_missing(hall, files))


def _only(row: Row, *columns: str) -> Row:
    return {column: row[column] for column in columns}


def _free_addresses(rows: list[Row], things: Sequence[Agency | Service]) -> None:
    """Let an address go on to the code that the files give it to; what had it gets a longer one."""
    codes = {row["slug"]: row["code"] for row in rows}
    for thing in things:
        if codes.get(thing.slug, thing.code) != thing.code:
            thing.slug = f"{thing.slug}-{thing.code.lower()}"
            thing.save(update_fields=["slug"])


def _load_agency(hall: Hall, row: Row) -> Queue:
    agency, _ = Agency.objects.update_or_create(
        hall=hall, code=row["code"], defaults={**_only(row, *_AGENCY), "zone": row["floor_zone"]}
    )
    queue, _ = Queue.objects.get_or_create(hall=hall, code=row["code"], defaults={"agency": agency})
    return queue


def _load_counters(hall: Hall, agencies: list[Row], queues: dict[str, Queue]) -> int:
    """Number the counters through the hall in the order of the agencies; return how many."""
    letters = [row["code"] for row in agencies for _ in range(row["counters"])]
    for number, letter in enumerate(letters, 1):
        queue = queues[letter]
        counter, is_new = Counter.objects.update_or_create(
            hall=hall, number=number, defaults={"agency": queue.agency}
        )
        if is_new or not counter.queues.filter(agency=queue.agency).exists():
            counter.queues.set([queue])
    return len(letters)


def _load_services(hall: Hall, files: HallFiles, queues: dict[str, Queue]) -> None:
    known = {service.code: service for service in hall.services.all()}
    new: list[Service] = []
    old: list[Service] = []
    for row in files.services:
        service = known.get(row["code"]) or Service(hall=hall, code=row["code"])
        alias = files.aliases.get(row["code"], {"aliases": [], "frequent_rank": None})
        values = {**_only(row, *_SERVICE), **_only(alias, "aliases", "frequent_rank")}
        values |= {"online_url": row["online_url_known"], "queue": queues[row["agency_code"]]}
        for name, value in values.items():
            setattr(service, name, value)
        (old if service.pk else new).append(service)
    Service.objects.bulk_create(new)
    fields = [*_SERVICE, "aliases", "frequent_rank", "online_url", "queue"]
    Service.objects.bulk_update(old, fields)


def _close_missing(hall: Hall, files: HallFiles) -> list[str]:
    gone = hall.services.exclude(code__in=[row["code"] for row in files.services])
    codes = list(gone.filter(is_open=True).values_list("code", flat=True))
    gone.update(is_open=False)
    return codes
