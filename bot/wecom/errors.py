"""What WeCom's numbers mean for a message (developer.work.weixin.qq.com/document/path/90313)."""

import structlog

from core.messaging.channel import Later, Never

# The token: one new try with a fresh one, see api.py.
STALE_TOKEN = (40014, 42001)
# Number → seconds to wait. What an administrator must put right waits too: meanwhile staff have other ways.
LATER = {
    -1: 5.0,  # the system is busy
    45009: 20.0,  # too many calls
    45033: 5.0,  # too many at the same time
    6000: 5.0,  # somebody else is changing the same
    40001: 10.0,  # wrong secret
    40013: 10.0,  # wrong corp id
    40014: 10.0,  # the token again, with a fresh one: somebody is changing the secret
    42001: 10.0,
    41001: 10.0,
    48002: 10.0,  # the app may not call this
    60020: 10.0,  # our address is not among the trusted ones
    301002: 10.0,  # the secret belongs to another app
}
NEVER = {
    40003: "invalid userid",
    40008: "message type",
    40058: "parameters",
    44004: "empty",
    45002: "too long",
    60011: "not visible to the app",
    60111: "no such userid",
    81013: "nobody of those addressed can be reached",
    82001: "nobody addressed",
}
# The robot's own.
ROBOT_NEVER = {
    93000: "no such robot",
    40035: "parameters",
    40058: "parameters",
    45002: "too long",
    44004: "empty",
}
_log = structlog.get_logger()


class Failed(Exception):
    """WeCom said no: its number and words, which hold no secret of ours."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code} {text[:200]}")
        self.code = code


def translated(error: Failed, never: dict[int, str] = NEVER) -> Later | Never:
    """What to raise for a number; one we do not know is logged and tried again."""
    if error.code in never:
        return Never(f"{error.code} {never[error.code]}", lost=False)
    if error.code not in LATER:
        _log.warning("unknown WeCom error", code=error.code)
    return Later(f"wecom {error}", delay=LATER.get(error.code))
