"""What every station is handed: the call, the house, and the words that will be said before the next question."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.call.model import Call
from core.customer.model import Conversation, Customer, Identity
from core.dialogue.state import State
from core.house import House
from ivr.menu import Menu
from ivr.phone import Phone
from ivr.state import CallState


@dataclass(frozen=True)
class Words:
    """Something for the dialogue: words, or a recording (``kind`` and ``payload`` as in the inbox)."""

    text: str
    kind: str = "text"
    payload: dict[str, Any] = field(default_factory=dict)


@dataclass
class Line:
    """Handed from station to station. What ``said`` holds is spoken before the question of the station that waits then."""

    session: Session  # none where a step only moves about in the menu
    house: House
    call: Call
    state: CallState
    menu: Menu
    phone: Phone
    at: datetime
    said: list[str] = field(default_factory=list)
    _conversation: Conversation | None = None  # held, or the session would forget and read it again each time
    again: bool = False  # the question is asked once more; what was said before it stays what was said

    @property
    def language(self) -> str:
        return self.call.language

    def say(self, key: str, **values: Any) -> None:
        """Add a sentence to what is said before the next question."""
        self.said.append(self.text(key, **values))

    def text(self, key: str, **values: Any) -> str:
        return self.house.book.text(key, self.language, **values)

    def label(self, family: str, value: str | None) -> str:
        return self.house.book.label(family, value, self.language)

    def policy(self) -> dict[str, Any]:
        """The house's numbers for the phone."""
        found: dict[str, Any] = self.house.book.policy("voice")
        return found

    def go(self, station: str, *, node: str | None = None, **data: Any) -> None:
        """Let another station take the next step."""
        self.state.station, self.state.data = station, data
        self.state.node = node or self.state.node

    def to_menu(self, node: str = "main", *, path: list[str] | None = None) -> None:
        """Back to a node of the menu; ``path`` is where * leads from there."""
        self.go("menu", node=node if node in self.menu.nodes else "main")
        self.state.path = path or []

    def identity(self) -> Identity | None:
        """None until the first conversation begins."""
        return self.conversation().identity if self.call.conversation_id else None

    def customer(self) -> Customer | None:
        """None until the first conversation begins."""
        identity = self.identity()
        return identity.customer if identity else None

    def conversation(self) -> Conversation:
        """The dialogue's memory of this call, with the caller's identity; whoever holds the call may change it."""
        if self._conversation is None or self._conversation.id != self.call.conversation_id:
            self._conversation = self.session.get_one(Conversation, self.call.conversation_id)
        return self._conversation

    def talk(self) -> State:
        """What the dialogue remembers, for looking only."""
        return State.load(self.conversation().state)
