"""Placing a call by jambonz's REST interface. Whether it was placed may stay unknown; then it is looked up.

Source: docs.jambonz.org/reference/rest-call-control/calls/create-call and .../recent-calls.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from core.messaging.channel import Later, Never, Outgoing
from ivr.jambonz.verbs import BASE

UNKNOWN_SECONDS = 15.0  # before a creation nobody answered is looked up
BUSY_SECONDS = 20.0
LOOKED_AT = 50  # calls


@dataclass(frozen=True)
class JambonzPlacer:
    """``rest`` is open on ``…/v1/Accounts/SID``; ``outside``: our webhooks' scheme and host; ``ring``: seconds."""

    rest: httpx.Client
    number: str
    outside: str
    ring: int = 35

    def place(self, message: Outgoing) -> str:
        """jambonz's id of the call. Raises Later where nobody knows whether it was placed, Never when refused."""
        if message.attempt > 1 and (found := self._placed(message)):
            return found
        answer = self._ask(
            "POST", "/Calls", json=self.order(message.recipient, message.extra["call"]["order"])
        )
        if answer.status_code == 429:
            raise Later("jambonz is busy", delay=BUSY_SECONDS)
        if answer.status_code >= 500:
            raise Later(f"unknown: jambonz answered {answer.status_code}", UNKNOWN_SECONDS)
        if answer.status_code != 201:
            raise Never(f"refused: {answer.status_code}", lost=False)
        return str(answer.json()["sid"])

    def order(self, to: str, order: int) -> dict[str, Any]:
        """The body of the request: a ``rest:dial`` of jambonz's schema."""
        hook = f"{self.outside}{BASE}/outbound/{order}"
        return {
            "from": self.number,
            "to": {"type": "phone", "number": to},
            "call_hook": {"url": hook, "method": "POST"},
            "call_status_hook": {"url": f"{hook}/status", "method": "POST"},
            "timeout": self.ring,
            "tag": {"order": order},
        }

    def _placed(self, message: Outgoing) -> str | None:
        """The call of an earlier try: one that runs, or one that has ended since the order was made."""
        since = datetime.fromisoformat(message.extra["call"]["since"])
        running = self._ask("GET", "/Calls")
        ended = self._ask("GET", "/RecentCalls", params={"page": 1, "count": LOOKED_AT, "days": 1})
        if not (running.is_success and ended.is_success):
            raise Later("unknown: cannot look it up", UNKNOWN_SECONDS)
        calls = [*running.json(), *(row for row in ended.json()["data"] if _began(row) >= since)]
        mine = (c for c in calls if (c.get("to"), c.get("from")) == (message.recipient, self.number))
        return next((str(call["call_sid"]) for call in mine if call.get("direction") == "outbound"), None)

    def _ask(self, verb: str, path: str, **more: Any) -> httpx.Response:
        try:
            return self.rest.request(verb, path, **more)
        except httpx.HTTPError as error:
            raise Later(f"unknown: {type(error).__name__}", UNKNOWN_SECONDS) from error


def _began(row: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(str(row["attempted_at"]).replace("Z", "+00:00"))


def rest(api: str, account: str, key: str, *, timeout: float = 15.0) -> httpx.Client:
    """A client of one account."""
    return httpx.Client(
        base_url=f"{api.rstrip('/')}/v1/Accounts/{account}",
        headers={"Authorization": f"Bearer {key}"},
        timeout=timeout,
        follow_redirects=False,
    )
