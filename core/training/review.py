"""The training-effect questionnaire (G4): five scores and free words, from attendees and from the customer's lead."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from core.care.notice import reachable
from core.customer.model import Customer
from core.dialogue.state import Question, State
from core.house import House
from core.messaging.outbox import say
from core.promise.calendar import QuietHours
from core.promise.model import Promise
from core.staff.model import Staff
from core.staff.push import push
from core.training.model import SCORES, Course, TrainingReview, TrainingSession
from core.training.news import session_words

QUESTION = "training_score"
CHOICES = [[str(score), f"score_{score}"] for score in (5, 4, 3, 2, 1)]
_MID_FORM = timedelta(minutes=15)


@dataclass(frozen=True)
class Average:
    """What the reviews of a trainer, a course or a session come to; scores are 1–5."""

    name: str
    answers: int
    scores: dict[str, float]

    @property
    def overall(self) -> float:
        return round(sum(self.scores.values()) / len(self.scores), 2) if self.scores else 0.0


def keep_training_review(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """Ask the first question; the answers bring the others (core/dialogue/topics/training_review.py)."""
    training = session.get_one(TrainingSession, row.payload["session"])
    customer = session.get_one(Customer, row.payload["customer"])
    if customer.merged_into is not None:
        customer = session.get_one(Customer, customer.merged_into)
    if customer.opted_out_at is not None or training.state != "held":
        row.status, row.ended_at, row.reason = "cancelled", now, "opted out, or the session is no more"
        return None
    quiet = QuietHours.of(house.book.policy("quiet_hours"), house.zone)
    if quiet.covers(now):
        row.reason = "quiet hours"
        return quiet.after(now)
    chat = reachable(session, customer.id)
    if chat is None:
        row.reason = "no chat reaches them"
        return None
    state = State.load(chat.state)
    if state.form is not None and chat.last_heard_at and now - chat.last_heard_at < _MID_FORM:
        return now + _MID_FORM
    review = _review_of(session, training, customer, by=row.payload["by"], at=now)
    asked = Question(QUESTION, f"{review.id}:{SCORES[0]}", CHOICES, None, now.isoformat())
    book, language = house.book, customer.language
    words = session_words(house, training, language)
    first = book.text(f"training.ask_{SCORES[0]}", language)
    said = say(
        session,
        at=now,
        channel=chat.identity.channel,
        account=chat.identity.account,
        recipient=chat.identity.external_id,
        text=f"{book.text('training.review', language, **words)}\n{first}",
        choices=[{"key": k, "label": book.label("choice", v, language)} for k, v in CHOICES],
        conversation_id=chat.id,
        key=row.key,
        weight="result",
        question=asdict(asked),
    )
    if said is not None:
        state.question = asked
        chat.state = state.dump()
    return None


def _review_of(
    session: Session, training: TrainingSession, customer: Customer, *, by: str, at: datetime
) -> TrainingReview:
    same = TrainingReview.session_id == training.id, TrainingReview.customer_id == customer.id
    review = session.scalars(select(TrainingReview).where(*same)).first()
    if review is None:
        review = TrainingReview(session_id=training.id, customer_id=customer.id, by=by, asked_at=at)
        session.add(review)
        session.flush()
    return review


def scored(
    session: Session, house: House, review: TrainingReview, name: str, score: int, *, at: datetime
) -> str | None:
    """Keep one score; the next one to ask for, or None when all were given: then a bad session is told to the head."""
    setattr(review, name, score)
    left = SCORES[SCORES.index(name) + 1 :]
    if left:
        return left[0]
    review.answered_at = at
    session.flush()
    _push_when_low(session, house, review, at)
    return None


def _push_when_low(session: Session, house: House, review: TrainingReview, at: datetime) -> None:
    training = session.get_one(TrainingSession, review.session_id)
    found = average_of(session, training)
    limit = house.book.policy("training")["review"]["below"]
    if not found.answers or found.overall >= limit:
        return
    push(
        session,
        house,
        key=f"training_low:{training.id}",
        audience="head",
        wording="push.training_low",
        at=at,
        names=[training.head.name] if training.head else None,
        trainer=training.trainer.name if training.trainer else "—",
        score=f"{found.overall:.1f}",
        limit=limit,
        answers=found.answers,
        **session_words(house, training, "zh"),
    )


def average_of(session: Session, training: TrainingSession) -> Average:
    """The scores of one session, over all complete answers."""
    query = _averages().where(TrainingReview.session_id == training.id)
    row = session.execute(query).one()
    return _average(training.course.title, row)


def averages_by_trainer(session: Session) -> list[Average]:
    """Every trainer who was scored, best first."""
    query = _averages(Staff.name).join(TrainingSession, TrainingSession.id == TrainingReview.session_id)
    return _ranked(session, query.join(Staff, Staff.id == TrainingSession.trainer_id).group_by(Staff.name))


def averages_by_course(session: Session) -> list[Average]:
    """Every course that was scored, best first."""
    query = _averages(Course.title).join(TrainingSession, TrainingSession.id == TrainingReview.session_id)
    return _ranked(session, query.join(Course, Course.id == TrainingSession.course_id).group_by(Course.title))


def _ranked(session: Session, query: Select[Any]) -> list[Average]:
    found = [_average(row[0], row[1:]) for row in session.execute(query)]
    return sorted(found, key=lambda average: (-average.overall, average.name))


def _averages(*by: Any) -> Select[Any]:
    means = [func.avg(getattr(TrainingReview, name)) for name in SCORES]
    answered = TrainingReview.answered_at.is_not(None)
    return select(*by, func.count(), *means).select_from(TrainingReview).where(answered)


def _average(name: str, row: Sequence[Any]) -> Average:
    answers, means = row[0], row[1:]
    scores = {key: round(float(mean), 2) for key, mean in zip(SCORES, means, strict=True) if mean is not None}
    return Average(name, answers, scores)
