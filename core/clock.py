"""Business time, which a demonstration may move; leases and signatures never ask here."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, Database


class ClockOffset(Base):
    """How far the demo clock runs ahead, in seconds: one row, shared by all processes."""

    __tablename__ = "clock_offset"
    id: Mapped[int] = mapped_column(primary_key=True)
    seconds: Mapped[float]


def is_moved(database: Database) -> bool:
    """Whether a demonstration has moved the clock of this database."""
    with database.reading() as session:
        return session.scalar(select(ClockOffset.seconds)) is not None


class Clock:
    """Tells business time in UTC. Without ``demo`` it is the real time and asks no database."""

    def __init__(self, database: Database, *, demo: bool) -> None:
        self._database = database
        self.demo = demo
        self.reads = demo  # whether telling the time asks the database

    def now(self) -> datetime:
        """Aware, in UTC."""
        real = datetime.now(UTC)
        return real + timedelta(seconds=self._offset()) if self.demo else real

    def _offset(self) -> float:
        with self._database.reading() as session:
            return session.scalar(select(ClockOffset.seconds)) or 0.0

    def move_to(self, moment: datetime) -> None:
        """Move business time forward to ``moment``; going back is refused (ValueError)."""
        if not self.demo:
            raise ValueError("the clock moves in demonstrations only")
        seconds = (moment - datetime.now(UTC)).total_seconds()
        with self._database.session() as session:
            if seconds < (session.scalar(select(ClockOffset.seconds)) or 0.0):
                raise ValueError("the demo clock only goes forward")
            _store(session, seconds)
            session.commit()


def _store(session: Session, seconds: float) -> None:
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else pg_insert
    statement = insert(ClockOffset).values(id=1, seconds=seconds)
    session.execute(statement.on_conflict_do_update(index_elements=["id"], set_={"seconds": seconds}))
