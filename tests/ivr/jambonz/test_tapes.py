"""Tapes: under safe names, whole or not there, and forgotten after a week."""

import os
import time
from pathlib import Path

import pytest

from core.messaging.channel import Later, Never
from ivr.jambonz.tapes import Tapes, tape_id

NAME = "JB4a-1.3.voicemail"


def test_names() -> None:
    assert tape_id("4a-1", 3, "voicemail") == NAME
    for sid, purpose in (
        ("../etc/passwd", "voicemail"),
        ("", "voicemail"),
        ("a" * 65, "talk"),
        ("4a", "../x"),
    ):
        assert tape_id(sid, 3, purpose) is None


def test_a_tape_is_whole_or_not_there(tmp_path: Path) -> None:
    tapes = Tapes(tmp_path / "tapes")
    with pytest.raises(Never):
        tapes.fetch(NAME, 10**6)
    with tapes.writing(NAME, rate=8000, channels=1) as track:
        track.writeframesraw(b"\x01\x00" * 16000)
        with pytest.raises(Later):
            tapes.fetch(NAME, 10**6)
        with pytest.raises(FileExistsError), tapes.writing(NAME, rate=8000, channels=1):
            pass
        with pytest.raises(Later):
            tapes.fetch(NAME, 10**6)
    assert tapes.seconds(NAME) == 2.0
    assert tapes.fetch(NAME, 10**6).content.startswith(b"RIFF")
    with pytest.raises(Never):
        tapes.fetch(NAME, 100)
    with pytest.raises(Never):
        tapes.fetch("JB../x.1.talk", 10**6)


def test_it_is_forgotten_after_a_week(tmp_path: Path) -> None:
    tapes, old = Tapes(tmp_path), tmp_path / f"{NAME}.wav"
    old.write_bytes(b"RIFF")
    os.utime(old, (time.time() - 8 * 86400,) * 2)
    with tapes.writing("JB4a-2.1.talk", rate=8000, channels=1):
        pass
    assert not old.exists()
