"""A provider's group becomes ours: by the code that was typed in it, or by the trainer who put the bot there."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.groups.end import lose_group
from core.groups.find import by_chat, by_token
from core.groups.link import ask_for_link
from core.groups.model import QaGroup
from core.groups.open import tie
from core.groups.tell import tell_trainer
from core.house import House
from core.messaging.inbox import InboxMessage
from core.messaging.outbox import say
from core.staff.people import linked
from core.training.model import TrainingSession
from core.training.news import session_words


def code_typed(session: Session, house: House, message: InboxMessage, *, at: datetime) -> str:
    """Tie the chat to the group that the code was made for. A code ties one chat; the answer is the same for a used
    one and for one that never was."""
    here = by_chat(session, message.channel, message.account, _chat(message))
    group = by_token(session, str(message.payload["code"]))
    if group is not None and here in (None, group) and _fits(group, message):
        _bind(session, house, group, message, at)
        return "group_bound"
    _answer(session, house, message, "qa_group.code_unknown", at)
    return "group_code_unknown"


def admit_bot(session: Session, house: House, message: InboxMessage, *, at: datetime) -> str:
    """The bot may invite now. Whose group it is tells the code that was typed before, or who put it there."""
    group = by_chat(session, message.channel, message.account, _chat(message))
    if group is None:
        mine = _waiting_of(session, message)
        group = mine[0] if len(mine) == 1 else None
        if group is None:
            return _ask_for_code(session, house, message, at)
        _bind(session, house, group, message, at)
        return "group_bound"
    if group.state == "waiting_for_admin":
        group.reason = None
        ask_for_link(session, house, group, at=at)
    return "group_admin"


def bot_without_rights(session: Session, house: House, message: InboxMessage, *, at: datetime) -> str:
    """In the group, but not able to invite: of a group of ours its trainer is told."""
    group = by_chat(session, message.channel, message.account, _chat(message))
    if group is None:
        return _ask_for_code(session, house, message, at)
    group.reason, group.changed_at = "no_rights", at
    key = f"group_no_rights:{group.id}:{group.round}:{house.local(at):%m%d}"
    tell_trainer(session, house, group, "no_rights", key=key, at=at, why="no_rights")
    return "group_no_rights"


def bot_gone(session: Session, house: House, message: InboxMessage, *, at: datetime) -> str:
    """Thrown out, or the group was deleted."""
    group = by_chat(session, message.channel, message.account, _chat(message))
    if group is not None:
        lose_group(session, house, group, reason="removed", at=at)
    return "group_lost" if group else "foreign_group"


def _fits(group: QaGroup, message: InboxMessage) -> bool:
    waits = group.channel == message.channel and group.state == "waiting_for_admin"
    return waits and group.external_id in (None, _chat(message))


def _bind(session: Session, house: House, group: QaGroup, message: InboxMessage, at: datetime) -> None:
    title = message.payload.get("title")
    tie(group, account=message.account, external_id=_chat(message), title=title, at=at)
    session.flush()
    ask_for_link(session, house, group, at=at)
    _answer(session, house, message, "qa_group.bound", at, **session_words(house, group.training, "zh"))


def _waiting_of(session: Session, message: InboxMessage) -> Sequence[QaGroup]:
    """Groups that wait for the trainer whose account this is."""
    trainer = linked(session, message.channel, message.sender)
    if trainer is None:
        return ()
    waiting = (
        select(QaGroup)
        .join(TrainingSession)
        .where(
            QaGroup.channel == message.channel,
            QaGroup.state == "waiting_for_admin",
            QaGroup.external_id.is_(None),
            TrainingSession.trainer_id == trainer.id,
        )
        .limit(2)
        .with_for_update(of=QaGroup)
    )
    return session.scalars(waiting).all()


def _ask_for_code(session: Session, house: House, message: InboxMessage, at: datetime) -> str:
    """Only while a group waits at all: a bot may be in other groups, and is silent there."""
    waits = select(QaGroup.id).where(QaGroup.channel == message.channel, QaGroup.state == "waiting_for_admin")
    if session.scalar(waits.where(QaGroup.external_id.is_(None)).limit(1)) is None:
        return "foreign_group"
    _answer(session, house, message, "qa_group.ask_code", at)
    return "group_ask_code"


def _answer(
    session: Session, house: House, message: InboxMessage, wording: str, at: datetime, **words: str
) -> None:
    say(
        session,
        at=at,
        channel=message.channel,
        account=message.account,
        recipient=_chat(message),
        text=house.book.text(wording, **words),
        reply_to=message.id,
    )


def _chat(message: InboxMessage) -> str:
    return str(message.payload["chat"])
