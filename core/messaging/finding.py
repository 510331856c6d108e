"""What a check of a channel found, in words of the house: ``frontdoor channels check`` prints it with the next step."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Finding:
    """``key`` is wording (``check.telegram.webhook_wrong``); ``ok`` None is a remark that is neither good nor bad."""

    ok: bool | None
    key: str
    values: dict[str, Any] = field(default_factory=dict)
