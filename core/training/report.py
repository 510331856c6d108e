"""The report of a session to the project head, on its day: who came, what they thought of it, what is in the record (G4)."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.house import House
from core.media.album import Album, photos_of
from core.promise.model import Promise
from core.staff.push import push
from core.training.model import TrainingSession
from core.training.review import push_when_low
from core.training.roll import enrolled
from core.training.scores import Average, average_of, lead_average, said_of
from core.training.times import session_words

_SAID, _EACH = 5, 80  # remarks that are quoted, and characters of each


def keep_training_report(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """Handler of the promise: one push to the project head (without one, to the heads), in Chinese. Never tried again."""
    training = session.get_one(TrainingSession, row.payload["session"])
    rows, found = enrolled(session, training), average_of(session, training)
    states = [one.state for one in rows]
    push_when_low(session, house, training, at=now)  # also for those who stopped half way
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
        score="—" if found.overall is None else f"{found.overall:.1f}",
        each=_each(house, found),
        lead=_lead(house, session, training),
        remarks=_said(session, training),
        photos=len(photos_of(session, Album(session_id=training.id))),
        **session_words(house, training, "zh"),
    )
    return None


def _each(house: House, found: Average) -> str:
    """The five means; where not everybody gave all five each says how many did."""
    key = "record.score" if found.complete == found.answers else "record.score_of"
    words = (
        house.book.text(key, name=house.book.label("training_score", name), score=f"{score:.1f}", given=found.given[name])
        for name, score in found.scores.items()
    )  # fmt: skip
    return "、".join(words) or "—"


def _lead(house: House, session: Session, training: TrainingSession) -> str:
    """The score of the customer's lead, that none or not all of it came yet, or that nobody is named."""
    found = lead_average(session, training)
    if found.overall is not None:
        return f"{found.overall:.1f}"
    if found.answers:
        return house.book.text("record.lead_partly", "zh", given=len(found.scores))
    return house.book.text("record.lead_waits", "zh") if training.lead_phone else "—"


def _said(session: Session, training: TrainingSession) -> str:
    said = said_of(session, training)[:_SAID]
    return "；".join(f"“{words[:_EACH]}”" for _, words in said) or "—"
