"""What WeChat's errcodes mean for us: one table.

https://developers.weixin.qq.com/doc/offiaccount/Getting_Started/Global_Return_Code.html
"""

from dataclasses import dataclass

import structlog

from core.messaging.channel import Later, Never

_log = structlog.get_logger()


@dataclass(frozen=True)
class Meaning:
    """``then`` is what happens to the message: later, never, lost (so is the person), spent, token, settings."""

    then: str
    delay: float | None = None  # seconds until the next try


LATER, NEVER, SPENT, TOKEN = Meaning("later"), Meaning("never"), Meaning("spent"), Meaning("token")
LOST, SETTINGS = Meaning("lost"), Meaning("settings", 300)

ERRORS: dict[int, Meaning] = {
    -1: LATER,  # the system is busy
    40001: TOKEN,  # not the latest token, or the secret is wrong
    40014: TOKEN,  # not a token
    42001: TOKEN,  # expired
    41001: TOKEN,  # missing
    40003: LOST,  # no such openid (of this account)
    43004: LOST,  # does not follow us (any more)
    45015: SPENT,  # nothing said for 48 hours, or a minute after a click
    45047: SPENT,  # more messages than what the user did is worth
    45009: Meaning("later", 600),  # today's calls are used up
    45011: Meaning("later", 60),  # this minute's calls are used up
    40164: SETTINGS,  # our address is not in the IP allow-list
    40013: SETTINGS,  # app id
    40125: SETTINGS,  # app secret
    40002: SETTINGS,
    40243: SETTINGS,  # app secret is frozen
    41002: SETTINGS,
    41004: SETTINGS,
    50004: SETTINGS,
    50007: SETTINGS,  # the account is suspended
    48001: NEVER,  # this account has no such right (not verified)
    48002: NEVER,
    48004: NEVER,  # taken away for misuse
    48008: NEVER,
    50002: NEVER,
    43101: NEVER,  # no consent for a subscription notice
    40037: NEVER,  # no such template
    47003: NEVER,  # a field of the template is not to its taste
    40007: NEVER,  # the file is gone: three days are over
    40008: NEVER,  # message type
    44002: NEVER,
    45002: NEVER,  # too long
    47001: NEVER,
    46003: NEVER,  # no menu yet
}


class TokenRefused(Exception):
    """The access token is not good any more."""


class Spent(Never):
    """The provider lets us say nothing more to this person for now."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, lost=False)


def meaning(code: int, told: str) -> Exception:
    """The exception that an errcode stands for."""
    found = ERRORS.get(code)
    reason = f"{code} {told.split(' rid:')[0][:120]}"
    if found is None:
        _log.warning("unknown WeChat errcode", code=code, told=told[:120])
        return Later(reason)
    if found.then == "settings":
        _log.error("WeChat refuses our settings: frontdoor channels check", reason=reason)
    return _exception(found, reason)


def _exception(found: Meaning, reason: str) -> Exception:
    if found.then == "token":
        return TokenRefused(reason)
    if found.then == "spent":
        return Spent(reason)
    if found.then in ("never", "lost"):
        return Never(reason, lost=found.then == "lost")
    return Later(reason, found.delay)
