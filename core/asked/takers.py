"""Who may take a question over 转交: whoever works here and answers people, unless they are on leave."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.house import House
from core.roster.away import away_at
from core.roster.model import Absence
from core.staff.audience import active_staff
from core.staff.model import Staff
from core.staff.refusal import Refused

# Who answers people's questions by trade, the likeliest first; the others only look.
ROLES = ("trainer", "agent", "dispatcher", "technician", "manager", "admin")


@dataclass(frozen=True)
class Taker:
    """``away``: their leave, if they are on one at this moment."""

    person: Staff
    away: Absence | None


def takers(session: Session, at: datetime, *, but: str | None = None) -> list[Taker]:
    """Everybody to whom a question may be handed, trainers first; ``but`` has it already."""
    away = away_at(session, at)
    people = [p for p in active_staff(session) if p.role in ROLES and p.name != but]
    people.sort(key=lambda person: ROLES.index(person.role))
    return [Taker(person, away.get(person.name)) for person in people]


def taker_named(
    session: Session, house: House, name: str, *, number: str, holder: str | None, by: str, at: datetime
) -> Staff:
    """The colleague of this name who can take question ``number`` from ``holder``; Refused says why not, and who can."""
    if name == holder:
        raise Refused("asked.to_oneself" if name == by else "asked.has_it", number=number, name=name)
    everybody = takers(session, at, but=holder)
    here = [one.person.name for one in everybody if one.away is None]
    found = next((one for one in everybody if one.person.name == name), None)
    if found is None:
        names = "、".join(here[:12]) or "—"
        raise Refused("asked.cannot_take", number=number, name=name[:40], names=names)
    if found.away is not None:
        until = f"{house.local(found.away.ends_at):%m-%d %H:%M}"
        deputy = found.away.deputy if found.away.deputy in here else None
        key = "asked.away_deputy" if deputy else "asked.away"
        raise Refused(key, number=number, name=name, until=until, deputy=deputy or "")
    return found.person
