"""What Telegram's refusals mean to us, in one table: later, never, or never again to this person."""

from telegram import error

from core.messaging.channel import Later, Never

# Bad Request, by the words of its description (https://core.telegram.org/bots/api#responseparameters has no codes).
_GONE = ("chat not found", "user not found", "peer_id_invalid", "user is deactivated", "chat_id is empty")
UNCHANGED = "message is not modified"


def translate(refused: error.TelegramError, *, private: bool, token: str) -> Later | Never:
    """``private``: only a private chat stands for a person; a group that threw us out says nothing of them."""
    reason = said(refused, token)
    if isinstance(refused, error.RetryAfter):
        return Later(reason, delay=seconds_of(refused))
    if isinstance(refused, error.Forbidden):  # blocked, deactivated, never started, thrown out
        return Never(reason, lost=private)
    if isinstance(
        refused, error.InvalidToken
    ):  # our mistake: everybody's messages wait until it is corrected
        return Later(reason, delay=60)
    if isinstance(refused, error.BadRequest):
        gone = any(words in reason.lower() for words in _GONE)
        return Never(reason, lost=gone and private)
    return Later(reason)


def seconds_of(refused: error.RetryAfter) -> float:
    """How long Telegram wants us to wait, and a little more: whoever comes too early is made to wait anew."""
    wait = refused._retry_after
    return wait.total_seconds() + 0.1


def said(refused: Exception, token: str) -> str:
    """The reason for our records, without the token that an URL in it would carry."""
    return f"{type(refused).__name__}: {refused}".replace(token, "***")[:500]
