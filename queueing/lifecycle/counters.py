"""Is the counter there for anybody? Open, on a break, closed."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from agencies import clock
from agencies.models import Counter, Hall
from queueing.journal import Happening, write_down
from queueing.lifecycle.at_counter import open_ticket
from queueing.lifecycle.moves import act
from queueing.refusals import Busy, Invalid


@act
def open_counter(counter: Counter, *, actor: str) -> Counter:
    return _set_status(counter, "open", Counter.Status.OPEN, actor)


@act
def break_counter(
    counter: Counter, *, actor: str, reason: str, until: dt.datetime | None
) -> Counter:
    """Send the counter on a break; needs a reason, and says when it will be back."""
    if not reason.strip():
        raise Invalid(_("Tuliskan alasan istirahat."))
    return _set_status(counter, "break", Counter.Status.BREAK, actor, reason=reason, until=until)


@act
def close_counter(counter: Counter, *, actor: str) -> Counter:
    return _set_status(counter, "close", Counter.Status.CLOSED, actor)


def _set_status(
    counter: Counter,
    verb: str,
    status: str,
    actor: str,
    *,
    reason: str = "",
    until: dt.datetime | None = None,
) -> Counter:
    """Lock the counter and set its status; asking for what already is changes nothing."""
    fresh = (
        Counter.objects.select_for_update(of=("self",)).select_related("hall").get(pk=counter.pk)
    )
    if fresh.status == status and (fresh.break_reason, fresh.break_until) == (reason, until):
        return fresh
    if status != Counter.Status.OPEN and open_ticket(fresh):
        raise Busy
    fresh.status, fresh.break_reason, fresh.break_until = status, reason, until
    fresh.save(update_fields=["status", "break_reason", "break_until"])
    moment = clock.now()
    date = clock.day_of(fresh.hall, moment)
    detail = {"reason": reason, "until": until and until.isoformat()} if reason else {}
    write_down(fresh.hall, [Happening(verb, moment, date, actor, counter=fresh, detail=detail)])
    return fresh


def close_all(hall: Hall, moment: dt.datetime, actor: str) -> list[Happening]:
    left_open = hall.counters.select_for_update().exclude(status=Counter.Status.CLOSED)
    counters = list(left_open.order_by("pk"))
    Counter.objects.filter(pk__in=[counter.pk for counter in counters]).update(
        status=Counter.Status.CLOSED, break_reason="", break_until=None
    )
    date = clock.day_of(hall, moment)
    return [Happening("close", moment, date, actor, counter=counter) for counter in counters]
