"""The group that somebody makes by hand: recognised by the code in its name. Nobody here commits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.groups.model import QaGroup
from core.groups.open import tie
from core.groups.ways import ask_for_way
from core.house import House
from core.staff.model import Staff
from core.training.model import TrainingSession


@dataclass(frozen=True)
class Made:
    """A group as the provider shows it."""

    external_id: str
    name: str


def is_called(name: str, code: str, token: str) -> bool:
    """Whether a name carries the training code or the group's own, however it is typed: 答疑 px 4821."""
    plain = "".join(name.split()).replace("-", "").upper()
    start = plain.find(code)
    whole = start >= 0 and not plain[start + len(code) :][:1].isdigit()  # PX48210 is another session
    return whole or token in plain


def recognise(session: Session, house: House, channel: str, made: Made, *, at: datetime) -> QaGroup | None:
    """Tie it to the group that waits for it, and ask for its way in. None: nobody waits for one of that name."""
    known = select(QaGroup.id).where(QaGroup.channel == channel, QaGroup.external_id == made.external_id)
    if session.scalar(known) is not None:
        return None
    for group in session.scalars(_waiting(channel).with_for_update(of=QaGroup)):
        if is_called(made.name, group.training.code, group.token):
            tie(group, account="", external_id=made.external_id, title=made.name, at=at)
            session.flush()
            ask_for_way(session, house, group)
            return group
    return None


def waited_for(session: Session, channel: str) -> bool:
    """Whether a group that appears may be one of ours."""
    return session.scalars(_waiting(channel).limit(1)).first() is not None


def makers(session: Session) -> list[str]:
    """WeCom accounts of staff, any of whom may have made it."""
    accounts = select(Staff.wecom_id).where(Staff.active, Staff.wecom_id.is_not(None))
    return [account for account in session.scalars(accounts.order_by(Staff.id)) if account]


def _waiting(channel: str) -> Select[QaGroup]:
    return (
        select(QaGroup)
        .join(TrainingSession)
        .where(
            QaGroup.channel == channel,
            QaGroup.state == "waiting_for_admin",
            QaGroup.external_id.is_(None),
        )
        .order_by(QaGroup.id)
    )
