"""What needs a person now? One list for the reception, the manager and the supervisors.

Plain data in a number of queries that does not grow with the trouble.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef
from django.urls import reverse
from django.utils.functional import Promise, keep_lazy_text
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from agencies import clock
from agencies.clock import on_the_wall
from agencies.models import Agency, Counter, Hall, Queue
from queueing.care import printers_in_trouble
from queueing.helping import open_calls
from queueing.models import Device, HelpCall, QueueDay, Ticket, Visit
from queueing.overview import waits
from queueing.quotas import Tally

SILENCE = dt.timedelta(seconds=60)
ALMOST_NONE = 0.1  # of a quota

Alerts = Iterator[dict[str, Any]]


def alerts(hall: Hall, agency: Agency | None = None) -> list[dict[str, Any]]:
    """Return what is wrong in the hall, or of that only what is one agency's to mend."""
    moment = clock.now()
    found = (alert for source in SOURCES for alert in source(hall, moment))
    return [alert for alert in found if agency is None or alert["agency"] == agency.code]


def help_asked(hall: Hall, moment: dt.datetime) -> Alerts:
    """Yield the kiosks at which somebody waits for a hand."""
    for call in open_calls(hall, moment).prefetch_related("visit__tickets__queue"):
        yield alert(
            "help_asked",
            f"{call.public_id}",
            sentence(
                _("%(place)s: butuh bantuan, %(kind)s."),
                place=_place(call),
                kind=_within_a_sentence(Visit.Help(call.kind).label),
            ),
            on_the_wall(hall, call.asked_at),
            reverse("greeter", args=[hall.slug]),
        )


def _place(call: HelpCall) -> str:
    numbers = [ticket.label for ticket in call.visit.tickets.all()] if call.visit else []
    return " · ".join([call.device.name, *numbers])


_within_a_sentence = keep_lazy_text(lambda words: str(words).lower())


def printer(hall: Hall, moment: dt.datetime) -> Alerts:
    """Yield the kiosks whose slips do not come out, or soon will not."""
    words = _("%(name)s: %(state)s. Nomor tetap tampil di layarnya.")
    for device in printers_in_trouble(hall):
        state = _within_a_sentence(Device.PrinterState(device.printer_state).label)
        yield alert(
            "printer",
            f"{device.pk}",
            sentence(words, name=device, state=state),
            on_the_wall(hall, device.printer_since or moment),
            reverse("devices", args=[hall.slug]),
        )


def device_silent(hall: Hall, moment: dt.datetime) -> Alerts:
    """Yield the kiosks and screens that were there today and are not heard of any more."""
    midnight = clock.local(hall, moment).replace(hour=0, minute=0, second=0, microsecond=0)
    devices = Device.objects.filter(hall=hall, is_active=True, seen_at__gte=midnight)
    for device in devices.filter(seen_at__lt=moment - SILENCE).order_by("seen_at", "pk"):
        yield alert(
            "device_silent",
            f"{device.pk}",
            sentence(_("%(name)s tidak terhubung. Lihat apakah layarnya menyala."), name=device),
            on_the_wall(hall, device.seen_at),
            reverse("devices", args=[hall.slug]),
        )


def no_counter(hall: Hall, moment: dt.datetime) -> Alerts:
    """Yield the queues in which somebody waits while no counter is open for them."""
    open_ones = Counter.objects.filter(status=Counter.Status.OPEN, queues=OuterRef("queue"))
    waiting = Ticket.objects.waiting().filter(hall=hall, date=clock.day_of(hall, moment))
    alone = waiting.exclude(Exists(open_ones)).values(
        "queue__code", "queue__agency__code", "queue__agency__short_name"
    )
    for row in alone.annotate(count=Count("pk"), since=Min("issued_at")).order_by("since"):
        words = _("Antrean %(queue)s, %(agency)s: %(count)s menunggu, belum ada loket buka.")
        agency, queue = row["queue__agency__short_name"], row["queue__code"]
        yield alert(
            "no_counter",
            queue,
            sentence(words, queue=queue, agency=agency, count=row["count"]),
            on_the_wall(hall, row["since"]),
            f"{reverse('manager', args=[hall.slug])}#queues-title",
            agency=row["queue__agency__code"],
        )


def incident(hall: Hall, moment: dt.datetime) -> Alerts:
    """Yield the queues whose system is down, until somebody says that it works again."""
    down = hall.queues.exclude(incident_since=None).select_related("agency")
    for queue in down.order_by("incident_since"):
        words = _("Antrean %(queue)s, %(agency)s: sistem gangguan. %(reason)s")
        yield of_queue("incident", queue, words, queue.incident_since, reason=queue.incident_reason)


def long_wait(hall: Hall, moment: dt.datetime) -> Alerts:
    """Yield the queues in which somebody waits longer than the hall wants anybody to."""
    date, limit = clock.day_of(hall, moment), dt.timedelta(minutes=hall.longest_wait)
    late = {queue: since for queue, since in waits(hall, date).items() if moment - since > limit}
    queues = Queue.objects.filter(pk__in=late).select_related("agency", "hall")
    for queue in sorted(queues, key=lambda each: late[each.pk]):
        words = _("Antrean %(queue)s, %(agency)s: ada yang menunggu lebih dari %(limit)s menit.")
        yield of_queue("long_wait", queue, words, late[queue.pk] + limit, limit=hall.longest_wait)


def quota_low(hall: Hall, moment: dt.datetime) -> Alerts:
    """Yield the quotas of which a tenth or less is left today; one that is used up is known."""
    date = clock.day_of(hall, moment)
    some = {limit: left for limit, left in Tally(hall, date).left() if left}
    lows = {limit: left for limit, left in some.items() if left <= limit.amount * ALMOST_NONE}
    days = QueueDay.objects.filter(date=date, queue__in={limit.queue for limit in lows})
    rows = {day.queue_id: day for day in days.select_related("queue__agency", "queue__hall")}
    for limit, left in lows.items():
        words = _("Antrean %(queue)s, %(agency)s: sisa kuota %(left)s dari %(amount)s.")
        day = rows[limit.queue]
        counts = {"left": left, "amount": limit.amount}
        yield of_queue("quota_low", day.queue, words, day.last_at, name=f"{limit.id}", **counts)


def of_queue(
    kind: str,
    queue: Queue,
    words: Promise,
    since: dt.datetime | None,
    *,
    name: str = "",
    **counts: Any,
) -> dict[str, Any]:
    """Return what needs a person at a queue; it is mended on the manager's page."""
    return alert(
        kind,
        name or queue.code,
        sentence(words, queue=queue, agency=queue.agency.short_name, **counts),
        on_the_wall(queue.hall, since),
        f"{reverse('manager', args=[queue.hall.slug])}#queues-title",
        agency=queue.agency.code,
    )


SOURCES: list[Callable[[Hall, dt.datetime], Alerts]] = [
    help_asked,
    printer,
    device_silent,
    no_counter,
    incident,
    long_wait,
    quota_low,
]


def alert(
    kind: str, code: str, words: dict[str, str], since: str | None, link: str, *, agency: str = ""
) -> dict[str, Any]:
    """Return one alert; kind and code together name it for as long as it lasts."""
    return {
        "kind": kind,
        "code": code,
        "sentence": words,
        "since": since,
        "link": link,
        "agency": agency or None,
    }


def sentence(words: Promise, **names: Any) -> dict[str, str]:
    """Return a sentence in both languages, whatever is being spoken now."""
    told = {}
    for language in ("id", "en"):
        with override(language):
            told[language] = (
                str(words) % {name: str(value) for name, value in names.items()}
            ).strip()
    return told
