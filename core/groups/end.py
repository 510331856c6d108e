"""How a group ends: closed, handed over, or lost at the provider. Nobody here commits."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.groups.lifecycle import may, move
from core.groups.model import QaGroup
from core.groups.post import post
from core.house import House
from core.staff.push import push
from core.training.news import session_words


def close_group(session: Session, house: House, group: QaGroup, *, reason: str, at: datetime) -> None:
    """Farewell, and nobody gets in any more. BadGroupMove."""
    _farewell(session, house, group, "closed")
    move(group, "close", reason=reason, at=at)


def hand_over(session: Session, house: House, group: QaGroup, *, to: str, reason: str, at: datetime) -> None:
    """The group goes on without us, in somebody's care. BadGroupMove."""
    _farewell(session, house, group, "handed_over", to=to)
    move(group, "hand_over", reason=reason, at=at)
    group.handed_to = to


def lose_group(session: Session, house: House, group: QaGroup, *, reason: str, at: datetime) -> bool:
    """The provider says that it is gone, or that we are; its trainer is told. False: it had ended already."""
    if not may(group, "lose"):
        return False
    move(group, "lose", reason=reason, at=at)
    tell_trainer(session, house, group, "lost", key=f"group_lost:{group.id}:{group.round}", at=at, why=reason)
    return True


def tell_trainer(
    session: Session, house: House, group: QaGroup, news: str, *, key: str, at: datetime, why: str = ""
) -> None:
    """Push to the trainer of the session (else the desk) what happened and what to do; once per ``key``."""
    training = group.training
    push(
        session,
        house,
        key=key,
        audience="desk",
        wording=f"push.qa_group_{news}",
        at=at,
        names=[training.trainer.name] if training.trainer else None,
        channel_name=house.book.label("qa_channel", group.channel),
        why=house.book.label("qa_reason", why),
        token=group.token,
        ends_on=f"{group.ends_on:%m-%d}",
        **session_words(house, training, "zh"),
    )


def _farewell(session: Session, house: House, group: QaGroup, how: str, *, to: str = "") -> None:
    words = session_words(house, group.training, "zh")
    text = house.book.text(f"qa_group.{how}", to=to, **words)
    post(session, house, group.id, text, quote=None, key=f"group_farewell:{group.id}:{group.round}")
