"""Linking a chat account to a member of staff, by a code that is good once."""

import re
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.customer.scene import BadScene, Scene, issue, redeem
from core.dialogue.choices import plain
from core.messaging.inbox import InboxMessage
from core.staff.model import Staff
from core.staff.people import ACCOUNTS, LINKS, has, linked
from core.staff.refusal import Refused, UnknownStaff

PURPOSE = "staff"
LIVES = timedelta(hours=24)
_TOKEN = re.compile(r"(?:/start(?:@\w+)?\s+)?([A-Za-z0-9_-]{16})")


def code_for(session: Session, name: str, *, at: datetime) -> str:
    """A code for one person, good once within a day. UnknownStaff."""
    person = session.scalars(select(Staff).where(Staff.name == name.strip(), Staff.active)).first()
    if person is None:
        raise UnknownStaff(name)
    return issue(session, PURPOSE, {"staff": person.id}, at=at, expires_at=at + LIVES)


def token_in(session: Session, message: InboxMessage) -> str | None:
    """The linking code that a message is, if it is one."""
    match = _TOKEN.fullmatch(plain(message.text))
    token = message.payload.get("scene") or (match and match[1])
    if not isinstance(token, str):
        return None
    purpose = session.scalar(select(Scene.purpose).where(Scene.token == token))
    return token if purpose == PURPOSE else None


def link(session: Session, message: InboxMessage, token: str, *, identity_id: int, at: datetime) -> Staff:
    """Link who sent the code to the person it was made for; Refused tells kindly why not."""
    try:
        scene = redeem(session, token, identity_id=identity_id, at=at)
    except BadScene as error:
        raise Refused(f"staff.link.{error.why}") from error
    person = session.get(Staff, scene.payload.get("staff"), with_for_update=True)
    if person is None or not person.active or not ACCOUNTS[message.channel].fullmatch(message.sender):
        raise Refused("staff.link.unknown")
    other = linked(session, message.channel, message.sender)
    if other is not None and other.id != person.id:
        raise Refused("staff.link.other", name=other.name)
    unlink(session, message.channel, message.sender)
    setattr(person, LINKS[message.channel].key, message.sender)
    session.flush()
    return person


def unlink(session: Session, channel: str, account: str) -> None:
    """Free an account from whoever had it, also from people who have left."""
    for person in session.scalars(select(Staff).where(has(channel, account))):
        setattr(person, LINKS[channel].key, None)
    session.flush()
