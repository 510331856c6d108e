"""A new call: who it is from, and the first words."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.call.model import Call
from core.care.notice import ticket_words
from core.customer.linking import lock_number, owner_of
from core.customer.model import Conversation, Customer, Identity
from core.dialogue.state import State
from core.ticket.model import Ticket
from core.ticket.theirs import tickets_of
from ivr import role
from ivr.heard import Heard, caller
from ivr.line import Line
from ivr.phone import Phone
from ivr.resume import unfinished
from ivr.state import CallState


def open_call(session: Session, phone: Phone, heard: Heard, *, at: datetime) -> Call:
    """The row of a call, with its caller's identity and a conversation of its own: two calls at once do not mix."""
    who, account = caller(heard.values), heard.values.get("To", "")[:64] or phone.number
    identity = _identity(
        session, phone, account, who.phone, who.phone or who.name or f"anonymous:{heard.sid}", at
    )
    conversation = Conversation(
        lane=f"voice:{account}:{heard.sid}", identity=identity, created_at=at, state={}
    )
    session.add(conversation)
    session.flush()
    call = Call(
        sid=heard.sid,
        provider=phone.provider,
        from_number=who.name,
        to_number=account,
        identity_id=identity.id,
        conversation_id=conversation.id,
        language=_language(phone, identity.customer),
        started_at=at,
        answered_at=at,
        state=CallState(sender=identity.external_id).dump(),
        step=0,
    )
    session.add(call)
    session.flush()
    return call


def conversation_for(session: Session, phone: Phone, call: Call, *, at: datetime) -> None:
    """A call that we placed talks with whom it is for. Picking up proves nothing, so no number is verified."""
    customer = _called(session, call)
    same = (Identity.channel == "voice", Identity.account == call.ours, Identity.external_id == call.theirs)
    identity = session.scalars(select(Identity).where(*same)).first()
    if identity is None or identity.customer_id != customer.id:
        name = (
            call.theirs if identity is None else f"placed:{call.id}"
        )  # the number is somebody else's by now
        identity = Identity(channel="voice", account=call.ours, external_id=name, created_at=at)
        identity.customer = customer
        session.add(identity)
    conversation = Conversation(
        lane=f"voice:{call.ours}:{call.sid}", identity=identity, created_at=at, state={}
    )
    session.add(conversation)
    session.flush()
    call.identity_id, call.conversation_id = identity.id, conversation.id
    call.state = {**call.state, "sender": identity.external_id}


def _called(session: Session, call: Call) -> Customer:
    """The ticket's customer, or whom the order names where there is no ticket."""
    if call.ticket_id is not None:
        return session.get_one(Ticket, call.ticket_id).customer
    return session.get_one(Customer, (call.order or {})["customer"])


def _language(phone: Phone, customer: Customer) -> str:
    languages: list[str] = phone.house.book.policy("voice")["languages"]
    return customer.language if customer.language in languages else languages[0]


def _identity(
    session: Session, phone: Phone, account: str, number: str | None, external_id: str, at: datetime
) -> Identity:
    same = (Identity.channel == "voice", Identity.account == account, Identity.external_id == external_id)
    identity = session.scalars(select(Identity).where(*same)).first()
    if identity is None:
        identity = Identity(
            channel="voice",
            account=account,
            external_id=external_id,
            created_at=at,
            customer=_known(session, number) or Customer(created_at=at, language="zh"),
        )
        session.add(identity)
    customer = identity.customer
    if number and customer.phone_verified_at is None:  # the network vouches for the caller's number (A1)
        customer.phone, customer.phone_verified_at = number, at
    # Every call begins by saying that it is written down (I1).
    customer.consent_version, customer.consent_at = phone.house.book.policy("consent_version"), at
    return identity


def _known(session: Session, number: str | None) -> Customer | None:
    """Who proved this number before, on whichever channel."""
    if number is None:
        return None
    lock_number(session, number)
    return owner_of(session, number)


def greet(line: Line) -> None:
    """By name and with the open ticket where the number is known; at most eight seconds to the first choice."""
    customer = line.customer()
    tickets = tickets_of(line.session, customer, limit=1) if customer else []
    name = (customer.name if customer else None) or (tickets[0].name if tickets else None)
    name = name if name and len(name) > 1 else ""  # who said 我姓王 is not called 王
    if tickets:
        words = ticket_words(line.house, tickets[0], line.language)
        key = "voice.greet.ticket" if name else "voice.greet.ticket.unnamed"
        line.say(key, **{**words, "name": name[:6]})
    elif name:
        line.say("voice.greet.known", name=name[:10])
    else:
        line.say("voice.greet.new")
    own = role.called(line)
    if own is not None:
        role.put_through(line, own)
        return
    draft = unfinished(line.session, line.call, line.at)
    if draft is not None and State.load(draft.state).form:
        line.go("resume", first=True)
    else:
        line.to_menu()
