"""Makes test recordings that have what speech has: a voice with a pitch, vowels, syllables and breath."""

import io
import wave

import numpy as np

RATE = 16_000
SECONDS = 2.0
VOWELS = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (570, 840, 2410))
"""Hz of the first three formants of a, i, u, e, o."""
SYLLABLES = 8


def recording(variant: int) -> bytes:
    """A WAV of SECONDS at RATE, mono, 16 bit; another voice saying something else for each variant."""
    times = np.arange(int(SECONDS * RATE)) / RATE
    voice = _voice(times, variant)
    syllable = np.minimum((times / SECONDS * SYLLABLES).astype(int), SYLLABLES - 1)
    loudness = np.abs(np.sin(np.pi * times / SECONDS * SYLLABLES)) ** 0.6
    breath = np.random.default_rng(variant).standard_normal(len(times)) * 0.02
    spoken = np.zeros_like(times)
    for number in range(SYLLABLES):
        vowel = VOWELS[(number * (2 + variant) + variant) % len(VOWELS)]
        spoken += np.where(syllable == number, _through(voice, vowel), 0.0)
    return _wav(spoken / np.abs(spoken).max() * loudness * 0.7 + breath)


def _voice(times: np.ndarray, variant: int) -> np.ndarray:
    """Pulses of the vocal folds, with a melody."""
    pitch = (120 + 70 * (variant % 3)) * (1 + 0.15 * np.sin(2 * np.pi * (0.7 + 0.4 * variant) * times))
    phase = np.cumsum(pitch) / RATE
    return 1 - 2 * (phase % 1.0)


def _through(voice: np.ndarray, formants: tuple[int, ...]) -> np.ndarray:
    """The voice through a mouth that lets these frequencies pass."""
    spectrum = np.fft.rfft(voice)
    frequencies = np.fft.rfftfreq(len(voice), 1 / RATE)
    gain = sum(np.exp(-(((frequencies - formant) / (60 + formant / 15)) ** 2)) for formant in formants)
    return np.asarray(np.fft.irfft(spectrum * (gain + 0.02), len(voice)))


def _wav(samples: np.ndarray) -> bytes:
    memory = io.BytesIO()
    with wave.open(memory, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return memory.getvalue()
