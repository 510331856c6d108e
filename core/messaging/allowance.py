"""What a provider lets us say to a person without being asked: so many messages until a time.

The numbers are the channel's own; it hands them over with the arrival (``payload["grants"]``).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Text, UniqueConstraint, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, Database, UtcDateTime
from core.messaging.inbox import InboxMessage
from core.messaging.moment import database_clock


class Allowance(Base):
    """One grant: ``kind`` is why it was given; a newer one of the same kind replaces it. Real time throughout."""

    __tablename__ = "allowances"
    __table_args__ = (UniqueConstraint("channel", "account", "recipient", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(Text)
    account: Mapped[str] = mapped_column(Text)
    recipient: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left: Mapped[int] = mapped_column()


@dataclass(frozen=True)
class Whose:
    """The chat that a provider grants messages to."""

    channel: str
    account: str
    recipient: str

    def rows(self) -> tuple[Any, ...]:
        """Conditions for its grants."""
        return (
            Allowance.channel == self.channel,
            Allowance.account == self.account,
            Allowance.recipient == self.recipient,
        )


def grant(session: Session, message: InboxMessage) -> None:
    """Write down what an arrival allows: ``{"kind", "left", "seconds", "at"}`` with ``at`` in epoch seconds."""
    given = message.payload.get("grants")
    if not given:
        return
    granted = datetime.fromtimestamp(given["at"], UTC)
    values = {
        "granted_at": granted,
        "expires_at": granted + timedelta(seconds=given["seconds"]),
        "left": given["left"],
    }
    whose = {"channel": message.channel, "account": message.account, "recipient": message.sender}
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else pg_insert
    statement = insert(Allowance).values(**whose, kind=given["kind"], **values)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["channel", "account", "recipient", "kind"],
            set_=values,
            # One that arrives late gives nothing back; two of one second are two, for providers count in seconds.
            where=Allowance.granted_at <= granted,
        )
    )


def spent(session: Session, whose: Whose) -> bool:
    """Whether everything granted is used or over; somebody who was never granted anything is not counted at all."""
    rows = session.execute(
        select(Allowance.left, Allowance.expires_at > database_clock()).where(*whose.rows())
    )
    granted = [bool(left > 0 and live) for left, live in rows]
    return bool(granted) and not any(granted)


class Allowances:
    """Spending. Each call is a short transaction of its own, because what follows is a request to the provider."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, whose: Whose, *, keep: int = 0, of: str | None = None) -> int | None:
        """Spend one message, the soonest to expire first; None when nothing but ``keep`` reserved ones is left.

        ``of`` is the kind of grant that is reserved from; without it, of every kind.
        """
        with self._database.session() as session:
            for row in self._live(session, whose):
                reserved = keep if of in (None, row.kind) else 0
                statement = update(Allowance).where(Allowance.id == row.id, Allowance.left > reserved)
                spent = session.execute(statement.values(left=Allowance.left - 1))
                if spent.rowcount:  # type: ignore[attr-defined]
                    session.commit()
                    return row.id
        return None

    def left(self, whose: Whose) -> int:
        """How many messages may be sent now."""
        with self._database.reading() as session:
            return sum(row.left for row in self._live(session, whose))

    @staticmethod
    def _live(session: Session, whose: Whose) -> list[Allowance]:
        live = (*whose.rows(), Allowance.expires_at > database_clock(), Allowance.left > 0)
        return list(
            session.scalars(select(Allowance).where(*live).order_by(Allowance.expires_at, Allowance.id))
        )

    def give_back(self, allowance_id: int) -> None:
        """The provider did not take the message after all."""
        with self._database.session() as session:
            statement = update(Allowance).where(Allowance.id == allowance_id)
            session.execute(statement.values(left=Allowance.left + 1))
            session.commit()

    def exhaust(self, whose: Whose) -> None:
        """The provider says that nothing is left, and it knows better."""
        with self._database.session() as session:
            session.execute(update(Allowance).where(*whose.rows()).values(left=0))
            session.commit()
