"""Where a question was asked, there its answer is said: the private chat, or the group with the question quoted."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.asked.model import AskedQuestion
from core.care.notice import UNREACHABLE, reachable
from core.customer.model import Conversation, Customer
from core.dialogue.state import OFFERS, Question, State
from core.groups.model import QaGroup
from core.groups.post import post
from core.groups.spoken import DEAF, offer
from core.house import House
from core.messaging.inbox import InboxMessage
from core.messaging.lease import WAITING as UNREAD
from core.messaging.outbox import OutboxMessage, say
from core.staff import masking
from core.staff.push import push

NEXT = (("1", "solved"), ("2", "not_clear"), ("3", "repair"), ("0", "person"))
KIND = "answered"
NEAREST = "nearest"  # the question of a chat in which articles are offered to who waits
_LONG_NUMBER = re.compile(r"#?\d{10,}")


def chats_of(session: Session, rows: Sequence[AskedQuestion]) -> dict[int, Conversation]:
    """Question → the private chat where its answer goes; locked in one order, before ticket and question."""
    private = sorted((row for row in rows if not _open(session, row)), key=lambda row: row.customer_id)
    found = {row.id: _chat(session, row) for row in private}
    return {number: chat for number, chat in found.items() if chat is not None}


def private_chats(session: Session, rows: Sequence[AskedQuestion]) -> dict[int, Conversation]:
    """Question → a private chat of its asker, wherever it was asked; locked in the order of chats_of()."""
    chats = {}
    for row in sorted(rows, key=lambda row: row.customer_id):
        chat = _chat(session, row) if row.group_id is None else None
        if chat is None or not chat.lane.endswith(f":{chat.identity.external_id}"):  # others read there
            chat = _own_chat(session, row)
        if chat is not None:
            chats[row.id] = chat
    return chats


def _open(session: Session, row: AskedQuestion) -> bool:
    """Whether it was asked in a group that still is one, and in which we can speak; else the answer is private."""
    group = session.get(QaGroup, row.group_id) if row.group_id else None
    return group is not None and group.state == "open" and group.channel not in DEAF


def _chat(session: Session, row: AskedQuestion) -> Conversation | None:
    """Where it was asked if that chat is still alive, else where the asker was last heard."""
    mine = select(Conversation).where(Conversation.id == row.conversation_id)
    chat = session.scalars(mine.with_for_update(of=Conversation)).first() if row.conversation_id else None
    if chat is not None and _reaches(chat, row):
        return chat
    return _own_chat(session, row)


def _own_chat(session: Session, row: AskedQuestion) -> Conversation | None:
    customer = session.get_one(Customer, row.customer_id)
    return reachable(session, customer.merged_into or customer.id)


def _reaches(chat: Conversation, row: AskedQuestion) -> bool:
    alive = chat.identity.dead_at is None and chat.identity.channel not in UNREACHABLE
    return alive and chat.identity.customer_id == row.customer_id


def _joined_late(session: Session, row: AskedQuestion) -> Conversation | None:
    """The chat of who joined while the answer was under way: not locked, for the ticket is held already."""
    chat = session.get(Conversation, row.conversation_id) if row.conversation_id else None
    return chat if chat is not None and _reaches(chat, row) else None


def tell(
    session: Session,
    house: House,
    row: AskedQuestion,
    chat: Conversation | None,
    wording: str,
    *,
    key: str,
    at: datetime,
    **values: Any,
) -> OutboxMessage | None:
    """Say it to one asker; the question stands above the answer. Who cannot be written to is called by the desk."""
    if _open(session, row) and row.group_id is not None:
        text = house.book.text(f"{wording}.group", question=quotable(row.text), **values)
        # The turn has answered the message itself already, and a message is answered once: so no ``quote``.
        return post(session, house, row.group_id, text, quote=None, key=key, extra=_reply(session, row))
    return tell_apart(session, house, row, chat, wording, key=key, at=at, **values)


def tell_apart(
    session: Session,
    house: House,
    row: AskedQuestion,
    chat: Conversation | None,
    wording: str,
    *,
    key: str,
    at: datetime,
    **values: Any,
) -> OutboxMessage | None:
    """The same, but not in the group: it was asked in private, or the group takes no words of ours."""
    held, chat = chat is not None, chat or _joined_late(session, row)
    if chat is None:
        _call(session, house, row, key=key, at=at, **values)
        return None
    said = _privately(session, house, row, chat, wording, asks=held, key=key, at=at, **values)
    if said is not None:
        text = house.book.text(f"{wording}.group", question=quotable(row.text), **values)
        mark = f"{row.same_as_id or row.id}:{key.rpartition(':')[2]}"  # once for everybody who asked the same
        mine = {"asked_in": row.group_id, "ticket_id": row.ticket_id}
        offer(session, house, row.customer_id, text, mark=mark, **mine)
    return said


def _reply(session: Session, row: AskedQuestion) -> dict[str, Any]:
    """The provider's own number of the question, where it can show what is answered."""
    heard = session.get(InboxMessage, int(row.quote)) if row.quote and row.quote.isdigit() else None
    number = heard.payload.get("message") if heard else None
    return {"reply": number} if number else {}


def _privately(
    session: Session,
    house: House,
    row: AskedQuestion,
    chat: Conversation,
    wording: str,
    *,
    asks: bool,
    key: str,
    at: datetime,
    **values: Any,
) -> OutboxMessage | None:
    """``asks`` whether it helped, unless something else is asked there already, or they just answered that."""
    book, language, state = house.book, chat.identity.customer.language, State.load(chat.state)
    free = asks and state.form is None and (state.question is None or state.question.kind in (*OFFERS, KIND))
    free = free and not _writing(session, chat)
    asked = Question(KIND, str(row.id), [list(pair) for pair in NEXT], None, at.isoformat())
    said = say(
        session,
        at=at,
        channel=chat.identity.channel,
        account=chat.identity.account,
        recipient=chat.lane.split(":", 2)[2],
        text=book.text(wording, language, question=shortened(row.text), **values),
        choices=[{"key": key, "label": book.label("choice", what, language)} for key, what in NEXT]
        if free
        else [],
        conversation_id=chat.id,
        ticket_id=row.ticket_id,
        key=key,
        weight="result",
        question=vars(asked) if free else None,
    )
    if said is not None and free:
        state.question = asked
        chat.state = state.dump()
    return said


def _writing(session: Session, chat: Conversation) -> bool:
    """Whether words of theirs wait to be read: they answer what stood there before."""
    unread = select(InboxMessage.id).where(InboxMessage.lane == chat.lane, InboxMessage.status.in_(UNREAD))
    return session.scalar(unread.limit(1)) is not None


def _call(
    session: Session, house: House, row: AskedQuestion, *, key: str, at: datetime, **values: Any
) -> None:
    customer = session.get_one(Customer, row.customer_id)
    push(
        session,
        house,
        key=f"{key}:call",
        audience="desk",
        wording="push.asked_call",
        at=at,
        name=customer.name or house.book.text("word.customer"),
        phone=customer.phone or house.book.text("word.unknown"),
        question=shortened(row.text),
        answer=values.get("answer", ""),
    )


def quotable(text: str) -> str:
    """A question as others may read it, in one line."""
    return shortened(for_others(text))


def for_others(text: str) -> str:
    """What somebody wrote among others: without the number of a person or a ticket, wherever it was asked."""
    return _LONG_NUMBER.sub("…", masking.free_text(text, None))


def shortened(text: str) -> str:
    """On one line, 80 characters at most and the sign that there was more."""
    words = " ".join(text.split())
    return words[:80] + ("…" if len(words) > 80 else "")
