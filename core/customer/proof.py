"""Proving a phone number by a code that is sent to another channel of its owner."""

import hashlib
import hmac
import secrets
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime
from core.messaging.lease import WAITING
from core.messaging.moment import database_clock
from core.messaging.outbox import OutboxMessage
from core.promise.model import end_promise

DIGITS = 6


class PhoneProof(Base):
    """One claim of an identity to a number. Only the hash of the code is kept.

    ``sent_to`` is the claimant itself where nobody could be sent a code: then no code is ever right, and the
    claimant cannot tell whether the number is known to us.
    """

    __tablename__ = "phone_proofs"

    id: Mapped[int] = mapped_column(primary_key=True)
    identity_id: Mapped[int] = mapped_column(ForeignKey("identities.id"), index=True)
    phone: Mapped[str] = mapped_column(Text, index=True)  # E.164
    code_hash: Mapped[str] = mapped_column(Text)
    sent_to: Mapped[int] = mapped_column(ForeignKey("identities.id"), index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(Text)  # proved | wrong | expired | replaced | denied

    @property
    def was_sent(self) -> bool:
        """False for a blind proof: its code was told to nobody (the claimant stands in for the recipient)."""
        return self.sent_to != self.identity_id

    @property
    def key(self) -> str:
        """Of the message that carries the code."""
        return f"proof:{self.id}"


def new_code() -> str:
    """Digits from the system's source of randomness; zeros in front count."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def hashed(code: str, salt: str | None = None) -> str:
    """Salted and slow: a million codes must not be tried against a stolen hash while it is good (about 15 ms each)."""
    salt = salt or secrets.token_hex(16)
    return salt + "$" + hashlib.scrypt(code.encode(), salt=bytes.fromhex(salt), n=4096, r=8, p=1).hex()


def matches(code: str, code_hash: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(hashed(code, code_hash.partition("$")[0]), code_hash)


def live(session: Session, condition: ColumnElement[bool]) -> list[PhoneProof]:
    """Claims that wait for their code, newest first, locked."""
    query = select(PhoneProof).where(condition, PhoneProof.ended_at.is_(None))
    return list(session.scalars(query.order_by(PhoneProof.id.desc()).with_for_update()))


def end(session: Session, proof: PhoneProof, outcome: str, *, at: datetime) -> None:
    """Only the hash of a code is kept: the message that carried it loses it when it is good no more."""
    proof.ended_at, proof.outcome = at, outcome
    key: str | None = proof.key
    while key and (message := session.scalars(select(OutboxMessage).where(OutboxMessage.key == key)).first()):
        _forget(message)
        key = f"hop:{message.id}"  # where it went when the first chat refused it
    if outcome != "expired":
        end_promise(session, f"proof_over:{proof.id}", at=at, why=outcome)


def _forget(message: OutboxMessage) -> None:
    message.text = message.readable
    message.extra = {name: value for name, value in message.extra.items() if name != "secret"}
    if message.status in WAITING:
        message.status, message.owner, message.error = "dead", None, "the code is good no more"
        message.ended_at = database_clock()


def void(session: Session, identity_id: int, *, at: datetime) -> None:
    """An identity that was unlinked proves nothing any more, neither here nor for others."""
    for proof in live(session, (PhoneProof.identity_id == identity_id) | (PhoneProof.sent_to == identity_id)):
        end(session, proof, "replaced", at=at)
