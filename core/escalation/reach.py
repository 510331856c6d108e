"""How everybody of a level is reached at this moment: what an alert chain takes its snapshot of."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from core.escalation.ladder import Levels, Reach, levels_for
from core.house import House
from core.staff.audience import active_staff, on_duty_for, recipients
from core.staff.model import Staff
from core.staff.people import Way, way_to
from core.staff.said import Said
from core.ticket.model import Ticket

VOICE = "voice"


def levels_now(
    session: Session, house: House, said: Said, ticket: Ticket, names: Sequence[str] | None
) -> Levels:
    """Level → who is there now, as far as this alert can come. ``names`` stand in for its own audience."""
    policy = house.book.policy("escalation")
    people = active_staff(session)
    by_name = {person.name: person for person in people}
    named = [name for name in names or () if name in by_name]
    first, following = levels_for(policy, wording=said.wording, audience=said.audience)
    on_duty = on_duty_for(session, people, (*first, *following), said.at)
    levels = {}
    for level in (*first, *following):
        theirs = recipients(people, level, ticket.assignee, on_duty=on_duty)
        chosen = named if named and level == said.audience else theirs
        levels[level] = [
            Reach(name, ways(session, house, by_name[name], policy["channels"], rings=_rings(said, level)))
            for name in chosen
            if name in by_name
        ]
        if not levels[level] and level in policy["at_once"].get(
            said.wording, ()
        ):  # whoever gets the role finds it there
            levels[level] = [Reach(chosen[0])]
    return levels


def ways(
    session: Session, house: House, person: Staff, channels: Sequence[str], *, rings: bool = True
) -> tuple[Way, ...]:
    """A person's ways in the order of the policy, as far as they are set up here and alive."""
    found = []
    for channel in channels:
        if channel == VOICE:
            way = _by_phone(house, person) if rings else None
        else:
            way = way_to(session, house, person, only=channel)
        found += [way] if way else []
    return tuple(found)


def _by_phone(house: House, person: Staff) -> Way | None:
    there = person.phone and house.caller and house.rings(person.phone)
    return Way(VOICE, person.phone or "") if there else None


def _rings(said: Said, level: str) -> bool:
    """Who calls about a danger is connected to those on duty at once: their telephones must be free."""
    by_phone = said.ticket is not None and said.ticket.opened_via == VOICE
    return not (by_phone and said.wording == "push.emergency" and level == said.audience)


def nobody(said: Said) -> Levels:
    """Where nobody works at all the alert waits on the console for whoever gets the role."""
    return {said.audience: [Reach(recipients([], said.audience, on_duty=())[0])]}
