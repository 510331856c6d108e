"""Staff, their phones, and the cards on them."""

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
    """A customer group (客户群)."""

    chat_id: str
    name: str = "售后学习群"
    owner: str = "ZhaoJingLi"
    members: list[dict[str, Any]] = field(default_factory=list)
    created: int = 0
