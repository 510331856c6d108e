"""Staff and their chats: who speaks, and how each of them is reached, best way first."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.customer.model import Identity
from core.house import House
from core.staff.model import Staff

# Channel → the column that holds a person's account there, best way first.
LINKS: dict[str, Any] = {"wecom": Staff.wecom_id, "telegram": Staff.telegram_id, "email": Staff.email}
EMAIL = "email"  # read now and then: it takes the place of no call
# What an account may look like. WeCom's "@all" and "a|b" would reach others as well.
ACCOUNTS = {
    "wecom": re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}"),
    "telegram": re.compile(r"[1-9]\d{0,15}"),
    # What every mail server takes unquoted: one address, and nothing that a header could be broken with.
    EMAIL: re.compile(r"(?=.{3,254}\Z)[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@([A-Za-z0-9-]+\.)+[A-Za-z]{2,}"),
}


@dataclass(frozen=True)
class Way:
    """A channel, the account of ours there, and the person's address on it."""

    channel: str
    recipient: str
    account: str = ""


def linked(session: Session, channel: str, account: str) -> Staff | None:
    """The active member of staff who speaks with this account."""
    if channel not in LINKS or not account:
        return None
    return session.scalars(select(Staff).where(has(channel, account), Staff.active)).first()


def has(channel: str, account: str) -> Any:
    """The condition that somebody has this account; WeCom does not tell LiGong from ligong."""
    return func.lower(LINKS[channel]) == account.lower()


def named(session: Session, name: str | None) -> Staff | None:
    """The member of staff with this name, whether active or not."""
    return session.scalars(select(Staff).where(Staff.name == name)).first() if name else None


def links(person: Staff) -> list[tuple[str, str]]:
    """(channel, account) of the chats a person is linked to."""
    return [(channel, account) for channel in LINKS if (account := account_of(person, channel))]


def account_of(person: Staff, channel: str) -> str | None:
    """Their id on a channel that can be linked; None where it is not, or is no such channel."""
    return getattr(person, LINKS[channel].key) if channel in LINKS else None


def way_to(
    session: Session,
    house: House,
    person: Staff | None,
    *,
    but: tuple[str, ...] = (),
    only: str | None = None,
) -> Way | None:
    """Their best live chat, or None: then the console has to do. ``only``: on this channel or not at all."""
    for channel in LINKS if person is not None and person.active else ():
        address = account_of(person, channel) if person else None
        if not address or channel in but or channel not in house.ways or only not in (None, channel):
            continue
        known = select(Identity).where(Identity.channel == channel, Identity.external_id == address)
        identity = session.scalars(known.order_by(Identity.id.desc())).first()
        if identity is None or identity.dead_at is None:
            return Way(channel, address, identity.account if identity else "")
    return None
