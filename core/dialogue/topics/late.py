"""Answers to what we asked long ago or asked in passing: 已修好, 没修好, 同意, when no question waits any more."""

import re

from core.care.rating import fixed
from core.dialogue.talk import Talk
from core.dialogue.topics import care, consent
from core.dialogue.topics.filed import words
from core.ticket.model import Ticket
from core.ticket.theirs import tickets_of

_AGREED = re.compile(r"(?<!不)同意|(?<!不)接受(?:费用|价格)|^(?:i )?agree", re.IGNORECASE)
_REFUSED = re.compile(r"不同意|不接受(?:费用|价格)|disagree", re.IGNORECASE)
LONGEST = 30  # a sentence longer than this tells something new


def answer(talk: Talk) -> bool:
    """True when the words answer the follow-up, or the price, of one of the customer's open tickets."""
    if talk.state.form is not None or not 0 < len(talk.text) <= LONGEST or talk.facts.slots.get("category"):
        return False
    about_price = _AGREED.search(talk.text) or _REFUSED.search(talk.text)
    about_work = len(talk.text) > 2 and (care.says_fixed(talk.text) or care.says_not_fixed(talk.text))
    if not about_price and not about_work:
        return False
    number = talk.facts.slots.get("ticket_no")
    for ticket in tickets_of(talk.session, talk.customer):
        if number not in (None, ticket.number):
            continue
        if (
            about_price
            and ticket.fee_consent in ("asked", "refused")
            and ticket.state in ("filed", "accepted")
        ):
            consent.record(talk, ticket, "refused" if _REFUSED.search(talk.text) else "given")
            return True
        if about_work and ticket.state in ("done", "followed_up"):
            _verdict(talk, ticket)
            return True
    return False


def _verdict(talk: Talk, ticket: Ticket) -> None:
    if care.says_not_fixed(talk.text):
        care.reopen(talk, ticket)
        return
    fixed(talk.session, ticket, at=talk.at, actor=talk.actor, channel=talk.channel)
    talk.say("care.signed", **words(talk, ticket))
