"""The trainer confirms the wording: from now on it answers whoever asks (G3)."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.asked.model import ANSWERED, CONFIRMED, AskedQuestion
from core.asked.places import for_others
from core.asked.reply import everybody, first_of, held, refuse_ended
from core.house import House
from core.knowledge.model import Question
from core.knowledge.questions import learn
from core.staff.refusal import Refused
from core.ticket.actions import find

SHORTEST = 2


def confirm(
    session: Session,
    house: House,
    *,
    number: str,
    by: str,
    at: datetime,
    question: str | None = None,
    answer: str | None = None,
    similar_to: str | None = None,
) -> AskedQuestion:
    """Keep the answer, in other words if they are given; with ``similar_to`` as one more wording of that pair.

    Refused before there is an answer.
    """
    find(session, number)
    first = held(session, first_of(session, number))
    if first.state not in (ANSWERED, CONFIRMED):
        refuse_ended(first, number)
        raise Refused("asked.not_answered", number=number)
    asked = (question or "").strip() or for_others(first.text)
    said = (answer or "").strip() or first.answer or ""
    if len(asked) < SHORTEST:
        raise Refused("asked.no_words", number=number)
    product = first.category or "other"
    source = house.book.text("asked.source", name=first.answered_by or by)
    known = _known(session, first, asked, said, similar_to)
    pair = learn(session, asked, said, product=product, by=by, source=source, similar_to=known)
    rows = everybody(session, first)
    for text in dict.fromkeys(for_others(row.text) for row in rows):
        if text != asked:
            learn(session, text, said, product=product, by=by, source=source, similar_to=pair.id)
    for row in rows:
        row.state, row.confirmed_at, row.learned = CONFIRMED, at, pair.id
    first.keep = True
    first.writer = first.writes = first.writer_until = None
    session.flush()
    return first


def _known(
    session: Session, first: AskedQuestion, asked: str, said: str, similar_to: str | None
) -> str | None:
    """The pair that takes it up: the one chosen, or the one it was kept as before, corrected."""
    if similar_to:
        return similar_to if session.get(Question, similar_to) else None
    pair = session.get(Question, first.learned) if first.learned else None
    if pair is None:
        return None
    pair.answer, pair.active = said, True
    if asked != pair.question:
        pair.similar = [*dict.fromkeys([*pair.similar, pair.question])]
        pair.question = asked
    return pair.id


def leave(session: Session, *, number: str) -> AskedQuestion:
    """The answer was for these askers only; nobody is asked for its wording again."""
    find(session, number)
    first = held(session, first_of(session, number))
    if first.state != ANSWERED:
        refuse_ended(first, number)
        raise Refused("asked.not_answered", number=number)
    first.keep = False
    first.writer = first.writes = first.writer_until = None
    return first
