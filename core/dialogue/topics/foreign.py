"""A ticket or a phone number that is not proved to be theirs: nothing is shown, and the way to prove it is offered."""

from core.dialogue.talk import Talk
from core.dialogue.topics import link
from core.ticket.theirs import own_ticket

# These never look a ticket up by the number that was typed: the number is part of what is told.
_TELLING = (
    "report_fault",
    "file_complaint",
    "give_suggestion",
    "request_install",
    "book_training",
    "ask_training_question",
    "ask_howto",
)


def number(talk: Talk) -> bool:
    """True when somebody else's number was typed; the same words for one that does not exist."""
    typed = talk.facts.slots.get("ticket_no")
    if not typed or talk.intent in _TELLING or _form_asks(talk):
        return False
    if own_ticket(talk.session, talk.customer, typed) is not None:
        return False
    talk.say("link.not_shown", number=typed)
    link.offer(talk)
    return True


def _form_asks(talk: Talk) -> bool:
    """The digits may be the invoice that was asked for."""
    question = talk.state.question
    return question is not None and question.kind in ("slot", "amend", "confirm", "correct", "help")


def phone(talk: Talk) -> bool:
    """查一下13800138000的报修, by somebody who has not proved that number."""
    told, customer = talk.facts.slots.get("phone"), talk.customer
    if not told or (customer.phone_verified_at and customer.phone == told):
        return False
    talk.say("link.phone_not_shown", tail=told[-4:])
    link.offer(talk)
    return True
