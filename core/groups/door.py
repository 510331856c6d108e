"""What a provider tells of a Q&A group's door: who asks, who came, who went, and what became of the bot itself.

Nobody becomes a customer by it: such an event is about a group, often somebody else's, and nobody spoke to us.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.customer.model import Conversation, Identity
from core.groups.admission import Declined
from core.groups.bind import admit_bot, bot_gone, bot_without_rights, code_typed
from core.groups.find import LIVE, by_chat, enrolment_for
from core.groups.join import Applicant, ask_in, has_joined, has_left, was_removed
from core.groups.model import QaGroup
from core.groups.order import order
from core.house import House
from core.messaging.inbox import InboxMessage
from core.messaging.lease import Lease, finish
from core.messaging.outbox import OutboxMessage, say
from core.staff.people import linked
from core.training.news import session_words


@dataclass
class Knock:
    """One event at a door, and whose account it is about, as far as we know them."""

    session: Session
    house: House
    message: InboxMessage
    known: Identity | None
    at: datetime

    @property
    def is_staff(self) -> bool:
        return linked(self.session, self.message.channel, self.message.sender) is not None

    def group(self, *states: str) -> QaGroup | None:
        """The group this chat is, in one of ``states``; a live one where none are named."""
        message, chat = self.message, str(self.message.payload["chat"])
        return by_chat(self.session, message.channel, message.account, chat, states=states or LIVE)

    def applicant(self, group: QaGroup) -> Applicant:
        """Who knocks, with their enrolment where they have one."""
        known = self.known
        enrolment = enrolment_for(self.session, group, known.customer) if known else None
        return Applicant(self.message.sender, self.message.name, enrolment, known.id if known else None)


def take_door_event(house: House, message: InboxMessage, lease: Lease) -> bool:
    """One claimed event; False when the lease was lost."""
    with house.database.session(durable=False) as session:
        known = _known(session, message)
        outcome = EVENTS[message.kind](Knock(session, house, message, known, house.clock.now()))
        chat = session.scalar(select(Conversation.id).where(Conversation.lane == message.lane))
        if not finish(session, InboxMessage, lease, conversation_id=chat, outcome=outcome):
            return False
        session.commit()
        return True


def _known(session: Session, message: InboxMessage) -> Identity | None:
    same = (
        Identity.channel == message.channel,
        Identity.account == message.account,
        Identity.external_id == message.sender,
    )
    return session.scalars(select(Identity).where(*same)).first()


def _asked(knock: Knock) -> str:
    """``payload``: chat, and private, where the person may be written to for five minutes after asking."""
    session, house, message = knock.session, knock.house, knock.message
    group = knock.group() or knock.group("closed")
    if group is None:  # another group of which we happen to be an administrator: its own people decide
        return "foreign_group"
    if knock.is_staff:
        order(session, house, group, "admit", person=message.sender)
        return "group_admitted_staff"
    verdict, _ = ask_in(session, house, group=group, applicant=knock.applicant(group), at=knock.at)
    if isinstance(verdict, Declined):
        # Telegram lets us write to who never spoke with us only as long as the request is not decided: the reason first.
        reason = _tell(knock, group, f"qa_group.declined_{verdict.why}")
        order(session, house, group, "refuse", person=message.sender, after=reason)
        return f"group_declined_{verdict.why}"
    order(session, house, group, "admit", person=message.sender)
    if verdict.why != "again":
        _tell(knock, group, f"qa_group.admitted_{verdict.why}")
    return f"group_admitted_{verdict.why}"


def _changed(knock: Knock) -> str:
    """``payload``: inside, whether they are in the group now; staff, whether as its administrator; by, who did it."""
    session, message, group = knock.session, knock.message, knock.group()
    if group is None:
        return "foreign_group"
    if message.payload["inside"]:
        return _came(knock, group)
    who, by = message.sender, message.payload["by"]
    if by in (who, message.account):  # what we did ourselves is written down already
        has_left(session, group=group, external_id=who, at=knock.at)
    else:
        was_removed(session, group=group, external_id=who, by=by, at=knock.at)
    return "group_left"


def _came(knock: Knock, group: QaGroup) -> str:
    """A stranger does not stay, however they came in."""
    session, house, message = knock.session, knock.house, knock.message
    if message.payload["staff"] or knock.is_staff:
        return "group_staff"
    verdict, _ = has_joined(session, house, group=group, applicant=knock.applicant(group), at=knock.at)
    if isinstance(verdict, Declined):
        order(session, house, group, "remove", person=message.sender)
        return f"group_removed_{verdict.why}"
    return "group_joined"


def _bot_changed(knock: Knock) -> str:
    """``payload``: chat, title, status (out, in or admin: with the right to invite), of the bot itself."""
    became = {"out": bot_gone, "admin": admit_bot}.get(knock.message.payload["status"], bot_without_rights)
    return became(knock.session, knock.house, knock.message, at=knock.at)


def _code(knock: Knock) -> str:
    """The code of a group, typed in it."""
    return code_typed(knock.session, knock.house, knock.message, at=knock.at)


def _tell(knock: Knock, group: QaGroup, wording: str) -> OutboxMessage | None:
    """In private, where nobody reads along; not as part of a conversation, for a stranger has none."""
    message, known = knock.message, knock.known
    language = known.customer.language if known else str(message.payload.get("language") or "zh")
    words = session_words(knock.house, group.training, language)
    return say(
        knock.session,
        at=knock.at,
        channel=message.channel,
        account=message.account,
        recipient=str(message.payload["private"]),
        text=knock.house.book.text(wording, language, **words, ends_on=f"{group.ends_on:%m-%d}"),
        reply_to=message.id,
    )


EVENTS: dict[str, Callable[[Knock], str]] = {
    "join_request": _asked,
    "member": _changed,
    "bot_member": _bot_changed,
    "group_code": _code,
}
