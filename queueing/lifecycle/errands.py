"""What is done first of several errands? As somebody wishes; all keep their places in line."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from agencies import clock
from queueing import numbering
from queueing.journal import write_down
from queueing.lifecycle.moves import act, describe, guard, require_today
from queueing.models import Ticket, Visit
from queueing.refusals import IllegalMove, Invalid


@act
def reorder(first: Sequence[Ticket], *, actor: str, reason: str = "") -> list[Ticket]:
    """Do these errands of a visit in this order, and then its others in the order they had.

    Whatever stands behind another one is passed by until that is done, and keeps its place.
    """
    if len({ticket.pk for ticket in first}) < len(first) or len({t.visit_id for t in first}) != 1:
        raise Invalid(_("Pilih setiap nomor kunjungan ini satu kali."))
    hall, waiting = first[0].hall, Ticket.objects.waiting().filter(visit=first[0].visit_id)
    numbering.lock_days(hall, list(waiting.values_list("queue", flat=True)))
    visit = Visit.objects.select_for_update().get(pk=first[0].visit_id)
    moment = clock.now()
    left = list(waiting.whole().order_by("turn", "effective_time", "pk"))
    chosen = [next((each for each in left if each.pk == ticket.pk), None) for ticket in first]
    for ticket, here in zip(first, chosen, strict=True):
        require_today(ticket, moment)
        guard("reorder", here or Ticket.objects.whole().get(pk=ticket.pk))
    if len(left) == 1:
        raise IllegalMove(_("Kunjungan ini tidak punya keperluan lain yang menunggu."))
    order = [each for each in chosen if each] + [each for each in left if each not in chosen]
    for turn, ticket in enumerate(order, 1):
        ticket.turn = turn
    Ticket.objects.bulk_update(order, ["turn"])
    visit.is_ordered = True
    visit.save(update_fields=["is_ordered"])
    detail = {"order": [ticket.label for ticket in order]} | ({"reason": reason} if reason else {})
    write_down(hall, [describe("reorder", order[0], moment, actor, detail)])
    return order
