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
from core.staff.push import push
from core.training.model import Enrolment, TrainingSession
from core.training.times import reminder_times

# News is worth nothing to who has given their seat back, except that of a session that is no more.
_STATES = {
    "training.moved": ("registered", "waiting"),
    "training.cancelled": ("registered", "waiting"),
    "training.moved_up": ("registered",),
    "training.listed": ("registered", "waiting"),
}


def announce(
    session: Session, training: TrainingSession, enrolment: Enrolment, wording: str, *, at: datetime
) -> None:
    """Promise to tell one trainee something, once for each revision of the session and round of theirs."""
    key = f"{wording}:{enrolment.id}:{enrolment.round}:{training.revision}"
    payload = _payload(training, enrolment, wording)
    promise(session, {"key": key, "kind": "training_news", "due_at": at, "payload": payload})


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
    _tell(session, house, row, training, enrolment, now)
    return None


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
    _tell(session, house, row, training, enrolment, now)
    return None


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
) -> None:
    chat = reachable(session, enrolment.customer_id) if enrolment.customer_id else None
    if chat is None:
        row.reason = "no chat reaches them: the trainer calls"
        _trainer_calls(session, house, row, training, enrolment, now)
        return
    language = chat.identity.customer.language
    words = session_words(house, training, language)
    text = house.book.text(row.payload["wording"], language, **words, name=enrolment.name)
    write(session, chat, text, at=now, key=row.key, weight="notice")


def _trainer_calls(
    session: Session,
    house: House,
    row: Promise,
    training: TrainingSession,
    enrolment: Enrolment,
    now: datetime,
) -> None:
    """Who was on a list and never wrote to us: a person tells them of a change, not of the hour before."""
    if row.kind == "training_reminder":
        return
    words = session_words(house, training, "zh")
    text = house.book.text(row.payload["wording"], "zh", **words, name=enrolment.name)
    push(
        session,
        house,
        key=f"call:{row.key}",
        audience="desk",
        wording="push.training_call",
        at=now,
        names=[training.trainer.name] if training.trainer else None,
        name=enrolment.name,
        phone=enrolment.phone or "—",
        text=text,
    )


def session_words(house: House, training: TrainingSession, language: str) -> dict[str, Any]:
    """What a message may say of a session: course, when, place, code."""
    start, end = house.local(training.starts_at), house.local(training.ends_at)
    return {
        "course": training.course.title,
        "when": f"{start:%m-%d %H:%M}–{end:%H:%M}",
        "place": training.place,
        "code": training.code,
    }
