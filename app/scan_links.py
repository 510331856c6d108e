"""Where a scanned code leads: for each channel that is on, the link that opens a chat with a token."""

import threading
import time
from collections.abc import Callable
from typing import Any

import httpx

from app.channel_settings import is_on
from core.messaging.channel import Later, Never

PATIENCE = 3.0  # seconds
ASK_AGAIN = 60.0  # seconds after the provider did not answer
REMEMBERED = 1000  # tokens whose WeChat address need not be asked for again


class ScanLinks:
    """channel → link of a token. Telegram is asked once what our bot is called, WeChat once for each token.

    Where neither has one, web chat does (setting ``public_url``).
    """

    def __init__(self, settings: Any, wechat: Callable[[str], str] | None = None) -> None:
        """``wechat`` asks WeChat for the address of a token; it raises Later or Never."""
        self._settings, self._wechat = settings, wechat
        self._lock = threading.Lock()
        self._bot: str | None = None
        self._scenes: dict[str, str] = {}
        self._not_before: dict[str, float] = {}

    def of(self, token: str) -> dict[str, str]:
        """Channel → link. A channel that is off, or whose provider does not answer now, is left out."""
        bot = self._telegram() if is_on(self._settings, "telegram") else None
        links = {"telegram": f"https://t.me/{bot}?start={token}"} if bot else {}
        scene = self._scene(token) if token and self._wechat else None
        links |= {"wechat": scene} if scene else {}
        return links or self._webchat(token)

    def _webchat(self, token: str) -> dict[str, str]:
        """Where no chat app can be entered by scanning, our own page can, once it is known where it is."""
        address = self._settings.public_url.rstrip("/")
        return {"webchat": f"{address}/try?scene={token}"} if address and token else {}

    def _telegram(self) -> str | None:
        with self._lock:
            if self._bot is None:
                self._bot = self._asked("telegram", lambda: _bot_name(self._settings))
            return self._bot

    def _scene(self, token: str) -> str | None:
        with self._lock:
            if token not in self._scenes:
                found = self._asked("wechat", lambda: self._scene_of(token))
                if found is None:
                    return None
                while len(self._scenes) >= REMEMBERED:
                    self._scenes.pop(next(iter(self._scenes)))
                self._scenes[token] = found
            return self._scenes[token]

    def _scene_of(self, token: str) -> str | None:
        """None when WeChat cannot be asked, or gives such codes to verified accounts only (48001)."""
        try:
            return self._wechat(token) if self._wechat else None
        except (Later, Never):
            return None

    def _asked(self, channel: str, ask: Callable[[], str | None]) -> str | None:
        """None without asking for a while after the provider gave no answer."""
        if time.monotonic() < self._not_before.get(channel, 0.0):
            return None
        found = ask()
        if found is None:
            self._not_before[channel] = time.monotonic() + ASK_AGAIN
        return found


def _bot_name(settings: Any) -> str | None:
    """None when Telegram cannot be asked; the address holds the token and is told to nobody."""
    url = f"{settings.telegram_api_url.rstrip('/')}/bot{settings.telegram_token}/getMe"
    try:
        return str(httpx.get(url, timeout=PATIENCE).json()["result"]["username"])
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError):
        return None
