"""In which browser does an officer work? In the one that opened a desk last.

All pages of a browser share the seat that its session remembers. The page of an older one is told,
and its presses are refused, so that nobody is called by a forgotten screen. A program has no seat.
"""

import secrets

from django.http import HttpRequest

from agencies import clock
from agencies.models import Operator
from queueing.models import Seat
from queueing.refusals import SatElsewhere

REMEMBERED, SENT = "seat", "HTTP_SEAT"  # in the session, and with a press in its header


def sit_down(request: HttpRequest, operator: Operator) -> str:
    """Take the officer's seat for this browser; return the token that its pages press with."""
    token: str = request.session.setdefault(REMEMBERED, secrets.token_hex(16))
    mine = {"token": token, "taken_at": clock.now()}
    seat, is_new = Seat.objects.get_or_create(operator=operator, defaults=mine)
    if not is_new and seat.token != token:
        Seat.objects.filter(pk=seat.pk).update(**mine)
    return token


def require_newest(operator: Operator | None, token: str | None) -> None:
    """Make sure that a page with this seat is not a forgotten one; raises SatElsewhere."""
    if not token or operator is None:
        return
    if Seat.objects.filter(operator=operator).exclude(token=token).exists():
        raise SatElsewhere
