"""A telephone that is held until the house calls it: a client of a running demonstration, as the page /try is."""

import time
from typing import Any

import httpx

from app.call.dialling import rung
from app.call.terminal import Away
from app.settings import Settings
from ivr.softphone import Caller

EVERY = 1.0  # seconds between two looks


class NoDemonstration(Exception):
    """Nothing rings here: a provider places this house's calls."""


def held(settings: Settings, reached_at: str, *, number: str, patience: float) -> tuple[Caller, str] | None:
    """The telephone that rings and what the call is about; None when nothing did for ``patience`` seconds (0: for ever)."""
    http = httpx.Client(trust_env=False, timeout=20)
    until = time.monotonic() + patience
    while True:
        rings = _asked(http, reached_at, number)
        if rings is not None:
            order, purpose = int(rings["order"]), str(rings["purpose"])
            phone = rung(settings, reached_at, key=rings["key"], order=order, called=number, http=http)
            return phone, purpose
        if patience and time.monotonic() > until:
            return None
        time.sleep(EVERY)


def _asked(http: httpx.Client, reached_at: str, number: str) -> dict[str, Any] | None:
    try:
        state = http.get(f"{reached_at}/try/state", params={"phone": number}).json()
    except (httpx.HTTPError, ValueError) as error:
        raise Away(type(error).__name__) from error
    if "ringing" not in state:
        raise NoDemonstration
    found: dict[str, Any] | None = state["ringing"]
    return found
