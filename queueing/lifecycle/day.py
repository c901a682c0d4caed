"""How does a day end? Once, and nothing carries over."""

import datetime as dt

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from agencies import clock
from agencies.models import Hall
from queueing import numbering
from queueing.journal import write_down
from queueing.lifecycle.counters import close_all
from queueing.lifecycle.moves import S, act, make
from queueing.models import DayClose, QueueDay, Ticket
from queueing.refusals import IllegalMove


@act
def close_day(hall: Hall, date: dt.date, *, actor: str = "system") -> int | None:
    """Close a past day once: nothing carries over. None when it was closed before.

    Who still waits or is on hold expires; who was called and never marked is a no-show; who was
    left in service was served. A hall with opening hours starts the next day with closed counters.
    """
    moment = clock.now()
    if date >= clock.day_of(hall, moment):
        raise IllegalMove(_("Hari ini belum berakhir."))
    numbering.lock_days_of(hall, date)
    close, is_first = DayClose.objects.get_or_create(hall=hall, date=date, defaults={"at": moment})
    if not is_first:
        return None
    left = Ticket.objects.whole().filter(hall=hall, date=date, state__in=LAST_MOVE)
    happenings = [
        make(LAST_MOVE[ticket.state], ticket, moment, actor, {"day": "closed"}, ended_at=moment)
        for ticket in left.order_by("pk")
    ]
    happenings += [] if hall.always_open else close_all(hall, moment, actor)
    close.expired = sum(happening.kind == "expire" for happening in happenings)
    close.save(update_fields=["expired"])
    if happenings:
        write_down(hall, happenings)
    return close.expired


def days_to_close(hall: Hall) -> list[dt.date]:
    """Return the past days on which numbers were issued and that are not closed, oldest first.

    Days are closed in their order, so none before the last closed one is asked for.
    """
    last = DayClose.objects.filter(hall=hall).aggregate(last=Max("date"))["last"] or dt.date.min
    days = QueueDay.objects.filter(queue__hall=hall, date__gt=last, date__lt=clock.today(hall))
    return list(days.order_by("date").values_list("date", flat=True).distinct())


LAST_MOVE: dict[str, str] = {
    S.WAITING: "expire",
    S.ON_HOLD: "expire",
    S.CALLED: "no_show",
    S.SERVING: "finish",
}
