"""The picture of a self-help step: uploaded when it is first shown, then named by the file_id that Telegram gave it."""

from collections.abc import Callable
from typing import Any

from telegram import error

from bot.telegram.connection import Connection

Content = Callable[[str], tuple[bytes, str]]


class StepPictures:
    """``content`` gives bytes and MIME type of a picture, LookupError where there is none."""

    def __init__(self, connection: Connection, content: Content) -> None:
        self._connection, self._content = connection, content
        self._known: dict[str, str] = {}

    def send(self, chat: str | int, picture: str) -> str:
        """The message id. TelegramError; LookupError where there is no such picture."""
        if picture in self._known:
            try:
                return self._send(chat, picture, self._known[picture])
            except error.BadRequest:  # another bot's, or forgotten: once more with the file itself
                del self._known[picture]
        return self._send(chat, picture, self._content(picture)[0])

    def _send(self, chat: str | int, picture: str, photo: Any) -> str:
        sent = self._connection.run(self._connection.bot.send_photo(chat, photo))
        if sent.photo:
            self._known[picture] = sent.photo[-1].file_id
        return str(sent.message_id)
