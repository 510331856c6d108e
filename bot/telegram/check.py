"""``frontdoor channels check`` for Telegram: what is set up at Telegram's side, and what to do about it."""

import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
from telegram import Bot, User, WebhookInfo, error

from bot.telegram.connection import Connection
from bot.telegram.payload import ALLOWED
from bot.telegram.refusal import said
from bot.telegram.webhook import PATH
from core.messaging.channel import Later
from core.messaging.finding import Finding

MOST_SKEW = 30  # seconds
MANY = 100  # updates that wait
RECENT = 3600  # seconds during which an error still matters


def check(settings: Any) -> list[Finding]:
    """Ask Telegram about the bot of ``settings``; nothing is changed there."""
    connection = Connection(settings.telegram_token, settings.telegram_api_url)
    try:
        me, info = connection.run(_ask(connection.bot))
    except error.InvalidToken:
        return [Finding(False, "check.telegram.token_wrong")]
    except (error.TelegramError, Later) as failed:
        values = {"host": urlsplit(connection.api_url).netloc, "reason": said(failed, connection.token)}
        return [Finding(False, "check.telegram.unreachable", values)]
    finally:
        connection.close()
    found = [Finding(True, "check.telegram.token", {"username": me.username or "—"})]
    found += _webhook(settings.public_url.rstrip("/"), info)
    return [*found, *_clock(connection), _privacy(me)]


async def _ask(bot: Bot) -> tuple[User, WebhookInfo]:
    return await bot.get_me(), await bot.get_webhook_info()


def _webhook(public_url: str, info: WebhookInfo) -> list[Finding]:
    if not public_url:
        if info.url:
            return [Finding(False, "check.telegram.polling_blocked", {"url": info.url})]
        return [Finding(True, "check.telegram.polling")]
    expected = f"{public_url}{PATH}"
    if not info.url:
        return [Finding(False, "check.telegram.webhook_missing")]
    if info.url != expected:
        return [Finding(False, "check.telegram.webhook_wrong", {"url": info.url, "expected": expected})]
    return [Finding(True, "check.telegram.webhook", {"url": info.url}), *_details(info)]


def _details(info: WebhookInfo) -> list[Finding]:
    found = []
    missing = sorted(set(ALLOWED) - set(info.allowed_updates or ()))
    if missing:
        found.append(Finding(False, "check.telegram.kinds_missing", {"kinds": ", ".join(missing)}))
    waiting = info.pending_update_count
    if waiting:
        found.append(Finding(None if waiting < MANY else False, "check.telegram.pending", {"count": waiting}))
    if info.last_error_date is not None:
        recent = (datetime.now(UTC) - info.last_error_date).total_seconds() < RECENT
        values = {"at": info.last_error_date.isoformat(), "error": info.last_error_message or "—"}
        found.append(Finding(False if recent else None, "check.telegram.last_error", values))
    return found


def _clock(connection: Connection) -> list[Finding]:
    """By the Date header; signatures and scan times go wrong with a clock that does."""
    try:
        answer = httpx.get(connection.api_url, timeout=10, follow_redirects=False, **connection.http)
        theirs = parsedate_to_datetime(answer.headers["date"]).timestamp()
    except (httpx.HTTPError, KeyError, ValueError):
        return []
    skew = round(abs(time.time() - theirs))
    right = skew <= MOST_SKEW
    return [
        Finding(right, "check.telegram.clock" if right else "check.telegram.clock_wrong", {"seconds": skew})
    ]


def _privacy(me: User) -> Finding:
    if me.can_read_all_group_messages:
        return Finding(None, "check.telegram.privacy_off")
    return Finding(True, "check.telegram.privacy_on")
