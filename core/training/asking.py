"""The training-effect questionnaire is asked as the outreach planner allows (G4, E4): never twice, at night, after opting out."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.care.facts import contacts_of, facts_of
from core.care.outreach import WEEK, Decision, Drop, Person, Rules, SendBy, Wait, decide
from core.customer.model import Conversation, Customer
from core.house import House
from core.promise.model import Promise
from core.training import asked_ways
from core.training.asked_ways import Whom
from core.training.model import BY_TELEPHONE, Enrolment, TrainingReview, TrainingSession

# Whom no chat reaches is called. The customer's lead is one person, whom somebody of ours can call as well.
CHANNELS = {"trainee": ("chat", "call"), "lead": ("chat", "call", "person")}


def keep_training_review(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """Ask the first question; the answers bring the others (core/dialogue/topics/training_review.py, ivr/stations/review.py)."""
    seat = session.get(Enrolment, row.payload["enrolment"]) if "enrolment" in row.payload else None
    whom = _whom(session, house, row, seat)
    if (why := _needless(session, whom, seat)) is not None:
        row.status, row.ended_at, row.reason = "cancelled", now, why
        return None
    return ask(session, house, row, whom, now)


def ask(session: Session, house: House, row: Promise, whom: Whom, now: datetime) -> datetime | None:
    """What the planner decides is carried out; until when it is put off, where it is. Also for another try of a call."""
    decision = _decide(session, house, whom, now)
    if isinstance(decision, SendBy) and decision.conversation is None:
        decision = asked_ways.by_a_call(session, house, row, whom, now)
    match decision:
        case Wait(until, why):
            row.reason = why
            return until
        case Drop(why):
            row.status, row.ended_at, row.reason = "cancelled", now, why
            asked_ways.given_up(session, whom)
        case Person(why):
            row.reason = f"handed to a person: {why}"
            asked_ways.by_a_person(session, house, whom, why, now)
        case SendBy(_, int(conversation)):
            chat = session.get_one(Conversation, conversation)
            asked_ways.by_chat(session, house, chat, whom, now)
    return None


def _decide(session: Session, house: House, whom: Whom, now: datetime) -> Decision:
    """A call interrupts more than a message, so legal holidays are spared where no chat reaches them."""
    rules = Rules.of(house.book.policy, house.zone, channels=CHANNELS[whom.by])
    facts = facts_of(session, house, whom.customer, phone=whom.phone, rules=rules, at=now)
    if all(chat.silent for chat in facts.chats):
        rules = Rules.of(house.book.policy, house.zone, channels=CHANNELS[whom.by], spare_holidays=True)
    others = contacts_of(session, whom.customer.id, since=now - WEEK, but=whom.key)
    return decide(replace(facts, contacts=others), rules, at=now)


def _whom(session: Session, house: House, row: Promise, seat: Enrolment | None) -> Whom:
    """Who it is by now: a name from a list may have been claimed in a chat, and two files may have become one."""
    training, facts = session.get_one(TrainingSession, row.payload["session"]), row.payload
    customer = (seat.customer if seat else None) or session.get_one(Customer, facts["customer"])
    while customer.merged_into is not None:
        customer = session.get_one(Customer, customer.merged_into)
    lead = facts["by"] == "lead"
    name = training.lead_name if lead else seat.name if seat else None
    phone = training.lead_phone if lead else seat.phone if seat else None
    unnamed = house.book.text("word.lead", customer.language) if lead else ""
    known = name or customer.name or unnamed, phone or customer.phone
    return Whom(training, customer, facts["by"], *known, row.key)


def _needless(session: Session, whom: Whom, seat: Enrolment | None) -> str | None:
    """Why nobody is asked: nothing was held, they were not there, they were asked or have answered, or their number was rung."""
    if whom.training.state != "held":
        return f"the session is {whom.training.state}"
    if seat is not None and seat.state != "attended":
        return f"they were {seat.state}"
    rung = (Customer.phone == whom.phone) & TrainingReview.asked_via.in_(BY_TELEPHONE)
    same = (TrainingReview.customer_id == whom.customer.id) | rung
    of_session = (TrainingReview.session_id == whom.training.id) & TrainingReview.asked_via.is_not(None)
    query = select(TrainingReview.id).join(Customer, Customer.id == TrainingReview.customer_id)
    known = session.scalar(query.where(of_session, same).limit(1))
    return None if known is None else "they were asked already"
