"""What a conversation remembers between two messages: a value that goes in and out of one JSON column."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

# Offered, not asked: who says something else leaves nothing unanswered. SOFT ones make room for another question.
OFFERS = ("menu", "nearest")
SOFT = (*OFFERS, "comment")
_PARKED = ("form", "slots", "skipped", "article", "step", "helped", "ticket")


@dataclass
class Question:
    """The question that waits for an answer; a bare digit belongs to it until it expires."""

    kind: str
    slot: str | None = None
    choices: list[list[str]] = field(default_factory=list)  # [key, value] pairs: what a key stands for
    ticket: str | None = None
    asked_at: str | None = None
    near: str | None = None  # articles offered beside it: topics/beside.py

    @classmethod
    def load(cls, data: dict[str, Any]) -> "Question":
        """From JSON; names that a later or earlier release knew are passed over."""
        return cls(**{k: v for k, v in data.items() if k in cls.__dataclass_fields__})

    def dump(self) -> dict[str, Any]:
        """As JSON; without ``near`` where there is none, which the release before cannot read."""
        return {name: value for name, value in asdict(self).items() if name != "near" or value is not None}


@dataclass
class State:
    """What the dialogue knows of a conversation; a new conversation is one with nothing in it."""

    form: str | None = None
    slots: dict[str, Any] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    question: Question | None = None
    article: str | None = None
    step: int = 0
    helped: bool = False  # one self-help round at most (A4)
    misses: int = 0
    ticket: str | None = None  # filed before the form was complete (emergency, person wanted)
    last_ticket: str | None = None
    about: str | None = None  # the category last asked about, outside any form
    intake: int = 0  # how many forms were begun: numbers the drafts
    album: str | None = None  # the album whose first photo was answered
    heard: list[str] = field(
        default_factory=list
    )  # keys of the last messages, where a provider may repeat one
    draft: int | None = None  # the number of the unfinished form that is watched
    later: str | None = None  # the wish for a training that waits until the form is done, in their words
    parked: dict[str, Any] | None = None  # a form put aside for a seat in a training; see park()

    @property
    def free(self) -> bool:
        """No question of ours waits for an answer."""
        return self.question is None or self.question.kind in SOFT

    @classmethod
    def load(cls, data: dict[str, Any] | None) -> "State":
        """From the conversation's JSON; names that a later or earlier release knew are passed over."""
        known = {k: v for k, v in (data or {}).items() if k in cls.__dataclass_fields__}
        state = cls(**known)
        if isinstance(state.question, dict):
            state.question = Question.load(state.question)
        return state

    def dump(self) -> dict[str, Any]:
        """As JSON for the conversation."""
        return asdict(self) | {"question": self.question.dump() if self.question else None}

    def ask(
        self,
        kind: str,
        *,
        at: datetime,
        slot: str | None = None,
        choices: list[tuple[str, str]] | None = None,
        ticket: str | None = None,
    ) -> None:
        """Remember what was asked, so that the answer can be understood."""
        pairs = [[key, value] for key, value in choices or []]
        self.question = Question(kind, slot, pairs, ticket, at.isoformat())

    def park(self) -> None:
        """Put the open form aside; ``unpark`` goes on with it."""
        self.parked = {name: getattr(self, name) for name in _PARKED}
        self.forget_form()

    def unpark(self) -> None:
        """The form that was put aside is the open one again."""
        for name, value in (self.parked or {}).items():
            setattr(self, name, value)
        self.parked = None

    def told(self) -> tuple[str | None, str | None, dict[str, Any]]:
        """(form, ticket, slots) of the open form, or of the one that was put aside for it."""
        form = self.parked or {"form": self.form, "ticket": self.ticket, "slots": self.slots}
        return form["form"], form["ticket"], form["slots"]

    def forget_form(self) -> None:
        """End the form; the conversation itself goes on."""
        self.form, self.slots, self.skipped, self.question = None, {}, [], None
        self.article, self.step, self.helped, self.ticket = None, 0, False, None
