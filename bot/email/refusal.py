"""What a mail server's refusal means: 4xx later, 5xx never (RFC 5321 §4.2.1), a lost connection later."""

import smtplib

from core.messaging.channel import Later, Never


def translate(refused: Exception) -> Later | Never:
    """Nobody is lost by mail: what refuses an address, an administrator can put right without them."""
    if isinstance(refused, smtplib.SMTPRecipientsRefused):  # we write to one
        return _by_code(*next(iter(refused.recipients.values())))
    if isinstance(refused, smtplib.SMTPResponseException):
        return _by_code(refused.smtp_code, refused.smtp_error)
    if isinstance(refused, smtplib.SMTPNotSupportedError):  # no STARTTLS, no log-in: a setting is wrong
        return Never(f"mail server: {said(refused)}", lost=False)
    return Later(f"mail server: {said(refused)}")


def said(refused: Exception) -> str:
    """The reason in one short line, without the password: servers do not repeat it."""
    return " ".join(f"{type(refused).__name__}: {refused}".split())[:200]


def _by_code(code: int, text: bytes | str) -> Later | Never:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    reason = f"mail server: {code} {' '.join(words.split())[:200]}"
    return Never(reason, lost=False) if 500 <= code < 600 else Later(reason)
