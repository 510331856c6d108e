"""The recordings of the softphone are sound files."""

import io
import wave

import puremagic

from ivr.softphone.sound import Tapes, tone


def test_a_tone_is_a_sound_file_of_its_length() -> None:
    with wave.open(io.BytesIO(tone(1.5))) as track:
        assert (track.getframerate(), track.getnchannels(), track.getnframes()) == (8000, 1, 12000)
        assert max(track.readframes(100)) > 0


def test_a_tape_is_fetched_as_the_provider_would_give_it() -> None:
    fetched = Tapes().fetch("RE" + "0" * 32, 10**6)
    assert puremagic.from_string(fetched.content) == ".wav" and fetched.name.endswith(".wav")
