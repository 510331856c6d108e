"""Which of a provider's calls is which of our orders: told by our own signed webhooks, whose address names the order.

A provider's list of calls bears no mark of ours (Twilio's has no url, its Events come 15 minutes after the end:
twilio.com/docs/voice/api/call-event-resource), so a number and a time never prove whose a call is. A list proves absence.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from core.call.model import Call
from core.database import Database


@dataclass(frozen=True)
class Ledger:
    """What our webhooks have told of calls that we placed: whether an order reached the provider."""

    database: Database

    def told(self, order: int) -> str | None:
        """The provider's id of the order's call, once any of its webhooks has come."""
        with self.database.reading() as session:
            sid = session.scalar(select(Call.sid).where(Call.id == order))
        return None if sid is None or sid.startswith("order:") else sid

    def unclaimed(self, sids: Iterable[str]) -> list[str]:
        """Those of a provider's calls that have told us of no order yet: any of them may be the one that is missed."""
        listed = list(sids)
        with self.database.reading() as session:
            ours = set(session.scalars(select(Call.sid).where(Call.sid.in_(listed))))
        return [sid for sid in listed if sid not in ours]
