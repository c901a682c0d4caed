"""Where am I in the line? A citizen's visit on the phone, for whoever holds its token."""

import io
from typing import Any

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from agencies.models import Service, in_language
from queueing.access import find_visit
from queueing.board import tickets_data
from queueing.models import Ticket, Visit
from queueing.pace import floods
from queueing.refusals import NotFound, TooManyLooks

S = Ticket.State

# What each state means for its holder: in a word or two, and what to do. "next" is waiting with
# nobody ahead. The page and its module both speak from here.
WORDS = {
    S.WAITING: (_("Menunggu"), _("%(ahead)s antrean di depan Anda")),
    "next": (_("Menunggu"), _("Anda berikutnya. Bersiaplah di dekat loket.")),
    S.CALLED: (_("Dipanggil"), _("Silakan ke Loket %(counter)s")),
    S.SERVING: (_("Dilayani"), _("di Loket %(counter)s")),
    S.DONE: (_("Selesai"), _("Terima kasih atas kunjungan Anda.")),
    S.NO_SHOW: (
        _("Lewat"),
        _("Nomor Anda sudah dipanggil. Lapor ke loket; Anda dipanggil lagi setelah 3 nomor."),
    ),
    S.ON_HOLD: (_("Ditunda"), _("Lengkapi berkas Anda, lalu lapor ke loket.")),
    S.TRANSFERRED: (_("Dialihkan"), _("Anda diteruskan ke antrean lain dengan nomor yang baru.")),
    S.CANCELLED: (
        _("Dibatalkan"),
        _("Nomor ini tidak dipanggil lagi. Masih perlu? Ambil nomor baru di anjungan."),
    ),
    S.EXPIRED: (
        _("Kedaluwarsa"),
        _("Hari pelayanan sudah berakhir. Silakan ambil nomor baru pada hari berikutnya."),
    ),
}
DOWN = _("Sistem %(agency)s sedang gangguan. Tempat Anda tetap; perkiraan waktu belum ada.")
ANY_AGENCY = _("instansi ini")
NOT_AT_A_COUNTER = (S.WAITING, S.NO_SHOW, S.ON_HOLD)
# The most urgent of several numbers stands first.
URGENCY = [S.CALLED, S.SERVING, S.WAITING, S.NO_SHOW, S.ON_HOLD, S.DONE]


@require_safe
@never_cache
@gzip_page
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Show the visit as it is now; kind words when it is over and forgotten."""
    try:
        visit = find_visit(token)
    except NotFound:
        return kept_private(render(request, "follow/gone.html", status=404))
    except TooManyLooks as refusal:
        return too_many(request, refusal)
    rows = list(visit.tickets.whole().order_by("pk"))
    tickets, services = tickets_data(rows), services_of(visit)
    down = {row.queue.code for row in rows if row.queue.incident_since}
    first, *others = [
        {**told(ticket), "down": down_sentence(ticket, services, down)}
        for ticket in sorted(tickets, key=urgency)
    ]
    context = {
        "hall": visit.hall,
        "first": first,
        "others": others,
        "services": list(services.values()),
        "about": {
            "token": token,
            "tickets": tickets,
            "services": services,
            "down": sorted(down),
            **spoken(),
        },
    }
    return kept_private(render(request, "follow/follow.html", context))


def too_many(request: HttpRequest, refusal: TooManyLooks) -> HttpResponse:
    floods.note(refusal.what)
    response = render(request, "follow/too_many.html", {"refusal": refusal}, status=refusal.status)
    response["Retry-After"] = str(refusal.retry_after)
    return kept_private(response)


def spoken() -> dict[str, Any]:
    """Return what the page's module speaks from."""
    words = {state: [str(title), str(sentence)] for state, (title, sentence) in WORDS.items()}
    down = [str(DOWN), str(ANY_AGENCY)]
    return {"words": words, "urgency": URGENCY, "downWords": down, "lingering": NOT_AT_A_COUNTER}


def kept_private(response: HttpResponse) -> HttpResponse:
    """Let neither a robot nor the next page's server learn the address: it is a key."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def urgency(ticket: dict[str, Any]) -> tuple[int, int]:
    """Return what the numbers of a visit are sorted by; of those that wait, the nearest first."""
    state = ticket["state"]
    return URGENCY.index(state) if state in URGENCY else len(URGENCY), ticket["ahead"] or 0


def told(ticket: dict[str, Any]) -> dict[str, Any]:
    """Return the ticket with the words of its state."""
    is_next = ticket["state"] == S.WAITING and ticket["ahead"] == 0
    title, sentence = WORDS["next" if is_next else ticket["state"]]
    return {**ticket, "title": str(title), "sentence": str(sentence) % ticket}


def down_sentence(ticket: dict[str, Any], services: dict[str, Any], down: set[str]) -> str:
    """Return that the system is down, for a number that is not at a counter; else ""."""
    if ticket["queue"] not in down or ticket["state"] not in NOT_AT_A_COUNTER:
        return ""
    names = [services[code]["agency"] for code in ticket["services"] if code in services]
    return str(DOWN) % {"agency": names[0] if names else ANY_AGENCY}


def services_of(visit: Visit) -> dict[str, dict[str, Any]]:
    """Return what the visit's services are called, where they are and what they need."""
    services = Service.objects.filter(tickets__visit=visit).select_related("queue__agency")
    return {service.code: service_data(service) for service in services.order_by("code").distinct()}


def service_data(service: Service) -> dict[str, Any]:
    agency = service.queue.agency
    return {
        "code": service.code,
        "name": service.name,
        "agency": agency.short_name,
        "zone": agency.zone,
        "needs": in_language(service.requirements_id, service.requirements_en),
    }


@require_safe
@cache_control(private=True, max_age=24 * 60 * 60)
def qr(request: HttpRequest, token: str) -> HttpResponse:
    """Draw the address of the visit's page, in the language in which the number was taken."""
    try:
        visit = find_visit(token)
    except NotFound:
        raise Http404 from None
    except TooManyLooks as refusal:
        return too_many(request, refusal)
    picture = io.BytesIO()
    code = segno.make(address_of(request, visit), error="m", micro=False)
    code.save(picture, kind="svg", border=2, omitsize=True, xmldecl=False)
    return kept_private(HttpResponse(picture.getvalue(), content_type="image/svg+xml"))


def address_of(request: HttpRequest, visit: Visit) -> str:
    wish = "" if visit.language == settings.LANGUAGE_CODE else f"?lang={visit.language}"
    return f"{base_of(request)}{reverse('follow', args=[visit.token])}{wish}"


def base_of(request: HttpRequest) -> str:
    """Return the beginning of the addresses that people are told."""
    return settings.PUBLIC_URL or request.build_absolute_uri("/")[:-1]
