"""How is a closed door told to people? One sentence why, and one when it opens again."""

import datetime as dt

from django.utils import translation
from django.utils.dateformat import format as date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.clock import local
from agencies.hours import (
    AGENCY,
    BREAK,
    CLOSED,
    HALL,
    INCIDENT,
    NOT_YET,
    OPEN,
    OVER,
    PAUSED,
    QUOTA,
    SERVICE,
    Standing,
)
from agencies.models import Hall

WHY: dict[tuple[str, str], str | Promise] = {
    (NOT_YET, HALL): gettext_lazy("Mal Pelayanan Publik belum dibuka."),
    (NOT_YET, AGENCY): gettext_lazy("Instansi ini belum dibuka."),
    (NOT_YET, SERVICE): gettext_lazy("Layanan ini belum dibuka."),
    (NOT_YET, BREAK): gettext_lazy("Sedang jam istirahat."),
    (CLOSED, HALL): gettext_lazy("Mal Pelayanan Publik tutup hari ini."),
    (CLOSED, AGENCY): gettext_lazy("Instansi ini tutup hari ini."),
    (CLOSED, SERVICE): gettext_lazy("Layanan ini tidak dibuka hari ini."),
}
OF_ANY_CAUSE: dict[str, str | Promise] = {
    OVER: gettext_lazy("Nomor untuk hari ini tidak diberikan lagi."),
    PAUSED: gettext_lazy("Antrean ini sedang dijeda."),
    QUOTA: gettext_lazy("Kuota hari ini habis."),
}


def sentence(hall: Hall, standing: Standing, moment: dt.datetime) -> str:
    """Return why no number is given and when one is, in the language being spoken; "" when open."""
    if standing.state == OPEN:
        return ""
    if standing.state == CLOSED and standing.cause == SERVICE and standing.opens_at is None:
        return _("Layanan ini sedang tutup.")
    why = _why(standing)
    return f"{why} {_when(local(hall, moment), standing.opens_at)}".strip()


def in_both(hall: Hall, standing: Standing, moment: dt.datetime) -> dict[str, str]:
    """Return the sentence in Indonesian and in English, as the catalogue tells it."""
    told = {}
    for language in ("id", "en"):
        with translation.override(language):
            told[language] = sentence(hall, standing, moment)
    return told


def _why(standing: Standing) -> str:
    if standing.holiday:
        return _("Hari ini libur: %(holiday)s.") % {"holiday": standing.holiday.name}
    if standing.cause == INCIDENT:
        told = _("Sistem %(agency)s sedang gangguan. Nomor belum diberikan; coba lagi nanti.")
        return told % {"agency": standing.agency}
    if standing.state in OF_ANY_CAUSE:
        return str(OF_ANY_CAUSE[standing.state])
    return str(WHY[standing.state, standing.cause or HALL])


def _when(wall: dt.datetime, opens_at: dt.datetime | None) -> str:
    """Say when it opens: the hour today, else also the day, and the year when it is another one."""
    if opens_at is None:
        return ""
    time = f"{opens_at:%H.%M}"
    if opens_at.date() == wall.date():
        return _("Buka pukul %(time)s.") % {"time": time}
    return _("Buka lagi %(date)s, %(time)s.") % {"date": day(opens_at, wall.date()), "time": time}


def day(date: dt.date, today: dt.date) -> str:
    """Return a date as people say it: Selasa, 1 Desember; with the year when that is not now."""
    return date_format(date, "l, j F" if date.year == today.year else "l, j F Y")
