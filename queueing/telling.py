"""How is a number told to whoever holds it? In a word, a sentence, and a time where one is known.

The page and its module both speak from here, and so does a message to a phone that is shut.
"""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from agencies import clock
from queueing.models import Ticket, Why

S = Ticket.State

# What each state means for its holder: in a word or two, and what to do. "next" is waiting with
# nobody ahead, "held" while another number of the visit comes first, "away" while its holder is.
WORDS = {
    S.WAITING: (_("Menunggu"), _("%(ahead)s antrean di depan Anda")),
    "next": (_("Menunggu"), _("Anda berikutnya. Bersiaplah di dekat loket.")),
    "held": (_("Menunggu"), _("Dipanggil sesudah %(held_by)s selesai.")),
    "away": (_("Pergi sampai %(until)s"), _("Nomor ini dilewati dulu; tempat Anda tetap.")),
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
# When the number is probably called; "" is said where nobody knows why that is not known.
TIMES = {
    "range": _("Perkiraan dipanggil %(from)s-%(to)s"),
    "soon": _("Perkiraan dipanggil: segera"),
    "": _("Perkiraan waktu belum tersedia."),
    Why.INCIDENT: _("Perkiraan waktu belum ada: sistem sedang gangguan."),
    Why.NO_COUNTER: _("Perkiraan waktu belum ada: belum ada loket yang buka."),
    Why.TOO_WIDE: _("Perkiraan waktu belum ada: lamanya pelayanan hari ini sulit ditebak."),
    Why.TOO_FEW: _("Perkiraan waktu belum ada: pengalaman dengan layanan ini masih sedikit."),
    Why.HELD_BACK: _("Dipanggil sesudah keperluan Anda yang lain selesai."),
}
DOWN = _("Sistem %(agency)s sedang gangguan. Tempat Anda tetap; perkiraan waktu belum ada.")
ANY_AGENCY = _("instansi ini")
ZONE = _("Zona %(zone)s")
COUNTERS = _("Loket %(counters)s")
NOT_AT_A_COUNTER = (S.WAITING, S.NO_SHOW, S.ON_HOLD)
# Who is at a counter stands first, who waits for anything next, and what is over last.
URGENCY = {S.CALLED: 0, S.SERVING: 0, S.WAITING: 1, S.NO_SHOW: 1, S.ON_HOLD: 1, S.DONE: 2}
OVER = 3
SOON = dt.timedelta(minutes=5)


def spoken() -> dict[str, Any]:
    """Return what the page's module speaks from."""
    return {
        "words": {state: [str(title), str(says)] for state, (title, says) in WORDS.items()},
        "times": {name: str(sentence) for name, sentence in TIMES.items()},
        "downWords": [str(DOWN), str(ANY_AGENCY)],
        "whereWords": [str(ZONE), str(COUNTERS)],
        "lingering": NOT_AT_A_COUNTER,
        "urgency": URGENCY,
    }


def in_order(state: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the numbers of a visit as they come: the one to look at first, what is over last."""
    places = {ticket: place for place, ticket in enumerate(state["plan"]["order"])}

    def rank(ticket: dict[str, Any]) -> tuple[int, int]:
        return URGENCY.get(ticket["state"], OVER), places.get(ticket["id"], len(places))

    return sorted(state["tickets"], key=rank)


def told(ticket: dict[str, Any], at: str) -> dict[str, Any]:
    """Return the ticket with its words, as they are at that moment of the hall's clock."""
    title, sentence = WORDS[name_of(ticket)]
    named = {**ticket, "until": clock_time(ticket.get("away_until"))}
    time = (
        "" if ticket["state"] != S.WAITING or ticket.get("incident_since") else time_of(ticket, at)
    )
    return {**ticket, "title": str(title) % named, "sentence": str(sentence) % named, "time": time}


def name_of(ticket: dict[str, Any]) -> str:
    """Return under which name the words of a ticket stand."""
    if ticket["state"] != S.WAITING:
        return str(ticket["state"])
    if ticket.get("away_until"):
        return "away"
    if ticket.get("held_by"):
        return "held"
    is_next = ticket["ahead"] == 0 and ticket["estimate_why"] != Why.NO_COUNTER
    return "next" if is_next else str(S.WAITING)


def time_of(ticket: dict[str, Any], at: str) -> str:
    """Return when a waiting number is probably called, or why nobody can say."""
    estimate = ticket["estimate"]
    if not estimate:
        return str(TIMES.get(ticket.get("estimate_why", ""), TIMES[""]))
    is_soon = dt.datetime.fromisoformat(estimate["to"]) - dt.datetime.fromisoformat(at) <= SOON
    span = {name: clock_time(estimate[name]) for name in ("from", "to")}
    return str(TIMES["soon" if is_soon else "range"]) % span


def where_of(ticket: dict[str, Any], agency: str, counters: list[tuple[str, int]]) -> str:
    """Return "Disdukcapil · Zona A · Loket 1, 2", so that one waits in the right place."""
    if ticket["state"] not in NOT_AT_A_COUNTER:
        return ""
    zone = str(ZONE) % {"zone": counters[0][0]} if counters else ""
    numbers = in_short([number for _, number in counters])
    return " · ".join(
        filter(None, [agency, zone, numbers and str(COUNTERS) % {"counters": numbers}])
    )


def in_short(numbers: list[int]) -> str:
    """Return "1-5, 7" of numbers that rise."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][-1] == number - 1:
            spans[-1].append(number)
        else:
            spans.append([number])
    return ", ".join(
        f"{span[0]}-{span[-1]}" if len(span) > 2 else ", ".join(map(str, span))  # noqa: PLR2004 - worth a dash
        for span in spans
    )


def wish_of(ticket: Ticket, moment: dt.datetime) -> str:
    """Return for the staff what a waiting citizen asked for: away until when, or to come later."""
    if ticket.is_away(moment):
        until = clock.local(ticket.hall, ticket.away_until)  # type: ignore[arg-type]
        words = {"time": f"{until:%H.%M}", "reason": ticket.get_away_reason_display()}
        return str(_("Pergi sampai %(time)s (%(reason)s)")) % words
    return str(_("Minta diundur")) if ticket.is_waiting and ticket.postponed else ""


def clock_time(moment: str | None) -> str:
    """Return 09.05 of a moment that is told in the hall's own zone."""
    return moment[11:16].replace(":", ".") if moment else ""


def down_sentence(ticket: dict[str, Any], agency: str) -> str:
    """Return that the system is down, for a number that is not at a counter; else ""."""
    if not ticket["incident_since"] or ticket["state"] not in NOT_AT_A_COUNTER:
        return ""
    return str(DOWN) % {"agency": agency or ANY_AGENCY}
