"""The training-effect questionnaire is asked as the outreach planner allows (G4, E4): never twice, at night, after opting out."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.care.case import asked
from core.care.facts import facts_of
from core.care.outreach import Drop, Person, Rules, SendBy, Wait, decide
from core.care.tasks import put_on_list
from core.customer.model import Conversation, Customer
from core.dialogue.state import Question, State
from core.house import House
from core.messaging.outbox import say
from core.promise.model import Promise
from core.staff.push import push
from core.training.model import SCORES, TrainingReview, TrainingSession
from core.training.news import session_words
from core.training.review import CHOICES, QUESTION

# A class of trainees is asked where they write to us; the customer's lead is one person, whom somebody can call.
CHANNELS = {"trainee": ("chat",), "lead": ("chat", "person")}


def keep_training_review(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """Ask the first question; the answers bring the others (core/dialogue/topics/training_review.py)."""
    training = session.get_one(TrainingSession, row.payload["session"])
    customer, by = _whom(session, row), row.payload["by"]
    if training.state != "held":
        row.status, row.ended_at, row.reason = "cancelled", now, f"the session is {training.state}"
        return None
    rules = Rules.of(house.book.policy, house.zone, channels=CHANNELS[by])
    decision = decide(facts_of(session, house, customer, phone=None, rules=rules, at=now), rules, at=now)
    match decision:
        case Wait(until, why):
            row.reason = why
            return until
        case Drop(why):
            row.status, row.ended_at, row.reason = "cancelled", now, why
        case Person(why):
            row.reason = f"handed to a person: {why}"
            _by_a_person(session, house, row, training, customer, why, now)
        case SendBy():
            chat = session.get_one(Conversation, decision.conversation)
            _ask(session, house, row, chat, review_of(session, training, customer, by=by, at=now), now)
    return None


def _whom(session: Session, row: Promise) -> Customer:
    customer = session.get_one(Customer, row.payload["customer"])
    while customer.merged_into is not None:
        customer = session.get_one(Customer, customer.merged_into)
    return customer


def _ask(
    session: Session, house: House, row: Promise, chat: Conversation, review: TrainingReview, now: datetime
) -> None:
    training = session.get_one(TrainingSession, review.session_id)
    question = Question(QUESTION, f"{review.id}:{SCORES[0]}", CHOICES, None, now.isoformat())
    book, identity = house.book, chat.identity
    language = identity.customer.language
    about = book.text("training.review", language, **session_words(house, training, language))
    said = say(
        session,
        at=now,
        channel=identity.channel,
        account=identity.account,
        recipient=identity.external_id,
        text=f"{about}\n{book.text(f'training.ask_{SCORES[0]}', language)}",
        choices=[{"key": k, "label": book.label("choice", v, language)} for k, v in CHOICES],
        conversation_id=chat.id,
        key=row.key,
        weight="result",
        question=asdict(question),
    )
    if said is None:
        return
    state = State.load(chat.state)
    state.question = question
    chat.state = state.dump()
    asked(session, row.key, customer_id=review.customer_id, channel=identity.channel, at=now, key=row.key)


def _by_a_person(
    session: Session,
    house: House,
    row: Promise,
    training: TrainingSession,
    customer: Customer,
    why: str,
    now: datetime,
) -> None:
    """A call on the list, and the head is told; the scores are entered on the session's page."""
    words = session_words(house, training, customer.language)
    text = house.book.text("call.say.training", customer.language, **words)
    put_on_list(session, key=f"call:{row.key}", customer_id=customer.id, phone=training.lead_phone,
                purpose="training", text=text, why=why, at=now)  # fmt: skip
    push(
        session,
        house,
        key=f"training_lead:{training.id}",
        audience="head",
        wording="push.training_lead",
        at=now,
        names=[training.head.name] if training.head else None,
        name=training.lead_name or "—",
        phone=training.lead_phone or "—",
        **session_words(house, training, "zh"),
    )


def review_of(
    session: Session, training: TrainingSession, customer: Customer, *, by: str, at: datetime
) -> TrainingReview:
    """Theirs, begun now where there is none."""
    same = TrainingReview.session_id == training.id, TrainingReview.customer_id == customer.id
    review = session.scalars(select(TrainingReview).where(*same)).first()
    if review is None:
        review = TrainingReview(session_id=training.id, customer_id=customer.id, by=by, asked_at=at)
        session.add(review)
        session.flush()
    return review
