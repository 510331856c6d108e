"""What Telegram remembers of a bot: chats, messages, files, commands, the webhook."""

import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.providers.telegram.errors import Refused, blocked, kicked, migrated, stranger
from tests.providers.telegram.ids import next_message

Message = dict[str, Any]
DEFAULT_KINDS_LEFT_OUT = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass
class Chat:
    """A chat the bot may write to; `refuses` is the answer once it may no longer."""

    info: dict[str, Any]
    messages: dict[int, Message] = field(default_factory=dict)
    members: dict[int, str] = field(default_factory=dict)  # user id -> status
    refuses: Refused | None = None
    # The request to join a group that lends the bot this chat, and until when; None: it is the bot's own.
    lent: tuple[tuple[int, int], float] | None = None

    @property
    def id(self) -> int:
        return self.info["id"]


class State:
    def __init__(self, bot: dict[str, Any]) -> None:
        self.bot = bot
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, bytes] = {}
        self.queries: dict[str, float] = {}  # callback query id -> when it was pressed
        self.answered: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.join_requests: dict[tuple[int, int], str] = {}  # (chat, user) -> pending, approved or declined
        self.invites: list[dict[str, Any]] = []
        self.webhook: dict[str, Any] = {"url": ""}
        self.allowed: list[str] = []
        self.pending: list[dict[str, Any]] = []
        self.query_seconds = 60.0
        self.lent_seconds = 300.0

    def meet(self, info: dict[str, Any]) -> Chat:
        chat = self.chats.setdefault(info["id"], Chat(info))
        chat.lent = None
        return chat

    def lend(self, info: dict[str, Any], request: tuple[int, int]) -> None:
        """Who asked to join may be written to for five minutes, and until the request is decided (ChatJoinRequest)."""
        if info["id"] not in self.chats or self.chats[info["id"]].lent:
            chat = self.chats.setdefault(info["id"], Chat(info))
            chat.lent = request, time.monotonic() + self.lent_seconds

    def chat(self, chat_id: int | str) -> Chat:
        """The chat, or the reason why the bot cannot write to it."""
        found = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if found is None:
            raise Refused("chat not found")
        if found.refuses:
            raise found.refuses
        if found.lent and (
            self.join_requests[found.lent[0]] != "pending" or time.monotonic() > found.lent[1]
        ):
            raise stranger()
        return found

    def end(self, chat_id: int, answer: Refused | None) -> None:
        """From now on every message to the chat gets this answer."""
        self.chats[chat_id].refuses = answer

    def learn(self, update: dict[str, Any]) -> None:
        """An update makes its chat, its message and its callback query known."""
        for kind, event in update.items():
            if not isinstance(event, dict):
                continue
            message = event.get("message", event)
            if "chat" in message:
                chat = self.meet(message["chat"])
                if "message_id" in message and "date" in message:
                    chat.messages.setdefault(message["message_id"], message)
            if kind == "callback_query":
                self.queries.setdefault(event["id"], time.monotonic())
            if kind == "my_chat_member":
                self.end(event["chat"]["id"], membership(event))
            if kind == "chat_join_request":
                request = event["chat"]["id"], event["from"]["id"]
                self.join_requests[request] = "pending"
                self.lend({"id": event["user_chat_id"], "type": "private"}, request)
            if "migrate_to_chat_id" in event:
                self.end(event["chat"]["id"], migrated(event["migrate_to_chat_id"]))

    def wants(self, update: dict[str, Any]) -> bool:
        """Would Telegram send this kind? Some kinds must be asked for."""
        kind = next(name for name in update if name != "update_id")
        return kind in self.allowed if self.allowed else kind not in DEFAULT_KINDS_LEFT_OUT

    def add_message(self, chat: Chat, content: dict[str, Any]) -> Message:
        number = next_message(chat.id)
        message = {
            "message_id": number,
            "from": self.bot,
            "chat": chat.info,
            "date": int(time.time()),
        } | content
        chat.messages[number] = message
        return message


def membership(event: dict[str, Any]) -> Refused | None:
    """Whether the bot may write to a chat after its own membership changed."""
    if event["new_chat_member"]["status"] not in ("kicked", "left"):
        return None
    return blocked() if event["chat"]["type"] == "private" else kicked()
