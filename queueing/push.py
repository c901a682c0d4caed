"""Where may a phone be told whose page is shut? At its maker's push service, and nowhere inside.

An address comes from a stranger's browser and is called by our own server. So it must be https, by
a name that leads out of the house; where the name leads is looked at when it is called.
"""

import base64
import functools
import hashlib
import ipaddress
from urllib.parse import SplitResult, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from queueing.models import PushSubscription, Visit
from queueing.refusals import IllegalMove, Invalid

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of that curve
POINT, SECRET = 65, 16  # bytes of a phone's public key, and of what it shares with us
PHONES_OF_A_VISIT = 5
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


@functools.cache
def private_key() -> ec.EllipticCurvePrivateKey:
    """Return the hall's own key: it follows from SECRET_KEY, which every process knows."""
    digest = salted_hmac("push", "vapid", algorithm="sha512").digest()
    return ec.derive_private_key(int.from_bytes(digest) % (ORDER - 1) + 1, CURVE)


def public_key() -> str:
    """Return what a browser wants to know of whoever will send."""
    point = private_key().public_key()
    return in_base64(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def in_base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def subscribe(visit: Visit, endpoint: str, p256dh: str, auth: str, language: str) -> None:
    """Keep where this phone can be told; once more is the same."""
    if not visit.hall.phone_push:
        raise IllegalMove(_("MPP ini tidak mengirim pemberitahuan lewat internet."))
    require_outside(endpoint)
    require_key(p256dh, POINT)
    require_key(auth, SECRET)
    mine = PushSubscription.objects.filter(visit=visit)
    if mine.exclude(endpoint=endpoint).count() >= PHONES_OF_A_VISIT:
        raise IllegalMove(_("Sudah cukup banyak ponsel mengikuti kunjungan ini."))
    keys = {"p256dh": p256dh, "auth": auth, "language": language}
    PushSubscription.objects.update_or_create(visit=visit, endpoint=endpoint, defaults=keys)


def unsubscribe(visit: Visit, endpoint: str) -> None:
    PushSubscription.objects.filter(visit=visit, endpoint=endpoint).delete()


def is_wanted() -> bool:
    """Whether any phone of a hall that sends at all waits to be told."""
    return PushSubscription.objects.filter(visit__hall__phone_push=True).exists()


def require_key(text: str, size: int) -> None:
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise Invalid from None
    if len(raw) != size:
        raise Invalid


def require_outside(endpoint: str) -> SplitResult:
    """Return the parts of an address that may be called; raises Invalid for any other."""
    try:
        place = urlsplit(endpoint)
        port = place.port
    except ValueError:
        raise Invalid from None
    host = place.hostname or ""
    if host in settings.PUSH_INSIDE:
        return place
    is_named = "." in host.strip(".") and not host.endswith((".local", ".internal", ".localhost"))
    is_plain = place.username is None and place.scheme == "https" and port in {None, 443}
    if not (is_plain and is_named) or is_number(host):
        raise Invalid
    return place


def is_number(host: str) -> bool:
    """Whether a host is an address and no name; 127.1 and 0x7f.1 are read as addresses, too."""
    last = host.rstrip(".").rsplit(".", 1)[-1]
    return ":" in host or last.isdecimal() or last.startswith("0x")


def is_outside(address: str) -> bool:
    """Whether an address is one of the internet: not of this machine, nor of any house."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address):
        if found.sixtofour or found.teredo or found in TRANSLATED:
            return False  # another address is hidden inside
        found = found.ipv4_mapped or found
    return found.is_global and not found.is_multicast


def digest_of(endpoint: str) -> str:
    """Return what the log may say of an address, which is a secret of the phone."""
    return hashlib.sha256(endpoint.encode()).hexdigest()[:8]
