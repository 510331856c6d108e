"""Accounts in a provider's groups: each becomes one of its customer's, so that it is known in the next group."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from core.customer.model import Identity
from core.groups.model import GroupMember, QaGroup
from core.groups.post import WAYS


def customer_of(session: Session, group: QaGroup, external_id: str) -> int | None:
    """Whose account it is, as far as we were ever told."""
    return session.scalar(select(Identity.customer_id).where(*_same(group, external_id)))


def remember(
    session: Session, group: QaGroup, external_id: str, name: str | None, customer_id: int, *, at: datetime
) -> int:
    """The account is this customer's from now on; returns the identity."""
    identity = session.scalars(select(Identity).where(*_same(group, external_id))).first()
    if identity is None:
        identity = Identity(
            channel=WAYS[group.channel],
            account=group.account,
            external_id=external_id,
            display_name=name,
            created_at=at,
        )
        session.add(identity)
    identity.customer_id = customer_id
    session.flush()
    return identity.id


def forget(session: Session, group: QaGroup, external_id: str) -> None:
    """It was somebody else's."""
    mine = select(Identity.id).where(*_same(group, external_id))
    places = update(GroupMember).where(GroupMember.identity_id.in_(mine))
    session.execute(places.values(identity_id=None))
    session.execute(delete(Identity).where(*_same(group, external_id)))


def _same(group: QaGroup, external_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Identity.channel == WAYS[group.channel],
        Identity.account == group.account,
        Identity.external_id == external_id,
    )
