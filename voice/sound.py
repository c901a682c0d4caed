"""When is a clip fit to be played? Without silence around it, and as loud as all others.

Samples are numbers from -1 to 1 at RATE, one channel. Loudness is the level of the part that
speaks: what lies 20 dB under the loudest moment counts as a pause, or a long word with a breath in
it would come out too loud.
"""

from typing import Any

import numpy as np

from voice import RATE

TARGET = -20.0  # dBFS
PEAK = 10 ** (-1 / 20)  # -1 dBFS: nothing is ever clipped
FRAME = RATE // 200  # 5 ms
MOMENT = 10  # frames: what an ear hears as one loudness
SILENT = 45.0  # dB under the loudest moment is silence at the ends
PAUSE = 20.0  # dB under the loudest moment is a pause between words
MARGIN = 0.015  # seconds that are left on both sides
FADE = RATE // 250
SHORTEST, LONGEST_LETTER = 0.12, 0.3  # seconds; wide of anything that is really said
QUIET = -40.0  # dBFS
CHIME = ((659.25, 0.0), (523.25, 0.45))  # E5, then C5: a third downwards, as at a door
CHIME_SECONDS = 1.25


def levels(samples: Any) -> Any:
    """Return the level of each frame, in dBFS."""
    whole = np.pad(samples, (0, -len(samples) % FRAME)).reshape(-1, FRAME)
    return 10 * np.log10(np.mean(whole**2, axis=1) + 1e-12)


def loudness(samples: Any) -> float:
    """Return the level of what speaks, in dBFS."""
    if not len(samples):
        return -120.0
    powers = 10 ** (levels(samples) / 10)
    length = min(MOMENT, len(powers))
    moments = np.convolve(powers, np.ones(length) / length, "valid")
    speaking = moments[moments > moments.max() * 10 ** (-PAUSE / 10)]
    return float(10 * np.log10(np.mean(speaking)))


def trimmed(samples: Any) -> Any:
    if not len(samples):
        return samples
    frames = levels(samples)
    heard = np.flatnonzero(frames > max(frames.max() - SILENT, -65))
    if not len(heard):
        return samples[:0]
    margin = int(MARGIN * RATE)
    start, end = heard[0] * FRAME - margin, (heard[-1] + 1) * FRAME + margin
    return samples[max(0, start) : end]


def levelled(samples: Any) -> Any:
    """Bring the clip to TARGET; peaks that would not fit are bent, never cut off."""
    for _ in range(4):  # bending takes a little of the level, which is given back
        samples = bent(samples * 10 ** ((TARGET - loudness(samples)) / 20))
    return samples


def bent(samples: Any) -> Any:
    """Press what is above half of PEAK softly below it."""
    knee = PEAK / 2
    over = np.abs(samples) > knee
    pressed = knee + (PEAK - knee) * np.tanh((np.abs(samples) - knee) / (PEAK - knee))
    return np.where(over, np.sign(samples) * pressed, samples)


def faded(samples: Any) -> Any:
    """Begin and end at nothing, so that two clips meet without a click."""
    length = min(FADE, len(samples) // 2)
    slope = np.ones(len(samples))
    slope[:length] = np.linspace(0, 1, length)
    slope[len(samples) - length :] = np.linspace(1, 0, length)
    return samples * slope


def fit(samples: Any) -> Any:
    return faded(levelled(trimmed(samples)))


def is_speech(samples: Any, text: str) -> bool:
    """Whether a clip may be this text: not silence, and neither far too short nor too long."""
    seconds = len(samples) / RATE
    return SHORTEST <= seconds <= 1.5 + LONGEST_LETTER * len(text) and loudness(samples) > QUIET


def chime() -> Any:
    """Two soft tones that ring out, 1.25 s."""
    moments = np.arange(int(CHIME_SECONDS * RATE)) / RATE
    tones = [bell(moments - begins, pitch) for pitch, begins in CHIME]
    return faded(levelled(np.sum(tones, axis=0)))


def bell(moments: Any, pitch: float) -> Any:
    rings = np.clip(moments / 0.008, 0, 1) * np.exp(-np.clip(moments, 0, None) * 4.5)
    overtones = ((1, 1.0), (2, 0.25), (3, 0.08))
    return rings * sum(part * np.sin(2 * np.pi * pitch * n * moments) for n, part in overtones)


def resampled(samples: Any, rate: int) -> Any:
    """Bring a short recording to RATE: its spectrum is cut or filled up, nothing else changes."""
    if rate == RATE:
        return samples
    count = round(len(samples) * RATE / rate)
    spectrum = np.fft.rfft(samples)
    kept = np.zeros(count // 2 + 1, dtype=complex)
    shared = min(len(kept), len(spectrum))
    kept[:shared] = spectrum[:shared]
    return np.fft.irfft(kept, count) * count / len(samples)


def frames(samples: Any) -> bytes:
    """Return the samples as a WAV file wants them: whole numbers of 16 bits."""
    whole: bytes = (np.clip(samples, -1, 1) * 32767).round().astype("<i2").tobytes()
    return whole
