"""Looking for a group that somebody makes by hand, and after one that is open: events may be lost, or never set up."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.groups.find import members, new_token
from core.groups.model import GroupMember, QaGroup
from core.groups.open import wait_for_admin
from core.groups.order import order
from core.groups.post import WAYS
from core.groups.ways import ask_for_way
from core.house import House
from core.messaging.outbox import say
from core.promise.model import Promise, promise

LOOK, FIND = "look", "find"  # orders: who is in the group; find one that was made by hand


def watch(session: Session, house: House, group: QaGroup, *, at: datetime) -> None:
    """Promise to look, as often as the policy says, until the group has ended."""
    minutes = house.book.policy("groups")["look_minutes"]["waiting"]
    row = {"key": f"group_look:{group.id}:{group.round}", "kind": "group_look"}
    payload = {"group": group.id, "round": group.round}
    promise(session, {**row, "due_at": at + timedelta(minutes=minutes), "payload": payload})


def keep_group_look(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """Renews itself while the group is waited for or open; ends with the round it was promised in."""
    group = session.get_one(QaGroup, row.payload["group"])
    if group.round != row.payload["round"] or group.state not in ("waiting_for_admin", "open"):
        row.reason = f"the group is {group.state}"
        return None
    look_now(session, house, group, at=now)
    minutes = house.book.policy("groups")["look_minutes"]
    return now + timedelta(minutes=minutes["open" if group.state == "open" else "waiting"])


def look_now(session: Session, house: House, group: QaGroup, *, at: datetime) -> None:
    """Whether it was made by now; or who is in it by now, and who still has no way in."""
    mark = f"{at:%y%m%d%H%M%S}"
    if group.external_id is None:
        look_for(
            session,
            group.channel,
            group.token,
            key=f"group_find:{group.id}:{mark}",
            at=at,
            all=True,
        )
        return
    # A way that could not be made for hours (no right to, say) was given up.
    if group.state == "waiting_for_admin":
        ask_for_way(session, house, group, again=f":{mark}")
        return
    for member in members(session, group, "invited"):
        if member.invite_link is None:
            ask_for_way(session, house, group, member, again=f":{mark}")
    order(session, house, group, LOOK, key=f"group_look:{group.id}:{mark}")


def look_for(session: Session, channel: str, chat: str, *, key: str, at: datetime, all: bool = False) -> None:
    """Order to see whether a group is one that we wait for; ``all`` of them, or the one just made."""
    extra = {"do": FIND, "all": all}
    say(session, at=at, channel=WAYS[channel], recipient=chat, text="", key=key, weight="notice", extra=extra)


def wait_again(session: Session, house: House, group: QaGroup, *, at: datetime) -> None:
    """A lost group is to be made anew: everybody but who was put out gets another way in."""
    wait_for_admin(group, at=at)
    for member in members(session, group, "invited", "joined", "left"):
        anew(member)


def anew(member: GroupMember) -> None:
    """The place is kept; the way in that they had is spent."""
    member.state, member.token, member.reason = "invited", new_token(), None
    member.invite_link = member.join_way = member.browser = None
    member.invitations = 0
