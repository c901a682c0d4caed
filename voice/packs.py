"""Which clips are there? A voice pack is a folder of WAV files with a manifest, one a language.

    MPP_VAR/voice/id/manifest.json
    MPP_VAR/voice/id/letter-a.3fa9c1d2e4b5.wav

A clip's file is named by what is in it, so that a browser may keep it for ever. Whatever is here
can be rendered again, so no backup needs it.
"""

import ctypes.util
import fcntl
import importlib.util
import io
import json
import logging
import wave
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings

from voice import RATE
from voice.languages import CHIME, LANGUAGES, Language

log = logging.getLogger(__name__)
ATTEMPTS = 3
VERSION = 1  # of the way clips are rendered: with a new one all of them are made anew


@dataclass(frozen=True)
class Clip:
    text: str
    digest: str
    seconds: float
    loudness: float  # dBFS


def folder(language: str) -> Path:
    return settings.VAR_DIR / "voice" / language


def digest_of(sound: bytes) -> str:
    return sha256(sound).hexdigest()[:12]


def file_of(language: str, name: str, digest: str) -> Path:
    return folder(language) / f"{name}.{digest}.wav"


def clips_of(language: str) -> dict[str, Clip]:
    """Return the clips of a pack that are there; of a pack that was never rendered, none."""
    try:
        manifest = json.loads((folder(language) / "manifest.json").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    if manifest["version"] != VERSION:
        return {}
    return {name: Clip(**clip) for name, clip in manifest["clips"].items()}


def missing(language: str, texts: Mapping[str, str]) -> dict[str, str]:
    """Return those of these clips that the pack does not have, or has with another text."""
    there = clips_of(language)
    return {
        name: text for name, text in texts.items() if name not in there or there[name].text != text
    }


def wav(frames: bytes) -> bytes:
    """Return samples of 16 bits as a WAV file: 44 kB a second, and every browser plays it."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(frames)
    return file.getvalue()


# --- Rendering ----------------------------------------------------------------------------------


def is_possible() -> bool:
    """Whether this machine can say anything; cheap, loads nothing."""
    packaged = importlib.util.find_spec("espeakng_loader") is not None
    return packaged or ctypes.util.find_library("espeak-ng") is not None


def health() -> dict[str, str]:
    """Tell whether the halls have a voice; without one they show their calls all the same."""
    if clips_of("id"):
        return {"status": "ok"}
    return {"status": "not_rendered_yet" if is_possible() else "no_speech"}


def render(language: Language, texts: Mapping[str, str]) -> int:
    """Make the clips that are missing; return how many. Raises NoSpeech."""
    with alone():
        wanted = missing(language.code, texts)
        if wanted:
            _render(language, wanted)
    return len(wanted)


def _render(language: Language, texts: Mapping[str, str]) -> None:
    from voice import sound  # noqa: PLC0415 - 30 MB that only rendering needs

    clips = clips_of(language.code)
    for name, samples in _said(language, texts).items():
        file, loudness = wav(sound.frames(samples)), sound.loudness(samples)
        clip = Clip(texts[name], digest_of(file), round(len(samples) / RATE, 3), round(loudness, 1))
        keep(file_of(language.code, name, clip.digest), file)
        clips[name] = clip
    manifest = manifest_of(language, clips)
    keep(folder(language.code) / "manifest.json", json.dumps(manifest, indent=1).encode())


def _said(language: Language, texts: Mapping[str, str]) -> dict[str, Any]:
    """Return the samples of each clip. Speech that cannot be right is said again, not kept.

    Raises NoSpeech when it stays wrong.
    """
    from voice import sound, speaking  # noqa: PLC0415 - as above

    for attempt in range(1, ATTEMPTS + 1):
        raw = speaking.said(language.code, {n: text for n, text in texts.items() if n != CHIME})
        said = {name: sound.fit(samples) for name, samples in raw.items()}
        wrong = [name for name in said if not sound.is_speech(said[name], texts[name])]
        if not wrong:
            return {**said, **({CHIME: sound.chime()} if CHIME in texts else {})}
        log.warning("speech_is_wrong", extra={"attempt": attempt, "clips": wrong[:5]})
    raise speaking.NoSpeech(wrong[0])


def manifest_of(language: Language, clips: Mapping[str, Clip]) -> dict[str, Any]:
    return {
        "language": language.code,
        "name": "eSpeak NG",
        "version": VERSION,
        "sample_rate": RATE,
        "confirmed": language.confirmed,
        "clips": {name: asdict(clip) for name, clip in sorted(clips.items())},
    }


def keep(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever reads half of it."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_bytes(content)
    unfinished.replace(path)


@contextmanager
def alone() -> Iterator[None]:
    """Let one process render at a time."""
    for language in LANGUAGES:
        folder(language).mkdir(mode=0o700, parents=True, exist_ok=True)
    with (settings.VAR_DIR / "voice" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
