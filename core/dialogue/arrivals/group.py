"""A chat with many ears: a ticket's number and state may be said there, everything else in private."""

from core.dialogue.arrivals import qa_question
from core.dialogue.talk import Talk
from core.dialogue.topics import emergency, language, question
from core.groups.find import group_of
from core.groups.listen import is_asked, listens
from core.groups.model import QaGroup
from core.messaging.inbox import OVERHEARD, InboxMessage
from core.ticket.theirs import tickets_of

MOST = 3
_SMALL_TALK = ("greet", "thanks", "goodbye", "affirm", "deny")  # among many ears it needs no answer


def heard(talk: Talk, message: InboxMessage) -> str:
    """Answer where the others read along, with the way into the private chat.

    ``extra["reply"]`` is the message that is answered, ``extra["link"]`` a button into the private chat.
    """
    language.guess(talk)
    talk.extra["reply"] = message.payload.get("message")
    talk.extra["link"] = {"label": talk.house.book.text("group.button", talk.language), "start": "private"}
    group = group_of(talk.session, message)
    ours = group is not None  # there nothing of anybody's tickets is said at all
    if group is not None and talk.intent != "emergency" and not _listens(talk, message, group):
        return "group_unasked"
    if talk.intent == "emergency":
        emergency.sound(talk, numbered=not ours)
        talk.state.forget_form()
        talk.say("group.urgent")
        return "emergency"
    if message.kind == OVERHEARD:
        return qa_question.overheard(talk, message) or "group_unasked"
    if ours and talk.intent in _SMALL_TALK:
        if talk.intent == "greet":
            talk.say("qa_group.hello")
        return "group_said"
    if not ours and _asks_status(talk, message):
        _states(talk)
        return "group_status"
    outcome = qa_question.heard(talk, message)
    if outcome is None:
        talk.say("qa_group.private" if ours else "group.private")
    return outcome or "group"


def _listens(talk: Talk, message: InboxMessage, group: QaGroup) -> bool:
    """Commands and the page are meant for us; what else is, the group says."""
    how = None if message.kind == OVERHEARD else message.payload.get("how", "page")
    return is_asked(how, listens(talk.house, group), asks=question.asks(talk.text))


def _asks_status(talk: Talk, message: InboxMessage) -> bool:
    asked = talk.intent == "ask_ticket_status" or "ticket_no" in talk.facts.slots
    return asked or message.payload.get("command") == "status"


def _states(talk: Talk) -> None:
    """Number and state of the sender's own tickets; a strange number tells nothing."""
    number = talk.facts.slots.get("ticket_no")
    mine = tickets_of(talk.session, talk.customer, only_open=not number, limit=50)
    named = [ticket for ticket in mine if number in (None, ticket.number)]
    for ticket in named[:MOST]:
        talk.say("group.ticket", number=ticket.number, state=talk.label("state", ticket.state))
    if not named:
        talk.say("group.no_ticket")
    talk.say("group.more")
