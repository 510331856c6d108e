"""What happened in a provider's group, as its event tells: which order follows. Nobody here commits.

An event says little, may come late, twice or never, and does not say who is a trainee. So it only makes us look.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.groups.end import lose_group
from core.groups.find import by_chat
from core.groups.order import order
from core.groups.recognise import waited_for
from core.groups.search import LOOK, look_for
from core.house import House
from core.messaging.inbox import InboxMessage
from core.messaging.lease import Lease, finish

GROUP_NEWS = "group_news"  # the kind of such an arrival
NAMED = ("create", "change_name")


@dataclass(frozen=True)
class GroupNews:
    """``change`` is create, dismiss, add_member, del_member, change_owner, change_name or another of the provider's words.

    ``version`` is what its list of members is marked with once it shows the change; ``removed`` were put out.
    """

    channel: str
    chat: str
    change: str
    version: str | None = None
    removed: Sequence[str] = ()


def take_group_news(house: House, message: InboxMessage, lease: Lease) -> bool:
    """One claimed event of a provider's group; False when the lease was lost."""
    news = GroupNews(message.channel, **message.payload["news"])
    with house.database.session(durable=False) as session:
        outcome = group_heard(session, house, news, number=message.id, at=house.clock.now())
        if not finish(session, InboxMessage, lease, outcome=outcome):
            return False
        session.commit()
        return True


def group_heard(session: Session, house: House, news: GroupNews, *, number: int, at: datetime) -> str:
    """``number`` is the arrival's, so that one event makes one order. Returns what it was taken for."""
    group = by_chat(session, news.channel, "", news.chat)
    if group is None:
        if news.change not in NAMED or not waited_for(session, news.channel):
            return "group_of_others"
        look_for(session, news.channel, news.chat, key=f"group_find:{number}", at=at)
        return "group_made"
    if news.change == "dismiss":
        lose_group(session, house, group, reason="deleted", at=at)
        return "group_lost"
    key, removed = f"group_look:{number}", list(news.removed)
    order(session, house, group, LOOK, key=key, version=news.version, removed=removed)
    return "group_changed"
