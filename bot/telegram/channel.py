"""Sending over Telegram: plain text, so that no text can be wrong, in pieces that fit, at the pace that is allowed."""

import time
from collections.abc import Callable
from typing import Any

import structlog
from telegram import InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyParameters, error

from bot.telegram.address import Address, address_of
from bot.telegram.commands import PRIVATE
from bot.telegram.connection import Connection
from bot.telegram.door import carry_out, shut
from bot.telegram.files import download
from bot.telegram.keyboard import asking, inline
from bot.telegram.limits import Limits
from bot.telegram.me import Me
from bot.telegram.picture import Content, StepPictures
from bot.telegram.refusal import UNCHANGED, said, seconds_of, translate
from core.knowledge.book import Book
from core.messaging.channel import Fetched, Later, Never, Outgoing
from core.messaging.split import split, utf16_units

MOST_TEXT = 4096  # UTF-16 units
SHORT_WAIT = 1.5  # seconds that a piece may wait for the piece before it
_MOST_HALF_SENT = 1000
_log = structlog.get_logger()
Moved = Callable[[str, str], None]


class TelegramChannel:
    """``moved(old, new)`` is told when a group got another number; ``content`` gives the pictures of steps."""

    name = "telegram"

    def __init__(self, connection: Connection, me: Me, book: Book, moved: Moved, content: Content) -> None:
        self._connection, self._me, self._book, self._moved = connection, me, book, moved
        self._pictures = StepPictures(connection, content)
        self._limits = Limits()
        self._half_sent: dict[int, list[str]] = {}  # outbox row → receipts of the pieces that left

    def send(self, message: Outgoing) -> str:
        """The receipt is Telegram's message id; of several pieces, that of the last, which has the buttons."""
        to = address_of(message.recipient)
        if message.account not in ("", self._me.account):
            raise Never("known to another bot only")  # a bot may not write to who never wrote to it
        try:
            if message.extra.get("edit"):
                return self._edit(message, to)
            if message.extra.get("do"):
                return self._at_the_door(message, to)
            return self._pieces(message, to)
        except error.ChatMigrated as moved:
            self._moved(str(to.chat), str(moved.new_chat_id))
            raise Later("the group has another number now", delay=0.1) from None
        except error.TelegramError as refused:
            if isinstance(refused, error.RetryAfter):
                self._limits.hold(to.chat, seconds_of(refused))
            if "group" in message.extra and (closed := shut(refused, said(refused, self._connection.token))):
                raise closed from None
            raise translate(refused, private=to.private, token=self._connection.token) from None

    def fetch(self, provider_id: str, most: int) -> Fetched:
        """A file by its file_id. Raises Later, or Never when it is gone or too large."""
        try:
            return download(self._connection, provider_id, most)
        except error.TelegramError as refused:
            raise translate(refused, private=False, token=self._connection.token) from None

    def close(self) -> None:
        self._connection.close()

    def _at_the_door(self, message: Outgoing, to: Address) -> str:
        """Calls count among all calls of the bot, but not as messages of the group."""
        while wait := self._limits.take_call(to.chat):
            if wait > SHORT_WAIT:
                raise Later("Telegram wants this chat left alone", delay=wait)
            time.sleep(wait)
        return self._connection.run(carry_out(self._connection.bot, to.chat, message))

    def _pieces(self, message: Outgoing, to: Address) -> str:
        pieces = split(message.text, MOST_TEXT, utf16_units)
        if not pieces:
            raise Never("an empty text", lost=False)
        sent = self._half_sent.setdefault(message.id, []) if message.id else []
        if picture := message.extra.get("picture"):
            pieces = ["", *pieces]
            if not sent:
                self._wait(to, short=False)
                sent.append(self._picture(picture["id"], to))
        for piece in pieces[len(sent) :]:
            self._wait(to, short=bool(sent))
            last = len(sent) == len(pieces) - 1
            sent.append(self._one(piece, to, message, first=not sent, last=last))
        self._half_sent.pop(message.id, None)
        return sent[-1]

    def _picture(self, picture: str, to: Address) -> str:
        """Before the words; they say it all, so they leave without a picture that Telegram does not want."""
        try:
            return self._pictures.send(to.chat, picture)
        except (error.BadRequest, LookupError) as refused:
            if isinstance(refused, error.ChatMigrated):
                raise
            self._limits.give_back(to.chat)
            _log.warning("picture left out", picture=picture, why=said(refused, self._connection.token))
            return ""

    def _wait(self, to: Address, *, short: bool) -> None:
        """A slot of the pump is not for sleeping: whose chat must wait comes again, and the others pass."""
        if len(self._half_sent) > _MOST_HALF_SENT:
            self._half_sent.pop(next(iter(self._half_sent)))
        while wait := self._limits.take(to.chat):
            if wait > self._limits.busy() and not (short and wait <= SHORT_WAIT):
                raise Later("Telegram's limit of this chat", delay=wait)
            time.sleep(min(wait, SHORT_WAIT))

    def _one(self, text: str, to: Address, message: Outgoing, *, first: bool, last: bool) -> str:
        answered = message.extra.get("reply") if first and not to.private else None
        reply = ReplyParameters(int(answered), allow_sending_without_reply=True) if answered else None
        call = self._connection.bot.send_message(
            to.chat,
            text,
            reply_markup=self._buttons(message, to) if last else None,
            reply_parameters=reply,
        )
        try:
            return str(self._connection.run(call).message_id)
        except (error.BadRequest, error.Forbidden):
            self._limits.give_back(to.chat)
            raise

    def _buttons(self, message: Outgoing, to: Address) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
        try:
            found = inline(self._me.keys, message.id, message.choices, self._link(message.extra.get("link")))
        except ValueError as wrong:
            raise Never(str(wrong), lost=False) from wrong
        ask, label = message.extra.get("ask"), message.extra.get("label")
        if found is None and ask and to.private:
            return asking(ask, label or self._book.label("share", ask))
        return found

    def _link(self, link: dict[str, Any] | None) -> tuple[str, str] | None:
        """A button into the private chat with the bot."""
        if not link:
            return None
        if self._me.username is None:
            self._me.username = self._connection.run(self._connection.bot.get_me()).username
        return link["label"], f"https://t.me/{self._me.username}?start={link.get('start', PRIVATE)}"

    def _edit(self, message: Outgoing, to: Address) -> str:
        """Change what was sent and take its buttons away. What cannot be changed any more stays as it is."""
        receipt = str(message.extra["edit"])
        text = split(message.text, MOST_TEXT, utf16_units)[-1:]
        if not receipt.isdigit() or not text:
            return receipt
        call = self._connection.bot.edit_message_text(text[0], chat_id=to.chat, message_id=int(receipt))
        try:
            self._connection.run(call)
        except error.BadRequest as refused:
            if isinstance(refused, error.ChatMigrated):
                raise
            if UNCHANGED not in str(refused).lower():
                _log.info("message not changed", outbox=message.id, why=said(refused, self._connection.token))
        return receipt
