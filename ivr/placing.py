"""Placing a call through the telephone provider's own client. Whether it was placed may stay unknown; then it is looked up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from requests.exceptions import RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from core.call.ledger import Ledger
from core.messaging.channel import Later, Never, Outgoing
from ivr.twiml import BASE

UNKNOWN_SECONDS = 15.0  # before a creation nobody answered is looked up
LOOKED_AT = 50  # calls to one number


def in_time(message: Outgoing) -> None:
    """Raises Never when the order is too old: it may be night by now, and a person has been asked instead."""
    if datetime.now(UTC) > datetime.fromisoformat(message.extra["call"]["until"]):
        raise Never("too late to call", lost=False)


def not_placed(ledger: Ledger, listed: Iterable[str]) -> None:
    """Raises Later while one of the ``listed`` calls may be the order's own: its webhook is on the way, or nobody can say."""
    if ledger.unclaimed(listed):
        raise Later("unknown: a call to this number has not told yet whose it is", UNKNOWN_SECONDS)


@dataclass(frozen=True)
class Placer:
    """``outside``: scheme and host of our webhooks as the provider sees them; ``ring``: seconds."""

    rest: Client
    number: str
    outside: str
    ledger: Ledger
    ring: int = 35

    def place(self, message: Outgoing) -> str:
        """The provider's id of the call. Raises Later where nobody knows whether it was placed, Never when refused."""
        order = message.extra["call"]["order"]
        again = message.attempt > 1
        if again and (told := self.ledger.told(order)):
            return told
        in_time(message)
        if again:
            not_placed(self.ledger, self._listed(message))
        try:
            made = self.rest.calls.create(
                to=message.recipient,
                from_=self.number,
                url=f"{self.outside}{BASE}/outbound/{order}",
                method="POST",
                fallback_url=f"{self.outside}{BASE}/fallback",
                status_callback=f"{self.outside}{BASE}/outbound/{order}/status",
                status_callback_event=["initiated", "ringing", "answered", "completed"],
                machine_detection="Enable",
                timeout=self.ring,
            )
        except TwilioRestException as error:
            if error.status == 429:
                raise Later("the provider is busy", delay=20) from error
            if error.status >= 500:
                raise Later(f"unknown: the provider answered {error.status}", UNKNOWN_SECONDS) from error
            raise Never(f"refused: {error.code or error.status}", lost=False) from error
        except (TwilioException, RequestException, OSError) as error:
            raise Later(f"unknown: {type(error).__name__}", UNKNOWN_SECONDS) from error
        return str(made.sid)

    def _listed(self, message: Outgoing) -> list[str]:
        """Calls from us to this number that are not older than the order; legs of others' calls are none."""
        since = datetime.fromisoformat(message.extra["call"]["since"])
        try:
            calls = self.rest.calls.list(to=message.recipient, from_=self.number, limit=LOOKED_AT)
        except (TwilioException, RequestException, OSError) as error:
            raise Later(f"unknown: cannot look it up: {type(error).__name__}", UNKNOWN_SECONDS) from error
        placed = (call for call in calls if call.direction == "outbound-api")
        return [str(call.sid) for call in placed if (made := _made(call)) and made >= since]


def _made(call: Any) -> datetime | None:
    made = call.date_created
    return parsedate_to_datetime(made) if isinstance(made, str) else made
