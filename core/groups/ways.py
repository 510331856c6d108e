"""Ways in that a provider keeps for us (WeCom's join ways): the group's, and one for each trainee. Nobody here commits.

A trainee's own way tells who came, whatever they call themselves; the group's way, shown on the wall, tells only of
which session they are. In the end all are taken back, and their pictures lead nowhere.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.groups.model import GroupMember, QaGroup
from core.groups.order import order
from core.house import House

MAKE_WAY, TAKE_WAY = "make_way", "take_way"  # orders


def ask_for_way(
    session: Session, house: House, group: QaGroup, member: GroupMember | None = None, *, again: str = ""
) -> None:
    """The provider is to make one, once for each code; ``again`` after that was given up."""
    token = member.token if member else group.token
    what: dict[str, Any] = {"state": token} | ({"member": member.id} if member else {})
    order(session, house, group, MAKE_WAY, key=f"group_way:{token}{again}", **what)


def take_back_ways(session: Session, house: House, group: QaGroup) -> None:
    """Nobody comes in by any of them any more."""
    query = select(GroupMember).where(GroupMember.group_id == group.id, GroupMember.join_way.is_not(None))
    for holder in (group, *session.scalars(query.order_by(GroupMember.id))):
        take_back(session, house, group, holder)


def take_back(session: Session, house: House, group: QaGroup, holder: QaGroup | GroupMember) -> None:
    """The link stops working; once ordered it is forgotten here."""
    if holder.join_way:
        key = f"group_way_back:{holder.join_way}"
        order(session, house, group, TAKE_WAY, key=key, config=holder.join_way)
        holder.join_way = holder.invite_link = None
