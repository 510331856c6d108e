"""Signing in on site: by the second code, and what is said to who only says that they are here (G1)."""

import re
from typing import Any

from core.customer.scene import Scene
from core.dialogue.talk import Talk
from core.dialogue.topics import enrol, flow, seat
from core.training.attendance import window_says
from core.training.find import enrolment_in, enrolments_of
from core.training.model import TrainingSession
from core.training.news import session_words

_HERE = re.compile(
    r"我?(?:要|想|来)?(?:签到|签个到|已?到场?了|到现场了|来了)(?:了|吧)?|(?:sign|check) ?(?:me )?in",
    re.IGNORECASE,
)


def said(talk: Talk) -> bool:
    """签到, by who has a seat today: a word signs nobody in, the code in the room does."""
    mine = _today(talk) if _HERE.fullmatch(talk.text.strip(" 。.!！,，")) else None
    if mine is None:
        return False
    how = window_says(talk.house, mine, at=talk.at) or "how"
    talk.say(f"training.sign_in_{how}", **_words(talk, mine))
    flow.ask_again(talk)
    return True


def scanned(talk: Talk, scene: Scene) -> None:
    """The second code, on site and in its hours; who never registered does it now."""
    training = enrol.session_of(talk, scene)
    if training is None:
        return
    words = _words(talk, training)
    if why := window_says(talk.house, training, at=talk.at):
        talk.say(f"training.sign_in_{why}", **words)
        return
    mine = enrolment_in(talk.session, talk.customer.id, training.id)
    if mine is None or mine.state == "cancelled":
        enrol.begin(talk, training, attend=True)
    elif mine.state == "waiting":
        talk.say("training.sign_in_waiting", **words, name=mine.name)
    else:
        seat.sign_in(talk, training, mine)
        flow.ask_again(talk)


def _today(talk: Talk) -> TrainingSession | None:
    """The session of today in which they have a seat."""
    today, local = talk.house.local(talk.at).date(), talk.house.local
    mine = enrolments_of(talk.session, talk.customer.id, at=talk.at)
    seats = [t for e, t in mine if e.state == "registered" and local(t.starts_at).date() == today]
    return seats[0] if seats else None


def _words(talk: Talk, training: TrainingSession) -> dict[str, Any]:
    minutes = talk.house.book.policy("training")["attendance"]["opens_minutes_before"]
    return {**session_words(talk.house, training, talk.language), "minutes": minutes}
