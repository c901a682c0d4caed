"""How long may a sign-in last? Twelve hours; and after 30 idle minutes the screen is locked.

Whoever must first type the password again, or a second factor, is nobody until then: every page
treats the request as that of a stranger, and the sign-in page leads to what is missing. A program
with a key of its own knows no idleness.
"""

import datetime as dt
import re
from collections.abc import Callable
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user, logout
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from agencies import clock, second_factor
from agencies.models import Operator

LONGEST = dt.timedelta(hours=12)
IDLE = dt.timedelta(minutes=30)
NOTED_EVERY = 60  # seconds: a press writes to the session at most so often
SIGNED_IN, PRESSED = "signed_in_at", "pressed_at"
BY_ITSELF = re.compile(r"\.json$|/displays/(shown|seen)$")  # what a page asks with nobody at it


@receiver(user_logged_in)
def begin(request: HttpRequest, **about: object) -> None:
    request.session[SIGNED_IN] = request.session[PRESSED] = clock.now().timestamp()


def unlock(request: HttpRequest) -> None:
    """The right password was typed: go on where the screen was locked, under a new key."""
    request.session[PRESSED] = clock.now().timestamp()
    request.session.cycle_key()


def has_ended(session: SessionBase, now: float) -> bool:
    return now - session.get(SIGNED_IN, 0) > LONGEST.total_seconds()


def is_locked(session: SessionBase, now: float) -> bool:
    return now - session.get(PRESSED, 0) > IDLE.total_seconds()


def person_of(session_key: str) -> Operator | None:
    """Return who is signed in under this key and neither idle nor past the time; for sockets."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    person, now = get_user(request), clock.now().timestamp()
    is_there = isinstance(person, Operator) and not has_ended(request.session, now)
    return person if is_there and not is_locked(request.session, now) else None  # type: ignore[return-value]


class SessionLimits:
    """Middleware, after Django's: ends, locks or prolongs the session of whoever is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if has_session and request.user.is_authenticated:
            self.look_at(request)
        return self.get_response(request)

    def look_at(self, request: HttpRequest) -> None:
        now = clock.now().timestamp()
        if has_ended(request.session, now):
            logout(request)
        elif is_locked(request.session, now):
            let_wait(request, "lock")
        elif second_factor.is_missing(request.user):  # type: ignore[arg-type]
            let_wait(request, "second-factor")
        elif is_press(request) and now - request.session[PRESSED] > NOTED_EVERY:
            request.session[PRESSED] = now


def is_press(request: HttpRequest) -> bool:
    """Whether somebody did something; what a page asks by itself keeps no session awake."""
    by_api = request.path.startswith("/api/") and request.method in {"GET", "HEAD"}
    return not by_api and not BY_ITSELF.search(request.path)


def let_wait(request: HttpRequest, missing: str) -> None:
    """Make nobody of the person until what is missing was typed."""
    request.waiting_user, request.waits_for = request.user, missing  # type: ignore[attr-defined]
    request.user = AnonymousUser()


def waiting(request: HttpRequest, missing: str = "") -> Operator | None:
    """Return who waits at this request, for that or for anything."""
    waits_for = getattr(request, "waits_for", "")
    is_it = waits_for and missing in {"", waits_for}
    return request.waiting_user if is_it else None  # type: ignore[attr-defined]
