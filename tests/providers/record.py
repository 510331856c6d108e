"""What a provider was asked, what it answered, and what is to go wrong."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from tests.providers.http import Answer


@dataclass
class Call:
    """One API call with its parameters parsed; `answer` is what we said to it."""

    method: str
    params: dict[str, Any]
    at: float = field(default_factory=time.monotonic)
    token: str = ""
    answer: Any = None
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        said = self.answer if isinstance(self.answer, dict) else {"ok": self.answer is not None}
        return bool(said["ok"] if "ok" in said else said.get("errcode", 0) == 0)


@dataclass
class Trouble:
    """One thing that goes wrong.

    `answer` replaces the normal answer. `effect=True` plays the call first (a message that was sent although the
    client never learnt of it).
    """

    answer: Any = None
    status: int = 200
    delay: float = 0
    dropped: bool = False
    effect: bool = False


@dataclass
class _Planned:
    trouble: Trouble
    matches: Callable[[Call], bool]
    left: float


class Record:
    """Calls in the order of their arrival, and the troubles planned for those to come."""

    def __init__(self, to: Callable[[Call], Any]) -> None:
        self.calls: list[Call] = []
        self.violations: list[str] = []
        self._to = to
        self._planned: list[_Planned] = []

    def fail(self, trouble: Trouble, on: str | None, to: Any, times: float) -> None:
        def matches(call: Call) -> bool:
            right_method = on is None or call.method.lower() == on.lower()
            return right_method and (to is None or str(self._to(call)) == str(to))

        self._planned.append(_Planned(trouble, matches, times))

    def heal(self) -> None:
        self._planned.clear()

    def trouble(self, call: Call) -> Trouble | None:
        for planned in self._planned:
            if planned.left > 0 and planned.matches(call):
                planned.left -= 1
                return planned.trouble
        return None


def troubled(trouble: Trouble, call: Call, play: Callable[[], Answer]) -> Answer:
    """Answer a call that something is planned for."""
    lost = trouble.dropped or trouble.answer is not None
    answer = Answer() if lost and not trouble.effect else play()
    if trouble.answer is not None:
        call.answer = trouble.answer
        answer = Answer(trouble.answer, trouble.status)
    return replace(answer, delay=trouble.delay, dropped=trouble.dropped)
