"""Who is on duty now, out of the database: everybody who asks, asks here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Text, literal_column, null, select, union_all
from sqlalchemy.orm import Session

from core.roster.duty import Duty, on_duty
from core.roster.model import Absence, Shift
from core.staff.model import Staff

_PLANNED: tuple[tuple[Any, Any], ...] = ((Shift, null().cast(Text)), (Absence, Absence.deputy))


def duty_now(session: Session, people: Sequence[Staff], at: datetime) -> list[Duty]:
    """Those of ``people`` (the active staff) who are on duty, with the reason; in the order of their accounts."""
    running = [
        select(
            literal_column(f"'{table.__tablename__}'").label("planned"),
            table.staff,
            table.starts_at,
            table.ends_at,
            deputy.label("deputy"),
        ).where(table.ends_at > at, table.starts_at <= at)
        for table, deputy in _PLANNED
    ]
    rows = session.execute(union_all(*running)).all()
    shifts, absences = (
        [row for row in rows if row.planned == table.__tablename__] for table in (Shift, Absence)
    )
    place = {person.name: person.id for person in people}
    return sorted(on_duty(shifts, absences, people, at), key=lambda duty: place[duty.person])


def names_on_duty(session: Session, people: Sequence[Staff], at: datetime) -> list[str]:
    return [duty.person for duty in duty_now(session, people, at)]
