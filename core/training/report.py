"""The report of a session to the project head, on its day: who came, what they thought of it, what is in the record (G4)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.house import House
from core.promise.model import Promise
from core.staff.push import push
from core.training.model import TrainingReview, TrainingSession
from core.training.news import session_words
from core.training.photos import photos_of
from core.training.roll import enrolled
from core.training.scores import Average, average_of

_SAID, _EACH = 5, 80  # remarks that are quoted, and characters of each


def keep_training_report(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    training = session.get_one(TrainingSession, row.payload["session"])
    rows, found = enrolled(session, training), average_of(session, training)
    states = [one.state for one in rows]
    push(
        session,
        house,
        key=row.key,
        audience="head",
        wording="push.training_report",
        at=now,
        names=[training.head.name] if training.head else None,
        trainer=training.trainer.name if training.trainer else "—",
        organisation=training.organisation or "—",
        attended=states.count("attended"),
        walked_in=sum(one.state == "attended" and one.via == "walk_in" for one in rows),
        absent=states.count("absent"),
        waiting=states.count("waiting"),
        answers=found.answers,
        score=f"{found.overall:.1f}" if found.answers else "—",
        each=_each(house, found),
        remarks=_said(session, training),
        photos=len(photos_of(session, training)),
        **session_words(house, training, "zh"),
    )
    return None


def _each(house: House, found: Average) -> str:
    words = (
        f"{house.book.label('training_score', name)} {score:.1f}" for name, score in found.scores.items()
    )
    return "、".join(words) or "—"


def _said(session: Session, training: TrainingSession) -> str:
    theirs = TrainingReview.session_id == training.id, TrainingReview.words.is_not(None)
    query = select(TrainingReview.words).where(*theirs).order_by(TrainingReview.id).limit(_SAID)
    return "；".join(f"“{words[:_EACH]}”" for words in session.scalars(query) if words) or "—"
