"""How is a refusal told to a program? The statuses and the JSON of the contract, never a 500."""

import logging
import sys
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, Error, IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.utils import translation
from django.views.defaults import server_error
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from queueing import patience
from queueing.pace import floods
from queueing.refusals import (
    Busy,
    Invalid,
    NotFound,
    NotYours,
    Refusal,
    TooLarge,
    TooMany,
    TryAgain,
    WrongMethod,
)

# Truths that the database keeps when two presses meet: the second one was too late.
ONE_AT_A_TIME = {"one_open_ticket_at_a_counter", "a_visit_is_at_one_counter"}

# What Django itself says about an address of the API, before or beside the API.
IN_OUR_WORDS: dict[int, type[Refusal]] = {
    HTTPStatus.FORBIDDEN: NotYours,
    HTTPStatus.NOT_FOUND: NotFound,
    HTTPStatus.METHOD_NOT_ALLOWED: WrongMethod,
}

WORTH_BEGINNING = 1.0  # seconds that must be left

log = logging.getLogger(__name__)


def refused(refusal: Refusal) -> HttpResponse:
    if isinstance(refusal, TooMany):
        floods.note(refusal.what)
    body = {"code": refusal.code, "message": str(refusal.sentence)}
    response = JsonResponse(body, status=refusal.status)
    if refusal.retry_after is not None:
        response["Retry-After"] = str(refusal.retry_after)
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    return measured(response)


def measured(response: HttpResponse) -> HttpResponse:
    """Say how long an answer is that CommonMiddleware may not see; else it goes out in chunks."""
    response["Content-Length"] = str(len(response.content))
    return response


def refusal_of(error: Exception) -> Refusal:
    """Return the refusal that an error of the layers below stands for."""
    match error:
        case Refusal():
            return error
        case RequestDataTooBig():
            return TooLarge()
        case ValidationError() | HttpError() | UnreadablePostError():
            return Invalid(_where(error))
        case Http404():
            return NotFound()
        case IntegrityError() if _broken_truth(error) in ONE_AT_A_TIME:
            return Busy()
        case DatabaseError():
            return TryAgain()
    return TryAgain()


def _broken_truth(error: IntegrityError) -> str:
    """Return the name of the constraint that refused a row."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""


def _where(error: Exception) -> str:
    """Say which part was not understood: a name in the address, or a place in the body."""
    if not isinstance(error, ValidationError):
        return ""
    places = {_place(*problem["loc"]) for problem in error.errors}
    return f"{Invalid.sentence} ({', '.join(sorted(places))})"


def _place(source: str, *names: Any) -> str:
    """Return the name of a value in path or query; of the body what stands below its order."""
    return ".".join(map(str, names[1:] if source == "body" else names)) or source


def broken(request: HttpRequest) -> HttpResponse:
    """Answer for a page that could not be made: a database in trouble is worth another try."""
    return try_again(request) if isinstance(sys.exception(), Error) else server_error(request)


def try_again(request: HttpRequest) -> HttpResponse:
    response = server_error(request)
    response.status_code = TryAgain.status
    response["Retry-After"] = str(TryAgain.retry_after)
    return measured(response)


def answer_refusals(api: NinjaAPI) -> None:
    """Make the API answer every error in the contract's words."""

    def answer(request: HttpRequest, error: Any) -> HttpResponse:
        refusal = refusal_of(error)
        if isinstance(error, DatabaseError) or (type(refusal) is TryAgain and error != refusal):
            log.error("a request failed: %s %s", request.method, request.path, exc_info=error)
        return refused(refusal)

    for kind in (Refusal, ValidationError, HttpError, Http404, Exception):
        api.exception_handler(kind)(answer)


class AnswerInTime:
    """Middleware: whoever would wait too long is refused in time to try again.

    With more requests than can be answered, those that waited longest for their turn cost no more
    than this refusal: so the others are still answered, and no press is done for who has left.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        left = patience.left_of_a_request()
        if left < WORTH_BEGINNING:
            return too_late(request)
        with patience.within(left):
            return self.get_response(request)


def too_late(request: HttpRequest) -> HttpResponse:
    with translation.override(settings.LANGUAGE_CODE):  # nobody has read yet which one is wanted
        is_program = request.path.startswith("/api/")
        return refused(TryAgain()) if is_program else try_again(request)


class JsonForPrograms:
    """Middleware: under /api/ every refusal is JSON, also where Django has a page for people.

    A HEAD is asked as the GET that it is; the server leaves the body away.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        is_refused = response.status_code >= HTTPStatus.BAD_REQUEST
        is_json = response.headers.get("Content-Type", "").startswith("application/json")
        if not request.path.startswith("/api/") or not is_refused or is_json:
            return response
        told = refused(self.refusal_for(response.status_code))
        if "Allow" in response.headers:
            told["Allow"] = response.headers["Allow"]
        return told

    def answer(self, request: HttpRequest) -> HttpResponse:
        if request.method != "HEAD" or not request.path.startswith("/api/"):
            return self.get_response(request)
        request.method = "GET"
        try:
            return self.get_response(request)
        finally:
            request.method = "HEAD"

    def refusal_for(self, status: int) -> Refusal:
        is_ours = status >= HTTPStatus.INTERNAL_SERVER_ERROR
        return IN_OUR_WORDS.get(status, TryAgain if is_ours else Invalid)()
