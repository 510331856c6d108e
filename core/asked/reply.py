"""The trainer's answer: said to everybody who asked, where they asked; a second one is a correction (G3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.asked.model import ANSWERED, CONFIRMED, WAITING, WITHDRAWN, AskedQuestion
from core.asked.places import chats_of, private_chats, tell
from core.care.notice import reachable
from core.customer.model import Conversation
from core.house import House
from core.knowledge.model import Question
from core.knowledge.revisions import contents, keep
from core.staff.push import push
from core.staff.refusal import Refused
from core.ticket.actions import Order, act, find
from core.ticket.lifecycle import VERBS, note
from core.ticket.model import Ticket

LONGEST = 6000  # characters; a longer one is a manual, and would be cut in the middle of a sentence


@dataclass(frozen=True)
class Given:
    """``told`` askers have it; ``corrected``: an earlier answer was replaced."""

    row: AskedQuestion
    told: int
    corrected: bool


def give_answer(
    session: Session, house: House, *, number: str, text: str, by: str, at: datetime, channel: str = "staff"
) -> Given:
    """Answer the question behind a ticket. Refused for no words or too many, no question, or one that was withdrawn.

    Locks: conversations of the askers, ticket, question, outbox rows.
    """
    words = text.strip()
    if not words:
        raise Refused("asked.no_words", number=number)
    if len(words) > LONGEST:
        raise Refused("asked.too_long", number=number, most=LONGEST, has=len(words))
    before = first_of(session, number)
    if before.ticket is not None:  # filed by who asked first, even if they wait no more (helped.py)
        reachable(session, before.ticket.customer_id)
    chats = chats_of(session, everybody(session, before))
    ticket = find(session, number)
    first = held(session, before)
    refuse_ended(first, number)
    corrected = first.answers > 0
    if first.answer == words:  # the same words once more, by a second press or an impatient thumb
        return Given(first, 0, corrected=False)
    rows = everybody(session, first)
    for row in rows:
        row.state, row.answer, row.answered_by, row.answered_at = ANSWERED, words, by, at
    first.answers += 1
    if first.learned:
        hold_back(session, first.learned, by=by)
    first.keep = first.writer = first.writes = first.writer_until = None
    _close(session, house, ticket, by=by, at=at, channel=channel, text=words)
    told = _say(session, house, first, rows, chats, at=at)
    _ask_for_the_wording(session, house, first, ticket, by=by, at=at)
    return Given(first, told, corrected)


def _say(
    session: Session,
    house: House,
    first: AskedQuestion,
    rows: Sequence[AskedQuestion],
    chats: dict[int, Conversation],
    *,
    at: datetime,
) -> int:
    """Once in each chat and each group, however many of it asked."""
    wording, places = wording_of(first), set[object]()
    for row in rows:
        chat = chats.get(row.id)
        place = ("chat", chat.id) if chat else ("group", row.group_id) if row.group_id else ("call", row.id)
        if place in places:
            continue
        places.add(place)
        key = f"asked:{row.id}:{first.answers}"
        tell(session, house, row, chat, wording, key=key, at=at, answer=first.answer, by=first.answered_by)
    return len(places)


def wording_of(first: AskedQuestion) -> str:
    """In which words its newest answer is said."""
    return "asked.corrected" if first.answers > 1 else "asked.answer"


def hold_back(session: Session, learned: str, *, by: str) -> None:
    """What was corrected answers nobody until the new wording is confirmed."""
    pair = session.get(Question, learned)
    if pair is not None and pair.active:
        before = contents(pair)
        pair.active = False
        session.flush()
        keep(session, f"question:{pair.id}", contents(pair), by=by, before=before)


def _close(
    session: Session, house: House, ticket: Ticket, *, by: str, at: datetime, channel: str, text: str
) -> None:
    """The promise is kept: the ticket ends, its clock stops, and whoever was alarmed is left alone."""
    note(session, ticket, verb="answer", at=at, actor=by, channel=channel, text=text[:500])
    ticket.assignee = ticket.assignee or by
    if ticket.state in VERBS["close"].sources:
        act(session, house, Order(ticket.number, "close", by=by, at=at, channel=channel, quietly=True))


def _ask_for_the_wording(
    session: Session, house: House, first: AskedQuestion, ticket: Ticket, *, by: str, at: datetime
) -> None:
    push(
        session,
        house,
        key=f"asked_confirm:{first.id}:{first.answers}",
        audience="assignee",
        wording="push.asked_confirm",
        at=at,
        ticket=ticket,
        names=[by],
        question=first.text[:300],
        answer=(first.answer or "")[:600],
    )


def first_of(session: Session, number: str) -> AskedQuestion:
    """The question behind a ticket; Refused where there is none."""
    query = select(AskedQuestion).join(Ticket, Ticket.id == AskedQuestion.ticket_id)
    row = session.scalars(query.where(Ticket.number == number.strip())).first()
    if row is None:
        raise Refused("asked.no_question", number=number)
    return row


def refuse_ended(first: AskedQuestion, number: str) -> None:
    """Refused for a question that nobody waits for any more."""
    if first.state == WITHDRAWN and first.needs_none:
        raise Refused("asked.needs_none", number=number, by=first.needs_none_by or "—")
    if first.state == WITHDRAWN:
        raise Refused("asked.withdrawn", number=number)


def waits_for_answer(session: Session, number: str) -> bool:
    """Whether a ticket is a question that nobody has answered yet."""
    query = select(AskedQuestion.id).join(Ticket, Ticket.id == AskedQuestion.ticket_id)
    return session.scalar(query.where(Ticket.number == number, AskedQuestion.state == WAITING)) is not None


def hold_askers(session: Session, number: str) -> None:
    """Lock the chats of whoever asked the question behind a ticket, if there is one: they come before the ticket."""
    query = select(AskedQuestion).join(Ticket, Ticket.id == AskedQuestion.ticket_id)
    first = session.scalars(query.where(Ticket.number == number)).first()
    if first is not None:
        private_chats(session, everybody(session, first))


def held(session: Session, row: AskedQuestion) -> AskedQuestion:
    """The row as the database has it now, locked; its ticket is held."""
    session.refresh(row, with_for_update=True)
    return row


def everybody(session: Session, first: AskedQuestion) -> list[AskedQuestion]:
    """Whoever asked it, the first one first."""
    same = or_(AskedQuestion.id == first.id, AskedQuestion.same_as_id == first.id)
    known = AskedQuestion.state.in_((WAITING, ANSWERED, CONFIRMED))
    return list(session.scalars(select(AskedQuestion).where(same, known).order_by(AskedQuestion.id)))
