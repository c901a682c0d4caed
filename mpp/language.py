"""Which language does this visitor read? Indonesian, unless the page was asked for in English."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

COOKIE = "language"
YEAR = 365 * 24 * 60 * 60


def language_of(request: HttpRequest) -> str:
    """Return "id" or "en": `?lang=`, else what was remembered, else what a program accepts.

    A page ignores Accept-Language: a kiosk with an English system is Indonesian first.
    """
    known = dict(settings.LANGUAGES)
    for wish in (request.GET.get("lang"), request.COOKIES.get(COOKIE)):
        if wish in known:
            return str(wish)
    if request.path.startswith("/api/") and "HTTP_ACCEPT_LANGUAGE" in request.META:
        return translation.get_language_from_request(request)
    return settings.LANGUAGE_CODE


class LanguageMiddleware:
    """Speaks the visitor's language while the request is answered, and remembers `?lang=`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if request.GET.get("lang") == language:
            response.set_cookie(
                COOKIE, language, max_age=YEAR, samesite="Lax", secure=settings.HTTPS
            )
        return response
