"""What the desk does about identities: after a call the number is proved, or a link is taken back."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.customer.linking import unlink, verify_phone
from core.customer.model import Customer, Identity
from core.customer.proof import PhoneProof


class UnknownIdentity(Exception):
    """没有找到渠道身份 {which}。"""

    def __init__(self, which: str) -> None:
        super().__init__(f"no identity {which}")
        self.which = which


class SeveralClaim(Exception):
    """有 {count} 个对话说 {phone} 是他们的号码。"""

    def __init__(self, phone: str, which: list[str]) -> None:
        super().__init__(f"{len(which)} chats claim {phone}")
        self.phone, self.count, self.which = phone, len(which), ", ".join(which)


def shown(identity: Identity) -> str:
    """As the desk writes an identity: telegram:12345."""
    return f"{identity.channel}:{identity.external_id}"


def identity_of(session: Session, which: str, *, customer_id: int | None = None) -> Identity:
    """The identity CHANNEL:ID, of one customer where that is told. UnknownIdentity."""
    channel, _, external = which.partition(":")
    query = select(Identity).where(Identity.channel == channel, Identity.external_id == external)
    if customer_id is not None:
        query = query.where(Identity.customer_id == customer_id)
    found = session.scalars(query.order_by(Identity.id.desc())).first()
    if found is None:
        raise UnknownIdentity(which)
    return found


def claimants(session: Session, phone: str) -> list[Identity]:
    """One identity of each person who told or claimed the number and has not proved it."""
    claimed = select(PhoneProof.identity_id).where(
        PhoneProof.phone == phone, PhoneProof.outcome.in_(("expired", "wrong"))
    )
    waiting = select(PhoneProof.identity_id).where(PhoneProof.phone == phone, PhoneProof.outcome.is_(None))
    query = (
        select(Identity)
        .join(Customer)
        .where(
            Identity.id.in_(claimed) | Identity.id.in_(waiting) | (Customer.phone == phone),
            Customer.merged_into.is_(None),
            Customer.phone.is_(None) | (Customer.phone != phone) | Customer.phone_verified_at.is_(None),
        )
        .order_by(Identity.id)
    )
    return list({identity.customer_id: identity for identity in session.scalars(query)}.values())


def verified_by_call(
    session: Session, phone: str, *, which: str | None, at: datetime, actor: str
) -> Customer | None:
    """The one who was called has the number. Several may say so: then which one was called must be told.

    None when nobody claims it. Raises UnknownIdentity, SeveralClaim.
    """
    if which is not None:
        found = [identity_of(session, which)]
    else:
        found = claimants(session, phone)
        if len(found) > 1:
            raise SeveralClaim(phone, [shown(identity) for identity in found])
    for identity in found:
        return verify_phone(session, identity.customer, phone, at=at, actor=actor, channel="staff")
    return None


def unlinked_by_desk(session: Session, which: str, *, customer_id: int, at: datetime, actor: str) -> Identity:
    """Take an identity out of a customer's file. UnknownIdentity when it is not in it."""
    identity = identity_of(session, which, customer_id=customer_id)
    unlink(session, identity, at=at, actor=actor, channel="staff")
    return identity
