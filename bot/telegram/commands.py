"""The bot's commands: what Telegram shows in its menu, and what each is in our dialogue."""

import re
from dataclasses import dataclass

from telegram import BotCommand

from core.knowledge.book import Book

# In the order of the menu; described by wording telegram.command.<name>.
SHOWN = ("repair", "status", "fees", "complain", "person", "language", "help", "stop")
ALSO = {"menu": "help", "complaint": "complain", "fee": "fees", "human": "person", "agent": "person"}
PRIVATE = "private"  # the payload of the button by which people come from a group
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{3,64}))?(?![A-Za-z0-9_@])(.*)", re.DOTALL)
# What Telegram lets through in t.me/<bot>?start=<payload>.
_SCENE = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class Command:
    """/name@to rest, as it was typed."""

    name: str
    to: str | None  # @name after the command, in groups
    rest: str


def command_in(text: str) -> Command | None:
    """``/status@our_bot 2611220001`` → status, our_bot, the number."""
    found = _COMMAND.fullmatch(text.strip())
    return Command(found[1].lower(), found[2], found[3].strip()) if found else None


def scene_of(rest: str) -> str | None:
    """The token of a code or deep link; what cannot be one is dropped."""
    return rest if _SCENE.fullmatch(rest) else None


def menu(book: Book, language: str) -> list[BotCommand]:
    """What Telegram shows behind the button 菜单, in one language."""
    return [BotCommand(name, book.text(f"telegram.command.{name}", language)) for name in ("start", *SHOWN)]
