"""A question answered from a chat: a button and then the words, or #number 回答 … in one message."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.asked import pick
from core.asked.learned import confirm, leave
from core.asked.model import AskedQuestion
from core.asked.reply import first_of, give_answer, refuse_ended
from core.asked.source import source_name
from core.asked.writer import expect, expect_nothing
from core.house import House
from core.knowledge.questions import Answered, answer
from core.messaging.inbox import InboxMessage
from core.messaging.outbox import OutboxMessage
from core.staff.answers import Doing
from core.staff.card import change
from core.staff.command import Command
from core.staff.model import Staff
from core.staff.people import has, linked
from core.ticket.model import Ticket

_NEVER_MIND = re.compile(r"(?:取消|算了|先不回答?|稍后)[。.!！]*|cancel|never ?mind", re.IGNORECASE)
# What somebody was asked to write → the order that it is.
_WRITTEN = {"wording": "keep", "hand_over": "hand_over", "no_answer": "no_answer"}
BUTTONS = ("answer", "keep", "reword", "no_keep", *pick.BUTTONS)


def pressed(doing: Doing, row: OutboxMessage, answer: str, receipt: str | None, key: str) -> str:
    """What a button of a question does: words are asked for, or the answer is kept, or not."""
    question = first_of(doing.session, doing.ticket.number)
    if answer in pick.BUTTONS:
        return pick.pressed(doing, question, row, answer, receipt, key)
    refuse_ended(question, doing.ticket.number)
    if answer in ("answer", "reword"):
        return _expect(doing, question, "answer" if answer == "answer" else "wording")
    said = _keep(doing, "") if answer == "keep" else _leave(doing)
    row.pressed_at, row.pressed_key = doing.at, key
    change(doing.session, row, _say(doing, f"asked.card.{answer}"), receipt, at=doing.at, key=doing.mark)
    return said


def _expect(doing: Doing, question: AskedQuestion, what: str) -> str:
    """The next words of this person are the answer, or the wording to keep."""
    minutes, number = expect(doing, question, what), doing.ticket.number
    return _say(doing, f"asked.write_{what}", question=question.text[:200], number=number, minutes=minutes)


def meant(session: Session, message: InboxMessage, person: Staff, *, at: datetime) -> str | None:
    """The ticket of the question that words without a number belong to: replied to, or a button was pressed for it."""
    replied = _replied_to(session, message)
    if replied is not None:
        return replied
    query = select(Ticket.number).join(AskedQuestion, AskedQuestion.ticket_id == Ticket.id)
    mine = AskedQuestion.writer == person.name, AskedQuestion.writer_until > at
    return session.scalar(query.where(*mine).limit(1))


def may_write(session: Session, message: InboxMessage, *, at: datetime) -> bool:
    """Whether the sender works here and a question waits for their words, or is what they reply to."""
    if _replied_to(session, message):
        return linked(session, message.channel, message.sender) is not None
    query = select(AskedQuestion.id).join(Staff, Staff.name == AskedQuestion.writer)
    theirs = Staff.active, has(message.channel, message.sender), AskedQuestion.writer_until > at
    return session.scalar(query.where(*theirs).limit(1)) is not None


def _replied_to(session: Session, message: InboxMessage) -> str | None:
    number = message.payload.get("replies")
    if not isinstance(number, str):
        return None
    query = select(Ticket.number).join(AskedQuestion, AskedQuestion.ticket_id == Ticket.id)
    return session.scalar(query.where(Ticket.number == number))


def known(session: Session, house: House, text: str, person: Staff) -> str | None:
    """People of the house ask as well, and are answered from the articles."""
    found = answer(session, house, text, language=person.language)
    if not isinstance(found, Answered):
        return None
    pair = found.pair
    said = {"question": pair.question, "answer": pair.answer, "source": source_name(session, found.source)}
    return house.book.text("asked.known.staff", person.language, **said)


def order_in(session: Session, number: str, text: str) -> Command:
    """What the words for a question are meant as."""
    writes = first_of(session, number).writes
    return Command(_WRITTEN.get(writes or "", "answer"), number, text.strip())


def _worded(do: Callable[[Doing, str], str]) -> Callable[[Doing, Command], str]:
    """An order with words; 取消 after the button that asked for them means never mind."""

    def order(doing: Doing, command: Command) -> str:
        question = first_of(doing.session, doing.ticket.number)
        if question.writer == doing.person.name and _NEVER_MIND.fullmatch(command.rest):
            expect_nothing(question)
            return _say(doing, "asked.done.never_mind", number=doing.ticket.number)
        return do(doing, command.rest)

    return order


def _answer(doing: Doing, text: str) -> str:
    number = doing.ticket.number
    given = give_answer(
        doing.session,
        doing.house,
        number=number,
        text=text,
        by=doing.person.name,
        at=doing.at,
        channel=doing.channel,
    )
    if not given.told:
        return _say(doing, "asked.done.same", number=number)
    key = "asked.done.corrected" if given.corrected else "asked.done.answer"
    return _say(doing, key, number=number, told=given.told)


def _keep(doing: Doing, wording: str) -> str:
    number, name = doing.ticket.number, doing.person.name
    row = confirm(doing.session, doing.house, number=number, by=name, at=doing.at, answer=wording or None)
    return _say(doing, "asked.done.keep", number=number, question=row.text[:100])


def _leave(doing: Doing) -> str:
    leave(doing.session, number=doing.ticket.number)
    return _say(doing, "asked.done.no_keep", number=doing.ticket.number)


def _say(doing: Doing, key: str, **values: Any) -> str:
    return doing.house.book.text(key, doing.person.language, **values)


ORDERS: dict[str, Callable[[Doing, Command], str]] = {
    "hand_over": _worded(pick.to_named),
    "no_answer": _worded(pick.for_reason),
    "answer": _worded(_answer),
    "keep": _worded(_keep),
    "no_keep": lambda doing, command: _leave(doing),
}
