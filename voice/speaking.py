"""Who can say a text? eSpeak NG: the library that comes with a package, or the machine's own.

It is used while clips are rendered and never while a call is spoken. It keeps global state that it
does not always put back when it begins again, so each language is said by a process of its own.

    echo '{"satu": "satu"}' | python -m voice.speaking id > samples.npz
"""

import ctypes
import ctypes.util
import io
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from voice import RATE

SYNCHRONOUS, DO_NOT_EXIT = 2, 0x8000
UTF8, WITH_PHONEMES = 1, 0x100
SPEED, PITCH = 1, 3
WORDS_A_MINUTE, DEEP = 155, 45
HOME = Path(__file__).parent.parent
VOICES = {"id": b"id", "min": b"id", "en": b"en"}
# Words that the Indonesian voice would stress or colour as no speaker does: "enam" is not "énam".
PHONEMES = {
    "enam": "[[@n'am]]",
    "empat": "[[@mp'at]]",
    "sebelas": "[[s@b@l'as]]",
    "belas": "[[b@l'as]]",
}

SAMPLES = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


SYNTH: Any = [
    ctypes.c_char_p,
    ctypes.c_size_t,
    *[ctypes.c_uint] * 4,
    ctypes.c_void_p,
    ctypes.c_void_p,
]


class NoSpeech(Exception):  # noqa: N818 - it names what is missing
    """There is no eSpeak NG on this machine, or it stays silent."""


def said(language: str, texts: Mapping[str, str]) -> dict[str, Any]:
    """Return the samples of each text by its name, said by a fresh process; raises NoSpeech."""
    if not texts:
        return {}
    command = [sys.executable, "-m", __name__, language]
    done = subprocess.run(  # noqa: S603 - our own module
        command, input=json.dumps(texts).encode(), capture_output=True, cwd=HOME, check=False
    )
    if done.returncode:
        raise NoSpeech(done.stderr.decode(errors="replace").strip().rpartition("\n")[2])
    with np.load(io.BytesIO(done.stdout)) as samples:
        return {name: samples[name] for name in texts}


def loaded() -> tuple[ctypes.CDLL, bytes | None]:
    """Return the library, and where its data are unless it knows."""
    try:
        import espeakng_loader  # noqa: PLC0415 - the machine's own library does as well

        path, data = espeakng_loader.get_library_path(), espeakng_loader.get_data_path().encode()
    except (ImportError, RuntimeError):
        path, data = ctypes.util.find_library("espeak-ng"), None
    if not path:
        raise NoSpeech
    try:
        return ctypes.CDLL(path), data
    except OSError as error:
        raise NoSpeech from error


class Speaker:
    """Turns texts into samples of -1 to 1, at RATE, in the voice of a language."""

    def __init__(self, language: str) -> None:
        self.words = PHONEMES if language == "id" else {}
        self.library, data = loaded()
        self.library.espeak_Synth.argtypes = SYNTH
        self.pieces: list[Any] = []
        self.hearing = SAMPLES(self.hear)  # kept as long as the library may call it
        if self.library.espeak_Initialize(SYNCHRONOUS, 0, data, DO_NOT_EXIT) != RATE:
            raise NoSpeech
        self.library.espeak_SetSynthCallback(self.hearing)
        if self.library.espeak_SetVoiceByName(VOICES[language]):
            raise NoSpeech
        self.library.espeak_SetParameter(SPEED, WORDS_A_MINUTE, 0)
        self.library.espeak_SetParameter(PITCH, DEEP, 0)

    def hear(self, samples: Any, count: int, events: Any) -> int:
        if samples and count > 0:
            self.pieces.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0

    def say(self, text: str) -> Any:
        """Return the sound of a text; raises NoSpeech rather than give silence for a word."""
        self.pieces.clear()
        written = self.words.get(text, text).encode()
        flags = UTF8 | WITH_PHONEMES
        failed = self.library.espeak_Synth(written, len(written) + 1, 0, 0, 0, flags, None, None)
        if failed or not self.pieces:
            raise NoSpeech(text)
        return np.concatenate(self.pieces) / 32768


if __name__ == "__main__":
    speaker = Speaker(sys.argv[1])
    samples = {name: speaker.say(text) for name, text in json.load(sys.stdin).items()}
    np.savez(sys.stdout.buffer, **samples)
