"""Without a public address we ask Telegram for news: a token alone is enough to try the bot."""

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError
from telegram import error

from bot.telegram.at_once import call_at_once
from bot.telegram.connection import Connection
from bot.telegram.me import Me
from bot.telegram.payload import ALLOWED, to_inbound, unheard
from bot.telegram.refusal import said, seconds_of
from core.election import Election
from core.messaging.channel import Later
from core.messaging.inbox import OVERHEARD, Inbound
from core.messaging.reception import Reception

WAIT = 25  # seconds that Telegram keeps an unanswered question open
CONFLICT_PAUSE = 60.0
ELECTION_PAUSE = 2.0
LONGEST_PAUSE = 60.0
_log = structlog.get_logger()


class Polling:
    """A companion of the workers; of several processes one asks. What is not stored is asked for again."""

    def __init__(
        self,
        connection: Connection,
        me: Me,
        reception: Reception,
        election: Election,
        *,
        keep_webhook: bool,
        overhears: Callable[[str], bool],
    ) -> None:
        self._connection, self._me, self._reception = connection, me, reception
        self._overhears = overhears
        self._election, self._keep_webhook = election, keep_webhook
        self._offset: int | None = None
        self._failures = 0
        self._asking: Future[Any] | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="telegram-polling", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._asking is not None:
            self._asking.cancel()
        self._thread.join(timeout=5)
        self._election.resign()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._stopping.wait(self._round())

    def _round(self) -> float:
        """Ask once; returns the seconds to wait before the next time."""
        try:
            if not self._election.won():
                return ELECTION_PAUSE
            self._take(self._ask())
        except CancelledError:
            return 0.0
        except Exception as failed:  # whatever it is, the next round asks again
            return self._pause(failed)
        self._failures = 0
        return 0.0

    def _ask(self) -> list[dict[str, Any]]:
        """Raw updates: PTB gives up a whole batch when it cannot read one of them."""
        asked: dict[str, Any] = {"timeout": WAIT, "allowed_updates": list(ALLOWED)}
        asked |= {"offset": self._offset} if self._offset is not None else {}
        call = self._connection.bot.do_api_request("getUpdates", api_kwargs=asked, read_timeout=WAIT + 10)
        self._asking = self._connection.begin(call)
        if self._stopping.is_set():
            self._asking.cancel()
        answer = self._asking.result(WAIT + 30)
        return [update for update in answer if isinstance(update, dict)]

    def _take(self, updates: list[dict[str, Any]]) -> None:
        """Store them all, then move on: the next question tells Telegram to forget what came before."""
        arrivals = [self._heard(update) for update in updates]
        waiting = [self._reception.submit(inbound) for inbound in arrivals]
        for inbound, stored in zip(arrivals, waiting, strict=True):
            self._at_once(call_at_once(inbound, new=stored.result().new))
        numbers = [u["update_id"] for u in updates if isinstance(u.get("update_id"), int)]
        if numbers:
            self._offset = max(numbers) + 1

    def _heard(self, update: dict[str, Any]) -> Inbound:
        inbound = to_inbound(update, self._me)
        chatter = inbound.kind == OVERHEARD and not self._overhears(str(inbound.payload["chat"]))
        return unheard(inbound) if chatter else inbound

    def _at_once(self, call: dict[str, Any] | None) -> None:
        """Nobody waits for it, and a press that is too old to be answered is not worth a word."""
        if call is not None:
            self._connection.begin(self._politely(call))

    async def _politely(self, call: dict[str, Any]) -> None:
        bot = self._connection.bot
        try:
            if call["method"] == "answerCallbackQuery":
                await bot.answer_callback_query(call["callback_query_id"])
            else:
                await bot.send_chat_action(call["chat_id"], call["action"])
        except error.TelegramError as refused:
            _log.debug("not answered at once", why=said(refused, self._connection.token))

    def _pause(self, failed: Exception) -> float:
        if self._stopping.is_set():
            return 0.0
        self._failures += 1
        away = isinstance(failed, DBAPIError)
        why = "database away" if away else said(failed, self._connection.token)
        _log.warning("no news from telegram", why=why)
        if isinstance(failed, error.RetryAfter):
            return seconds_of(failed)
        if isinstance(failed, error.Conflict) and "webhook" in str(failed).lower():
            return self._webhook_in_the_way()
        return min(2.0 ** min(self._failures - 1, 6), LONGEST_PAUSE)

    def _webhook_in_the_way(self) -> float:
        """With a secret set somebody means the webhook to be there; a token alone is here to be tried."""
        if self._keep_webhook:
            return CONFLICT_PAUSE
        try:
            self._connection.run(self._connection.bot.delete_webhook())
        except (error.TelegramError, Later):
            return CONFLICT_PAUSE
        return 0.0
