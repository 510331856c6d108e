"""At the start: who are we, what is in our menu, where shall Telegram call us. Tried until Telegram answers."""

import threading
import time
from concurrent.futures import CancelledError

import structlog
from sqlalchemy.exc import DBAPIError
from telegram import error

from bot.telegram.commands import menu
from bot.telegram.connection import Connection
from bot.telegram.me import Me
from bot.telegram.payload import ALLOWED
from bot.telegram.refusal import said
from bot.telegram.webhook import PATH
from core.knowledge.book import Book
from core.messaging.channel import Later

MOST_CONNECTIONS = 40
LONGEST_PAUSE = 60.0  # seconds
_log = structlog.get_logger()


class Setup:
    """A companion of the workers. Without ``public_url`` no webhook is set: polling needs none."""

    def __init__(self, connection: Connection, me: Me, book: Book, *, public_url: str, secret: str) -> None:
        self._connection, self._me, self._book = connection, me, book
        self._public_url, self._secret = public_url.rstrip("/"), secret
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="telegram-setup", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()

    def _run(self) -> None:
        pause = 1.0
        while not self._stopping.is_set():
            try:
                self._connection.run(self._introduce())
                return
            except CancelledError:  # the house closes
                return
            except (error.TelegramError, Later, DBAPIError) as failed:
                _log.warning("telegram not set up yet", why=said(failed, self._connection.token))
            self._stopping.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _introduce(self) -> None:
        bot = self._connection.bot
        await _learn_name(self._connection, self._me)
        await bot.set_my_commands(menu(self._book, "zh"))
        for code, language in (("zh", "zh"), ("en", "en")):
            await bot.set_my_commands(menu(self._book, language), language_code=code)
        if self._public_url:
            await bot.set_webhook(
                f"{self._public_url}{PATH}",
                secret_token=self._secret,
                allowed_updates=list(ALLOWED),
                max_connections=MOST_CONNECTIONS,
            )


class Name:
    """Asks for the bot's name where no Setup runs: web processes beside workers of their own. Nobody waits for it."""

    def __init__(self, connection: Connection, me: Me) -> None:
        self._connection, self._me = connection, me
        self._asked = -LONGEST_PAUSE

    def __call__(self) -> None:
        if self._me.username is None and time.monotonic() - self._asked >= LONGEST_PAUSE:
            self._asked = time.monotonic()
            self._connection.begin(self._ask())

    async def _ask(self) -> None:
        try:
            await _learn_name(self._connection, self._me)
        except error.TelegramError as failed:
            _log.warning("name of the bot not known yet", why=said(failed, self._connection.token))


async def _learn_name(connection: Connection, me: Me) -> None:
    me.username = (await connection.bot.get_me()).username
