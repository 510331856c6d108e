"""What staff read of tickets in a chat: one in full, their own in a list, and what can be done now."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.care.notice import moment
from core.house import House
from core.service.model import Outlet
from core.staff import masking
from core.staff.answers import Doing, who_has_it
from core.staff.command import WORDS
from core.staff.model import Reveal, Staff
from core.staff.rights import ANSWERS, Powers, powers
from core.ticket.actions import allowed
from core.ticket.lifecycle import ENDED
from core.ticket.model import ANSWER, Ticket

MOST = 15


def ticket_text(doing: Doing, may: Powers) -> str:
    """Everything that matters on the way to the customer; phone and address in full for those who need them.

    Who looked is written down, as in the console (I1).
    """
    ticket, house, language = doing.ticket, doing.house, doing.person.language
    outlet = doing.session.get(Outlet, ticket.outlet_id) if ticket.outlet_id else None
    label = house.book.label
    if may.reveals:
        _reveal(doing)
    return house.book.text(
        "staff.ticket",
        language,
        **who_has_it(doing),
        kind=label("kind", ticket.kind, language),
        severity=label("severity", ticket.severity, language),
        device=" ".join(
            filter(None, (ticket.brand, label("category", ticket.category, language), ticket.model))
        ),
        symptom=label("symptom", ticket.symptom, language),
        description=_words(doing, (ticket.description or "—")[:300], may),
        name=ticket.name or "—",
        phone=(ticket.phone or "—") if may.reveals else masking.phone(ticket.phone),
        address=(ticket.address or "—") if may.reveals else masking.address(ticket.address),
        outlet=outlet.name if outlet else "—",
        appointment=moment(house, ticket.appointment_at),
        due=moment(house, ticket.due_at),
        possible=what_is_possible(doing),
    ).strip()


def _words(doing: Doing, text: str, may: Powers) -> str:
    return text if may.reveals else masking.free_text(text, doing.ticket.address)


def _reveal(doing: Doing) -> None:
    subject = f"ticket:{doing.ticket.number}"
    # Real time: this is a record about staff, not a business date a demonstration may move.
    for field in ("phone", "address"):
        row = Reveal(at=datetime.now(UTC), staff=doing.person.name, subject=subject, field=field)
        doing.session.add(row)


def what_is_possible(doing: Doing) -> str:
    """The orders that make sense now for this person, each as it is typed; empty when there is none."""
    ticket, book, language = doing.ticket, doing.house.book, doing.person.language
    may, mine = powers(doing.person.role), ticket.assignee == doing.person.name
    verbs = [] if ticket.state in ENDED else [*ANSWERS, "assign"]
    verbs += ["answer", "keep"] if ticket.wants == ANSWER else []
    verbs += ["hand_over", "no_answer"] if ticket.wants == ANSWER and ticket.state not in ENDED else []
    verbs = [verb for verb in (*allowed(ticket), *verbs) if verb in WORDS]
    can = [verb for verb in verbs if may.permit(verb, mine=mine, told=True)]
    if not can:
        return ""
    examples = [f"#{ticket.number} {book.text(f'staff.how.{verb}', language)}" for verb in can]
    return book.text("staff.possible", language, orders="\n".join(examples))


def own_tickets(session: Session, house: House, person: Staff) -> str:
    """Their open tickets, newest first."""
    query = select(Ticket).where(Ticket.assignee == person.name, Ticket.state.not_in(ENDED))
    found = session.scalars(query.order_by(Ticket.id.desc()).limit(MOST)).all()
    if not found:
        return house.book.text("staff.none_mine", person.language)
    label, language = house.book.label, person.language
    lines = [
        f"#{ticket.number} {label('state', ticket.state, language)} · {label('category', ticket.category, language)}"
        f" · {label('symptom', ticket.symptom, language)} · {moment(house, ticket.appointment_at)}"
        for ticket in found
    ]
    return house.book.text("staff.mine", language, count=len(found), lines="\n".join(lines))


def help_text(house: House, person: Staff) -> str:
    """Every order this role may give, as it is typed."""
    may = powers(person.role)
    verbs = [verb for verb in WORDS if may.permit(verb, mine=True, told=True)]
    number = f"{house.local(house.clock.now()):%y%m%d}0001"
    lines = [f"#{number} {house.book.text(f'staff.how.{verb}', person.language)}" for verb in verbs]
    return house.book.text(
        "staff.help", person.language, name=person.name, number=number, orders="\n".join(lines)
    )
