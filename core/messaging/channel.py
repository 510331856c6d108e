"""The Channel port: one verb and two failures. Adapters live in ``bot/``."""

from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Outgoing:
    """One message ready to leave. ``key`` is stable over retries, for providers that take one.

    ``extra`` is what a channel may need besides: a button to take away, a card to change (core/messaging/outbox.py).
    ``weight`` is what the message is worth where a provider counts: answer, notice or result.
    ``attempt`` above 1: it may have left already, and nobody heard what became of it.
    """

    key: str
    recipient: str
    text: str
    choices: tuple[tuple[str, str], ...] = field(default=())
    id: int = 0
    account: str = ""
    audience: str = "customer"
    weight: str = "answer"
    attempt: int = 1
    extra: dict[str, Any] = field(default_factory=dict)


class Later(Exception):
    """The provider cannot take it now; ``delay`` in seconds, or None to let the backoff decide."""

    def __init__(self, reason: str, delay: float | None = None) -> None:
        super().__init__(reason)
        self.delay = delay


class Never(Exception):
    """This message cannot reach this person this way: a dead letter with the reason.

    ``lost``: nor can any other, until the person writes again (blocked, unsubscribed). Without it only this message
    is refused, for example because the provider's quota is used up.
    """

    def __init__(self, reason: str, *, lost: bool = True) -> None:
        super().__init__(reason)
        self.lost = lost


class Channel(Protocol):
    """A way to reach a person. Raises Later or Never; anything else counts as Later."""

    name: str

    def send(self, message: Outgoing) -> str:
        """Deliver and return the provider's receipt."""


@dataclass(frozen=True)
class Fetched:
    """A file as the provider gave it; ``name`` where the sender named it."""

    content: bytes
    name: str | None = None


class Fetching(Protocol):
    """A channel whose messages come with files that must be fetched."""

    def fetch(self, provider_id: str, most: int) -> Fetched:
        """The file, of at most ``most`` bytes. Raises Later, or Never when it is gone or too large."""
