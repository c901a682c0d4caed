"""Who is there? The sign-in, the locked screen, and the second factor of managers."""

import math

from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from agencies import audit, lockout, second_factor, sessions
from agencies.models import AuditEntry, Operator
from queueing.pace import floods


class SignIn(LoginView):
    """Name and password; whoever only lacks a step is led to that step."""

    template_name = "sign_in.html"

    def dispatch(self, request: HttpRequest, *args: object, **options: object) -> HttpResponseBase:
        if sessions.waiting(request) and request.method == "GET":
            return redirect(with_next(request.waits_for, next_of(request)))  # type: ignore[attr-defined]
        return super().dispatch(request, *args, **options)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        self.request.session.cycle_key()  # Django keeps it when the same person signs in again
        lockout.remember_browser(self.request, response, form.get_user().get_username())
        return response


@require_safe
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """The admin has no door of its own: one sign-in, one protection."""
    return redirect(with_next("sign-in", request.GET.get("next", "/admin/")))


@never_cache
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
def lock(request: HttpRequest) -> HttpResponse:
    """The screen of an idle person: the password alone opens it where it was left."""
    person = sessions.waiting(request, "lock")
    if person is None:
        return redirect(next_of(request) or "home")
    if request.method == "POST":
        if is_password_of(person, request):
            sessions.unlock(request)
            audit.write_down_of(person, AuditEntry.Kind.UNLOCK, request)
            return redirect(next_of(request) or "home")
        return render(request, "lock.html", {"person": person, "is_wrong": True})
    return render(request, "lock.html", {"person": person, "next": next_of(request)})


def is_password_of(person: Operator, request: HttpRequest) -> bool:
    password = request.POST.get("password", "")
    return authenticate(request, username=person.username, password=password) == person


@never_cache
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Set the second factor up, or show it."""
    person = sessions.waiting(request, "second-factor") or request.user
    if not isinstance(person, Operator):
        return redirect(with_next("sign-in", next_of(request)))
    if not second_factor.is_overseer(person):
        raise PermissionDenied
    is_new = not second_factor.is_set_up(person)
    if request.method == "POST":
        return after_code(request, person, is_new=is_new)
    return ask_for_code(request, person, is_new=is_new)


def after_code(request: HttpRequest, person: Operator, *, is_new: bool) -> HttpResponse:
    token = "".join(request.POST.get("token", "").split()).lower()
    if not second_factor.accept(request, person, token):
        return ask_for_code(request, person, is_new=is_new, is_wrong=True)
    if not is_new:
        return redirect(next_of(request) or "home")
    context = {"codes": second_factor.finish(person), "next": next_of(request) or reverse("home")}
    return render(request, "second_factor/codes.html", context)


def ask_for_code(
    request: HttpRequest, person: Operator, *, is_new: bool, is_wrong: bool = False
) -> HttpResponse:
    context = {"person": person, "is_wrong": is_wrong, "next": next_of(request)}
    if is_new:
        device = second_factor.unfinished(person)
        context |= {"picture": second_factor.picture(device), "secret": second_factor.typed(device)}
    page = "set_up" if is_new else "ask"
    return render(request, f"second_factor/{page}.html", context)


def locked_out(
    request: HttpRequest, response: HttpResponse, credentials: dict[str, str] | None
) -> HttpResponse:
    """Say kindly when to try again (axes asks for this page)."""
    floods.note("sign_in")
    seconds = lockout.wait(request, credentials)
    context = {"minutes": math.ceil(seconds / 60)}
    answer = render(request, "locked_out.html", context, status=429)
    answer["Retry-After"] = str(seconds)
    return answer


# --- Where to go on -----------------------------------------------------------------------------


def next_of(request: HttpRequest) -> str:
    """Return where this person wanted to go: an address of ours, or nothing."""
    wish = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(wish, hosts, require_https=request.is_secure())
    return wish if is_ours else ""


def with_next(page: str, wish: str) -> str:
    return f"{reverse(page)}?{urlencode({'next': wish})}" if wish else reverse(page)
