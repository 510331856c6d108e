"""Every save is a version (H3): what it was before the first edit, and what each edit made of it."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from core.knowledge.model import Revision
from core.knowledge.reference import touch

SHIPPED = "frontdoor"


def contents(row: Any) -> dict[str, Any]:
    """A row as JSON keeps it."""
    return {column.key: getattr(row, column.key) for column in inspect(row).mapper.column_attrs}


def contents_before(row: Any) -> dict[str, Any]:
    """A changed row as it was when it was loaded; call it before the flush."""
    attributes = inspect(row).attrs
    before = {}
    for column in inspect(row).mapper.column_attrs:
        history = attributes[column.key].history
        before[column.key] = history.deleted[0] if history.deleted else getattr(row, column.key)
    return before


def keep(
    session: Session, subject: str, data: dict[str, Any], *, by: str, before: dict[str, Any] | None
) -> None:
    """Write the next version of ``subject`` and make every process read the reference data again."""
    last = session.scalar(select(func.max(Revision.version)).where(Revision.subject == subject)) or 0
    # Real time: this is a record about staff.
    now = datetime.now(UTC)
    if last == 0 and before is not None:
        last = 1
        session.add(Revision(subject=subject, version=1, at=now, by=SHIPPED, data=before))
    session.add(Revision(subject=subject, version=last + 1, at=now, by=by, data=data))
    touch(session)
    session.flush()
