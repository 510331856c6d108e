"""Claiming a phone number: a code goes to another chat of its owner, and comes back here or not.

The claimant learns nothing from the answer: it is the same whether the number is known to us or not.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.care.notice import UNREACHABLE
from core.customer.linking import lock_number, owner_of, unlink
from core.customer.model import Conversation, Customer, Identity
from core.customer.proof import PhoneProof, end, hashed, live, matches, new_code
from core.house import House
from core.messaging.outbox import say
from core.promise.model import Promise, promise

HOUR = timedelta(hours=1)


class ClaimRefused(Exception):
    """Too many codes or too many wrong tries; ``minutes`` until the next claim is taken."""

    def __init__(self, minutes: int) -> None:
        super().__init__(f"wait {minutes} minutes")
        self.minutes = minutes


@dataclass(frozen=True)
class Answer:
    """``outcome``: proved, wrong, expired or none; ``left``: how many tries there still are."""

    outcome: str
    phone: str = ""
    left: int = 0


def claim(session: Session, house: House, identity: Identity, phone: str, *, at: datetime) -> PhoneProof:
    """Send a code to the owner's other chat, where there is one. Raises ClaimRefused."""
    lock_number(session, phone)
    _allow(session, house, identity, phone, at)
    for earlier in live(session, PhoneProof.identity_id == identity.id):
        end(session, earlier, "replaced", at=at)
    owner = owner_of(session, phone)
    to = _other_chat(session, owner, identity) if owner else None
    code = new_code()
    proof = PhoneProof(
        identity_id=identity.id,
        phone=phone,
        code_hash=hashed(code),
        sent_to=to.id if to else identity.id,
        created_at=at,
        expires_at=at + timedelta(minutes=house.book.policy("phone_proof")["code_minutes"]),
    )
    session.add(proof)
    session.flush()
    if to is not None:
        _send(session, house, proof, to, code, asked_on=identity.channel)
    row = {"key": f"proof_over:{proof.id}", "kind": "proof_over", "due_at": proof.expires_at}
    promise(session, {**row, "payload": {"proof": proof.id}})
    return proof


def _allow(session: Session, house: House, identity: Identity, phone: str, at: datetime) -> None:
    policy = house.book.policy("phone_proof")
    mine = PhoneProof.identity_id == identity.id
    paused = (
        mine & (PhoneProof.outcome == "wrong"),
        PhoneProof.ended_at,
        timedelta(minutes=policy["pause_minutes"]),
    )
    denied = (
        mine & (PhoneProof.outcome == "denied"),
        PhoneProof.ended_at,
        timedelta(hours=policy["deny_hours"]),
    )
    for condition, since, pause in (paused, denied):
        last = session.scalar(select(func.max(since)).where(condition))
        if last is not None and last + pause > at:
            raise ClaimRefused(_minutes(last + pause - at))
    for whose in (mine, PhoneProof.phone == phone):
        made = select(PhoneProof.created_at).where(whose, PhoneProof.created_at > at - HOUR)
        times = session.scalars(made.order_by(PhoneProof.created_at)).all()
        if len(times) >= policy["codes_per_hour"]:
            raise ClaimRefused(_minutes(times[-policy["codes_per_hour"]] + HOUR - at))


def _minutes(span: timedelta) -> int:
    return max(1, -(-int(span.total_seconds()) // 60))


def _other_chat(session: Session, owner: Customer, claimant: Identity) -> Identity | None:
    """Where the owner was last heard, on another account than the claimant's. No lock: nothing is asked there."""
    query = (
        select(Identity)
        .join(Conversation)
        .where(
            Identity.customer_id == owner.id,
            Identity.id != claimant.id,
            Identity.dead_at.is_(None),
            Identity.channel.not_in(UNREACHABLE),
            # Never a group: others read there.
            Conversation.lane == Identity.channel + ":" + Identity.account + ":" + Identity.external_id,
        )
        .order_by(Conversation.last_heard_at.desc(), Conversation.id.desc())
        .limit(1)
    )
    return session.scalars(query).first()


def _send(
    session: Session, house: House, proof: PhoneProof, to: Identity, code: str, *, asked_on: str
) -> None:
    lane = f"{to.channel}:{to.account}:{to.external_id}"
    language, minutes = to.customer.language, house.book.policy("phone_proof")["code_minutes"]
    where = house.book.label("channel", asked_on, language)
    text = house.book.text(
        "proof.code", language, code=code, where=where, tail=proof.phone[-4:], minutes=minutes
    )
    say(
        session,
        at=proof.created_at,
        channel=to.channel,
        account=to.account,
        recipient=to.external_id,
        text=text,
        conversation_id=session.scalar(select(Conversation.id).where(Conversation.lane == lane)),
        key=proof.key,
        weight="notice",
        extra={"secret": code},
    )


def answer(session: Session, house: House, identity: Identity, code: str, *, at: datetime) -> Answer:
    """A code typed by the claimant, against the newest claim of this identity."""
    proof = next(iter(live(session, PhoneProof.identity_id == identity.id)), None)
    if proof is None:
        return Answer("none")
    if proof.expires_at <= at or not _still_stands(session, proof):
        end(session, proof, "expired", at=at)
        return Answer("expired", proof.phone)
    if matches(code, proof.code_hash) and proof.was_sent:
        end(session, proof, "proved", at=at)
        return Answer("proved", proof.phone)
    proof.attempts += 1
    left = house.book.policy("phone_proof")["wrong_tries"] - proof.attempts
    if left <= 0:
        end(session, proof, "wrong", at=at)
    return Answer("wrong", proof.phone, max(0, left))


def _still_stands(session: Session, proof: PhoneProof) -> bool:
    """Who was sent the code still owns the number; of a claim that was sent to nobody nothing can change."""
    if not proof.was_sent:
        return True
    lock_number(session, proof.phone)
    owner = owner_of(session, proof.phone)
    return owner is not None and session.get_one(Identity, proof.sent_to).customer_id == owner.id


def deny(session: Session, house: House, identity: Identity, *, at: datetime, actor: str) -> list[PhoneProof]:
    """不是我, from the owner: codes sent to them are void, and who used one is unlinked. Returns what was denied."""
    since = at - timedelta(hours=house.book.policy("phone_proof")["deny_hours"])
    theirs = select(Identity.id).where(Identity.customer_id == identity.customer_id)
    query = select(PhoneProof).where(
        PhoneProof.sent_to.in_(theirs),
        PhoneProof.sent_to != PhoneProof.identity_id,
        PhoneProof.identity_id != identity.id,
        PhoneProof.created_at > since,
        PhoneProof.outcome.is_(None) | (PhoneProof.outcome != "denied"),
    )
    denied = list(session.scalars(query.with_for_update()))
    for proof in denied:
        if proof.outcome == "proved":
            claimant = session.get_one(Identity, proof.identity_id)
            if claimant.customer_id == identity.customer_id:
                unlink(session, claimant, at=at, actor=actor, channel=identity.channel)
        end(session, proof, "denied", at=at)
    return denied


def keep_proof_over(session: Session, house: House, row: Promise, now: datetime) -> datetime | None:
    """A code that nobody typed in: its time is over, and its words go."""
    proof = session.get(PhoneProof, row.payload["proof"], with_for_update=True)
    if proof is not None and proof.ended_at is None:
        end(session, proof, "expired", at=now)
    return None
