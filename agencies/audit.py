"""Who did what to sign-ins, devices, roles and settings? Written once, never changed.

An entry names a user and nothing else of a person. The address is kept beside it and forgotten
after 30 days; a name that nobody has is not written down, because it may be a password.
"""

import datetime as dt
import ipaddress
from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from agencies import clock
from agencies.models import AuditAddress, AuditEntry, Hall, Operator

ADDRESS_KEPT = dt.timedelta(days=30)
ONCE_IN = dt.timedelta(minutes=15)
NOBODY = "unknown"
K = AuditEntry.Kind


def write_down(
    kind: AuditEntry.Kind,
    actor: str,
    *,
    hall: Hall | None = None,
    subject: str = "",
    request: HttpRequest | None = None,
    **detail: Any,
) -> None:
    """Add one entry to the audit, and from where it came."""
    address = address_of(request)
    with transaction.atomic():
        entry = AuditEntry.objects.create(
            at=clock.HallNow(), kind=kind, actor=actor, hall=hall, subject=subject, detail=detail
        )
        if address:
            AuditAddress.objects.create(entry=entry, address=address)


def write_down_of(
    person: Operator | None, kind: AuditEntry.Kind, request: HttpRequest | None, **more: Any
) -> None:
    """Add what a person did; or nobody that we know."""
    actor = person.username if person else NOBODY
    write_down(kind, actor, hall=person.hall if person else None, request=request, **more)


def address_of(request: HttpRequest | None) -> str:
    """Return the address that the web server vouches for; none for a program of our own."""
    address = request.META.get("REMOTE_ADDR", "") if request else ""
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return ""


def count_since(kind: AuditEntry.Kind, actor: str, span: dt.timedelta) -> int:
    """Return how often this person did such a thing of late."""
    since = clock.now() - span
    return AuditEntry.objects.filter(actor=actor, kind=kind, at__gt=since).count()


def forget_addresses() -> int:
    """Delete the addresses of entries that are older than 30 days; return how many."""
    old = AuditAddress.objects.filter(entry__at__lt=clock.now() - ADDRESS_KEPT)
    return old.delete()[0]


# --- What Django tells about sign-ins -----------------------------------------------------------


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: Operator, **about: Any) -> None:
    write_down_of(user, K.SIGN_IN, request)


@receiver(user_logged_out)
def signed_out(request: HttpRequest, user: Operator | None, **about: Any) -> None:
    who = user or getattr(request, "waiting_user", None)
    if who:
        write_down_of(who, K.SIGN_OUT, request)


@receiver(user_login_failed)
def sign_in_failed(
    credentials: dict[str, Any], request: HttpRequest | None = None, **about: Any
) -> None:
    """A name that is locked out is written down once, however often it goes on trying."""
    person = Operator.objects.filter(username=credentials.get("username") or "").first()
    if not getattr(request, "axes_locked_out", False):
        write_down_of(person, K.SIGN_IN_FAILED, request)
    elif not count_since(K.LOCKED_OUT, person.username if person else NOBODY, ONCE_IN):
        write_down_of(person, K.LOCKED_OUT, request)
