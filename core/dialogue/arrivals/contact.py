"""A shared contact: the provider itself has checked its own user's number, nobody else's."""

import phonenumbers

from core.dialogue.facts import phone_number
from core.dialogue.talk import Talk
from core.dialogue.topics import link, link_code, small
from core.messaging.inbox import InboxMessage


def shared(talk: Talk, message: InboxMessage) -> str:
    """``payload``: phone (E.164 or as the provider writes it), own (it is the sender's)."""
    small.introduce(talk)
    if not talk.private:
        talk.say("link.private")
    elif message.payload.get("own") is not True:
        talk.say("link.contact_not_own")
        link.ask_contact(talk)
    elif (phone := number(message.payload.get("phone"))) is None:
        talk.say("link.contact_unreadable")
    else:
        _proved(talk, phone)
    return "contact"


def _proved(talk: Talk, phone: str) -> None:
    """It answers a form's question for the phone, too."""
    if talk.state.form and not talk.state.slots.get("phone"):
        talk.state.slots["phone"] = phone
    link_code.prove(talk, phone)


def number(written: object) -> str | None:
    """E.164. Telegram writes 8613800138000, with or without a plus; a bare national number is a Chinese one."""
    digits = "".join(c for c in str(written or "")[:40] if c.isascii() and c.isdigit())
    if not digits:
        return None
    if not (len(digits) == 11 and digits[0] == "1" and not str(written).startswith("+")):
        try:
            whole = phonenumbers.parse(f"+{digits}")
        except phonenumbers.NumberParseException:
            return phone_number(digits)
        if phonenumbers.is_valid_number(whole):
            return phonenumbers.format_number(whole, phonenumbers.PhoneNumberFormat.E164)
    return phone_number(digits)
