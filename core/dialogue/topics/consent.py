"""The answer to a price: agreed or not, in plain words, on record before anybody is sent (B3)."""

import re

from core.dialogue.talk import Talk
from core.dialogue.topics.filed import words
from core.promise.watch import settle
from core.service.fees import yuan
from core.staff.push import push
from core.ticket.actions import find
from core.ticket.lifecycle import note
from core.ticket.model import Ticket

_DECLINES = re.compile(r"不同意|不接受|不修|算了|不要|拒绝|不用|disagree")
_UNDECIDED = re.compile(r"再想想|考虑|商量|想一下|问问|再说|think about|think it over", re.IGNORECASE)
# Consent costs the customer money: only plain words of it count, never a guess of the model, never 你好.
_AGREE = re.compile(
    r"^(?!.*(?:不|没|再想想|考虑|disagree|not )).*(?:同意|接受|没问题|(?:就|要|给我|那)?(?:修|派|来)吧|要修|得行|要得|agree|go ahead)|"
    r"^(?:那|嗯+|哦|噢)?[,， ]*(?:好的?|行|可以|中|成|确认|确定|ok(?:ay)?|yes|fine|没问题)(?![你您])[吧的啊呀了嘛,，。.!！ ]*"
    r"(?:谢谢|麻烦(?:了|你们?)?|快点?来?|尽快|就这样|派(?:人|师傅)吧?|修吧)?[吧了。.!！]*$",
    re.IGNORECASE,
)
_DISAGREE = re.compile(
    r"不同意|不接受|太贵|不修|算了|不要|不行|不可以|不用|不划算|拒绝|不得行|disagree|too expensive|^no\b",
    re.IGNORECASE,
)


def answer(talk: Talk) -> bool:
    """Consent to the price is recorded before anybody is sent (B3)."""
    question = talk.state.question
    choice = talk.chosen()
    if question is None or question.ticket is None:
        return False
    asks = talk.intent in ("ask_warranty_or_fee", "ask_contact", "ask_ticket_status", "file_complaint")
    if choice is None and asks and not _DECLINES.search(talk.text):
        return False
    if choice == "disagree" or (choice is None and _DISAGREE.search(talk.text)):
        consent = "refused"
    elif choice == "agree" or (choice is None and _AGREE.search(talk.text) is not None):
        consent = "given"
    elif _UNDECIDED.search(talk.text):
        talk.say("fee.think", number=question.ticket)
        return True
    else:
        return False
    talk.drop_question()
    record(talk, find(talk.session, question.ticket), consent)
    return True


def record(talk: Talk, ticket: Ticket, consent: str) -> None:
    """``given`` or ``refused``, on the ticket, its timeline and the desk."""
    ticket.fee_consent, ticket.fee_consent_at = consent, talk.at
    settle(talk.session, talk.house, ticket, at=talk.at)
    fee = yuan(ticket.fee or 0)
    note(
        talk.session,
        ticket,
        verb=f"fee_{consent}",
        at=talk.at,
        actor=talk.actor,
        channel=talk.channel,
        text=f"{fee} 元",
    )
    push(
        talk.session,
        talk.house,
        key=f"fee:{ticket.number}:{talk.at.isoformat()}",
        audience="desk",
        wording=f"push.fee_{consent}",
        at=talk.at,
        ticket=ticket,
        fee=fee,
    )
    talk.say(f"fee.{consent}", **words(talk, ticket), fee=fee)
