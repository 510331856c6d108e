"""Placing a call through the telephone provider's own client. Whether it was placed may stay unknown; then it is looked up."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from requests.exceptions import RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from core.messaging.channel import Later, Never, Outgoing
from ivr.twiml import BASE

UNKNOWN_SECONDS = 15.0  # before a creation nobody answered is looked up
LOOKED_AT = 50  # calls to one number


def in_time(message: Outgoing) -> None:
    """Raises Never when the order is too old: it may be night by now, and a person has been asked instead."""
    if datetime.now(UTC) > datetime.fromisoformat(message.extra["call"]["until"]):
        raise Never("too late to call", lost=False)


@dataclass(frozen=True)
class Placer:
    """``outside``: scheme and host of our webhooks as the provider sees them; ``ring``: seconds."""

    rest: Client
    number: str
    outside: str
    ring: int = 35

    def place(self, message: Outgoing) -> str:
        """The provider's id of the call. Raises Later where nobody knows whether it was placed, Never when refused."""
        order = message.extra["call"]["order"]
        if message.attempt > 1 and (found := self._placed(message)):
            return found
        in_time(message)
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

    def _placed(self, message: Outgoing) -> str | None:
        """The call of an earlier try, if there is one: to this number, from ours, not older than the order."""
        since = datetime.fromisoformat(message.extra["call"]["since"])
        try:
            calls = self.rest.calls.list(to=message.recipient, from_=self.number, limit=LOOKED_AT)
        except (TwilioException, RequestException, OSError) as error:
            raise Later(f"unknown: cannot look it up: {type(error).__name__}", UNKNOWN_SECONDS) from error
        return next((str(call.sid) for call in calls if (made := _made(call)) and made >= since), None)


def _made(call: Any) -> datetime | None:
    made = call.date_created
    return parsedate_to_datetime(made) if isinstance(made, str) else made
