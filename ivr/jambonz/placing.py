"""Placing a call through jambonz's REST interface; whether it was placed may stay unknown, and then it is looked up.

jambonz has no word for who answered when a call is created by REST: whoever picks up counts as a human.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from core.call.ledger import Ledger
from core.messaging.channel import Later, Never, Outgoing
from ivr.jambonz.verbs import BASE
from ivr.placing import UNKNOWN_SECONDS, in_time, not_placed


@dataclass(frozen=True)
class JambonzPlacer:
    """``api`` is scheme and host; ``outside``: scheme and host of our webhooks as jambonz sees them; ``ring``: seconds."""

    http: httpx.Client
    api: str
    account: str
    number: str
    outside: str
    ledger: Ledger
    ring: int = 35

    def place(self, message: Outgoing) -> str:
        """jambonz's id of the call. Raises Later where nobody knows whether it was placed, Never when refused."""
        order = message.extra["call"]["order"]
        again = message.attempt > 1
        if again and (told := self.ledger.told(order)):
            return told
        in_time(message)
        if again:
            not_placed(self.ledger, self._listed(message))
        asked = {
            "from": self.number,
            "to": {"type": "phone", "number": message.recipient},
            "call_hook": {"url": f"{self.outside}{BASE}/outbound/{order}", "method": "POST"},
            "call_status_hook": {"url": f"{self.outside}{BASE}/outbound/{order}/status", "method": "POST"},
            "timeout": self.ring,
            "tag": {"order": order},
        }
        try:
            answer = self.http.post(self._at("Calls"), json=asked)
        except httpx.HTTPError as error:
            raise Later(f"unknown: {type(error).__name__}", UNKNOWN_SECONDS) from error
        if answer.status_code in (429, 480):
            raise Later("jambonz is busy", delay=20)
        if answer.status_code >= 500:
            raise Later(f"unknown: jambonz answered {answer.status_code}", UNKNOWN_SECONDS)
        if not answer.is_success:
            raise Never(f"refused: {answer.status_code}", lost=False)
        return str(answer.json()["sid"])

    def _at(self, what: str) -> str:
        return f"{self.api}/v1/Accounts/{self.account}/{what}"

    def _listed(self, message: Outgoing) -> list[str]:
        """Calls to this number: those that run, and those of today that began after the order."""
        since = datetime.fromisoformat(message.extra["call"]["since"])
        try:
            running = self.http.get(self._at("Calls")).raise_for_status().json()
            recent = self.http.get(self._at("RecentCalls"), params={"page": 1, "count": 100, "days": 1})
            past = recent.raise_for_status().json()["data"]
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise Later(f"unknown: cannot look it up: {type(error).__name__}", UNKNOWN_SECONDS) from error
        ours = [*self._ours(running, message), *(c for c in self._ours(past, message) if _began(c) >= since)]
        return [str(call["call_sid"]) for call in ours if call.get("call_sid")]

    def _ours(self, calls: list[dict[str, Any]], message: Outgoing) -> Iterator[dict[str, Any]]:
        number = message.recipient.lstrip("+")
        return (
            call
            for call in calls
            if str(call.get("to", "")).lstrip("+") == number
            and call.get("direction", "outbound") == "outbound"
            and not call.get("parent_call_sid")  # somebody whom a caller was put through to
        )


def _began(call: dict[str, Any]) -> datetime:
    """``attempted_at`` is milliseconds in some versions and ISO text in others."""
    at = call.get("attempted_at", 0)
    if isinstance(at, int | float):
        return datetime.fromtimestamp(at / 1000, UTC)
    return datetime.fromisoformat(str(at).replace("Z", "+00:00"))
