"""Whose next words belong to a question: the answer, better wording, a colleague's name, or a reason (chat.py, pick.py)."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.asked.model import AskedQuestion
from core.staff.answers import Doing


def expect(doing: Doing, question: AskedQuestion, what: str) -> int:
    """The next words of this person are ``what``: answer, wording, hand_over or no_answer. Minutes it is waited for."""
    minutes = int(doing.house.book.policy("asked_questions")["writing_minutes"])
    for other in _writing(doing.session, doing.person.name):
        expect_nothing(other)
    question.writer, question.writes = doing.person.name, what
    question.writer_until = doing.at + timedelta(minutes=minutes)
    return minutes


def expect_nothing(question: AskedQuestion) -> None:
    """What the person writes next is an order or a question like any other again."""
    question.writer = question.writes = question.writer_until = None


def _writing(session: Session, name: str) -> list[AskedQuestion]:
    return list(session.scalars(select(AskedQuestion).where(AskedQuestion.writer == name)))
