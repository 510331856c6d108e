"""The ways in which the questionnaire is asked: in a chat, by a call of ours, by a person. Each keeps how it was."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.call.limits import NoCall
from core.call.outbound import place_call
from core.care.case import asked
from core.care.outreach import Decision, Drop, Person, SendBy, Wait
from core.care.tasks import put_on_list
from core.customer.model import Conversation, Customer
from core.dialogue.state import Question, State
from core.house import House
from core.messaging.outbox import say
from core.promise.model import Promise
from core.staff.push import push
from core.training.model import BY_A_PERSON, CALLING, SCORES, UNREACHED, TrainingReview, TrainingSession
from core.training.review import CHOICES, QUESTION, missing
from core.training.times import session_words


@dataclass(frozen=True)
class Whom:
    """Who is asked about which session; ``key`` is the promise's, ``tries`` counts calls."""

    training: TrainingSession
    customer: Customer
    by: str  # trainee | lead
    name: str  # as they are called to their face
    phone: str | None
    key: str
    tries: int = 1


def by_chat(session: Session, house: House, chat: Conversation, whom: Whom, now: datetime) -> None:
    """The first question, or the first that is left, where they write to us."""
    review = review_of(session, whom.training, whom.customer, by=whom.by, at=now)
    first = (missing(review) or SCORES)[0]
    question = Question(QUESTION, f"{review.id}:{first}", CHOICES, None, now.isoformat())
    book, identity = house.book, chat.identity
    language = identity.customer.language
    words = session_words(house, whom.training, language)
    about = book.text("training.review", language, **words)
    if review.by == "lead":
        about = book.text("training.review_lead", language, **words, name=whom.name)
    said = say(
        session,
        at=now,
        channel=identity.channel,
        account=identity.account,
        recipient=identity.external_id,
        text=f"{about}\n{book.text(f'training.ask_{first}', language)}",
        choices=[{"key": k, "label": book.label("choice", v, language)} for k, v in CHOICES],
        conversation_id=chat.id,
        key=whom.key,
        weight="result",
        question=question.dump(),
    )
    if said is None:
        return
    state = State.load(chat.state)
    state.question = question
    chat.state = state.dump()
    review.asked_via = identity.channel
    if whom.tries == 1:  # one contact, however many ways it took
        _contact(session, whom, identity.channel, now)


def by_a_call(session: Session, house: House, row: Promise, whom: Whom, now: datetime) -> Decision:
    """A call is placed, which asks for the scores (ivr/stations/review.py); else when to try again, or who else may ask."""
    review = review_of(session, whom.training, whom.customer, by=whom.by, at=now)
    placed = place_call(session, house, purpose="training_review", phone=whom.phone or "", at=now, key=whom.key,
                        customer=whom.customer, tries=whom.tries, review=review.id, name=whom.name)  # fmt: skip
    if isinstance(placed, NoCall):
        if placed.again is not None:
            return Wait(placed.again, placed.why)
        return Person(placed.why) if whom.by == "lead" else Drop(placed.why)
    row.reason = "no chat reaches them: we call"
    review.asked_via = CALLING
    if whom.tries == 1:
        _contact(session, whom, "voice", now)
    return SendBy("voice")


def by_a_person(session: Session, house: House, whom: Whom, why: str, now: datetime) -> None:
    """A call on the list, and the head is told; the scores are entered on the session's page."""
    training = whom.training
    review_of(session, training, whom.customer, by=whom.by, at=now).asked_via = BY_A_PERSON
    words = session_words(house, training, whom.customer.language)
    text = house.book.text("call.say.training", whom.customer.language, **words)
    put_on_list(session, key=f"call:{whom.key}", customer_id=whom.customer.id, phone=training.lead_phone,
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


def given_up(session: Session, whom: Whom) -> None:
    """No way is left: where we rang before, nobody answered."""
    review = _known(session, whom.training, whom.customer)
    if review is not None and review.asked_via == CALLING:
        review.asked_via = UNREACHED


def review_of(
    session: Session, training: TrainingSession, customer: Customer, *, by: str, at: datetime
) -> TrainingReview:
    """Theirs, begun now where there is none."""
    review = _known(session, training, customer)
    if review is None:
        review = TrainingReview(session_id=training.id, customer_id=customer.id, by=by, asked_at=at)
        session.add(review)
        session.flush()
    return review


def _known(session: Session, training: TrainingSession, customer: Customer) -> TrainingReview | None:
    same = TrainingReview.session_id == training.id, TrainingReview.customer_id == customer.id
    return session.scalars(select(TrainingReview).where(*same)).first()


def _contact(session: Session, whom: Whom, channel: str, now: datetime) -> None:
    asked(session, whom.key, customer_id=whom.customer.id, channel=channel, at=now, key=whom.key)
