"""Buttons: an opaque id that names our own outbox row and choice, and cannot be made up."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from typing import Any

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)

MOST_BYTES = 64  # of callback_data
WIDTH = 24  # columns of one row of buttons; a Chinese character takes two
MOST_IN_ROW = 5
_MAC_BYTES = 12


class Keys:
    """Makes and reads callback_data: ``row.key.mac``."""

    def __init__(self, secret: str) -> None:
        self._secret = hashlib.sha256(b"telegram buttons\0" + secret.encode()).digest()

    def data(self, row: int, key: str) -> str:
        """ValueError when the key is too long to be a button."""
        data = f"{row}.{key}.{self._mac(row, key)}"
        if len(data.encode()) > MOST_BYTES:
            raise ValueError(f"choice {key!r} is too long for a button")
        return data

    def read(self, data: Any) -> tuple[int, str] | None:
        """The outbox row and choice of a button; None when it is not one of ours."""
        if not isinstance(data, str) or data.count(".") < 2:
            return None
        head, mac = data.rsplit(".", 1)
        row, key = head.split(".", 1)
        if not (row.isascii() and row.isdigit()) or len(row) > 18:
            return None
        right = hmac.compare_digest(mac.encode("utf-8", "replace"), self._mac(int(row), key).encode())
        return (int(row), key) if right else None

    def _mac(self, row: int, key: str) -> str:
        text = f"{row}.{key}".encode("utf-8", "replace")
        return urlsafe_b64encode(hmac.digest(self._secret, text, "sha256")[:_MAC_BYTES]).decode()


def inline(
    keys: Keys, row: int, choices: Iterable[tuple[str, str]], link: tuple[str, str] | None = None
) -> InlineKeyboardMarkup | None:
    """Buttons for the choices of an outbox row, short ones side by side; ``link`` is a label and a URL."""
    buttons = [InlineKeyboardButton(label, callback_data=keys.data(row, key)) for key, label in choices]
    rows = _rows(buttons) + ([[InlineKeyboardButton(link[0], url=link[1])]] if link else [])
    return InlineKeyboardMarkup(rows) if rows else None


def _rows(buttons: list[InlineKeyboardButton]) -> list[list[InlineKeyboardButton]]:
    rows: list[list[InlineKeyboardButton]] = []
    room = 0
    for button in buttons:
        wide = sum(1 if c.isascii() else 2 for c in button.text) + 2
        if not rows or wide > room or len(rows[-1]) == MOST_IN_ROW:
            rows.append([])
            room = WIDTH
        rows[-1].append(button)
        room -= wide
    return rows


def asking(what: str, label: str) -> ReplyKeyboardMarkup | None:
    """The button that shares the user's own number or place; Telegram allows it in private chats only."""
    if what not in ("contact", "location"):
        return None
    contact = what == "contact"
    button = KeyboardButton(label, request_contact=contact or None, request_location=not contact or None)
    return ReplyKeyboardMarkup([[button]], one_time_keyboard=True, resize_keyboard=True)
