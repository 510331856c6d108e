"""The Channel port: one verb and two failures. Adapters live in ``bot/``."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Outgoing:
    """One message ready to leave. ``key`` is stable over retries, for providers that take one."""

    key: str
    recipient: str
    text: str
    choices: tuple[tuple[str, str], ...] = field(default=())


class Later(Exception):
    """The provider cannot take it now; ``delay`` in seconds, or None to let the backoff decide."""

    def __init__(self, reason: str, delay: float | None = None) -> None:
        super().__init__(reason)
        self.delay = delay


class Never(Exception):
    """This message cannot reach this person this way: a dead letter with the reason."""


class Channel(Protocol):
    """A way to reach a person. Raises Later or Never; anything else counts as Later."""

    name: str

    def send(self, message: Outgoing) -> str:
        """Deliver and return the provider's receipt."""
