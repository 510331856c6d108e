"""Staff, their phones, and the cards on them."""

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any

THREE_DAYS = 72 * 3600


@dataclass
class Member:
    userid: str
    licensed: bool = True
    sent_at: list[float] = field(default_factory=list)


@dataclass
class Shown:
    """A message on a member's phone, or (`userid` = the robot's key) in a group."""

    userid: str
    kind: str
    text: str
    content: dict[str, Any]


@dataclass
class Card:
    """An interactive card and how each of its readers sees it: `state` is the text that replaced the buttons."""

    task_id: str
    content: dict[str, Any]
    readers: list[str]
    state: dict[str, str] = field(default_factory=dict)


@dataclass
class Code:
    """A response_code: good for one change of the card within 72 hours."""

    task_id: str
    userid: str | None
    until: float
    used: bool = False

    @classmethod
    def new(cls, task_id: str, userid: str | None, now: float) -> "tuple[str, Code]":
        return secrets.token_urlsafe(32), cls(task_id, userid, now + THREE_DAYS)


@dataclass
class Group:
    """A customer group (客户群). For ``lag`` more looks groupchat/get shows the members of before, as WeCom may."""

    chat_id: str
    name: str = "售后学习群"
    owner: str = "ZhaoJingLi"
    members: list[dict[str, Any]] = field(default_factory=list)
    created: int = 0
    lag: int = 0
    before: list[dict[str, Any]] = field(default_factory=list)
    changes: int = 0

    def has(self, userid: str) -> bool:
        return any(member["userid"] == userid for member in self.members)

    def change(self, members: list[dict[str, Any]]) -> tuple[str, str]:
        """The versions of the list before and after."""
        self.before, self.members = self.members, members
        self.changes += 1
        return self.version(self.changes - 1), self.version(self.changes)

    def seen(self) -> tuple[list[dict[str, Any]], str]:
        if self.lag <= 0:
            return self.members, self.version(self.changes)
        self.lag -= 1
        return self.before, self.version(self.changes - 1)

    def version(self, changes: int) -> str:
        return hashlib.md5(f"{self.chat_id} {changes}".encode()).hexdigest()


@dataclass
class MassMessage:
    """A 群发 that its sender was asked to confirm. ``results``: group → what came of it there (1 sent, 3 had its fill).

    ``creator``: the person who made it, where no program did; ``personal``: the sender made it himself.
    """

    msgid: str
    sender: str
    chat_ids: list[str]
    text: str
    sent_at: float = 0
    results: dict[str, int] = field(default_factory=dict)
    created: float = 0
    creator: str = ""
    personal: bool = False
