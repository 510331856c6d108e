"""The recordings of the softphone are sound files."""

import io
import wave
from collections.abc import Callable

import puremagic
from fastapi import FastAPI
from sqlalchemy import select

from app.wiring import Frontdoor
from console.desk.files import SOUNDS
from core.media.fetch import fetch_one
from core.media.model import Media
from ivr.softphone import Caller
from ivr.softphone.sound import Tapes, tone
from tests.ivr.incoming.conftest import app, client, front, phone

__all__ = ["app", "client", "front", "phone"]


def test_a_tone_is_a_sound_file_of_its_length() -> None:
    with wave.open(io.BytesIO(tone(1.5))) as track:
        assert (track.getframerate(), track.getnchannels(), track.getnframes()) == (8000, 1, 12000)
        assert max(track.readframes(100)) > 0


def test_a_tape_is_fetched_as_the_provider_would_give_it() -> None:
    fetched = Tapes().fetch("RE" + "0" * 32, 10**6)
    assert puremagic.from_string(fetched.content) == ".wav" and fetched.name.endswith(".wav")


def test_a_message_left_in_a_demonstration_is_played_on_the_ticket_page(
    app: FastAPI, front: Frontdoor, phone: Callable[..., Caller]
) -> None:
    """Nobody is on duty: a message; the worker fetches it, and it is a sound that the console plays."""
    phone().call().press("0").silence().press("1").say("我的空调坏了三天了").press("#")
    database = front.house.database
    with database.reading() as session:
        row = session.scalars(select(Media)).one()
    with database.session() as session:
        claimed = session.get_one(Media, row.id)
        claimed.status, claimed.owner, claimed.attempt = "leased", "test", 1
        session.commit()
        session.refresh(claimed)
        session.expunge(claimed)
    fetch_one(database, front.channels, front.media, claimed)
    with database.reading() as session:
        kept = session.get_one(Media, row.id)
        assert kept.status == "done" and kept.mime == "audio/wav" and kept.mime in SOUNDS
        assert front.media.open(kept.path or "").read_bytes().startswith(b"RIFF")
