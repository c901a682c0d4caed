"""How does a country come into a database? One hall from its files, the others as copies of rows.

A copy's rows have the numbers of the first hall's, moved by a stride that is longer than any number
in use; so what belonged together belongs together, and each table is copied by one statement.
"""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Max

from agencies import loading
from agencies.keys import hash_key
from agencies.models import (
    Agency,
    Assignment,
    Counter,
    Hall,
    Operator,
    Queue,
    Quota,
    Service,
    Timetable,
    Window,
)
from queueing.models import Device
from queueing.nation import country
from queueing.nation.country import Place

# Whatever a hall is made of, each with its way to the hall; what is pointed at comes first.
ROWS: list[tuple[Any, str]] = [
    (Agency, "hall"),
    (Queue, "hall"),
    (Service, "hall"),
    (Counter, "hall"),
    (Assignment, "counter__hall"),
    (Timetable, "hall"),
    (Window, "timetable__hall"),
    (Timetable.services.through, "timetable__hall"),
    (Quota, "hall"),
    (Quota.services.through, "quota__hall"),
]
OURS = {Hall, *(model for model, _ in ROWS)}


class InhabitedError(Exception):
    """Why no country is loaded here, in a sentence."""


def load(places: Sequence[Place], *, always_open: bool, into_living: bool = False) -> None:
    """Load a country into this database, whole or not at all."""
    require_empty(into_living=into_living)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        first = _load_first(places[0], always_open=always_open)
        stride = _stride()
        _copy_halls(first, places, stride)
        for model, way in ROWS:
            _copy_rows(model, model.objects.filter(**{way: first}), len(places), stride)
        _vary_services(places)
        _let_people_in(Hall.objects.filter(slug__startswith=country.BEGINS_WITH))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def require_empty(*, into_living: bool = False) -> None:
    """Raise InhabitedError where a country stands, or a hall that somebody may live in."""
    halls = Hall.objects.values_list("slug", flat=True)
    if any(slug.startswith(country.BEGINS_WITH) for slug in halls):
        message = "A country was loaded into this database already; nothing was changed."
        raise InhabitedError(message)
    if halls and not into_living:
        message = (
            f"This database is that of {', '.join(halls[:3])}: three hundred halls more would stand"
            " beside it for ever. Name a database of its own in DATABASE_URL; --into-living says"
            " that you mean this one."
        )
        raise InhabitedError(message)


def _load_first(place: Place, *, always_open: bool) -> Hall:
    files = country.catalogue()
    about = {"slug": place.slug, "name_id": place.name, "name_en": "", "timezone": place.timezone}
    hall = loading.load(replace(files, hall=files.hall | about)).hall
    Hall.objects.filter(pk=hall.pk).update(always_open=always_open)
    return hall


def _stride() -> int:
    """Return a number that is larger than any in the tables."""
    newest = [model.objects.aggregate(newest=Max("pk"))["newest"] or 0 for model in OURS]
    return 10 ** len(str(max(newest)))


def _copy_halls(first: Hall, places: Sequence[Place], stride: int) -> None:
    copies = []
    for place in places[1:]:
        hall = Hall.objects.get(pk=first.pk)
        hall.pk = first.pk + place.number * stride
        hall.slug, hall.name_id, hall.timezone = place.slug, place.name, place.timezone
        hall.epoch, hall.calendar_mark = uuid.uuid4(), uuid.uuid4()
        copies.append(hall)
    Hall.objects.bulk_create(copies)
    _go_on_after(Hall)


def _copy_rows(model: Any, rows: "models.QuerySet[Any]", many: int, stride: int) -> None:
    """Insert the rows again for every further hall, all their numbers moved by its stride."""
    table = _table(model)
    fields = model._meta.concrete_fields  # noqa: SLF001 - Django's public way to ask
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    values = ", ".join(_copied(field) for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} source,"  # noqa: S608 - quoted names of our own tables
            " generate_series(1, %(many)s) place WHERE source.id = ANY(%(rows)s)",
            {"many": many - 1, "stride": stride, "rows": list(rows.values_list("pk", flat=True))},
        )
    _go_on_after(model)


def _copied(field: "models.Field[Any, Any]") -> str:
    column = f"source.{connection.ops.quote_name(str(field.column))}"
    if field.primary_key or field.related_model in OURS:
        return f"{column} + place * %(stride)s"
    return "gen_random_uuid()" if isinstance(field, models.UUIDField) else column


def _go_on_after(model: Any) -> None:
    """Let the next row that anybody makes have the number after the last one."""
    table = _table(model)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id)) FROM {table}",  # noqa: S608
            [table],
        )


def _table(model: Any) -> str:
    return connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001 - the same


def _vary_services(places: Sequence[Place]) -> None:
    """Let each hall promise the minutes that its own pace allows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE agencies_service s SET target_minutes = greatest(1, round(target_minutes * p))"
            " FROM agencies_hall h, unnest(%s::text[], %s::float8[]) AS variant(slug, p)"
            " WHERE h.id = s.hall_id AND h.slug = variant.slug",
            [[place.slug for place in places], [place.pace for place in places]],
        )


def _let_people_in(halls: "models.QuerySet[Hall]") -> None:
    """Give every counter its officer, and every hall its kiosks and screens, with their keys.

    Nobody can sign in: the officers have no password, like hardware keypads.
    """
    counters = Counter.objects.filter(hall__in=halls).select_related("hall")
    Operator.objects.bulk_create((_officer(counter) for counter in counters), batch_size=2000)
    kinds = [(Device.Kind.KIOSK, country.KIOSKS), (Device.Kind.DISPLAY, country.SCREENS)]
    Device.objects.bulk_create(
        Device(hall=hall, kind=kind, name=name, key_hash=hash_key(country.key_of(hall.slug, name)))
        for hall in halls
        for kind, names in kinds
        for name in names
    )


def _officer(counter: Counter) -> Operator:
    username = country.officer(counter.hall.slug, counter.number)
    return Operator(
        username=username,
        password="!",  # noqa: S106 - one that nobody can type
        hall=counter.hall,
        agency_id=counter.agency_id,
        counter=counter,
        role=Operator.Role.OFFICER,
        key_hash=hash_key(country.key_of(counter.hall.slug, username)),
    )


def open_desks() -> None:
    """Let every desk be open, as if it had been for a while; a country before its first press."""
    desks = Counter.objects.filter(hall__slug__startswith=country.BEGINS_WITH, hall__version=0)
    desks.update(status=Counter.Status.OPEN)
