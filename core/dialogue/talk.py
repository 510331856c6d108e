"""One turn of a conversation: what was heard, what is known, and what will be said."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.customer.model import Conversation, Customer
from core.dialogue.facts import Facts
from core.dialogue.meaning import Meaning
from core.dialogue.state import State
from core.house import House

Choice = tuple[str, str]  # (key, what it stands for); the label is wording "choice.<value>"


@dataclass
class Talk:
    """Handed from topic to topic; ``said`` and ``choices`` become one message when the turn ends."""

    session: Session
    house: House
    conversation: Conversation
    channel: str
    meaning: Meaning
    facts: Facts
    text: str
    digit: str | None
    at: datetime
    state: State
    said: list[str] = field(default_factory=list)
    choices: list[dict[str, str]] = field(default_factory=list)
    outcome: str = ""
    weight: str = (
        "answer"  # what the answer is worth where the provider counts: see core/messaging/allowance.py
    )
    typed: str = ""  # ``text`` before full-width forms were folded: for free words that are kept
    ticket_id: int | None = None  # the ticket that the answer tells of: where it is written if it gets lost
    extra: dict[str, Any] = field(
        default_factory=dict
    )  # what the channel is asked besides: {"ask": "contact"} …

    @property
    def customer(self) -> Customer:
        return self.conversation.identity.customer

    @property
    def language(self) -> str:
        return self.customer.language

    @property
    def intent(self) -> str:
        return self.meaning.intent

    @property
    def actor(self) -> str:
        """As the timeline calls them."""
        return self.customer.name or "customer"

    @property
    def private(self) -> bool:
        """Only this person reads the answer; in a group it is the sender who is known, and everybody who reads."""
        return (
            self.channel == "voice"
            or self.conversation.lane.split(":", 2)[2] == self.conversation.identity.external_id
        )

    def say(self, key: str, **values: Any) -> None:
        """Add a paragraph of the house's wording to the answer; on the phone what is made for the ear, where there is."""
        spoken = f"spoken.{key}"
        heard = self.channel == "voice" and self.house.book.has(spoken)
        self.said.append(self.house.book.text(spoken if heard else key, self.language, **values))

    def label(self, family: str, value: str | None) -> str:
        return self.house.book.label(family, value, self.language)

    def listed(self, names: Iterable[str]) -> str:
        """The customer's words for some slots, one after another."""
        gap = ", " if self.language == "en" else "、"
        return gap.join(self.label("slot", name) for name in names)

    def offer(self, *choices: Choice) -> None:
        """Show numbered choices under the answer, replacing those offered earlier in this turn."""
        self.choices = [{"key": key, "label": self._choice(value)} for key, value in choices]

    def _choice(self, value: str) -> str:
        """``device:美的空调``, ``session:…`` and ``pair:…`` are shown as they are; everything else is the house's wording."""
        kind, _, shown = value.partition(":")
        return shown if kind in ("device", "session", "pair") else self.label("choice", value)

    def ask(
        self,
        kind: str,
        *choices: Choice,
        slot: str | None = None,
        ticket: str | None = None,
        person: bool = True,
    ) -> None:
        """Remember a question and show its choices; a person is always one of them."""
        every = [*choices, ("0", "person")] if person and choices else list(choices)
        self.offer(*every)
        self.state.ask(kind, at=self.at, slot=slot, choices=every, ticket=ticket)

    def chosen(self) -> str | None:
        """What the customer's bare digit stands for in the pending question."""
        question = self.state.question
        if question is None or self.digit is None:
            return None
        return next((value for key, value in question.choices if key == self.digit), None)

    def drop_question(self) -> None:
        self.state.question = None
