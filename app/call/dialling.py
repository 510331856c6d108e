"""A telephone of this house: its webhooks, its key, its number, on a line of the softphone."""

import httpx

from app.settings import Settings
from app.telephone import account_sid, outside_url, own_number, signing_token
from ivr.softphone import Caller
from ivr.softphone.held import call_id
from ivr.softphone.wire import Wire

INCOMING = "/webhooks/voice/incoming"
FALLBACK = "/webhooks/voice/fallback"
STATUS = "/webhooks/voice/status"


def telephone(
    settings: Settings, reached_at: str, *, caller: str, called: str = "", http: httpx.Client | None = None
) -> Caller:
    """A caller of the server that is reached at this address (scheme and host)."""
    outside = outside_url(settings, reached_at)
    return Caller(
        outside + INCOMING,
        token=signing_token(settings),
        account=account_sid(settings),
        http=http or httpx.Client(trust_env=False),
        caller=caller,
        called=called or own_number(settings),
        fallback=outside + FALLBACK,
        status=outside + STATUS,
        outside=outside,
        inside=reached_at,
        recordings=settings.twilio_api_url,
    )


def rung(
    settings: Settings, reached_at: str, *, key: str, order: int, called: str, http: httpx.Client
) -> Caller:
    """The telephone that an order of ours rings: the same webhooks as a provider would ask and tell."""
    outside = outside_url(settings, reached_at)
    own = f"{outside}/webhooks/voice/outbound/{order}"
    return Caller(
        own,
        token=signing_token(settings),
        account=account_sid(settings),
        http=http,
        caller=own_number(settings),
        called=called,
        sid=call_id(key),
        fallback=outside + FALLBACK,
        status=f"{own}/status",
        status_events=("initiated", "ringing", "answered", "completed"),
        direction="outbound-api",
        extra=(("AnsweredBy", "human"),),
        outside=outside,
        inside=reached_at,
        recordings=settings.twilio_api_url,
    )


def wire(settings: Settings, reached_at: str, http: httpx.Client) -> Wire:
    """The way to the server for a call that was begun elsewhere."""
    outside = outside_url(settings, reached_at)
    return Wire(http, signing_token(settings), outside=outside, inside=reached_at)
