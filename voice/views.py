"""What does a screen fetch to speak? A manifest, and clips that it may keep for ever."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from agencies.models import Hall
from voice import example as examples
from voice import hall as hall_voice
from voice.languages import LANGUAGES, Language

FOREVER = 365 * 24 * 60 * 60


def found(hall: str, language: str) -> tuple[Hall, Language]:
    if language not in LANGUAGES:
        raise Http404
    return get_object_or_404(Hall, slug=hall), LANGUAGES[language]


@require_safe
@cache_control(no_cache=True)
def manifest(request: HttpRequest, hall: str, language: str) -> HttpResponse:
    """Tell which clips there are and how they become a call."""
    return JsonResponse(hall_voice.manifest(*found(hall, language)))


@require_safe
@cache_control(no_cache=True)
def reading(request: HttpRequest, hall: str, language: str) -> HttpResponse:
    """Tell by which clips a kiosk reads its screens aloud."""
    return JsonResponse(hall_voice.reading_manifest(*found(hall, language)))


@require_safe
@cache_control(public=True, max_age=FOREVER, immutable=True)
def clip(request: HttpRequest, hall: str, language: str, name: str, digest: str) -> HttpResponse:
    """Give one clip; its address names its content, so another recording has another address."""
    sound = hall_voice.sound_of(*found(hall, language), name, digest)
    if sound is None:
        raise Http404
    return HttpResponse(sound, content_type="audio/wav")


@require_safe
@never_cache
def example(request: HttpRequest, hall: str, language: str) -> HttpResponse:
    """Give the call of A-012 at counter 3 in one piece."""
    sound = examples.example(*found(hall, language))
    if sound is None:
        raise Http404
    return HttpResponse(sound, content_type="audio/wav")
