"""What is taken for a question in a group at a provider: the policy ``groups.listen``, or the group's own choice."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core.groups.find import by_chat
from core.groups.journal import write_down
from core.groups.model import QaGroup
from core.house import House
from core.messaging.inbox import OVERHEARD, InboxMessage
from core.staff.people import linked

MENTION, REPLY, QUESTION, ALL, FORM = "mention", "reply", "question", "all", "form"
# The group's channel → what can be chosen there. WeCom lets no program hear, and the page of the house is all ours.
CHOICES: dict[str, Sequence[str]] = {
    "telegram": (MENTION, REPLY, QUESTION, ALL, FORM),
    "wecom": (FORM,),
    "web": (),
}


def listens(house: House, group: QaGroup) -> Collection[str]:
    """The group's own choice of mention, reply and form, else the house's."""
    chosen: Collection[str] = house.book.policy("groups")["listen"] if group.listen is None else group.listen
    return chosen


def choose(
    session: Session, group: QaGroup, chosen: Collection[str] | None, *, by: str, at: datetime
) -> None:
    """From now on the group listens to these; None: to what the policy says, as it changes. Nobody commits."""
    before = group.listen
    group.listen = None if chosen is None else [how for how in CHOICES[group.channel] if how in chosen]
    if group.listen != before:
        write_down(session, group, by=by, before={"listen": before}, at=at)


def is_asked(how: str | None, chosen: Collection[str], *, asks: bool) -> bool:
    """Whether words in a group are for us. ``how`` they were addressed: mention, reply, command, or None: to everybody.

    ``asks``: they have the form of a question. Commands, and what is written on our own page, are always for us.
    """
    if how in (MENTION, REPLY):
        return ALL in chosen or how in chosen or (asks and QUESTION in chosen)
    return how is not None or ALL in chosen or (asks and QUESTION in chosen)


def overhears(session: Session, house: House, channel: str, account: str, chat: str) -> bool:
    """Whether what people say to each other in a chat is listened to at all; of other chats it is not even kept."""
    group = by_chat(session, channel, account, chat, states=("open",))
    return group is not None and not {ALL, QUESTION}.isdisjoint(listens(house, group))


def is_chatter(house: House, message: InboxMessage) -> bool:
    """Overheard, but not for us: the trainer's own words, or in a group that listens no more."""
    if message.kind != OVERHEARD:
        return False
    with house.database.reading() as session:
        if linked(session, message.channel, message.sender) is not None:
            return True
        return not overhears(session, house, message.channel, message.account, str(message.payload["chat"]))
