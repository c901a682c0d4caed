"""Is a recording fit to be heard by a whole hall? Checked, trimmed, levelled, then kept.

A file from outside is read by libsndfile, of which at most ten seconds are taken; what is kept is
always written anew by us.
"""

import io
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from agencies.models import Hall
from voice import RATE
from voice.languages import Language
from voice.models import Recording
from voice.packs import digest_of, wav

BIGGEST = 2 * 1024 * 1024
LONGEST, SHORTEST = 10, 0.08  # seconds; the shortest is what is left after trimming
RATES = range(8_000, 192_001)
FORMATS = {"WAV", "WAVEX", "MP3", "OGG", "FLAC"}
TOO_QUIET, QUIET = -50.0, -38.0  # dBFS
TOO_LOUD = 0.001  # the share of samples that stand at the limit
LIMIT = 0.999


class Unfit(Exception):  # noqa: N818 - it says what the recording is
    """The recording was not kept; says why, and what to do about it."""


@dataclass(frozen=True)
class Fit:
    sound: bytes
    seconds: float
    loudness: float
    warning: str = ""


def record(hall: Hall, language: Language, clip: str, text: str, fit: Fit) -> Recording:
    """Keep a recording in the place of the rendered clip, or of an earlier recording."""
    values: dict[str, Any] = {"sound": fit.sound, "seconds": fit.seconds, "loudness": fit.loudness}
    values |= {"digest": digest_of(fit.sound), "text": text}
    recording, _created = Recording.objects.update_or_create(
        hall=hall, language=language.code, clip=clip, defaults=values
    )
    return recording


def reset(hall: Hall, language: Language, clip: str) -> None:
    """Go back to the rendered clip."""
    Recording.objects.filter(hall=hall, language=language.code, clip=clip).delete()


def checked(file: UploadedFile) -> Fit:
    """Return the recording as it will be played; raises Unfit."""
    if (file.size or 0) > BIGGEST:
        raise Unfit(_("Berkas terlalu besar: paling banyak 2 MB."))
    return listened_to(file.read())


def listened_to(content: bytes) -> Fit:
    from voice import sound  # noqa: PLC0415 - 30 MB that only a recording needs

    samples, rate = decoded(content)
    warning = judged(samples)
    spoken = sound.trimmed(sound.resampled(samples, rate))
    seconds = round(len(spoken) / RATE, 3)
    if seconds < SHORTEST:
        raise Unfit(_("Tidak terdengar suara dalam rekaman ini. Rekam sekali lagi."))
    ready = sound.fit(spoken)
    return Fit(wav(sound.frames(ready)), seconds, round(sound.loudness(ready), 1), warning)


def decoded(content: bytes) -> tuple[Any, int]:
    """Return samples of one channel and their rate."""
    import soundfile  # noqa: PLC0415 - as above

    try:
        with soundfile.SoundFile(io.BytesIO(content)) as file:
            if file.format not in FORMATS or file.samplerate not in RATES:
                raise Unfit(_("Bentuk rekaman ini tidak dikenal. Pakai WAV, MP3, atau OGG."))
            taken = file.read(int((LONGEST + 1) * file.samplerate), always_2d=True)
            rate = file.samplerate
    except soundfile.LibsndfileError:
        raise Unfit(_("Ini bukan rekaman suara. Pakai WAV, MP3, atau OGG.")) from None
    if len(taken) > LONGEST * rate:
        raise Unfit(_("Rekaman terlalu panjang: paling lama 10 detik, satu kata atau kalimat."))
    return taken.mean(axis=1), rate


def judged(samples: Any) -> str:
    """Return what could be better; raises Unfit where it must be."""
    from voice import sound  # noqa: PLC0415 - as above

    level = sound.loudness(samples)
    if level < TOO_QUIET:
        raise Unfit(_("Rekaman terlalu pelan. Bicara lebih dekat ke mikrofon."))
    if (abs(samples) > LIMIT).mean() > TOO_LOUD:
        raise Unfit(_("Rekaman terlalu keras dan pecah. Jauhkan mikrofon sedikit."))
    return _("Agak pelan: dengarkan apakah desisnya mengganggu.") if level < QUIET else ""
