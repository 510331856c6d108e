"""What the telephone's two ends must agree on: the key that signs webhooks, the account, our number, the address.

Without an account at a provider, all of it is made from the house's secret, so that ``frontdoor call`` and the phone
in /try use the real webhooks with real signatures.
"""

import hashlib
import hmac

from app.settings import Settings

HOUSE_NUMBER = "+864008888888"  # called when no number of ours is configured; no such line exists


def signing_token(settings: Settings) -> str:
    """The auth token that signs webhooks (HMAC-SHA1): the provider's when set, else one of this house only."""
    return settings.twilio_auth_token or _derived(settings, "token")


def signing_tokens(settings: Settings) -> list[str]:
    """All tokens whose signatures hold: the provider's, the one before it, and in a demo the house's own."""
    given = [settings.twilio_auth_token, settings.twilio_auth_token_before]
    return [token for token in given if token] + ([_derived(settings, "token")] if settings.demo else [])


def account_sid(settings: Settings) -> str:
    """The account that calls belong to (AC and 32 hex digits)."""
    return settings.twilio_account_sid or "AC" + _derived(settings, "account")


def own_number(settings: Settings) -> str:
    """The number that callers dial."""
    return settings.twilio_from or settings.jambonz_number or HOUSE_NUMBER


def outside_url(settings: Settings, reached_at: str) -> str:
    """Scheme and host as signed: FRONTDOOR_PUBLIC_URL, else (no proxy, nothing public) where we were reached.

    Both ends must use it: a TLS-terminating proxy changes what the request shows, never what was signed.
    """
    return (settings.public_url or reached_at).rstrip("/")


def _derived(settings: Settings, use: str) -> str:
    return hmac.new(settings.secret.encode(), f"telephone {use}".encode(), hashlib.sha256).hexdigest()[:32]
