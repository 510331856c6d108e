"""The users of the account and what they saw."""

from dataclasses import dataclass, field
from typing import Any

from tests.providers.wechat.quota import Ledger


@dataclass
class Follower:
    openid: str
    subscribed: bool = True
    unionid: str = ""
    ledger: Ledger = field(default_factory=Ledger)
    consents: dict[str, int] = field(default_factory=dict)  # subscription template -> messages allowed
    last_message: float = float("-inf")
    typing_until: float = float("-inf")
    scene: str = ""


@dataclass
class Shown:
    """Something that appeared on the user's phone. `how`: passive, service, template, notice, failure."""

    openid: str
    how: str
    kind: str
    text: str
    content: dict[str, Any] = field(default_factory=dict)


@dataclass
class Media:
    content: bytes
    content_type: str = "image/jpeg"
    until: float = float("inf")
    as_url: bool = False  # videos are answered with an address instead of bytes
