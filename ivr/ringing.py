"""What rings on a telephone that somebody holds: the orders to it that were placed, and that nobody has picked up."""

from dataclasses import dataclass

from sqlalchemy import select

from core.call.model import Call
from core.house import House
from core.messaging.outbox import OutboxMessage

SIMULATOR = "simulator"


@dataclass(frozen=True)
class Ringing:
    """``key`` names the order; ``seconds`` is how long it rings."""

    order: int
    key: str
    purpose: str
    seconds: int


def ringing(house: House, number: str) -> Ringing | None:
    """The oldest. Whatever a telephone's webhooks have told of (answered, busy, nobody) rings no more."""
    query = (
        select(Call)
        .join(OutboxMessage, OutboxMessage.key == Call.sid)
        .where(Call.provider == SIMULATOR, Call.to_number == number, Call.ended_at.is_(None))
        .where(OutboxMessage.channel == "voice", OutboxMessage.status == "done")
        .order_by(Call.id)
        .limit(1)
    )
    with house.database.reading() as session:
        call = session.scalars(query).first()
        if call is None:
            return None
        return Ringing(call.id, call.sid, call.purpose or "", house.book.policy("voice_out")["ring_seconds"])
