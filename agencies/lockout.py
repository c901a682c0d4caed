"""Who must wait before trying another password? A name at an address, never an address alone.

The whole hall comes from one address. So 5 failures of a name from an address make that name wait
there for 15 minutes, and 50 from anywhere make it wait everywhere. A browser in which somebody has
signed in before counts by itself: an attacker cannot keep an officer from the own desk.
"""

import datetime as dt
import secrets
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.core import signing
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse

from agencies import clock
from agencies.keys import hash_key

COOKIE = "known"
SALT = "known-browser"
KNOWN_FOR = dt.timedelta(days=90)
MOST_KNOWN = 10  # people who share a computer
SLOW_LIMIT = 50


class Lockout(AxesDatabaseHandler):
    """Axes, with a slower limit for a name from wherever it is tried."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        if super().is_locked(request, credentials):
            return True
        failures = _late_attempts(request, credentials).aggregate(sum=Sum("failures_since_start"))
        return (failures["sum"] or 0) >= SLOW_LIMIT


def counted_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Return under which name failures are counted: hashed, for what was typed may be a secret."""
    username = str((credentials or request.POST).get("username") or "")
    return hash_key(f"{username}/{_known_in(request).get(username, '')}")


def wait(request: HttpRequest, credentials: dict[str, Any] | None) -> int:
    """Return after how many seconds this name may be tried again."""
    last = _late_attempts(request, credentials).order_by("-attempt_time").first()
    if last is None:
        return 1
    left = last.attempt_time + settings.AXES_COOLOFF_TIME - request.axes_attempt_time  # type: ignore[attr-defined]
    return max(1, round(left.total_seconds()))


def _late_attempts(
    request: HttpRequest, credentials: dict[str, Any] | None
) -> QuerySet[AccessAttempt]:
    since = request.axes_attempt_time - settings.AXES_COOLOFF_TIME  # type: ignore[attr-defined]
    return AccessAttempt.objects.filter(
        username=counted_name(request, credentials), attempt_time__gt=since
    )


def forget_attempts() -> int:
    """Delete the failures that count no more."""
    since = clock.now() - settings.AXES_COOLOFF_TIME
    return AccessAttempt.objects.filter(attempt_time__lt=since).delete()[0]


# --- Browsers that are known --------------------------------------------------------------------


def remember_browser(request: HttpRequest, response: HttpResponse, username: str) -> None:
    """Let this browser's failures count by themselves from now on."""
    known = {**_known_in(request), username: secrets.token_urlsafe(16)}
    newest = dict(list(known.items())[-MOST_KNOWN:])
    response.set_cookie(
        COOKIE,
        signing.dumps(newest, salt=SALT),
        max_age=KNOWN_FOR,
        httponly=True,
        secure=settings.HTTPS,
        samesite="Strict",
    )


def _known_in(request: HttpRequest) -> dict[str, str]:
    try:
        known: dict[str, str] = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KNOWN_FOR
        )
    except signing.BadSignature:
        return {}
    return known
