"""Training 培训: courses, their sessions, who is enrolled in which, and what was thought of it afterwards (G1–G4)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.customer.model import Customer
from core.database import Base, UtcDateTime
from core.staff.model import Staff

SESSION_STATES = ("planned", "held", "cancelled")
ENROLMENT_STATES = ("registered", "waiting", "attended", "absent", "cancelled")
# These hold a seat.
SEATED = ("registered", "attended", "absent")
# Beside the channels: we ring, we rang and nobody answered, a person asks.
CALLING, UNREACHED, BY_A_PERSON = "calling", "unreached", "staff"
BY_TELEPHONE = ("voice", CALLING, UNREACHED, BY_A_PERSON)
ASKED_VIA = ("webchat", "wechat", "telegram", "voice", CALLING, UNREACHED, BY_A_PERSON)
SCORES = ("arrangement", "process", "trainer", "explanation", "effect")


class Course(Base):
    """What is taught; held as often as there are sessions of it."""

    __tablename__ = "courses"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Text, unique=True)
    category: Mapped[str] = mapped_column(Text, default="other")  # of the devices it is about
    outline: Mapped[str | None] = mapped_column(Text)
    usual_from: Mapped[str | None] = mapped_column(
        Text
    )  # "09:00", both or neither: what a new session begins with
    usual_until: Mapped[str | None] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(default=True)  # else it is retired: no new session, nobody registers
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TrainingSession(Base):
    """One course at one time and place. ``code`` is what trainees type; the tokens are what they scan (core/customer/scene.py)."""

    __tablename__ = "training_sessions"
    __table_args__ = (
        Index("ix_training_sessions_starts", "starts_at"),
        Index("ix_training_sessions_course", "course_id"),
        Index("ix_training_sessions_trainer", "trainer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    code: Mapped[str] = mapped_column(Text, unique=True)
    state: Mapped[str] = mapped_column(Text, default="planned")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lessons: Mapped[int]
    lesson_minutes: Mapped[int]
    break_minutes: Mapped[int]
    seats: Mapped[int]
    place: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    organisation: Mapped[str | None] = mapped_column(Text)  # the customer's
    trainer_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    head_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # of the project
    lead_name: Mapped[str | None] = mapped_column(Text)  # the customer's own contact
    lead_phone: Mapped[str | None] = mapped_column(Text)  # E.164
    group_ends_on: Mapped[date | None]  # when its Q&A group closes
    revision: Mapped[int] = mapped_column(default=0)  # counts the times it was moved or cancelled
    poster_token: Mapped[str | None] = mapped_column(Text)
    attendance_token: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    course: Mapped[Course] = relationship(lazy="joined", innerjoin=True)
    trainer: Mapped[Staff | None] = relationship(foreign_keys=[trainer_id])
    head: Mapped[Staff | None] = relationship(foreign_keys=[head_id])


class Enrolment(Base):
    """One trainee in one session. ``position`` orders the waiting list; who was imported may have no customer yet."""

    __tablename__ = "enrolments"
    __table_args__ = (
        UniqueConstraint("session_id", "customer_id"),
        UniqueConstraint("session_id", "phone"),
        Index("ix_enrolments_customer", "customer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("training_sessions.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    name: Mapped[str] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)  # E.164
    organisation: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="registered")
    via: Mapped[str] = mapped_column(Text)  # the channel, import or walk_in
    position: Mapped[int]
    round: Mapped[int] = mapped_column(default=1)  # counts registering again after cancelling
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attended_via: Mapped[str | None] = mapped_column(Text)  # scan or trainer
    customer: Mapped[Customer | None] = relationship()


class TrainingReview(Base):
    """The questionnaire of one attendee, or of the customer's lead (then no enrolment). Scores are 1–5."""

    __tablename__ = "training_reviews"
    __table_args__ = (UniqueConstraint("session_id", "customer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("training_sessions.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    by: Mapped[str] = mapped_column(Text)  # trainee | lead
    arrangement: Mapped[int | None]
    process: Mapped[int | None]
    trainer: Mapped[int | None]
    explanation: Mapped[int | None]
    effect: Mapped[int | None]
    words: Mapped[str | None] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when the last score was given
    asked_via: Mapped[str | None] = mapped_column(Text)  # the channel, or one of ASKED_VIA
    recording_id: Mapped[int | None]  # of media: what was said on the telephone, for a person to hear
