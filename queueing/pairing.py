"""How does a browser become a device? Its screen says a code, and a manager types it.

Only the browser that asked holds the pairing's secret, and only after a manager has approved the
code it gets a key of its own. A code lives for 10 minutes; a manager may mistype 5 times in that.
"""

import datetime as dt
import secrets
from typing import NamedTuple

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agencies import audit, clock
from agencies.keys import hash_key
from agencies.models import AuditEntry, Hall, Operator
from queueing.models import Device, Pairing
from queueing.refusals import Refusal, TooManyPairings

LIVES = dt.timedelta(minutes=10)
TRIES = 5
MOST_WAITING = 50
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is read as another: no I, O, 0, 1
LENGTH = 8
K = AuditEntry.Kind


class Asked(NamedTuple):
    pairing: Pairing
    secret: str  # for the browser alone; empty when it has it already


class WrongCode(Refusal):
    code = "wrong_code"
    sentence = _("Kode ini tidak ada atau sudah lewat 10 menit. Periksa lagi kode di layar.")


class TooManyTries(Refusal):
    status = 429
    code = "too_many"
    sentence = _("Terlalu banyak kode salah. Tunggu 10 menit, lalu coba lagi.")
    retry_after = int(LIVES.total_seconds())


class NameTaken(Refusal):
    code = "name_taken"
    sentence = _("Perangkat aktif lain sudah memakai nama ini. Pilih nama lain.")


# --- The browser --------------------------------------------------------------------------------


def ask(hall: Hall, kind: str, secret: str) -> Asked:
    """Return the pairing of this browser, a new one unless its code still lives."""
    known = find(hall, kind, secret)
    if known:
        return Asked(known, "")
    Pairing.objects.filter(hall=hall, asked_at__lt=clock.now() - LIVES).delete()
    if Pairing.objects.filter(hall=hall).count() >= MOST_WAITING:
        raise TooManyPairings
    secret = secrets.token_urlsafe(32)
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    pairing = Pairing.objects.create(
        hall=hall, kind=kind, code=code, secret_hash=hash_key(secret), asked_at=clock.now()
    )
    return Asked(pairing, secret)


def find(hall: Hall, kind: str, secret: str) -> Pairing | None:
    """Return the living pairing that this browser holds the secret of."""
    own = Pairing.objects.filter(hall=hall, kind=kind, secret_hash=hash_key(secret))
    return own.filter(asked_at__gt=clock.now() - LIVES).select_related("device").first()


def collect(pairing: Pairing) -> str:
    """Return a new key for the approved device, or nothing while nobody approved it.

    The browser may collect again while the code lives, in case an answer was lost on the way; only
    the last key counts.
    """
    if pairing.device is None or not pairing.device.is_active:
        return ""
    key = secrets.token_urlsafe(32)
    Device.objects.filter(pk=pairing.device.pk).update(key_hash=hash_key(key))
    return key


# --- The manager --------------------------------------------------------------------------------


def approve(hall: Hall, code: str, name: str, manager: Operator, request: HttpRequest) -> Device:
    """Let the browser that shows this code in as a device of this name."""
    if audit.count_since(K.PAIRING_REFUSED, manager.username, LIVES) >= TRIES:
        raise TooManyTries
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    waiting = Pairing.objects.filter(hall=hall, code=plain, device=None)
    pairing = waiting.filter(asked_at__gt=clock.now() - LIVES).first()
    if pairing is None:
        audit.write_down(K.PAIRING_REFUSED, manager.username, hall=hall, request=request)
        raise WrongCode
    with transaction.atomic():
        device = _named(hall, pairing.kind, name)
        Pairing.objects.filter(pk=pairing.pk).update(device=device)
        _tell(K.PAIRED, device, manager, request)
    return device


def _named(hall: Hall, kind: str, name: str) -> Device:
    """Return a device of this name: a new one, or one that was revoked and is replaced."""
    if Device.objects.filter(hall=hall, name=name, is_active=True).exists():
        raise NameTaken
    values = {"kind": kind, "is_active": True, "key_hash": hash_key(secrets.token_urlsafe(32))}
    return Device.objects.update_or_create(hall=hall, name=name, defaults=values)[0]


def rename(device: Device, name: str, manager: Operator, request: HttpRequest) -> None:
    if device.hall.devices.filter(name=name).exclude(pk=device.pk).exists():
        raise NameTaken
    before = device.name
    device.name = name
    device.save(update_fields=["name"])
    _tell(K.RENAMED, device, manager, request, before=before)


def revoke(device: Device, manager: Operator, request: HttpRequest) -> None:
    """Send a device away; its key is worth nothing from this moment, nor is the code it came by."""
    with transaction.atomic():
        Device.objects.filter(pk=device.pk).update(is_active=False)
        Pairing.objects.filter(device=device).delete()
        _tell(K.REVOKED, device, manager, request)


def _tell(
    kind: AuditEntry.Kind, device: Device, manager: Operator, request: HttpRequest, **detail: str
) -> None:
    subject = f"{device.kind} {device.name}"
    audit.write_down(
        kind, manager.username, hall=device.hall, subject=subject, request=request, **detail
    )
