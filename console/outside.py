"""What the console shows of the world around it: files, channels, where scanned codes lead."""

from dataclasses import dataclass, field
from typing import Protocol

from core.media.store import MediaStore


class Links(Protocol):
    """Where codes lead (app/scan_links.py)."""

    def of(self, token: str) -> dict[str, str]:
        """channel → the link that opens a chat with this token."""


class NoLinks:
    """For a console without channels."""

    def of(self, token: str) -> dict[str, str]:
        return {}


@dataclass(frozen=True)
class Outside:
    """``channels``: name → whether its secrets are set."""

    media: MediaStore | None = None
    links: Links = field(default_factory=NoLinks)
    channels: dict[str, bool] = field(default_factory=dict)
