"""Q&A groups 答疑群 of training sessions, and who is in them (G2)."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, UtcDateTime
from core.training.model import Enrolment, TrainingSession

CHANNELS = ("telegram", "wecom", "web")
GROUP_STATES = ("planned", "waiting_for_admin", "open", "closed", "handed_over", "lost")
MEMBER_STATES = ("invited", "asked", "joined", "declined", "left", "removed")
# Whoever was refused holds no place: a stranger may try as often as they like beside the trainee they claim to be.
_HOLDS_A_PLACE = text("state <> 'declined'")


class QaGroup(Base):
    """One session's group on one channel. Trainees of the same session who chat elsewhere have another one.

    ``token`` is what ties the provider's group to this row: typed in it (Telegram), or the ``state`` of its QR (WeCom).
    """

    __tablename__ = "qa_groups"
    __table_args__ = (
        UniqueConstraint("session_id", "channel"),
        Index("ix_qa_groups_external", "channel", "account", "external_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("training_sessions.id"))
    channel: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="planned")
    reason: Mapped[str | None] = mapped_column(Text)  # why it is in this state, or what it still waits for
    account: Mapped[str] = mapped_column(Text, default="")  # our own account there
    external_id: Mapped[str | None] = mapped_column(Text)  # the provider's number of the group
    title: Mapped[str | None] = mapped_column(Text)
    token: Mapped[str] = mapped_column(Text, unique=True)
    invite_link: Mapped[str | None] = mapped_column(Text)  # or the address of the QR picture
    link_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    join_way: Mapped[str | None] = mapped_column(Text)  # WeCom's config_id
    # What is taken for a question in it (core/groups/listen.py); None: as the policy says.
    listen: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    round: Mapped[int] = mapped_column(default=1)  # counts the provider's groups: a lost one is made again
    opens_on: Mapped[date]  # the day of the session
    ends_on: Mapped[date]  # the last day on which questions are answered here
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # closed, handed over or lost
    handed_to: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    training: Mapped[TrainingSession] = relationship()


class GroupMember(Base):
    """A trainee's place in a group, or an account that was refused one (then often without ``enrolment``)."""

    __tablename__ = "group_members"
    __table_args__ = (
        UniqueConstraint("group_id", "external_id"),
        Index(
            "ix_group_members_place",
            "group_id",
            "enrolment_id",
            unique=True,
            sqlite_where=_HOLDS_A_PLACE,
            postgresql_where=_HOLDS_A_PLACE,
        ),
        Index("ix_group_members_enrolment", "enrolment_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("qa_groups.id"))
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"))
    identity_id: Mapped[int | None] = mapped_column(ForeignKey("identities.id"))
    external_id: Mapped[str | None] = mapped_column(
        Text
    )  # the provider's number of the account, once it is known
    name: Mapped[str | None] = mapped_column(Text)
    token: Mapped[str] = mapped_column(Text, unique=True)  # their own way in; nobody else's
    # The secret of the browser in which their own page lies, where that is the question form of a group elsewhere.
    browser: Mapped[str | None] = mapped_column(Text)
    invite_link: Mapped[str | None] = mapped_column(
        Text
    )  # of that way, where the provider keeps one for each
    join_way: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="invited")
    reason: Mapped[str | None] = mapped_column(Text)
    invitations: Mapped[int] = mapped_column(default=0)  # how often the way in was told
    invited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    joined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # declined, left or removed
    enrolment: Mapped[Enrolment | None] = relationship()
    group: Mapped[QaGroup] = relationship()
