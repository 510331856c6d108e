"""What a provider tells of a Q&A group's door: who asks, who came, who went, and what became of the bot itself."""

from core.dialogue.talk import Talk
from core.groups.admission import Declined
from core.groups.bind import admit_bot, bot_gone, bot_without_rights, code_typed
from core.groups.find import LIVE, by_chat, enrolment_for
from core.groups.join import Applicant, ask_in, has_joined, has_left, was_removed
from core.groups.model import QaGroup
from core.groups.order import order
from core.messaging.inbox import InboxMessage
from core.messaging.outbox import say
from core.staff.people import linked
from core.training.news import session_words


def asked(talk: Talk, message: InboxMessage) -> str:
    """``payload``: chat, and private, where the person may be written to for five minutes after asking."""
    group = _group(talk, message) or _group(talk, message, "closed")
    if group is None:  # another group of which we happen to be an administrator: its own people decide
        return "foreign_group"
    if linked(talk.session, message.channel, message.sender) is not None:
        order(talk.session, talk.house, group, "admit", person=message.sender)
        return "group_admitted_staff"
    applicant = _applicant(talk, message, group)
    verdict, _ = ask_in(talk.session, talk.house, group=group, applicant=applicant, at=talk.at)
    do, outcome = ("refuse", "declined") if isinstance(verdict, Declined) else ("admit", "admitted")
    order(talk.session, talk.house, group, do, person=message.sender)
    if verdict.why != "again":
        _tell(talk, message, group, f"qa_group.{outcome}_{verdict.why}")
    return f"group_{outcome}_{verdict.why}"


def changed(talk: Talk, message: InboxMessage) -> str:
    """``payload``: inside, whether they are in the group now; staff, whether as its administrator; by, who did it."""
    group = _group(talk, message)
    if group is None:
        return "foreign_group"
    if message.payload["inside"]:
        return _came(talk, message, group)
    who, by = message.sender, message.payload["by"]
    if by in (who, message.account):  # what we did ourselves is written down already
        has_left(talk.session, group=group, external_id=who, at=talk.at)
    else:
        was_removed(talk.session, group=group, external_id=who, by=by, at=talk.at)
    return "group_left"


def _came(talk: Talk, message: InboxMessage, group: QaGroup) -> str:
    """A stranger does not stay, however they came in."""
    if message.payload["staff"] or linked(talk.session, message.channel, message.sender) is not None:
        return "group_staff"
    applicant = _applicant(talk, message, group)
    verdict, _ = has_joined(talk.session, talk.house, group=group, applicant=applicant, at=talk.at)
    if isinstance(verdict, Declined):
        order(talk.session, talk.house, group, "remove", person=message.sender)
        return f"group_removed_{verdict.why}"
    return "group_joined"


def bot_changed(talk: Talk, message: InboxMessage) -> str:
    """``payload``: chat, title, status (out, in or admin: with the right to invite), of the bot itself."""
    status = message.payload["status"]
    if status == "out":
        return bot_gone(talk.session, talk.house, message, at=talk.at)
    if status == "admin":
        return admit_bot(talk.session, talk.house, message, at=talk.at)
    return bot_without_rights(talk.session, talk.house, message, at=talk.at)


def code(talk: Talk, message: InboxMessage) -> str:
    """The code of a group, typed in it."""
    return code_typed(talk.session, talk.house, message, at=talk.at)


def _group(talk: Talk, message: InboxMessage, *states: str) -> QaGroup | None:
    chat = str(message.payload["chat"])
    return by_chat(talk.session, message.channel, message.account, chat, states=states or LIVE)


def _applicant(talk: Talk, message: InboxMessage, group: QaGroup) -> Applicant:
    enrolment = enrolment_for(talk.session, group, talk.customer)
    return Applicant(message.sender, message.name, enrolment, talk.conversation.identity_id)


def _tell(talk: Talk, message: InboxMessage, group: QaGroup, wording: str) -> None:
    """In private, where nobody reads along; not as part of a conversation, for a stranger has none."""
    words = session_words(talk.house, group.training, talk.language)
    say(
        talk.session,
        at=talk.at,
        channel=message.channel,
        account=message.account,
        recipient=str(message.payload["private"]),
        text=talk.house.book.text(wording, talk.language, **words, ends_on=f"{group.ends_on:%m-%d}"),
        reply_to=message.id,
    )
