"""Who must show a second factor, and was it shown? Managers, where their hall wants it.

The codes are those of any authenticator app (TOTP); ten recovery codes are for a lost phone. A
manager who has set it up is always asked, whatever the hall wants.
"""

from base64 import b32encode

import segno
from django.http import HttpRequest
from django_otp import DEVICE_ID_SESSION_KEY, devices_for_user, user_has_device, verify_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from agencies import audit
from agencies.models import AuditEntry, Hall, Operator

RECOVERY_CODES = 10


def is_overseer(person: Operator) -> bool:
    return person.is_superuser or person.role == Operator.Role.MANAGER


def is_missing(person: Operator) -> bool:
    """Whether this signed-in person still owes the second factor."""
    if not is_overseer(person) or person.is_verified():  # type: ignore[attr-defined]
        return False
    return is_wanted(person) or user_has_device(person)


def is_wanted(person: Operator) -> bool:
    """Whether the hall wants it; an administrator of all halls follows the strictest."""
    if person.is_superuser:
        return Hall.objects.filter(second_factor=True).exists()
    return bool(person.hall and person.hall.second_factor)


def is_set_up(person: Operator) -> bool:
    return user_has_device(person)


def unfinished(person: Operator) -> TOTPDevice:
    """Return the device that is being set up: its secret stays the same until the first code."""
    return TOTPDevice.objects.get_or_create(user=person, confirmed=False)[0]


def picture(device: TOTPDevice) -> str:
    """Return the QR that an authenticator app reads, as the address of an image."""
    return segno.make(device.config_url, error="m", micro=False).svg_data_uri(border=2, scale=5)


def typed(device: TOTPDevice) -> str:
    """Return the secret as one types it into an app that cannot see the picture."""
    letters = b32encode(device.bin_key).decode()
    return " ".join(letters[place : place + 4] for place in range(0, len(letters), 4))


def accept(request: HttpRequest, person: Operator, token: str) -> bool:
    """Take a code of the app or for recovery; wrong ones are slowed down by django-otp."""
    devices = [*devices_for_user(person)] or [unfinished(person)]
    found = next(filter(None, (verify(person, each, token) for each in devices)), None)
    kind = AuditEntry.Kind
    audit.write_down_of(person, kind.SECOND_FACTOR if found else kind.SECOND_FACTOR_FAILED, request)
    if found is None:
        return False
    request.session[DEVICE_ID_SESSION_KEY] = found.persistent_id
    request.session.cycle_key()
    return True


def verify(person: Operator, device: Device, token: str) -> Device | None:
    found: Device | None = verify_token(person, device.persistent_id, token)
    return found


def finish(person: Operator) -> list[str]:
    """The first code was right: the device counts from now on. Return the recovery codes."""
    TOTPDevice.objects.filter(user=person).update(confirmed=True)
    StaticDevice.objects.filter(user=person).delete()
    recovery = StaticDevice.objects.create(user=person, name="recovery")
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    recovery.token_set.bulk_create(StaticToken(device=recovery, token=code) for code in codes)
    return codes


def forget(person: Operator) -> None:
    """Take the second factor off somebody who lost it; the next sign-in sets it up anew."""
    for device in devices_for_user(person, confirmed=None):
        device.delete()
    audit.write_down_of(person, AuditEntry.Kind.SECOND_FACTOR_RESET, None)
