"""How a group ends: closed, handed over, or lost at the provider. Nobody here commits."""

from datetime import datetime, time

from sqlalchemy.orm import Session

from core.groups.lifecycle import may, move
from core.groups.model import QaGroup
from core.groups.order import order
from core.groups.post import post
from core.groups.tell import tell_trainer
from core.groups.ways import take_back_ways
from core.house import House
from core.promise.model import Promise, promise
from core.training.news import session_words


def close_group(session: Session, house: House, group: QaGroup, *, reason: str, at: datetime) -> None:
    """Farewell, the link is taken back, nobody writes there any more. BadGroupMove."""
    _farewell(session, house, group, "closed")
    _take_back(session, house, group, "silence")
    move(group, "close", reason=reason, at=at)


def hand_over(session: Session, house: House, group: QaGroup, *, to: str, reason: str, at: datetime) -> None:
    """The group goes on without us, in somebody's care: we take our link back and leave. BadGroupMove."""
    _farewell(session, house, group, "handed_over", to=to)
    _take_back(session, house, group, "leave")
    move(group, "hand_over", reason=reason, at=at)
    group.handed_to = to


def lose_group(session: Session, house: House, group: QaGroup, *, reason: str, at: datetime) -> bool:
    """The provider says that it is gone, or that we are; its trainer is told. False: it had ended already."""
    if not may(group, "lose"):
        return False
    take_back_ways(session, house, group)
    move(group, "lose", reason=reason, at=at)
    tell_trainer(session, house, group, "lost", key=f"group_lost:{group.id}:{group.round}", at=at, why=reason)
    return True


def end_key(number: int) -> str:
    """Of the promise that a group ends."""
    return f"group_end:{number}"


def promise_end(session: Session, house: House, group: QaGroup) -> None:
    """Promise what happens on the last day, at the hour of the policy."""
    row = {"key": end_key(group.id), "kind": "group_end", "due_at": last_moment(house, group)}
    promise(session, {**row, "payload": {"group": group.id}})


def keep_group_end(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """Close the group, or hand it over to its trainer, as the policy says; later where its last day was moved."""
    # Held and read anew: its last day may be moved at this very moment (last_day.py).
    group = session.get_one(
        QaGroup, row.payload["group"], with_for_update={"of": QaGroup}, populate_existing=True
    )
    due = last_moment(house, group)
    if due > now:
        row.reason = "its last day was moved"
        return due
    trainer = group.training.trainer
    if (
        house.book.policy("groups")["at_end"] == "hand_over"
        and trainer is not None
        and may(group, "hand_over")
    ):
        hand_over(session, house, group, to=trainer.name, reason="end_date", at=now)
    elif may(group, "close"):
        close_group(session, house, group, reason="end_date", at=now)
    else:
        row.reason = f"the group is {group.state}"
        return None
    tell_trainer(session, house, group, group.state, key=row.key, at=now)
    return None


def last_moment(house: House, group: QaGroup) -> datetime:
    """The hour of the policy on its last day."""
    hour, minute = house.book.policy("groups")["ends_at"].split(":")
    return datetime.combine(group.ends_on, time(int(hour), int(minute)), house.zone)


def _farewell(session: Session, house: House, group: QaGroup, how: str, *, to: str = "") -> None:
    words = session_words(house, group.training, "zh")
    text = house.book.text(f"qa_group.{how}", to=to, **words)
    post(session, house, group.id, text, quote=None, key=f"group_farewell:{group.id}:{group.round}")


def _take_back(session: Session, house: House, group: QaGroup, last: str) -> None:
    """After the farewell, in this order."""
    take_back_ways(session, house, group)
    if group.channel != "telegram" or group.state != "open":
        return
    if group.invite_link:
        order(session, house, group, "unlink", link=group.invite_link)
    order(session, house, group, last)
    group.invite_link = group.link_expires_at = None
