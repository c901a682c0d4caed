"""What happens at a counter? Call, walk in, recall, start, finish, no-show, hold."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from agencies import clock
from agencies.models import Counter, Service
from agencies.ready import Ready
from queueing import numbering, waiting
from queueing.journal import Happening, write_down
from queueing.lifecycle.issuing import come_in
from queueing.lifecycle.moves import BACK_IN_LINE, S, act, describe, guard, make, require_today
from queueing.lifecycle.onward import come_back
from queueing.models import OPEN_STATES, Ticket, Visit
from queueing.refusals import Busy, Closed, IllegalMove, Invalid, TryAgain

RECALLS = 2
WALK_IN = {"reason": "walk_in", "quiet": True}  # the person stands here: no screen need call
BETWEEN_CALLS = dt.timedelta(seconds=30)
NO_SHOW_AFTER = dt.timedelta(seconds=90)
NO_SHOW_AFTER_PRIORITY = dt.timedelta(seconds=180)

_open: Ready[Ticket] = Ready(
    lambda counter: Ticket.objects.whole().filter(counter=counter, state__in=OPEN_STATES)
)
_locked: Ready[Counter] = Ready(
    lambda counter: (
        Counter.objects.select_for_update().filter(pk=counter).only("status", "queues_mark")
    )
)


@act
def call_next(
    counter: Counter,
    *,
    actor: str,
    finish_current: bool = False,
    outcome: dict[str, Any] | None = None,
) -> Ticket | None:
    """Call whoever is next in the counter's queues; None when nobody can be called.

    A counter that still has somebody raises Busy, or finishes that ticket first when told to, with
    this outcome.
    """
    serves, moment = numbering.lock_counter_days(counter)
    date = clock.day_of(counter.hall, moment)
    happenings = _clear_counter(counter, moment, actor, finish_current, outcome)
    ticket = waiting.next_in_line(serves, date, counter)
    if ticket is not None:
        happenings.append(_call(ticket, counter, moment, actor))
    require_open(counter)
    if happenings:
        write_down(counter.hall, happenings)
    return ticket


@act
def call(counter: Counter, ticket: Ticket, *, actor: str, reason: str) -> Ticket:
    """Call a chosen number out of turn; the reason stays in the log."""
    if not reason.strip():
        raise Invalid(_("Tuliskan alasan memanggil nomor di luar urutan."))
    queue_ids, moment = numbering.lock_counter_days(counter)
    _clear_counter(counter, moment, actor)
    _require_callable(ticket, queue_ids, moment)
    happening = _call(ticket, counter, moment, actor, reason=reason)
    require_open(counter)
    write_down(counter.hall, [happening])
    return ticket


@act
def call_back(counter: Counter, ticket: Ticket, *, actor: str, reason: str) -> Ticket:
    """Call somebody again who was done, did not come or was set aside; the reason stays in the log.

    The number goes back in line and is called in one press, so the log reads like any other.
    """
    if not reason.strip():
        raise Invalid(_("Tuliskan alasan memanggil kembali nomor ini."))
    queue_ids, moment = numbering.lock_counter_days(counter)
    _clear_counter(counter, moment, actor)
    _require_callable(ticket, queue_ids, moment)
    back = make("reopen", ticket, moment, actor, **BACK_IN_LINE)
    called = _call(ticket, counter, moment, actor, reason=reason)
    require_open(counter)
    write_down(counter.hall, [back, called])
    return ticket


@act
def walk_in(counter: Counter, services: list[Service], *, actor: str, priority: str = "") -> Ticket:
    """Serve somebody who stands at the counter without a number: it is given here and now.

    Whoever waits is overtaken, so the log says it like a call out of turn.
    """
    queue_ids, moment = numbering.lock_counter_days(counter)
    _clear_counter(counter, moment, actor)
    if {service.queue_id for service in services} - set(queue_ids):
        raise IllegalMove(_("Loket ini tidak melayani antrean itu."))
    if len({service.queue_id for service in services}) > 1:
        raise Invalid(_("Pilih layanan dari satu antrean saja."))
    channel = Visit.Channel.COUNTER
    ticket = come_in(counter.hall, services, priority=priority, channel=channel)[0]
    moment = ticket.issued_at
    issued = describe("issue", ticket, moment, actor)
    called = _call(ticket, counter, moment, actor, **WALK_IN)
    started = make("start", ticket, moment, actor, started_at=moment)
    require_open(counter)
    write_down(counter.hall, [issued, called, started])
    return ticket


def _require_callable(ticket: Ticket, queue_ids: Collection[int], moment: dt.datetime) -> None:
    if ticket.queue_id not in queue_ids:
        raise IllegalMove(_("Loket ini tidak melayani antrean itu."))
    require_today(ticket, moment)
    if not waiting.is_free(ticket.visit_id):
        raise Busy(_("Orang ini sedang dilayani di loket lain."))


def _call(
    ticket: Ticket, counter: Counter, moment: dt.datetime, actor: str, **detail: Any
) -> Happening:
    return make(
        "call",
        ticket,
        moment,
        actor,
        detail,
        counter=counter,
        calls=1,
        called_at=moment,
        started_at=None,  # of an earlier turn, before a hold; the log keeps it
        last_call_at=moment,
    )


def _clear_counter(
    counter: Counter,
    moment: dt.datetime,
    actor: str,
    finish_current: bool = False,
    outcome: dict[str, Any] | None = None,
) -> list[Happening]:
    """Make sure that nobody is at the counter; finish whoever is, when told to.

    An officer who serves without pressing start still needs one press a citizen: somebody who was
    only called is started and finished at that moment.
    """
    current = open_ticket(counter)
    if current is None:
        return []
    if not finish_current:
        raise Busy
    happenings = []
    if current.state == S.CALLED:
        happenings.append(make("start", current, moment, actor, started_at=moment))
    return [*happenings, *_finish(current, moment, actor, outcome)]


def _finish(
    ticket: Ticket, moment: dt.datetime, actor: str, outcome: dict[str, Any] | None
) -> list[Happening]:
    done = make("finish", ticket, moment, actor, outcome, ended_at=moment)
    return [done, *come_back(ticket, moment, actor)]


def open_ticket(counter: Counter) -> Ticket | None:
    """Return the ticket that is called to or served at this counter, if any."""
    return _open.first(counter.pk)


def current_ticket(counter: Counter) -> Ticket:
    """Return the ticket at this counter; raises IllegalMove when there is none."""
    ticket = open_ticket(counter)
    if ticket is None:
        raise IllegalMove(_("Tidak ada nomor di loket ini."))
    return ticket


def require_open(counter: Counter) -> None:
    """Lock the counter and make sure that it is still open, and serves what it did when read."""
    locked = _locked.ask(counter.pk)[0]
    status = locked.status
    if locked.queues_mark != counter.queues_mark:
        raise TryAgain
    if status == Counter.Status.BREAK:
        raise Closed(_("Loket sedang istirahat. Buka loket dulu."))
    if status == Counter.Status.CLOSED:
        raise Closed(_("Loket sedang tutup. Buka loket dulu."))


@act
def recall(counter: Counter, *, actor: str) -> Ticket:
    """Call the same number again: at most twice, at least 30 seconds after the last call."""
    ticket, moment = current_ticket(counter), clock.now()
    guard("recall", ticket)
    if ticket.calls > RECALLS:
        raise IllegalMove(_("Nomor ini sudah dipanggil 3 kali."))
    _require_after(ticket.last_call_at, BETWEEN_CALLS, moment, _("Panggil ulang"))
    happening = make("recall", ticket, moment, actor, calls=ticket.calls + 1, last_call_at=moment)
    write_down(counter.hall, [happening])
    return ticket


@act
def start(counter: Counter, *, actor: str) -> Ticket:
    """The person has come: service begins."""
    ticket, moment = current_ticket(counter), clock.now()
    write_down(counter.hall, [make("start", ticket, moment, actor, started_at=moment)])
    return ticket


@act
def finish(counter: Counter, *, actor: str, outcome: dict[str, Any] | None = None) -> Ticket:
    """The person is served; the outcome (what was delivered, a note) stays in the log."""
    ticket, moment = current_ticket(counter), clock.now()
    write_down(counter.hall, _finish(ticket, moment, actor, outcome))
    return ticket


@act
def no_show(counter: Counter, *, actor: str, said_so: bool = False) -> Ticket:
    """The person did not come: allowed 90 seconds after the first call, 180 with priority.

    At once when the person said so (`said_so`).
    """
    ticket, moment = current_ticket(counter), clock.now()
    guard("no_show", ticket)
    if not said_so:
        patience = NO_SHOW_AFTER_PRIORITY if ticket.priority else NO_SHOW_AFTER
        _require_after(ticket.called_at, patience, moment, _("Tidak hadir"))
    write_down(counter.hall, [make("no_show", ticket, moment, actor, ended_at=moment)])
    return ticket


def _require_after(
    since: dt.datetime | None, patience: dt.timedelta, moment: dt.datetime, what: Any
) -> None:
    left = (since or moment) + patience - moment
    seconds = -(-left // dt.timedelta(seconds=1))
    if seconds > 0:
        sentence = _("%(what)s baru bisa dalam %(seconds)s detik.")
        raise IllegalMove(sentence % {"what": what, "seconds": seconds}, retry_after=seconds)


@act
def hold(counter: Counter, *, actor: str) -> Ticket:
    """Set the served person aside, say to fetch a paper; the counter is free again."""
    ticket, moment = current_ticket(counter), clock.now()
    write_down(counter.hall, [make("hold", ticket, moment, actor)])
    return ticket
