"""Asking a ticket's customer: what the outreach planner decides is carried out, and written down where it is not now."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.call.limits import NoCall
from core.call.outbound import place_call
from core.care.case import asked, key_of
from core.care.facts import facts_of
from core.care.notice import tell
from core.care.outreach import CHANNELS, Decision, Drop, Person, Rules, SendBy, Wait, decide
from core.care.tasks import open_task
from core.customer.model import Conversation
from core.house import House
from core.programme.together import falls_together, taken_along
from core.programme.words import line
from core.promise.model import Promise
from core.ticket.lifecycle import note
from core.ticket.model import Ticket


@dataclass(frozen=True)
class Question:
    """What is asked in a chat; a call of ours asks for the rating whatever the chat would ask."""

    wording: str
    question: str
    choices: tuple[tuple[str, str], ...]
    verb: str  # of the timeline


def ask(
    session: Session,
    house: House,
    ticket: Ticket,
    row: Promise,
    question: Question,
    *,
    now: datetime,
    plan: str,
    channels: tuple[str, ...] | None = None,
) -> Decision:
    """Returns what was decided and done. On Wait the caller hands ``until`` back to the sweep.

    ``plan`` says which channels come first, unless ``channels`` do, and whether holidays are spared.
    """
    rules = _rules(house, plan, channels)
    phone = ticket.phone or ticket.customer.phone
    facts = facts_of(session, house, ticket.customer, phone=phone, rules=rules, at=now)
    decision = decide(facts, rules, at=now)
    if isinstance(decision, SendBy):
        decision = _send(session, house, ticket, row, question, decision, phone, now)
    if isinstance(decision, Person):
        row.reason = f"handed to a person: call the customer ({decision.why})"[:500]
        open_task(session, house, ticket, key=f"call:{row.key}", purpose="survey", why=decision.why, at=now)
    elif isinstance(decision, Wait | Drop):
        _not_sent(session, house, ticket, row, decision, now)
    return decision


def _rules(house: House, name: str, channels: tuple[str, ...] | None) -> Rules:
    plan = house.book.plan(name)
    if plan is None:
        return Rules.of(house.book.policy, house.zone, channels=channels or CHANNELS)
    return Rules.of(
        house.book.policy,
        house.zone,
        channels=channels or plan.channels,
        spare_holidays=plan.spare_holidays,
    )


def _send(
    session: Session,
    house: House,
    ticket: Ticket,
    row: Promise,
    question: Question,
    way: SendBy,
    phone: str | None,
    now: datetime,
) -> Decision:
    if way.conversation is None:
        placed = place_call(
            session, house, purpose="survey", phone=phone or "", at=now, key=row.key, ticket=ticket
        )
        if isinstance(placed, NoCall):
            return Wait(placed.again, placed.why) if placed.again else Person(placed.why)
        row.reason = "asked by a call"
    else:
        chat = session.get_one(Conversation, way.conversation)
        also = _take_along(session, house, ticket, row, channel=way.channel, now=now)
        tell(session, house, ticket, wording=question.wording, at=now, key=row.key, question=question.question,
             choices=question.choices, to=chat, also=also)  # fmt: skip
        note(session, ticket, verb=question.verb, at=now, actor="frontdoor", channel="staff")
    asked(session, key_of(ticket), customer_id=ticket.customer_id, channel=way.channel, at=now, key=row.key)
    return way


def _take_along(
    session: Session, house: House, ticket: Ticket, row: Promise, *, channel: str, now: datetime
) -> str:
    """What other plans would ask within the window is asked in the same message, and the timeline says so."""
    others, language = falls_together(session, house, ticket.customer_id, at=now), ticket.customer.language
    lines = [line(house, language, due.plan, due.device) for due in others if due.plan]
    for due in others:
        taken_along(house, due, channel=channel, key=row.key, at=now)
        note(session, ticket, verb="asked_along", at=now, actor="frontdoor", channel="staff",
             text=due.row.key, audience="staff")  # fmt: skip
    return "\n".join([house.book.text("plan.also", language), *lines]) if lines else ""


def _not_sent(
    session: Session, house: House, ticket: Ticket, row: Promise, decision: Wait | Drop, now: datetime
) -> None:
    """Said once for each reason, not at every look."""
    if isinstance(decision, Drop):
        row.status, row.ended_at = "cancelled", now
        told = decision.why
    else:
        told = f"{decision.why} → {house.local(decision.until):%m-%d %H:%M}"
    if row.reason != decision.why:
        note(session, ticket, verb="not_sent", at=now, actor="frontdoor", channel="staff", text=told,
             audience="staff")  # fmt: skip
    row.reason = decision.why
