"""Finding groups and places, by what a provider or a link tells."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.customer.model import Customer
from core.customer.move import moved_to
from core.groups.model import GroupMember, QaGroup
from core.house import House
from core.messaging.inbox import InboxMessage
from core.training.find import enrolment_in
from core.training.model import Enrolment, TrainingSession

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # what nobody confuses when typing it
_LENGTH = 10
LIVE = ("waiting_for_admin", "open")
_GROUPS_OF = {"webchat": "web"}  # the way messages arrive → the channel of the group


def new_token() -> str:
    """Unguessable, and can be typed in a group or be part of a link: QA followed by ten letters."""
    return "QA" + "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def by_chat(
    session: Session, channel: str, account: str, external_id: str, *, states: tuple[str, ...] = LIVE
) -> QaGroup | None:
    """The newest group that is tied to a provider's chat and has not ended; a chat may serve one session after
    another. What was under way when the chat got another number still names the old one."""
    found = _tied(session, channel, account, external_id, states)
    if found is None and (new := moved_to(session, channel=channel, account=account, old=external_id)):
        found = _tied(session, channel, account, new, states)
    return found


def _tied(
    session: Session, channel: str, account: str, external_id: str, states: tuple[str, ...]
) -> QaGroup | None:
    same = (
        QaGroup.channel == _GROUPS_OF.get(channel, channel),
        QaGroup.account == account,
        QaGroup.external_id == external_id,
        QaGroup.state.in_(states),
    )
    query = select(QaGroup).where(*same).order_by(QaGroup.id.desc()).limit(1)
    return session.scalars(query).first()


def group_of(session: Session, message: InboxMessage) -> QaGroup | None:
    """The Q&A group that something was said in, or asked for by its question form."""
    number = message.payload.get("qa_group")
    if number is not None:
        return session.get(QaGroup, number)
    chat = message.payload.get("chat")
    return by_chat(session, message.channel, message.account, str(chat)) if chat is not None else None


def by_token(session: Session, token: str) -> QaGroup | None:
    """The group that a code stands for; locked, since a code ties one chat to it."""
    return session.scalars(select(QaGroup).where(QaGroup.token == token).with_for_update(of=QaGroup)).first()


def groups_of(session: Session, training: TrainingSession) -> Sequence[QaGroup]:
    """The groups of one session, on whatever channel, the newest first."""
    mine = select(QaGroup).where(QaGroup.session_id == training.id)
    return session.scalars(mine.order_by(QaGroup.id.desc())).all()


def member_by_token(session: Session, token: str) -> GroupMember | None:
    """By the secret of their own link."""
    return session.scalars(select(GroupMember).where(GroupMember.token == token)).first()


def member_by_account(session: Session, group: QaGroup, external_id: str) -> GroupMember | None:
    """``external_id`` is the provider's."""
    same = GroupMember.group_id == group.id, GroupMember.external_id == external_id
    return session.scalars(select(GroupMember).where(*same)).first()


def place_of(session: Session, group: QaGroup, enrolment: Enrolment) -> GroupMember | None:
    """A trainee's place; locked, so that of two accounts that ask at once one gets it."""
    same = GroupMember.group_id == group.id, GroupMember.enrolment_id == enrolment.id
    query = select(GroupMember).where(*same, GroupMember.state != "declined")
    return session.scalars(query.with_for_update(of=GroupMember)).first()


def enrolment_for(session: Session, group: QaGroup, customer: Customer) -> Enrolment | None:
    """The enrolment by which a customer may belong to a group; who was on a list is known by a proved number."""
    mine = enrolment_in(session, customer.id, group.session_id)
    if mine is not None or customer.phone_verified_at is None:
        return mine
    listed = select(Enrolment).where(
        Enrolment.session_id == group.session_id,
        Enrolment.phone == customer.phone,
        Enrolment.customer_id.is_(None),
    )
    found = session.scalars(listed.with_for_update(of=Enrolment)).first()
    if found is not None:
        found.customer_id = customer.id
    return found


def members(session: Session, group: QaGroup, *states: str) -> Sequence[GroupMember]:
    """In the order in which they came; all states where none are named."""
    query = select(GroupMember).where(GroupMember.group_id == group.id)
    query = query.where(GroupMember.state.in_(states)) if states else query
    return session.scalars(query.order_by(GroupMember.id)).all()


def is_over(house: House, group: QaGroup, at: datetime) -> bool:
    """Its last day has passed on the wall clock of the house."""
    return house.local(at).date() > group.ends_on
