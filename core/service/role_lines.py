"""Lines of the house by what they are for (A9): pre-sales, delivery, after-sales, complaints; where each rings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_ASKED = r"(?:转|接|找|联系|电话|部门?|热线|专线|咨询|分机|line|department|sales team)"


@dataclass(frozen=True)
class RoleLine:
    """``extension`` as dialled in the house; ``number`` rings (E.164), none where the desk on duty answers."""

    role: str
    extension: str
    number: str
    words: tuple[str, ...]


def role_lines(policy: Mapping[str, Mapping[str, Any] | str]) -> list[RoleLine]:
    """The lines of the policy ``role_lines``, in its order; an extension may stand alone."""
    return [
        _line(role, row if isinstance(row, Mapping) else {"extension": row}) for role, row in policy.items()
    ]


def _line(role: str, row: Mapping[str, Any]) -> RoleLine:
    words = tuple(map(str, row.get("words") or ()))
    return RoleLine(role, str(row.get("extension") or ""), str(row.get("number") or ""), words)


def dialled(lines: list[RoleLine], called: str) -> RoleLine | None:
    """The line that was called: by its number, or by its extension alone (8001, sip:8001@…)."""
    bare = re.sub(r"^sips?:", "", called).partition("@")[0]
    return next((line for line in lines if bare and bare in (line.extension, line.number)), None)


def asked_for(lines: list[RoleLine], text: str) -> RoleLine | None:
    """转售前, 送货电话多少, 监督举报专线: a line and that it is wanted; 送货的人弄坏了 tells of something else."""
    for line in lines:
        for word in line.words:
            near = rf"{_ASKED}.{{0,4}}{re.escape(word)}|{re.escape(word)}.{{0,3}}{_ASKED}"
            if text.strip("。.!！?？ ") == word or (
                len(text) <= len(word) + 12 and re.search(near, text, re.IGNORECASE)
            ):
                return line
    return None
