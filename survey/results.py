"""What did they think in this period? The hall, its agencies and their services, with each sample.

A group's visitors are the numbers that were served: each of them may be judged once, so both sides
of the sample are counted alike. A number for several services counts once for its agency and the
hall, and once for each of its services.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Count, Min, Sum
from django.db.models.functions import TruncMonth
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies import clock
from agencies.models import Agency, Hall, Service
from queueing.models import Ticket
from survey import ikm, periods, publishing
from survey.models import ABOUT, ProfileCount, Questionnaire, Smile
from survey.periods import Period
from survey.questions import ELEMENTS, QUESTIONNAIRE

ADDED_UP = {"count": Count("pk"), **{f"sum_{key}": Sum(key) for key in QUESTIONNAIRE}}


class Span(NamedTuple):
    """The days of a period that are over: later ones are not told, or one could see who answers.

    Everybody may read whole periods alone, and may have read their parts before.
    """

    period: Period
    until: dt.date
    is_public: bool = False

    @property
    def title(self) -> str:
        title, last = self.period.title, date_format(self.until, "j F Y")
        is_whole = self.until == self.period.last
        return (
            title
            if is_whole
            else _("%(period)s, sampai %(date)s") % {"period": title, "date": last}
        )

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        return self.period.first, self.until


@dataclass
class Group:
    """Some respondents among those who were served; `is_told` says whether there are enough."""

    place: Hall | Agency | Service
    served: int = 0
    months: Counter[dt.date] = field(default_factory=Counter)
    totals: dict[str, int] = field(default_factory=dict)
    is_told: bool = False

    @property
    def count(self) -> int:
        return self.months.total()

    def counts(self, span: Span) -> list[int]:
        """Return how many answered, month by month where the months are public too."""
        firsts = [periods.add_months(span.period.first, n) for n in range(span.period.months)]
        return [self.months[first] for first in firsts] if span.is_public else [self.count]

    @property
    def needed(self) -> int:
        return ikm.minimum_sample(self.served)

    @property
    def is_enough(self) -> bool:
        return self.count >= self.needed

    @cached_property
    def elements(self) -> dict[str, ikm.Sums]:
        return {key: ikm.Sums(total, self.count) for key, total in self.totals.items()}

    @property
    def index(self) -> ikm.Value:
        return ikm.ikm(self.elements)

    def index_by(self, weight: Fraction) -> ikm.Value:
        return ikm.ikm(self.elements, weight)

    @property
    def lowest(self) -> list[str]:
        return ikm.lowest(self.elements)

    def add(self, row: dict[str, Any]) -> None:
        self.months[row["month"]] += row["count"]
        for key in QUESTIONNAIRE:
            self.totals[key] = self.totals.get(key, 0) + row[f"sum_{key}"]


class Results(NamedTuple):
    hall: Group
    agencies: list[Group]


# --- Which days? --------------------------------------------------------------------------------


def first_day(hall: Hall) -> dt.date | None:
    """Return the day of the first questionnaire, if there is one."""
    first: dt.date | None = hall.questionnaires.aggregate(first=Min("date"))["first"]
    return first


def days_over(hall: Hall, period: Period) -> Span:
    """Return the period up to yesterday."""
    return Span(period, min(period.last, clock.today(hall) - dt.timedelta(days=1)))


def offered(hall: Hall, last: dt.date) -> list[Period]:
    """Return the periods in which somebody answered, up to a day."""
    first = first_day(hall)
    return periods.offered(first, last) if first and first <= last else []


def published(hall: Hall, today: dt.date) -> list[Period]:
    """Return the periods that are over: what everybody may read."""
    return [period for period in offered(hall, today) if period.last < today]


# --- Who answered what? -------------------------------------------------------------------------


def results(hall: Hall, span: Span) -> Results:
    """Return the hall and all its agencies."""
    groups = {agency.pk: Group(agency) for agency in hall.agencies.order_by("code")}
    _fill(groups, hall, span, "agency", "queue__agency")
    whole = Group(hall, sum(each.served for each in groups.values()))
    for group in groups.values():
        whole.months += group.months
        for key, total in group.totals.items():
            whole.totals[key] = whole.totals.get(key, 0) + total
    whole.is_told = publishing.may_be_told(whole.counts(span))
    return Results(whole, _told(groups.values(), whole, span))


def services(agency: Group, span: Span) -> list[Group]:
    """Return the services of an agency for which somebody was served."""
    place: Agency = agency.place  # type: ignore[assignment]
    offers = Service.objects.filter(queue__agency=place).order_by("code")
    groups = {service.pk: Group(service) for service in offers}
    _fill(groups, place.hall, span, "services", "services")
    return [group for group in _told(groups.values(), agency, span) if group.served or group.count]


def _fill(groups: dict[int, Group], hall: Hall, span: Span, answered: str, served: str) -> None:
    """Count those who answered and those who were served, each in one query."""
    of_hall = {"hall": hall, "date__range": span.days}
    rows = Questionnaire.objects.filter(**of_hall, **{f"{answered}__in": groups})
    for row in rows.values(answered, month=TruncMonth("date")).annotate(**ADDED_UP).order_by():
        groups[row[answered]].add(row)
    tickets = Ticket.objects.filter(**of_hall, state=Ticket.State.DONE)
    tickets = tickets.filter(**{f"{served}__in": groups})
    for place, count in tickets.values_list(served).annotate(Count("pk")).order_by():
        groups[place].served = count


def _told(groups: Iterable[Group], whole: Group, span: Span) -> list[Group]:
    """Mark the groups of a whole that may be told; none of a whole that may not."""
    groups = list(groups)
    counts = {group.place.pk: group.counts(span) for group in groups}
    shown = publishing.told(counts) if whole.is_told else set()
    for group in groups:
        group.is_told = group.place.pk in shown
    return groups


# --- For those who work here --------------------------------------------------------------------


def sheets(hall: Hall, agencies: Iterable[Agency], span: Span) -> list[tuple[int, ...]]:
    """Return the nine scores of every respondent, sorted so that they tell no order of coming."""
    rows = Questionnaire.objects.filter(hall=hall, agency__in=agencies, date__range=span.days)
    return sorted(rows.values_list(*QUESTIONNAIRE))


def answered_today(hall: Hall, agencies: Iterable[Agency]) -> int:
    rows = Questionnaire.objects.filter(hall=hall, agency__in=agencies, date=clock.today(hall))
    return rows.count()


def profile(hall: Hall, agencies: Iterable[Agency], span: Span) -> list[dict[str, Any]]:
    """Return how many were of which sex, schooling and work; "" stands for what was skipped."""
    counted: Counter[tuple[str, str]] = Counter()
    of_them = {"hall": hall, "agency__in": agencies}
    months = ProfileCount.objects.filter(**of_them, month__range=span.days)
    for name, value, count in months.values_list("field", "value", "count"):
        counted[name, value] += count
    known = Questionnaire.objects.filter(**of_them, date__range=span.days, ticket__isnull=False)
    for row in known.values_list(*ABOUT):
        counted.update(zip(ABOUT, row, strict=True))
    return [
        _hours(hall, agencies, span),
        *(
            {
                "name": words,
                "rows": [(label, counted[name, value]) for value, label in answers.choices],
                "skipped": counted[name, ""],
            }
            for name, (words, answers) in ABOUT.items()
        ),
    ]


def _hours(hall: Hall, agencies: Iterable[Agency], span: Span) -> dict[str, Any]:
    """Return how many were served in which half of the day."""
    rows = Questionnaire.objects.filter(hall=hall, agency__in=agencies, date__range=span.days)
    counts = dict(rows.values_list("hours").annotate(Count("pk")).order_by())
    hours = Questionnaire.Hours.choices
    return {"name": _("jam"), "rows": [(words, counts.get(value, 0)) for value, words in hours]}


def smiles(hall: Hall, agencies: Iterable[Agency], span: Span) -> list[tuple[str, int]]:
    """Return how many gave which face, happiest first; nothing below the least that is told."""
    rows = Smile.objects.filter(hall=hall, agency__in=agencies, date__range=span.days)
    counts = dict(rows.values_list("face").annotate(Count("pk")).order_by())
    if sum(counts.values()) < publishing.FLOOR:
        return []
    return [(str(face.label), counts.get(face.value, 0)) for face in reversed(Smile.Face)]


def element_rows(group: Group, order: Iterable[str], weight: Fraction) -> list[dict[str, Any]]:
    """Return the elements as a report prints them, U1 to U9 in this order."""
    lowest = set(group.lowest)
    return [
        {
            "code": f"U{place}",
            "name": ELEMENTS[key].name,
            "total": group.elements[key].total,
            "nrr": ikm.rounded(group.elements[key].nrr, 3),
            "weighed": ikm.rounded(ikm.weighed(group.elements[key], weight), 3),
            "value": ikm.graded(group.elements[key].nrr),
            "is_lowest": key in lowest,
        }
        for place, key in enumerate(order, 1)
    ]
