"""What a push looks like in WeCom: a card with buttons (developer.work.weixin.qq.com/document/path/90236)."""

import secrets
from typing import Any

from core.messaging.channel import Outgoing

# Characters that are shown; WeCom cuts the rest off.
TITLE, BODY, BUTTON = 36, 160, 10


def card(message: Outgoing) -> dict[str, Any]:
    """A ``button_interaction``. Each sending is a card of its own: WeCom refuses a task id that it knows."""
    title, *parts = _parts(message.text)
    if len(title) > TITLE:
        parts.insert(0, title)
        title = _cut(title, TITLE)
    body = "\n".join(_fitting(parts, BODY))
    return {
        "card_type": "button_interaction",
        "main_title": {"title": title},
        **({"sub_title_text": body} if body else {}),
        "task_id": f"fd-{message.id}-{secrets.token_hex(4)}",
        "button_list": [
            {"text": _cut(label, BUTTON), "style": 1 if number == 0 else 2, "key": key}
            for number, (key, label) in enumerate(message.choices[:6])
        ],
    }


def shows_all(text: str) -> bool:
    """Whether a card has room for the whole text."""
    title, *parts = _parts(text)
    return len(title) <= TITLE and len("\n".join(parts)) <= BODY


def _parts(text: str) -> list[str]:
    """What is between the bars of a push; the first part is the title."""
    found = [part.strip() for part in text.replace("\n", "｜").split("｜")]
    return [part for part in found if part] or ["—"]


def _fitting(parts: list[str], room: int) -> list[str]:
    """Shorten the longest part, which is what the customer told: who they are and where must stay."""
    parts = list(parts)
    while parts and (over := len("\n".join(parts)) - room) > 0:
        longest = max(range(len(parts)), key=lambda place: len(parts[place]))
        shorter = max(8, len(parts[longest]) - over)
        if shorter >= len(parts[longest]):
            parts.pop()  # many short ones: the last ones go
            continue
        parts[longest] = _cut(parts[longest], shorter)
    return parts


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
