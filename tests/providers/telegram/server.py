"""The Bot API on 127.0.0.1: http://…/bot<token>/<method> and http://…/file/bot<token>/<path>."""

import math
import re
from collections.abc import Callable
from typing import Any

from tests.providers.http import Answer, HttpServer, Request
from tests.providers.record import Call, Record, Trouble, troubled
from tests.providers.telegram import errors, limits, schema, updates
from tests.providers.telegram.delivery import Delivery
from tests.providers.telegram.methods import METHODS, SENDING
from tests.providers.telegram.pace import Pace
from tests.providers.telegram.polling import Polling
from tests.providers.telegram.state import Chat, Message, State
from tests.providers.telegram.wire import parameters

TOKEN = "123456789:AAFakeTokenForLocalTests_0123456789"
SECRET = "local-telegram-secret"


class TelegramServer(Polling, Delivery, HttpServer):
    """`url` goes into FRONTDOOR_TELEGRAM_API_URL, `token` into FRONTDOOR_TELEGRAM_TOKEN.

    `pace = Pace()` turns the rate limits on. `violations` must be empty at the end of every test.
    """

    def __init__(self, token: str = TOKEN, username: str = "frontdoor_bot") -> None:
        self.token = token
        self.state = State(updates.bot(int(token.split(":")[0]), username))
        self.record = Record(to=lambda call: call.params.get("chat_id"))
        self.pace: Pace | None = None
        super().__init__()

    @property
    def settings(self) -> dict[str, str]:
        """For `Settings(**…)`; with FRONTDOOR_ and capitals for the environment."""
        return {"telegram_api_url": self.url, "telegram_token": self.token, "telegram_secret": SECRET}

    @property
    def calls(self) -> list[Call]:
        return self.record.calls

    @property
    def violations(self) -> list[str]:
        return self.record.violations

    def called(self, method: str) -> list[dict[str, Any]]:
        """The parameters of every call of one method."""
        return [call.params for call in self.calls if call.method == method]

    def block(self, user_id: int) -> None:
        """The user stops the bot; it learns so by 403 only. (The update of it does both.)"""
        self.state.end(user_id, errors.blocked())

    def kick(self, chat_id: int) -> None:
        self.state.end(chat_id, errors.kicked())

    def migrate(self, old: int, new: int) -> None:
        """A group becomes a supergroup with another id."""
        self.meet(new)
        self.state.end(old, errors.migrated(new))

    def meet(self, *chats: int | dict[str, Any]) -> None:
        """Chats the bot may write to; Telegram answers "chat not found" for all others."""
        for chat in chats:
            self.state.meet(chat if isinstance(chat, dict) else updates.chat(chat))

    def sent(self, chat_id: int | None = None) -> list[Message]:
        """The bot's messages as they look now, after all edits."""
        mine = self.state.bot["id"]
        with self.lock:  # calls that come meanwhile add to both
            chats: list[Chat] = [c for c in self.state.chats.values() if chat_id in (None, c.id)]
            return [m for c in chats for m in c.messages.values() if m.get("from", {}).get("id") == mine]

    def texts(self, chat_id: int) -> list[str]:
        """What can be read: a photo without a caption says nothing."""
        said = (message.get("text", message.get("caption", "")) for message in self.sent(chat_id))
        return [words for words in said if words]

    def fail(
        self,
        how: Trouble | errors.Refused,
        on: str | None = None,
        chat: int | None = None,
        times: float = math.inf,
    ) -> None:
        """Let calls of a method, to a chat, or all calls go wrong so many times; see `errors`."""
        trouble = errors.refusal(how) if isinstance(how, errors.Refused) else how
        self.record.fail(trouble, on, chat, times)

    def heal(self) -> None:
        self.record.heal()

    def answer(self, request: Request) -> Answer:
        found = re.fullmatch(r"/(file/)?bot([^/]*)/(.+)", request.path)
        if not found:
            return refuse(errors.Refused("", 404))
        if found[2] != self.token:
            return refuse(errors.Refused("", 401))
        if found[1]:
            return self.download(found[3])
        params, files = parameters(request)
        call = Call(schema.NAMES.get(found[3].lower(), found[3]), params, token=found[2], files=files)
        return self.handle(call)

    def download(self, path: str) -> Answer:
        content = self.state.files.get(path.removeprefix("files/"))
        if content is None:
            return refuse(errors.Refused("", 404))
        return Answer(content, content_type="application/octet-stream")

    def handle(self, call: Call) -> Answer:
        """Check and record the call, then let it happen, or go wrong as planned."""
        wrong = self.attempt(call, self.check)  # first: whoever looks at the record reads what was checked
        with self.lock:
            self.calls.append(call)
            trouble = self.record.trouble(call)
        if wrong or not trouble:
            return wrong or self.play(call)
        return troubled(trouble, call, lambda: self.play(call))

    def play(self, call: Call) -> Answer:
        return self.attempt(call, self.act) or Answer(call.answer)

    def attempt(self, call: Call, step: Callable[[Call], Any]) -> Answer | None:
        """The refusal, if there is one."""
        try:
            call.answer = {"ok": True, "result": step(call)}
            return None
        except errors.Refused as refused:
            if refused.violation:
                self.violations.append(f"{call.method}: {refused.text}")
            call.answer = refused.body()
            return refuse(refused)
        except (KeyError, TypeError, ValueError, AttributeError) as problem:
            self.violations.append(f"{call.method}: the local server cannot read this: {problem!r}")
            return refuse(errors.broken())

    def check(self, call: Call) -> None:
        if call.method not in schema.METHODS:
            self.violations.append(f"{call.method}: no such method")
            raise errors.Refused("", 404)
        call.params, problems = schema.check(call.method, call.params)
        if problems:
            raise errors.wrong("; ".join(problems))
        limits.check(call.method, call.params)

    def act(self, call: Call) -> Any:
        if call.method == "getUpdates":
            return self.poll(call.params)
        if call.method not in METHODS:
            raise errors.Refused("this local server does not play the method", 501)
        with self.lock:
            if self.pace and call.method in SENDING:
                self.pace.take(call.params["chat_id"])
            return METHODS[call.method](self.state, call)


def refuse(refused: errors.Refused) -> Answer:
    return Answer(refused.body(), status=refused.code)
