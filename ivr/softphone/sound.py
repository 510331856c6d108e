"""Recordings of calls that were never heard: a quiet tone, so that what comes after a message can be tried."""

import io
import math
import struct
import wave

from core.messaging.channel import Fetched

RATE = 8000  # samples a second, as on a telephone
PITCH = 440.0
LOUDNESS = 3000  # of 32767


def tone(seconds: float) -> bytes:
    """A WAV file of this length."""
    file = io.BytesIO()
    with wave.open(file, "wb") as track:
        track.setnchannels(1)
        track.setsampwidth(2)
        track.setframerate(RATE)
        waves = (LOUDNESS * math.sin(2 * math.pi * PITCH * n / RATE) for n in range(int(seconds * RATE)))
        track.writeframes(b"".join(struct.pack("<h", int(height)) for height in waves))
    return file.getvalue()


class Tapes:
    """Stands in for the provider where the softphone calls: ``fetch`` of the voice channel, without an account."""

    def fetch(self, provider_id: str, most: int) -> Fetched:
        """Every recording is there, and is two seconds of a tone."""
        return Fetched(tone(2.0)[:most], f"{provider_id}.wav")
