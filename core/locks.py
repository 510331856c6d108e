"""Whoever does the same thing at the same moment, one after the other: advisory locks until the transaction ends."""

from zlib import crc32

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def folded(name: str) -> int:
    """A name as the number of a lock. 31 bits: SQLAlchemy sends -2**31 as a bigint, and PostgreSQL knows no lock of an
    integer and a bigint."""
    return crc32(name.encode()) >> 1


def alone(session: Session, space: int, number: int) -> None:
    """One at a time in ``space`` with this number; SQLite has one writer as it is."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(select(func.pg_advisory_xact_lock(space, number)))
