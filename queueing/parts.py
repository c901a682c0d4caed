"""Which part of the hall does a screen show? All of it, a zone, an agency, or one counter."""

import re
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from agencies.models import Agency, Counter, Hall

PREFIX = "loket-"
ONE_COUNTER = re.compile(PREFIX + r"(\d{1,4})")


@dataclass(frozen=True)
class Part:
    name: str
    agencies: list[Agency]
    counter: Counter | None = None


def part_of(hall: Hall, screen: str) -> Part | None:
    """Return what "", "b", "disdukcapil" or "loket-3" names; None when there is no such part."""
    if found := ONE_COUNTER.fullmatch(screen):
        return at_counter(hall, int(found[1]))
    agencies = list(
        hall.agencies.filter(Q(zone__iexact=screen) | Q(slug=screen))
        if screen
        else hall.agencies.all()
    )
    if not agencies:
        return None if screen else Part("", [])
    if not screen:
        return Part("", agencies)
    if screen == agencies[0].slug:
        return Part(agencies[0].name, agencies)
    return Part(_("Zona %(zone)s") % {"zone": agencies[0].zone}, agencies)


def at_counter(hall: Hall, number: int) -> Part | None:
    counter = hall.counters.select_related("agency").filter(number=number).first()
    if counter is None:
        return None
    name = _("Loket %(number)s") % {"number": number}
    return Part(name, [counter.agency], counter)


def choices(hall: Hall) -> list[tuple[str, str]]:
    """Return every part of the hall, as a form offers them."""
    agencies = list(hall.agencies.all())
    zones = sorted({agency.zone for agency in agencies if agency.zone})
    counters = hall.counters.order_by("number").values_list("number", flat=True)
    return [
        ("", _("Seluruh gedung")),
        *((zone.lower(), _("Zona %(zone)s") % {"zone": zone}) for zone in zones),
        *((agency.slug, agency.short_name) for agency in agencies),
        *((f"{PREFIX}{number}", _("Loket %(number)s") % {"number": number}) for number in counters),
    ]
