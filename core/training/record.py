"""The record of a session (G4): what was held, who was there, what they thought of it, and pictures."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.house import House
from core.media.album import Album, Photo, photos_of
from core.staff import masking
from core.training.model import Enrolment, TrainingSession
from core.training.roll import enrolled
from core.training.scores import Average, average_of, lead_average, said_of
from core.training.times import lasted

COLUMNS = ("name", "phone", "organisation", "state", "via", "attended_at")
_THERE = ("attended", "absent", "registered", "waiting", "cancelled")


@dataclass(frozen=True)
class Record:
    """Read once, written as Excel or PDF; ``facts`` and ``numbers`` are (word, value) as they are shown."""

    title: str
    code: str
    facts: list[tuple[str, str]]
    numbers: list[tuple[str, int]]
    rows: Sequence[Enrolment]
    average: Average
    scores: list[tuple[str, float, int]]  # with how many gave it
    lead: float | None  # of the customer's lead, counted in the average too; None unless all five came
    said: list[tuple[str, str]]  # by whom: a trainee or the lead, never which; and their words
    photos: Sequence[Photo]


def record_of(session: Session, house: House, training: TrainingSession, *, language: str = "zh") -> Record:
    """Everything the record says, in the words of the house."""
    book, rows, average = house.book, enrolled(session, training), average_of(session, training)
    counted = {state: sum(row.state == state for row in rows) for state in _THERE}
    return Record(
        training.course.title,
        training.code,
        [(book.text(f"record.{name}", language), value) for name, value in _facts(house, training, language)],
        [(book.label("enrolment", state, language), many) for state, many in counted.items() if many],
        sorted(rows, key=lambda row: _THERE.index(row.state)),  # who came first, who gave their seat back last
        average,
        [(book.label("training_score", name, language), mean, average.given[name]) for name, mean in average.scores.items()],
        lead_average(session, training).overall,
        [(book.label("review_by", by, language), words) for by, words in said_of(session, training)],
        photos_of(session, Album(session_id=training.id)),
    )  # fmt: skip


def _facts(house: House, training: TrainingSession, language: str) -> list[tuple[str, str]]:
    phone = masking.phone(training.lead_phone) if training.lead_phone else None
    lead = " ".join(filter(None, (training.lead_name, phone)))
    return [
        ("when", lasted(house, training)),
        ("place", training.place),
        ("organisation", training.organisation or "—"),
        ("trainer", training.trainer.name if training.trainer else "—"),
        ("head", training.head.name if training.head else "—"),
        ("lead", lead or "—"),
        ("lessons", _lessons(house, training, language)),
        ("seats", str(training.seats)),
    ]


def _lessons(house: House, training: TrainingSession, language: str) -> str:
    return house.book.text(
        "record.lessons_are",
        language,
        lessons=training.lessons,
        minutes=training.lesson_minutes,
        pause=training.break_minutes,
    )


def cell(house: House, row: Enrolment, column: str, language: str = "zh") -> str:
    """One cell of the roll as text."""
    if column == "state":
        return house.book.label("enrolment", row.state, language)
    if column == "via":
        own = row.via in ("import", "walk_in")
        return house.book.label("enrolled_via" if own else "channel", row.via, language)
    if column == "attended_at":
        return f"{house.local(row.attended_at):%m-%d %H:%M}" if row.attended_at else ""
    return str(getattr(row, column) or "")
