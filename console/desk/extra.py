"""What staff do beside the life cycle: write to the customer, correct a ticket's facts."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from console import wording
from console.desk.orders import Unclear
from core.asked.reply import give_answer, waits_for_answer
from core.care.notice import reachable, write
from core.dialogue.facts import phone_number
from core.house import House
from core.nlu_review.review import corrected
from core.ticket.filing import add_facts
from core.ticket.find import find
from core.ticket.lifecycle import note

FACTS = [
    "name",
    "phone",
    "address",
    "category",
    "brand",
    "model",
    "symptom",
    "error_code",
    "description",
    "wants",
    "purchase_date",
    "invoice_no",
]
_LONGEST = 2000


def reply(session: Session, house: House, *, number: str, text: str, by: str, at: datetime, key: str) -> None:
    """Write to the customer where they last spoke; ``key`` makes a double click one message.

    Who asked something, and waits, has their answer with it.
    """
    if waits_for_answer(session, number):
        give_answer(session, house, number=number, text=text, by=by, at=at)
        return
    ticket, text = find(session, number), text.strip()[:_LONGEST]
    if not text:
        raise Unclear(wording.say("refused.empty"))
    conversation = reachable(session, ticket.customer_id)
    if conversation is None:
        raise Unclear(wording.say("refused.unreachable"))
    message = write(session, conversation, text, at=at, ticket_id=ticket.id, key=f"reply:{number}:{key}")
    if message is not None:
        note(session, ticket, verb="reply", at=at, actor=by, channel=conversation.identity.channel, text=text)


def update(session: Session, house: House, *, number: str, form: Any, by: str, at: datetime) -> None:
    """Put corrected facts on a ticket; fields left empty stay as they are."""
    ticket = find(session, number)
    facts: dict[str, Any] = {f: str(form.get(f) or "").strip()[:_LONGEST] for f in FACTS if form.get(f)}
    facts = {name: value for name, value in facts.items() if value}
    if "phone" in facts:
        facts["phone"] = phone_number(facts["phone"])
        if facts["phone"] is None:
            raise Unclear(wording.say("refused.phone"))
    if "purchase_date" in facts:
        facts |= _purchase(facts["purchase_date"], house.local(at).date())
    symptom = ticket.symptom
    add_facts(session, house, ticket, facts, at=at, actor=by, channel="staff")
    corrected(session, ticket, symptom, by=by, at=at)


def _purchase(raw: str, today: date) -> dict[str, str]:
    try:
        day = date.fromisoformat(raw)
    except ValueError as error:
        raise Unclear(wording.say("refused.purchase")) from error
    if not date(1980, 1, 1) <= day <= today:
        raise Unclear(wording.say("refused.purchase"))
    return {"purchase_date": day.isoformat(), "purchase_precision": "day"}
