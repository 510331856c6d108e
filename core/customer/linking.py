"""One customer, many channels: a proved phone number joins what belongs to one person (A1)."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.asked.model import AskedQuestion
from core.care.model import CallTask, Contact, FollowUp
from core.customer.devices import join_devices
from core.customer.model import Conversation, Customer, Identity
from core.customer.proof import void
from core.locks import alone, folded
from core.messaging.lease import WAITING
from core.messaging.moment import database_clock
from core.messaging.outbox import OutboxMessage
from core.rounds.model import RoundVisit
from core.ticket.lifecycle import ENDED, note
from core.ticket.model import Ticket
from core.training.joined import join_trainings

_NUMBERS = 0x70686F6E  # "phon": the name space of the advisory locks of lock_number


def lock_number(session: Session, phone: str) -> None:
    """One at a time may claim or prove a number: two who prove it at once must find each other."""
    alone(session, _NUMBERS, folded(phone))


def owner_of(session: Session, phone: str) -> Customer | None:
    """Who proved the number first; locked."""
    proved = select(Customer).where(
        Customer.phone == phone, Customer.phone_verified_at.is_not(None), Customer.merged_into.is_(None)
    )
    return session.scalars(proved.order_by(Customer.id).with_for_update()).first()


def verify_phone(
    session: Session, customer: Customer, phone: str, *, at: datetime, actor: str, channel: str
) -> Customer:
    """Record that ``phone`` (E.164) is this person's; joins them with whoever proved it before.

    Returns the customer who stays: the one who proved the number first. A number that was merely told joins
    nobody, or a prankster who files for a victim's number would be shown the victim's tickets.
    """
    lock_number(session, phone)
    owner = owner_of(session, phone)
    if owner is None or owner.id == customer.id:
        customer.phone, customer.phone_verified_at = phone, customer.phone_verified_at or at
        return customer
    join(session, customer, owner, at=at, actor=actor, channel=channel)
    return owner


def join(
    session: Session, newcomer: Customer, owner: Customer, *, at: datetime, actor: str, channel: str
) -> None:
    """Everything of ``newcomer`` becomes ``owner``'s; the language is the one spoken now."""
    moved = session.scalars(
        select(Ticket).where(Ticket.customer_id == newcomer.id, Ticket.state.not_in(ENDED))
    ).all()
    for ticket in moved:
        text = f"customer {newcomer.id} → {owner.id}"
        note(session, ticket, verb="linked", at=at, actor=actor, channel=channel, text=text, audience="staff")
    session.flush()
    join_devices(session, newcomer, owner)
    join_trainings(session, newcomer, owner, at=at)
    for table in (Identity, Ticket, FollowUp, Contact, CallTask, AskedQuestion, RoundVisit):
        session.execute(update(table).where(table.customer_id == newcomer.id).values(customer_id=owner.id))
    owner.name = owner.name or newcomer.name
    owner.address = owner.address or newcomer.address
    owner.contract = owner.contract or newcomer.contract
    owner.language = newcomer.language
    if newcomer.opted_out_at and not owner.opted_out_at:
        owner.opted_out_at = newcomer.opted_out_at
    newcomer.merged_into = owner.id
    session.flush()
    session.expire_all()


def unlink(session: Session, identity: Identity, *, at: datetime, actor: str, channel: str) -> Customer:
    """The identity becomes a person of its own, who knows nothing; all else stays with the owner of the number."""
    former = identity.customer
    alone = Customer(
        created_at=at,
        language=former.language,
        consent_version=former.consent_version,
        consent_at=former.consent_at,
        opted_out_at=former.opted_out_at,
    )
    session.add(alone)
    session.flush()
    _written(session, former, f"{identity.channel}: customer {former.id} → {alone.id}", at, actor, channel)
    identity.customer = alone
    _silence(session, identity)
    void(session, identity.id, at=at)
    session.flush()
    return alone


def _written(session: Session, former: Customer, text: str, at: datetime, actor: str, channel: str) -> None:
    """On every open ticket, or on the last one."""
    mine = select(Ticket).where(Ticket.customer_id == former.id).order_by(Ticket.id.desc())
    tickets = session.scalars(mine.where(Ticket.state.not_in(ENDED)).limit(50)).all()
    for ticket in tickets or session.scalars(mine.limit(1)):
        note(
            session, ticket, verb="unlinked", at=at, actor=actor, channel=channel, text=text, audience="staff"
        )


def _silence(session: Session, identity: Identity) -> None:
    """Forget the dialogue, and call back what is on its way: it may tell of tickets that are no longer theirs."""
    mine = select(Conversation).where(Conversation.identity_id == identity.id)
    conversations = session.scalars(mine.order_by(Conversation.id).with_for_update(of=Conversation)).all()
    for conversation in conversations:
        conversation.state = {}
    waiting = (
        OutboxMessage.conversation_id.in_([conversation.id for conversation in conversations]),
        OutboxMessage.status.in_(WAITING),
    )
    values = {
        "status": "dead",
        "owner": None,
        "error": "the identity was unlinked",
        "ended_at": database_clock(),
    }
    session.execute(
        update(OutboxMessage).where(*waiting).values(**values),
        execution_options={"synchronize_session": False},
    )
