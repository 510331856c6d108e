"""What fits into one bubble: text and numbered choices, divided at sentence ends where there is too much."""

import re
import unicodedata
from collections.abc import Sequence

from bot.wechat.xml import plain

# 600 Chinese characters; WeChat refuses more than 2048 bytes.
MOST = 1800  # bytes
_SENTENCE = re.compile(r"(?<=[。！？!?；\n])|(?<=\.\s)")
Choices = Sequence[tuple[str, str]]


def line(key: str, label: str) -> str:
    return f"{key} {label}"


def shown(text: str, choices: Choices) -> str:
    """One bubble as people read it."""
    return plain("\n".join((text, *(line(key, label) for key, label in choices)))).strip()


def fits(text: str) -> bool:
    return len(text.encode()) <= MOST


def bubbles(text: str, choices: Choices) -> list[str]:
    """The text in as few bubbles as it needs; the choices belong under the last."""
    whole = plain(text).strip()
    room = MOST - len(shown("", choices).encode()) - 1
    parts: list[str] = []
    while whole:
        if fits(shown(whole, choices)):
            return [*parts, whole]
        head = _head(whole, MOST)
        if head == whole:  # it fits, but not with the choices under it
            head = _head(whole, room)
        parts.append(head.strip())
        whole = whole[len(head) :].strip()
    return parts or [""]


def shortened(text: str, choices: Choices, ending: str) -> str:
    """What fits of the text into one bubble together with the choices, and ``ending``, which says that it is not all."""
    room = MOST - len(shown("", choices).encode()) - len(ending.encode()) - 2
    return f"{_head(plain(text).strip(), max(room, 0)).strip()}\n{ending}"


def _head(text: str, most: int) -> str:
    """The longest beginning of whole sentences within so many bytes; of whole characters if there is none."""
    end, size = 0, 0
    for sentence in _SENTENCE.split(text):
        size += len(sentence.encode())
        if size > most:
            break
        end += len(sentence)
    return text[:end] if end else _cut(text, most)


def _cut(text: str, most: int) -> str:
    head = text.encode()[: max(most, 4)].decode("utf-8", "ignore")
    end = len(head)
    while 1 < end < len(text) and _belongs(text[end - 1], text[end]):
        end -= 1
    return text[:end]


def _belongs(before: str, after: str) -> bool:
    """Whether two characters are seen as one: accents, emoji joined or coloured."""
    return "\u200d" in (before, after) or unicodedata.combining(after) != 0 or after in "\ufe0f\u20e3" or (
        "\U0001f3fb" <= after <= "\U0001f3ff"
    )  # fmt: skip
