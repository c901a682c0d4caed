"""What is forgotten of those who answered, and when? Whose ticket it was, and who they are.

After 30 days (GROUPS_KEEP) the sex, schooling and work of respondents are only counted, month by
month and each by itself, and nothing leads from a questionnaire to its ticket any more. The nine
answers stay.
"""

import datetime as dt
from collections import Counter

from django.conf import settings
from django.db import transaction
from django.db.models import F

from agencies import clock
from agencies.models import Hall
from survey.models import ABOUT, ProfileCount, Questionnaire, Smile

AT_ONCE = 500

Profile = tuple[int, dt.date, str, str]  # agency, month, and which answer about oneself


def forget_respondents(hall: Hall) -> int:
    """Forget those who came before the last 30 days; how many. Run again, it finds nobody."""
    first_kept = clock.today(hall) - dt.timedelta(days=settings.GROUPS_KEEP)
    smiles = Smile.objects.filter(hall=hall, date__lt=first_kept, ticket__isnull=False)
    forgotten = smiles.update(ticket=None)
    while count := _forget_some(hall, first_kept):
        forgotten += count
    return forgotten


@transaction.atomic
def _forget_some(hall: Hall, first_kept: dt.date) -> int:
    """Count some questionnaires into their months and cut them off, in one transaction."""
    old = Questionnaire.objects.filter(hall=hall, date__lt=first_kept, ticket__isnull=False)
    rows = list(old.select_for_update(no_key=True).order_by("pk")[:AT_ONCE])
    for of_what, count in sorted(_profiles(rows).items()):
        _add(hall, of_what, count)
    blank = dict.fromkeys(ABOUT, "")
    Questionnaire.objects.filter(pk__in=[row.pk for row in rows]).update(ticket=None, **blank)
    return len(rows)


def _profiles(rows: list[Questionnaire]) -> Counter[Profile]:
    return Counter(
        (row.agency_id, row.date.replace(day=1), name, getattr(row, name))
        for row in rows
        for name in ABOUT
    )


def _add(hall: Hall, of_what: Profile, count: int) -> None:
    names = dict(zip(("agency_id", "month", "field", "value"), of_what, strict=True))
    row, _ = ProfileCount.objects.get_or_create(**names, defaults={"hall": hall})
    ProfileCount.objects.filter(pk=row.pk).update(count=F("count") + count)
