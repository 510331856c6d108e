"""Recordings that we made ourselves from jambonz's sound: one WAV file a message, until the worker takes it over."""

import re
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.messaging.channel import Fetched, Later, Never

_ID = re.compile(r"JB[A-Za-z0-9-]{1,64}\.\d{1,4}\.[a-z]{1,20}")
_KEPT = 7 * 86400.0  # seconds; by then the worker has taken it over, or it never will
_HEAD = 44  # bytes of a WAV file before its sound


def tape_id(sid: str, step: int, purpose: str) -> str | None:
    """The recording of a step; None for a call id that is no file name."""
    name = f"JB{sid}.{step}.{purpose}"
    return name if _ID.fullmatch(name) else None


class Tapes:
    """Files below one folder, which all processes of the house see."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def writing(self, name: str, *, rate: int, channels: int) -> Iterator[wave.Wave_write]:
        """A tape under its name once it is whole; a second one of the same step is kept from it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._forget_old()
        running = self._running(name)
        running.touch(exist_ok=False)  # one tape, one writer: what another one writes stays his
        try:
            with running.open("wb") as file, wave.open(file, "wb") as track:
                track.setnchannels(channels)
                track.setsampwidth(2)
                track.setframerate(rate)
                yield track
        finally:
            running.replace(self._whole(name))

    def seconds(self, name: str) -> float:
        """How much has been recorded so far, at 8000 samples a second; 0 for none."""
        for path in (self._whole(name), self._running(name)):
            if path.exists():
                return max(0.0, (path.stat().st_size - _HEAD) / 16000)
        return 0.0

    def fetch(self, provider_id: str, most: int) -> Fetched:
        """A finished recording; Later while it still runs, Never for what is none of ours."""
        if not _ID.fullmatch(provider_id):
            raise Never("no recording of ours", lost=False)
        if self._running(provider_id).exists():
            raise Later("the recording is not finished", delay=5)
        path = self._whole(provider_id)
        if not path.exists():
            raise Never("the recording is gone", lost=False)
        if path.stat().st_size > most:
            raise Never(f"larger than {most} bytes", lost=False)
        return Fetched(path.read_bytes(), f"{provider_id}.wav")

    def _forget_old(self) -> None:
        """What customers said is kept where the house keeps recordings, and for as long as it says."""
        for path in self._folder.iterdir():
            if path.stat().st_mtime < time.time() - _KEPT:
                path.unlink(missing_ok=True)

    def _whole(self, name: str) -> Path:
        return self._folder / f"{name}.wav"

    def _running(self, name: str) -> Path:
        return self._folder / f"{name}.running"
