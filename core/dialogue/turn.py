"""The use case of a text message: one claimed inbox row becomes one committed reply."""

from dataclasses import dataclass

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.customer.model import Conversation
from core.customer.move import move_chat
from core.customer.recognise import conversation_of
from core.dialogue.arrivals.hear import hear
from core.dialogue.choices import digit, typed
from core.dialogue.draft import watch_draft
from core.dialogue.facts import read
from core.dialogue.meaning import Meaning
from core.dialogue.state import State
from core.dialogue.talk import Talk
from core.dialogue.topics.question import asks
from core.dialogue.understood import LONGEST, Understand, understood
from core.groups.door import EVENTS, take_door_event
from core.groups.heard import GROUP_NEWS, take_group_news
from core.groups.listen import is_chatter
from core.house import House
from core.knowledge import shelf
from core.messaging.allowance import grant
from core.messaging.inbox import APART, OVERHEARD, InboxMessage
from core.messaging.lease import Lease, backoff, bury, finish, release
from core.messaging.outbox import OutboxMessage, say
from core.nlu_review.review import doubt
from core.staff.push import push
from core.staff.turn import is_for_staff, take_staff_turn

MOST_ATTEMPTS = 5
MOST_DEATHS = 20  # more patience: the machine may be at fault, not the message
_log = structlog.get_logger()


@dataclass(frozen=True)
class Turned:
    """What came of a turn: what the message was understood as, and the answer's row."""

    outcome: str
    answer: OutboxMessage | None
    conversation: Conversation | None = None  # in our hand: a session forgets what nobody holds


def take_turn(house: House, message: InboxMessage, understand: Understand) -> bool:
    """Answer one claimed message. False: the lease was lost meanwhile, and nothing of ours was kept."""
    lease = Lease(message.id, message.owner or "", message.attempt)
    # It killed its worker every time, and nobody was left to count the failure.
    if message.attempt > MOST_DEATHS:
        _failed(house, message, lease, RuntimeError("the worker died at every attempt"))
        return False
    try:
        if message.kind == GROUP_NEWS:
            return take_group_news(house, message, lease)
        if message.kind in EVENTS:
            return take_door_event(house, message, lease)
        if is_for_staff(house, message):
            return take_staff_turn(house, message, lease)
        if message.kind in APART or is_chatter(house, message):
            return _apart(house, message, lease)
        return _commit(house, message, lease, *understood(message, understand))
    except Exception as error:
        _log.exception("turn failed", inbox=message.id, attempt=message.attempt)
        _failed(house, message, lease, error)
        return False


def _apart(house: House, message: InboxMessage, lease: Lease) -> bool:
    """What is only kept, and a chat that got another number."""
    with house.database.session(durable=False) as session:
        if message.kind == "moved":
            move_chat(session, channel=message.channel, account=message.account, **message.payload["moved"])
        known = session.scalar(select(Conversation.id).where(Conversation.lane == message.lane))
        values = {"conversation_id": known, "outcome": message.kind, **_forgotten(message)}
        if not finish(session, InboxMessage, lease, **values):
            return False
        session.commit()
        return True


def _commit(house: House, message: InboxMessage, lease: Lease, text: str, meaning: Meaning) -> bool:
    if asks(text):
        shelf.ready(house)
    with house.database.session(durable=False) as session:
        if turn_within(session, house, message, lease, text, meaning) is None:
            return False
        session.commit()
        return True


def turn_within(
    session: Session,
    house: House,
    message: InboxMessage,
    lease: Lease,
    text: str,
    meaning: Meaning,
    *,
    aloud: bool = False,
) -> Turned | None:
    """The turn in the caller's transaction; None: the lease was lost, roll back. ``aloud``: the caller speaks the answer."""
    at = house.clock.now()
    conversation = conversation_of(session, message, at=at)
    talk = Talk(
        session=session,
        house=house,
        conversation=conversation,
        channel=message.channel,
        meaning=meaning,
        facts=read(meaning, today=house.local(at).date()),
        text=text if any(c.isalnum() for c in text) else "",
        typed=typed(message.text)[:LONGEST],
        digit=digit(text),
        at=at,
        state=State.load(conversation.state),
    )
    grant(session, message)
    hear(talk, message)
    watch_draft(talk)
    forgotten = {} if talk.said else _forgotten(message)
    if not forgotten:
        doubt(session, house, meaning, at=at)
    conversation.state = talk.state.dump()
    conversation.last_heard_at = at
    answer = _answer(talk, message) if talk.said else None
    if answer is not None and aloud:
        answer.spoken()
    values = {"conversation_id": conversation.id, "outcome": talk.outcome, **forgotten}
    if not finish(session, InboxMessage, lease, **values):
        return None
    return Turned(talk.outcome, answer, conversation)


def _forgotten(message: InboxMessage) -> dict[str, str]:
    """What people said to each other, and we have nothing to say to, is not kept."""
    return {"text": ""} if message.kind == OVERHEARD else {}


def _answer(talk: Talk, message: InboxMessage) -> OutboxMessage | None:
    """One bubble with everything that was said; the webhook may carry it back itself until ``answer_by``."""
    identity, question = talk.conversation.identity, talk.state.question
    return say(
        talk.session,
        at=talk.at,
        channel=identity.channel,
        account=identity.account,
        recipient=message.lane.split(":", 2)[2],
        text="\n\n".join(talk.said),
        choices=talk.choices,
        conversation_id=talk.conversation.id,
        ticket_id=talk.ticket_id,
        reply_to=message.id,
        weight=talk.weight,
        question=question.dump() if question is not None and talk.choices else None,
        extra=talk.extra,
        not_before=message.answer_by,
    )


def _failed(house: House, message: InboxMessage, lease: Lease, error: Exception) -> None:
    """Try again later; after the last try a dead letter, which a person is told of."""
    reason = f"{type(error).__name__}: {error}"
    with house.database.session() as session:
        if message.attempt < MOST_ATTEMPTS:
            release(session, InboxMessage, lease, error=reason, seconds=backoff(message.attempt))
        elif bury(session, InboxMessage, lease, error=reason):
            at, recipient = house.clock.now(), message.lane.split(":", 2)[2]
            say(
                session,
                at=at,
                channel=message.channel,
                account=message.account,
                recipient=recipient,
                text=house.book.text("turn.failed"),
            )
            push(
                session,
                house,
                key=f"dead:inbox:{message.id}",
                audience="desk",
                wording="push.dead_letter",
                at=at,
                text=message.text[:100],
                number=message.id,
            )
        session.commit()
