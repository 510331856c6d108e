"""Access tokens of providers: one row for all processes, and one of them refreshes it."""

import time
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Text, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Database, UtcDateTime
from core.messaging.channel import Later
from core.messaging.moment import database_clock

REFRESHING = 15.0  # seconds that a refresher may take before another one tries
EARLY = 300.0  # seconds before its end that a token is renewed
FRESH = 1.0  # seconds that a process trusts what it has read: a burst of messages asks once
_LOOK = 0.1

# Asks the provider: returns (token, seconds it lives). ``force`` asks for another one than it gave before.
Ask = Callable[[bool], tuple[str, float]]


class Credential(Base):
    __tablename__ = "credentials"

    name: Mapped[str] = mapped_column(Text, primary_key=True)  # "wechat:wx123"
    value: Mapped[str] = mapped_column(Text, default="")
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    refreshing_until: Mapped[datetime] = mapped_column(UtcDateTime)


class Credentials:
    """Hands out a provider's token. No network call is made with a transaction open."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seen: dict[str, tuple[str, float]] = {}

    def token(self, name: str, ask: Ask, *, refused: str | None = None) -> str:
        """The living token; ``refused`` is one that the provider has just rejected. Raises Later."""
        value, at = self._seen.get(name, ("", 0.0))
        if value and value != refused and time.monotonic() - at < FRESH:
            return value
        deadline = time.monotonic() + REFRESHING
        while time.monotonic() < deadline:
            found = self._living(name, refused)
            if found:
                return found
            if self._may_refresh(name, refused):
                return self._refresh(name, ask, force=refused is not None)
            time.sleep(_LOOK)  # somebody else is asking
        raise Later(f"no access token for {name}", delay=10)

    def _living(self, name: str, refused: str | None) -> str | None:
        with self._database.reading() as session:
            value = session.scalar(
                select(Credential.value).where(
                    Credential.name == name, Credential.expires_at > database_clock()
                )
            )
        if not value or value == refused:
            return None
        self._seen[name] = value, time.monotonic()
        return value

    def _may_refresh(self, name: str, refused: str | None) -> bool:
        with self._database.session() as session:
            insert = sqlite_insert if self._database.is_sqlite else pg_insert
            blank = {
                "name": name,
                "value": "",
                "expires_at": database_clock(),
                "refreshing_until": database_clock(),
            }
            session.execute(
                insert(Credential).values(**blank).on_conflict_do_nothing(index_elements=["name"])
            )
            # Somebody may have renewed it since we looked.
            bad = (Credential.expires_at <= database_clock()) | (Credential.value == (refused or ""))
            statement = update(Credential).where(
                Credential.name == name, Credential.refreshing_until <= database_clock(), bad
            )
            won = session.execute(statement.values(refreshing_until=database_clock(REFRESHING)))
            session.commit()
            return bool(won.rowcount)  # type: ignore[attr-defined]

    def _refresh(self, name: str, ask: Ask, *, force: bool) -> str:
        try:
            value, seconds = ask(force)
        except BaseException:
            self._write(name, refreshing_until=database_clock())
            raise
        lives = database_clock(max(seconds - EARLY, seconds / 2))
        self._write(name, value=value, expires_at=lives, refreshing_until=database_clock())
        return value

    def _write(self, name: str, **values: object) -> None:
        with self._database.session() as session:
            session.execute(update(Credential).where(Credential.name == name).values(**values))
            session.commit()
