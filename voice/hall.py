"""What can this hall say? Its own recordings first, what was rendered otherwise."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from agencies.models import Hall
from voice import RATE, packs, reading
from voice.languages import LANGUAGES, Language
from voice.models import (
    Recording,
    Voice,
    all_spoken_names,
    halls_speaking,
    spoken_names,
    voice_of,
)
from voice.words import agency_clip, grammar, vocabulary


@dataclass(frozen=True)
class Heard:
    """A clip as this hall hears it; without a digest nobody has said it yet."""

    name: str
    text: str
    digest: str = ""
    seconds: float = 0
    loudness: float = 0
    is_own: bool = False


def texts(halls: Iterable[Hall], language: Language) -> dict[str, str]:
    """Return every clip that these halls need in a language, with the text to say."""
    agencies = all_spoken_names(halls, language)
    services = reading.all_names(halls, language)
    return {**vocabulary(language, agencies), **reading.texts(language, services)}


def clips(hall: Hall, language: Language, wanted: Mapping[str, str]) -> list[Heard]:
    """Return how the hall hears these clips, of which the texts are given."""
    rendered = packs.clips_of(language.code)
    own = {each.clip: each for each in recordings(hall, language)}
    return [heard(name, text, own.get(name) or rendered.get(name)) for name, text in wanted.items()]


def recordings(hall: Hall, language: Language) -> Iterable[Recording]:
    """The hall's own clips, without their sound."""
    return Recording.objects.filter(hall=hall, language=language.code).defer("sound")


def heard(name: str, text: str, clip: Recording | packs.Clip | None) -> Heard:
    if clip is None:
        return Heard(name, text)
    is_own = isinstance(clip, Recording)
    return Heard(name, text, clip.digest, clip.seconds, clip.loudness, is_own)


def address(hall: Hall, language: Language, name: str, digest: str) -> str:
    return reverse("voice-clip", args=[hall.slug, language.code, name, digest])


def manifest(hall: Hall, language: Language) -> dict[str, Any]:
    """Return what a screen needs to call in one language."""
    agencies = spoken_names(hall.agencies.all(), language)
    return told(hall, language, agencies, vocabulary(language, agencies.values()))


def reading_manifest(hall: Hall, language: Language) -> dict[str, Any]:
    """Return what a kiosk needs to read its screens aloud; a hall without a voice has no clips."""
    agencies = spoken_names(hall.agencies.all(), language)
    services = reading.names(hall, language)
    said = vocabulary(language, agencies.values()) | reading.texts(language, services.values())
    return {
        **told(hall, language, agencies, said if voice_of(hall).is_on else {}),
        "screens": {name: reading.screen_clip(name) for name in reading.SCREENS["id"]},
        "services": {code: reading.service_clip(name) for code, name in services.items()},
    }


def told(
    hall: Hall, language: Language, agencies: Mapping[str, str], wanted: Mapping[str, str]
) -> dict[str, Any]:
    """Return those of the wanted clips that are there, and how they become sentences."""
    return {
        "language": language.code,
        "name": str(language.name),
        "version": packs.VERSION,
        "sample_rate": RATE,
        "confirmed": language.confirmed,
        "grammar": grammar(language),
        "agencies": {code: agency_clip(spoken) for code, spoken in agencies.items()},
        "clips": {
            clip.name: {
                "url": address(hall, language, clip.name, clip.digest),
                "text": clip.text,
                "seconds": clip.seconds,
                "loudness": clip.loudness,
                "own": clip.is_own,
            }
            for clip in clips(hall, language, wanted)
            if clip.digest
        },
    }


def sound_of(hall: Hall, language: Language, name: str, digest: str) -> bytes | None:
    """Return a clip's WAV; None when there is none with this content."""
    own = Recording.objects.filter(hall=hall, language=language.code, clip=name, digest=digest)
    if recording := own.first():
        return bytes(recording.sound)
    clip = packs.clips_of(language.code).get(name)
    if clip is None or clip.digest != digest:
        return None
    try:
        return packs.file_of(language.code, name, digest).read_bytes()
    except FileNotFoundError:
        return None


# --- What every hall together needs -------------------------------------------------------------


def needed() -> dict[str, dict[str, str]]:
    """Return by language every clip that any hall with a voice needs; few queries, many halls."""
    return {
        language.code: texts(halls, language)
        for language in LANGUAGES.values()
        if (halls := halls_speaking(language)).exists()
    }


def missing() -> dict[str, dict[str, str]]:
    """Return by language the clips that nobody has rendered yet."""
    wanted = {code: packs.missing(code, these) for code, these in needed().items()}
    return {code: these for code, these in wanted.items() if these}


def screen(hall: Hall) -> dict[str, Any] | None:
    """Return how a screen of this hall speaks; None when it does not."""
    voice = voice_of(hall)
    if not voice.is_on:
        return None
    return {
        "languages": [
            {"code": each.code, "manifest": reverse("voice-manifest", args=[hall.slug, each.code])}
            for each in voice.languages
        ],
        "is_whole": voice.numbers == Voice.Numbers.WHOLE,
        "says_agency": voice.says_agency,
        "volume": voice.volume / 100,
    }
