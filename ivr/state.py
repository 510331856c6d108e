"""What a call remembers between two steps: a value that goes in and out of one JSON column."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class CallState:
    """Which station waits for what, where * leads back to, and what was said last."""

    station: str = "menu"  # who takes the next step: see ivr/stations
    node: str = "main"
    data: dict[str, Any] = field(default_factory=dict)  # the station's own
    path: list[str] = field(default_factory=list)  # nodes behind this one, for *
    after: str = "more"  # the node that follows when the dialogue has nothing more to ask
    misses: int = 0  # silences, wrong keys and words not understood, in a row
    said: list[str] = field(default_factory=list)  # what was said before the question, for 9
    sender: str = ""  # the caller's name on this channel
    pending: dict[str, Any] | None = None  # words on their way through the dialogue: step, inbox, holds
    ticket: str | None = None  # what a person would need to see
    marks: list[str] = field(default_factory=list)  # what happened, for the outcome

    @classmethod
    def load(cls, data: dict[str, Any] | None) -> "CallState":
        """A copy: what is changed in place would look unchanged to the row, and be lost."""
        return cls(**{k: _copied(v) for k, v in (data or {}).items() if k in cls.__dataclass_fields__})

    def dump(self) -> dict[str, Any]:
        """A copy, too."""
        return {k: _copied(v) for k, v in vars(self).items()}

    def mark(self, what: str) -> None:
        """Note once what happened in this call, for its outcome."""
        if what not in self.marks:
            self.marks.append(what)


def _copied(value: Any) -> Any:
    """What JSON can hold, copied all the way down; deepcopy takes ten times as long."""
    if isinstance(value, dict):
        return {k: _copied(v) for k, v in value.items()}
    return [_copied(v) for v in value] if isinstance(value, list | tuple) else value
