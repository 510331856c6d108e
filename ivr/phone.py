"""What the phone needs from its settings, whoever carries the calls."""

from collections.abc import Callable
from dataclasses import dataclass

from core.dialogue.meaning import Meaning
from core.house import House
from ivr.memory import Memory
from ivr.menus import Menus


@dataclass(frozen=True)
class Phone:
    """``number`` is our own; ``texts``: text messages can be sent; ``languages``: those that callers may choose."""

    house: House
    menus: Menus
    memory: Memory
    understand: Callable[[str], Meaning]
    number: str
    texts: bool = False
    provider: str = "twilio"
