"""What a trainee is told without having asked: a row of promises in the use case, a message when it is kept.

Keeping it later keeps the order of locks: who gives a seat back holds their own chat and must not wait for another's.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.care.notice import reachable, write
from core.house import House
from core.promise.calendar import QuietHours
from core.promise.model import Promise, promise
from core.training.called import News, call_trainee
from core.training.model import Enrolment, TrainingSession
from core.training.times import reminder_times
from core.training.times import session_words as session_words  # callers import it along with the news

# News is worth nothing to who has given their seat back, except that of a session that is no more.
_STATES = {
    "training.moved": ("registered", "waiting"),
    "training.cancelled": ("registered", "waiting"),
    "training.moved_up": ("registered",),
    "training.listed": ("registered", "waiting"),
    "training.not_reached": ("waiting",),
}


def announce(
    session: Session, training: TrainingSession, enrolment: Enrolment, wording: str, *, at: datetime
) -> None:
    """Promise to tell one trainee something, once for each revision of the session and round of theirs."""
    key = f"{wording}:{enrolment.id}:{enrolment.round}:{training.revision}"
    payload = _payload(training, enrolment, wording)
    promise(session, {"key": key, "kind": "training_news", "due_at": at, "payload": payload})


def promise_word(session: Session, training: TrainingSession, enrolment: Enrolment) -> None:
    """Who still waits when it begins is told that there was no seat; never told to who got one."""
    key = f"training.not_reached:{enrolment.id}:{enrolment.round}:{training.revision}"
    payload = _payload(training, enrolment, "training.not_reached")
    row = {"key": key, "kind": "training_news", "due_at": training.starts_at, "payload": payload}
    promise(session, row)


def remind(
    session: Session, house: House, training: TrainingSession, enrolment: Enrolment, *, at: datetime
) -> None:
    """Promise the reminders of a seat: the day before, and an hour before."""
    rows = []
    for name, due in reminder_times(house, training, at=at).items():
        key = f"training_reminder:{enrolment.id}:{enrolment.round}:{training.revision}:{name}"
        payload = _payload(training, enrolment, f"training.remind_{name}")
        rows.append({"key": key, "kind": "training_reminder", "due_at": due, "payload": payload})
    promise(session, *rows)


def _payload(training: TrainingSession, enrolment: Enrolment, wording: str) -> dict[str, Any]:
    facts = {"enrolment": enrolment.id, "round": enrolment.round, "revision": training.revision}
    return {**facts, "wording": wording}


def keep_training_reminder(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """Nothing is said of a seat that was given back, or a session that was moved meanwhile."""
    enrolment, training = _of(session, row)
    stale = row.payload["revision"] != training.revision or row.payload["round"] != enrolment.round
    if stale or training.state != "planned" or enrolment.state != "registered" or training.starts_at <= now:
        _call_off(row, now, f"the session is {training.state}, the seat {enrolment.state}")
        return None
    return _tell(session, house, row, training, enrolment, now)


def keep_training_news(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """Put off in quiet hours; but who would otherwise come for nothing is told at once."""
    enrolment, training = _of(session, row)
    superseded = row.payload["revision"] != training.revision or row.payload["round"] != enrolment.round
    if superseded or enrolment.state not in _STATES[row.payload["wording"]]:
        _call_off(row, now, f"newer news, or the seat is {enrolment.state}")
        return None
    quiet = QuietHours.of(house.book.policy("quiet_hours"), house.zone)
    if (morning := quiet.after(now)) > now and morning < training.starts_at:
        row.reason = "quiet hours"
        return morning
    return _tell(session, house, row, training, enrolment, now)


def _of(session: Session, row: Promise) -> tuple[Enrolment, TrainingSession]:
    enrolment = session.get_one(Enrolment, row.payload["enrolment"])
    return enrolment, session.get_one(TrainingSession, enrolment.session_id)


def _call_off(row: Promise, now: datetime, why: str) -> None:
    row.status, row.ended_at, row.reason = "cancelled", now, why


def _tell(
    session: Session,
    house: House,
    row: Promise,
    training: TrainingSession,
    enrolment: Enrolment,
    now: datetime,
) -> datetime | None:
    """In their chat; whom none reaches is called, but not in the hour before, when they may be on their way.

    Nor is anybody called about a seat that they did not get.
    """
    wording = row.payload["wording"]
    chat = reachable(session, enrolment.customer_id) if enrolment.customer_id else None
    if chat is None and wording in ("training.remind_hour", "training.not_reached"):
        _call_off(row, now, "no chat reaches them")
        return None
    if chat is None:
        news = News(wording.removeprefix("training."), enrolment, training)
        return call_trainee(session, house, row, news, at=now)
    language = chat.identity.customer.language
    words = session_words(house, training, language)
    text = house.book.text(wording, language, **words, name=enrolment.name)
    write(session, chat, text, at=now, key=row.key, weight="notice")
    return None
