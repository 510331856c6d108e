"""A message from a member of staff: an order about a ticket, by words or by a button."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.asked import chat as asked
from core.asked.reply import hold_askers
from core.care.notice import reachable
from core.customer.model import Conversation
from core.customer.recognise import conversation_of
from core.house import House
from core.messaging.inbox import InboxMessage
from core.messaging.lease import Lease, finish
from core.messaging.outbox import say
from core.staff import button, link
from core.staff.answers import Doing
from core.staff.command import Command, folded, is_command, read
from core.staff.model import Staff
from core.staff.orders import carry_out, rights_on
from core.staff.people import linked
from core.staff.refusal import REFUSALS, Refused, in_words
from core.staff.show import help_text, own_tickets
from core.ticket.actions import UnknownTicket, find
from core.ticket.model import Ticket

LONGEST = 8000  # characters; what carries words out refuses too many of them, rather than cut them
QUIET = ("blocked", "unblocked")
REMEMBERED = 20  # arrivals of a lane in which a repetition is looked for


def is_for_staff(house: House, message: InboxMessage) -> bool:
    """Whether a message is an order of staff and not a customer's; staff may try the bot as customers do."""
    if message.kind == "silent":
        return False  # only kept
    if message.channel != "telegram":
        return message.channel == "wecom"
    with house.database.reading() as session:
        if message.kind == "press":
            return button.is_staffs(session, message)
        private = message.lane.split(":", 2)[2] == message.sender
        if message.kind in ("text", "edit") and _meant(message.text, private):
            return linked(session, message.channel, message.sender) is not None
        if message.kind == "text" and private and asked.may_write(session, message, at=house.clock.now()):
            return True
        return private and link.token_in(session, message) is not None


def _meant(text: str, private: bool) -> bool:
    """In a group only what begins with #: 帮助 is everybody's word there."""
    return is_command(text) and (private or folded(text)[:1] == "#")


@dataclass
class Turn:
    """One message of somebody who works here, or says so."""

    session: Session
    house: House
    message: InboxMessage
    conversation: Conversation
    at: datetime
    person: Staff | None = field(default=None)
    did: Doing | None = field(default=None)  # what was carried out; None when it was refused

    @property
    def language(self) -> str:
        return self.person.language if self.person else "zh"

    def doing(self, ticket: Ticket) -> Doing:
        """The order's facts, marked with this message so that it is done once."""
        assert self.person is not None
        mark = str(self.message.id)
        self.did = Doing(self.session, self.house, self.person, ticket, self.at, self.message.channel, mark)
        return self.did


def take_staff_turn(house: House, message: InboxMessage, lease: Lease) -> bool:
    """Carry out the order and answer; False when the lease was lost."""
    at = house.clock.now()
    with house.database.session(durable=False) as session:
        conversation = conversation_of(session, message, at=at)
        turn = Turn(session, house, message, conversation, at)
        turn.person = linked(session, message.channel, message.sender)
        again = _again(session, message)
        if message.kind not in QUIET and not again:
            _answer(turn, _heard(turn))
        session.flush()
        outcome = "duplicate" if again else "staff"
        if not finish(session, InboxMessage, lease, conversation_id=conversation.id, outcome=outcome):
            return False
        session.commit()
        return True


def _again(session: Session, message: InboxMessage) -> bool:
    """Whether it is the same message under another number of the provider, as ``payload["same"]`` tells."""
    same = message.payload.get("same")
    if same is None:
        return False
    earlier = select(InboxMessage.payload).where(
        InboxMessage.lane == message.lane, InboxMessage.id < message.id, InboxMessage.status == "done"
    )
    newest = session.scalars(earlier.order_by(InboxMessage.id.desc()).limit(REMEMBERED))
    return any(payload.get("same") == same for payload in newest)


def _answer(turn: Turn, text: str) -> None:
    """In private always: what staff are told is not for groups. It may be a card with a choice to make."""
    card = turn.did.card if turn.did else {}
    say(
        turn.session,
        at=turn.at,
        channel=turn.message.channel,
        account=turn.message.account,
        recipient=turn.message.sender,
        text=text,
        audience="staff",
        reply_to=turn.message.id,
        choices=card.get("choices"),
        ticket_id=turn.did.ticket.id if turn.did and card else None,
        extra=card.get("extra"),
    )


def _heard(turn: Turn) -> str:
    """Do what was asked, or leave everything as it was and say why not."""
    try:
        with turn.session.begin_nested():
            return _do(turn)
    except (Refused, *REFUSALS) as error:
        turn.did = None
        turn.session.expire_all()  # what the refused order had changed is gone from the database
        return in_words(turn.house.book, error, turn.language)


def _do(turn: Turn) -> str:
    message, book = turn.message, turn.house.book
    token = link.token_in(turn.session, message)
    if token is not None:
        identity = turn.conversation.identity_id
        turn.person = link.link(turn.session, message, token, identity_id=identity, at=turn.at)
        welcome = book.text("staff.link.done", turn.language, name=turn.person.name)
        return f"{welcome}\n{help_text(turn.house, turn.person)}"
    if turn.person is None:
        raise Refused("staff.unlinked", account=message.sender[:64])
    if message.kind == "press":
        return _pressed(turn)
    if message.kind == "follow":
        return help_text(turn.house, turn.person)
    if message.kind != "text":
        raise Refused("staff.changed" if message.kind == "edit" else "staff.words_only")
    return _ordered(turn, turn.person, read(message.text[:LONGEST]))


def _ordered(turn: Turn, person: Staff, command: Command) -> str:
    if command == Command("unclear") and (
        number := asked.meant(turn.session, turn.message, person, at=turn.at)
    ):
        command = asked.order_in(turn.session, number, turn.message.text[:LONGEST])
    if command == Command("unclear") and (
        known := asked.known(turn.session, turn.house, turn.message.text, person)
    ):
        return known
    if command.verb == "language":
        person.language = command.rest
    if command.verb in ("help", "language"):
        return help_text(turn.house, person)
    if command.verb == "mine":
        return own_tickets(turn.session, turn.house, person)
    if not command.number:
        raise Refused("staff.no_number", number=f"{turn.house.local(turn.at):%y%m%d}0001")
    doing = turn.doing(lock(turn.session, command.number))
    may, mine, told = rights_on(doing)
    if not may.see(mine=mine, told=told):
        raise UnknownTicket(command.number)  # as in the console: what is not theirs is not there
    return carry_out(doing, command)


def _pressed(turn: Turn) -> str:
    row = button.pressed_row(turn.session, turn.message)
    number = turn.session.scalar(select(Ticket.number).where(Ticket.id == row.ticket_id)) if row else None
    if row is None or number is None:
        raise Refused("staff.press.unknown")
    doing = turn.doing(lock(turn.session, number))
    turn.session.refresh(row, with_for_update=True)  # after the ticket: the order in which all lock them
    return button.press(doing, row, turn.message.payload)


def lock(session: Session, number: str) -> Ticket:
    """Conversation, then ticket, as everybody locks them. UnknownTicket."""
    customer = session.scalar(select(Ticket.customer_id).where(Ticket.number == number))
    if customer is not None:
        reachable(session, customer)
        hold_askers(session, number)
    return find(session, number)
