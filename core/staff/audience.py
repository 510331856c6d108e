"""Who is told of what: audiences, by role and by who is on duty."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.staff.model import Staff

# Who answers for what, most fitting role first; an empty house still gets its push, addressed to the role.
AUDIENCES = {
    "on_duty": ("agent", "dispatcher", "technician", "manager", "admin"),
    "desk": ("dispatcher", "agent", "admin"),
    "head": ("manager",),
    "general_manager": ("admin",),
}


def active_staff(session: Session) -> list[Staff]:
    return list(session.scalars(select(Staff).where(Staff.active).order_by(Staff.id)))


def called(session: Session, names: Sequence[str]) -> list[Staff]:
    """Those of ``names`` who are there: who means one person need not read the whole staff."""
    found = select(Staff).where(Staff.name.in_(names), Staff.active).order_by(Staff.id)
    return list(session.scalars(found)) if names else []


def recipients(people: Sequence[Staff], audience: str, assignee: str | None = None) -> list[str]:
    """Names to push to: for ``on_duty`` everybody on duty, else the active staff of the first role that has any."""
    if audience == "assignee":
        here = any(person.name == assignee for person in people)
        # Whoever has left is not told alone.
        return ([assignee] if assignee else []) + ([] if here else recipients(people, "desk"))
    on_duty = [p.name for p in people if p.on_duty]
    if audience == "on_duty" and on_duty:
        return on_duty
    for role in AUDIENCES[audience]:
        names = [p.name for p in people if p.role == role]
        if names:
            return names
    return [f"role:{AUDIENCES[audience][0]}"]
