"""A group made ready before the session ends: nobody is invited until then. Nobody here commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.groups.end import close_group
from core.groups.last_day import held, move_promise
from core.groups.lead_in import make_ready
from core.groups.lifecycle import may
from core.groups.model import QaGroup
from core.groups.open import plan_group
from core.groups.route import channels_on
from core.house import House
from core.training.model import TrainingSession
from core.training.seats import lock


class CannotPrepare(Exception):
    """``why`` is over (the session has ended: its groups are there) or channel (there is none of that kind here)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def kinds(house: House) -> list[str]:
    """Channels on which a group can be made here."""
    return channels_on(house.book.policy("groups")["channels"], house.ways)


def prepare(
    session: Session, house: House, training: TrainingSession, channel: str, *, at: datetime
) -> QaGroup:
    """Its group on a channel, made ready now: the page opens, a provider's group waits to be made. CannotPrepare.

    At the end of the session everybody who attended is placed and invited as ever.
    """
    if channel not in kinds(house):
        raise CannotPrepare("channel")
    lock(session, training)
    if training.state != "planned":
        raise CannotPrepare("over")
    group = plan_group(session, house, training, channel, at=at)
    make_ready(session, house, group, at=at)
    return group


def follow_move(
    session: Session, house: House, training: TrainingSession, *, ended: datetime, at: datetime
) -> None:
    """The session, which ``ended`` at another time, was moved: its groups begin and end as many days later or earlier."""
    moved = house.local(training.ends_at).date() - house.local(ended).date()
    for group in _prepared(session, training) if moved else ():
        group.opens_on, group.ends_on, group.changed_at = group.opens_on + moved, group.ends_on + moved, at
        move_promise(session, house, group)


def call_off(session: Session, house: House, training: TrainingSession, *, at: datetime) -> None:
    """The session is cancelled: so are its prepared groups."""
    for group in _prepared(session, training):
        if may(group, "close"):
            close_group(session, house, group, reason="cancelled", at=at)


def _prepared(session: Session, training: TrainingSession) -> Sequence[QaGroup]:
    numbers = session.scalars(
        select(QaGroup.id).where(QaGroup.session_id == training.id).order_by(QaGroup.id)
    )
    return [held(session, number) for number in numbers.all()]
