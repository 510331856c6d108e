"""What the group page shows: the questions of the members and the answers, each as often as somebody looks."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.asked.places import for_others
from core.groups.find import is_over, members
from core.groups.model import GroupMember, QaGroup
from core.groups.post import WAYS
from core.groups.web import visitor_of
from core.house import House
from core.messaging.inbox import InboxMessage
from core.messaging.lease import WAITING
from core.messaging.outbox import OutboxMessage
from core.training.news import session_words

MOST = 200
# What was taken into the private chat is nobody else's.
_PUBLIC = ("group_answered", "group_asked", "group_said")


def lanes(group: QaGroup, people: list[GroupMember]) -> dict[str, GroupMember]:
    """lane → who speaks in it."""
    return {f"webchat::{place(group, visitor_of(person) or '')}": person for person in people}


def place(group: QaGroup, visitor: str) -> str:
    """Where a member speaks: their own conversation within the group."""
    return f"g{group.id}/{visitor}"


def view(session: Session, house: House, me: GroupMember) -> dict[str, Any]:
    """The page of one member; ``mark`` changes whenever there is something new."""
    group, people = me.group, _people(session, me)
    heard = _heard(session, lanes(group, people), me)
    said = _said(session, lanes(group, people), group, {row.id for _, (_, row) in heard})
    rows = sorted((*heard, *said), key=lambda row: row[0])[-MOST:]
    words = session_words(house, group.training, "zh")
    here = sorted(row.name or "—" for row in people if row.state == "joined" or row is me)
    return {
        "group": {**words, "state": "over" if is_over(house, group, house.clock.now()) else group.state,
                  "ends_on": group.ends_on.isoformat(),
                  "channel": group.channel, "trainer": _trainer(group)},
        "me": me.name,
        "members": here,
        "messages": [_shown(house, row, me) for _, row in rows],
        "mark": mark(session, group, people),
    }  # fmt: skip


def _people(session: Session, me: GroupMember) -> list[GroupMember]:
    """Whose words are here: everybody's, and in the form of a group elsewhere one's own."""
    if me.group.channel != "web":
        return [me]
    return [row for row in members(session, me.group) if row.external_id and row.state in ("joined", "left")]


def mark(session: Session, group: QaGroup, people: list[GroupMember]) -> str:
    """The newest thing heard and said, who is in, and what the group is."""
    found = []
    for model in (InboxMessage, OutboxMessage):
        known = [*lanes(group, people), _own_lane(group)]
        ended = select(func.max(model.id)).where(model.lane.in_(known), model.status.not_in(WAITING))
        found.append(str(session.scalar(ended) or 0))
    here = sum(row.state == "joined" for row in people)
    return "-".join([*found, str(here), group.state])


def _own_lane(group: QaGroup) -> str:
    """Of what is said to everybody."""
    return f"{WAYS[group.channel]}:{group.account}:{group.external_id}"


def _trainer(group: QaGroup) -> str | None:
    return group.training.trainer.name if group.training.trainer else None


def _heard(session: Session, known: dict[str, GroupMember], me: GroupMember) -> list[tuple[Any, Any]]:
    query = select(InboxMessage).where(
        InboxMessage.lane.in_(known), InboxMessage.kind == "text", InboxMessage.status == "done"
    )
    rows = session.scalars(query.order_by(InboxMessage.id.desc()).limit(MOST))
    mine = [row for row in rows if row.outcome in _PUBLIC or known[row.lane] is me]
    return [((row.received_at, 0, row.id), (known[row.lane], row)) for row in mine]


def _said(
    session: Session, known: dict[str, GroupMember], group: QaGroup, readable: set[int]
) -> list[tuple[Any, Any]]:
    """What was said to everybody, and to one of them where the question may be read."""
    query = select(OutboxMessage).where(
        OutboxMessage.lane.in_([*known, _own_lane(group)]), OutboxMessage.status == "done"
    )
    rows = session.scalars(query.order_by(OutboxMessage.id.desc()).limit(MOST))
    # In the form of a group elsewhere everything said in one's own lane is for oneself.
    whole = (_own_lane(group),) if group.channel == "web" else tuple(known)
    kept = [row for row in rows if row.lane in whole or row.reply_to in readable]
    return [((row.said_at, 1, row.id), (known.get(row.lane), row)) for row in kept]


def _shown(house: House, row: tuple[GroupMember | None, Any], me: GroupMember) -> dict[str, Any]:
    who, message = row
    if isinstance(message, InboxMessage):
        at, own = message.received_at, who is me
        key = message.external_id.split(":", 1)[1] if own else None
        head = {"id": f"in{message.id}", "from": who.name if who else None, "mine": own, "client_id": key}
        text = message.text if own else for_others(message.text)
        more: dict[str, Any] = {"text": text, "outcome": message.outcome}
    else:
        at, head = message.said_at, {"id": f"out{message.id}", "from": None, "mine": False}
        more = {"text": message.text, "answers": message.reply_to and f"in{message.reply_to}",
                "private": "link" in message.extra}  # fmt: skip
    return {**head, **more, "at": house.local(at).isoformat(timespec="seconds")}
