"""What does a kiosk say of the screen that somebody stands before? Clips, like those of a call.

Each screen has a sentence on what to do; agencies, services and numbers are named by clips of
their own. Papers, fees and times are only written: they change too often to be recorded.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.text import slugify

from agencies.models import Hall, Service
from voice.languages import Language

SCREENS = {
    "id": {
        "start": "Pilih instansi atau layanan yang Anda perlukan.",
        "search": "Ketik apa yang mau Anda urus, lalu pilih layanannya.",
        "events": "Pilih apa yang Anda alami.",
        "agency": "Pilih layanan yang Anda perlukan.",
        "service": "Periksa syaratnya di layar, lalu tekan Ambil nomor.",
        "review": "Ini layanan yang Anda pilih. Tekan Ambil nomor bila sudah benar.",
        "number": "Simpan nomor ini, dan tunggu sampai dipanggil.",
        "locked": "Anjungan ini sedang tidak dipakai. Silakan ke resepsionis.",
    },
    "en": {
        "start": "Choose the agency or the service that you need.",
        "search": "Type what you came for, then choose the service.",
        "events": "Choose what has happened.",
        "agency": "Choose the service that you need.",
        "service": "See on the screen what to bring, then press Take a number.",
        "review": "These are the services you chose. Press Take a number if they are right.",
        "number": "Keep this number, and wait until it is called.",
        "locked": "This kiosk is not in use. Please go to the reception.",
    },
}


def screen_clip(screen: str) -> str:
    return f"screen-{screen}"


def service_clip(name: str) -> str:
    """Return the clip of a service: a new name is a new clip, never an old recording."""
    return f"service-{slugify(name)[:60]}"


def names(hall: Hall, language: Language) -> dict[str, str]:
    """Return the name of each service in this language, by its code."""
    services: Iterable[Any] = hall.services.values_list("code", "name_id", "name_en")
    return {code: language.chosen(id_, en) for code, id_, en in services}


def all_names(halls: Iterable[Hall], language: Language) -> list[str]:
    """Return the names of the services of these halls, each once; one query."""
    services = Service.objects.filter(hall__in=halls).order_by("name_id", "name_en")
    pairs = services.values_list("name_id", "name_en").distinct()
    return [language.chosen(*names) for names in pairs]


def texts(language: Language, services: Iterable[str]) -> dict[str, str]:
    """Return the clips by which a kiosk reads its screens; none in a language it does not show."""
    screens = SCREENS.get(language.code)
    if screens is None:
        return {}
    told = {screen_clip(name): text for name, text in screens.items()}
    return {**told, **{service_clip(name): name for name in services}}
