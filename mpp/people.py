"""Which middleware is for people alone? What a program sends with a key of its own passes it by.

A key makes nobody signed in: there is no session to read, and nobody to tell anything on the
next page (docs/decisions/0008).
"""

from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django_otp.middleware import OTPMiddleware

from agencies.sessions import SessionLimits
from queueing.access import brought


class ForPeople:
    get_response: Any

    def __call__(self, request: HttpRequest) -> Any:
        scheme, _ = brought(request)
        if scheme and request.path_info.startswith("/api/"):  # that alone says who asks
            return self.get_response(request)
        return super().__call__(request)  # type: ignore[misc]


class Session(ForPeople, SessionMiddleware):
    pass


class SignIn(ForPeople, AuthenticationMiddleware):
    pass


class SecondFactor(ForPeople, OTPMiddleware):
    pass


class Limits(ForPeople, SessionLimits):
    pass


class Messages(ForPeople, MessageMiddleware):
    pass
