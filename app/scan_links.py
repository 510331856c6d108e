"""Where a scanned code leads: the deep link into a chat that is on."""

import threading
import time
from typing import Any

import httpx

from app.channel_settings import is_on

PATIENCE = 3.0  # seconds
ASK_AGAIN = 60.0  # seconds after the provider did not answer


class ScanLinks:
    """channel → link of a token. Telegram is asked once what our bot is called."""

    def __init__(self, settings: Any) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._bot: str | None = None
        self._not_before = 0.0

    def of(self, token: str) -> dict[str, str]:
        bot = self._telegram() if is_on(self._settings, "telegram") else None
        return {"telegram": f"https://t.me/{bot}?start={token}"} if bot else {}

    def _telegram(self) -> str | None:
        with self._lock:
            if self._bot is None and time.monotonic() >= self._not_before:
                self._bot = _bot_name(self._settings)
                self._not_before = time.monotonic() + ASK_AGAIN
            return self._bot


def _bot_name(settings: Any) -> str | None:
    """None when Telegram cannot be asked; the address holds the token and is told to nobody."""
    url = f"{settings.telegram_api_url.rstrip('/')}/bot{settings.telegram_token}/getMe"
    try:
        return str(httpx.get(url, timeout=PATIENCE).json()["result"]["username"])
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError):
        return None
