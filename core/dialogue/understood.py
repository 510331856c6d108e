"""What the dialogue reads of a message, and what it means to the model or, where a rule is enough, to that."""

import re
from collections.abc import Callable

from core.dialogue import english
from core.dialogue.choices import digit, plain
from core.dialogue.cues import settle
from core.dialogue.meaning import Meaning
from core.messaging.inbox import Inbound, InboxMessage

Understand = Callable[[str], Meaning]

_SCORE = re.compile(r"[分星]")  # 5分 is more than a bare choice
LONGEST = 2000  # characters of one message that the dialogue reads; the inbox keeps all of it


def understood(message: InboxMessage | Inbound, understand: Understand) -> tuple[str, Meaning]:
    """What the dialogue reads of a message, and what it means; may ask the model, so never inside a transaction."""
    text = plain(message.text)[:LONGEST]
    return text, _meaning(text, understand)


def _meaning(text: str, understand: Understand) -> Meaning:
    if not any(c.isalnum() for c in text) or (digit(text) is not None and not _SCORE.search(text)):
        return Meaning(text=text, intent="provide_info", confidence=1.0, source="rules")
    return settle(english.settle(understand(text)))
