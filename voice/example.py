"""What would a call sound like? One file of clips and pauses, for the ear of the manager."""

import io
import wave

from agencies.models import Hall
from voice import RATE
from voice import hall as hall_voice
from voice.languages import CHIME, Language
from voice.models import Voice, spoken_names, voice_of
from voice.packs import wav
from voice.words import PAUSES, Call, sequence, vocabulary

LABEL, COUNTER, AFTER_CHIME = "A-012", 3, "."


def example(hall: Hall, language: Language) -> bytes | None:
    """Return the call of A-012 as the hall would hear it; None while nothing is rendered."""
    voice = voice_of(hall)
    names = spoken_names(hall.agencies.all()[:1], language) if voice.says_agency else {}
    call = Call(LABEL, COUNTER, agency=next(iter(names.values()), ""))
    texts = vocabulary(language, names.values())
    clips = {clip.name: clip.digest for clip in hall_voice.clips(hall, language, texts)}
    is_whole = voice.numbers == Voice.Numbers.WHOLE
    parts = [CHIME, AFTER_CHIME, *sequence(call, language, is_whole=is_whole)]
    sounds = [
        silence(PAUSES[part])
        if part in PAUSES
        else hall_voice.sound_of(hall, language, part, clips.get(part, ""))
        for part in parts
    ]
    heard = [sound for sound in sounds if sound]
    return joined(heard) if any(clips.values()) else None


def silence(seconds: float) -> bytes:
    return wav(bytes(2 * int(seconds * RATE)))


def joined(sounds: list[bytes]) -> bytes:
    return wav(b"".join(frames_of(sound) for sound in sounds))


def frames_of(sound: bytes) -> bytes:
    with wave.open(io.BytesIO(sound)) as reader:
        return reader.readframes(reader.getnframes())
