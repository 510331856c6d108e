"""What a provider told when it was asked about a group: one transaction each, so that what was learnt is kept.

Done twice it comes to the same as once, for whoever asked may die before the order is ended.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.groups.end import lose_group
from core.groups.invite import invite
from core.groups.lifecycle import may
from core.groups.match import Seen
from core.groups.model import GroupMember, QaGroup
from core.groups.open import open_group
from core.groups.order import order
from core.groups.recognise import Made, makers, recognise
from core.groups.roll import call_roll
from core.groups.search import LOOK
from core.house import House


@dataclass(frozen=True)
class WantedWay:
    """A way in that is still wanted; ``config`` is the provider's number of it, when it was made before."""

    chat: str
    state: str
    remark: str
    config: str | None


def wanted_way(house: House, what: dict[str, Any]) -> WantedWay | None:
    """None: the group has ended, or the trainee is in already."""
    with house.database.reading() as session:
        group, holder = _holder(session, what)
        if holder is None or holder.token != what["state"] or group.external_id is None:
            return None
        remark = f"{group.training.code} {group.training.course.title}"
        return WantedWay(group.external_id, what["state"], remark, holder.join_way)


def way_made(house: House, what: dict[str, Any], config: str) -> bool:
    """Kept at once: the provider shows this number nowhere again. False: meanwhile nobody needs it any more."""
    with house.database.session() as session:
        _, holder = _holder(session, what, lock=True)
        if holder is None or holder.token != what["state"]:
            return False
        holder.join_way = config
        session.commit()
        return True


def way_shown(house: House, what: dict[str, Any], picture: str) -> None:
    """Its picture is known: the group opens, or the trainee is sent theirs. Whoever ended meanwhile needs none."""
    at = house.clock.now()
    with house.database.session() as session:
        group, holder = _holder(session, what, lock=True)
        if isinstance(holder, GroupMember):
            holder.invite_link = picture
            invite(session, house, holder, at=at)
        elif holder is not None and may(holder, "open"):
            open_group(session, house, group, link=picture, at=at)
            order(session, house, group, LOOK, key=f"group_look:open:{group.id}:{group.round}")
        session.commit()


def way_gone(house: House, what: dict[str, Any]) -> None:
    """Somebody deleted it at the provider; the order makes another."""
    with house.database.session() as session:
        _, holder = _holder(session, what, lock=True)
        if holder is not None:
            holder.join_way = None
        session.commit()


def group_seen(
    house: House,
    number: int,
    seen: Sequence[Seen],
    *,
    title: str,
    owner: str,
    removed: Collection[str] = (),
) -> None:
    """Who is in it now."""
    with house.database.session() as session:
        group = locked(session, number)
        if group.state == "open":
            group.title = title or group.title
            call_roll(session, house, group, seen, owner=owner, removed=removed, at=house.clock.now())
        session.commit()


def group_gone(house: House, number: int, chat: str) -> None:
    """It was dismissed: lost, and its trainer is told. Not where it was made again meanwhile, and ``chat`` is the former one."""
    at = house.clock.now()
    with house.database.session() as session:
        group = locked(session, number)
        if group.external_id == chat:
            lose_group(session, house, group, reason="deleted", at=at)
        session.commit()


def made_by_hand(house: House, channel: str, made: Made) -> bool:
    """A group that appeared: whether it is one we wait for."""
    with house.database.session() as session:
        found = recognise(session, house, channel, made, at=house.clock.now())
        session.commit()
        return found is not None


def where_to_look(house: House, channel: str) -> tuple[list[str], set[str]]:
    """Whose groups to look through, and the groups that are known already."""
    with house.database.reading() as session:
        known = select(QaGroup.external_id).where(
            QaGroup.channel == channel, QaGroup.external_id.is_not(None)
        )
        return makers(session), {chat for chat in session.scalars(known) if chat}


def locked(session: Session, number: int) -> QaGroup:
    """The group, nobody else's for this transaction."""
    return session.scalars(select(QaGroup).where(QaGroup.id == number).with_for_update(of=QaGroup)).one()


def _holder(
    session: Session, what: dict[str, Any], *, lock: bool = False
) -> tuple[QaGroup, QaGroup | GroupMember | None]:
    """Whose way it is, the group's or a trainee's; None where nobody needs it any more."""
    group = locked(session, what["group"]) if lock else session.get_one(QaGroup, what["group"])
    if "member" not in what:
        return group, group if group.state in ("waiting_for_admin", "open") else None
    member = session.get(GroupMember, what["member"])
    wanted = group.state == "open" and member is not None and member.state == "invited"
    return group, member if wanted else None
