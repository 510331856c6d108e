"""What fits into one bubble: text and numbered choices, divided at sentence ends where there is too much."""

import re
import unicodedata
from collections.abc import Sequence

from bot.wechat.xml import plain

# 600 characters, the most that WeChat's own editor takes; Chinese has three bytes each. Its servers refuse more
# than 2048 bytes, whatever is written.
MOST = 1800
_SENTENCE = re.compile(r"(?<=[。！？!?；\n])|(?<=\.\s)")
Choices = Sequence[tuple[str, str]]


def line(key: str, label: str) -> str:
    return f"{key} {label}"


def shown(text: str, choices: Choices) -> str:
    """One bubble as people read it."""
    return plain("\n".join((text, *(line(key, label) for key, label in choices)))).strip()


def size(text: str, *, beside: str = "") -> int:
    """Bytes; in other than plain English every character counts for a Chinese one at least."""
    each = 1 if (text + beside).isascii() else 3
    return max(len(text.encode()), each * len(text))


def fits(text: str) -> bool:
    """Whether it is one bubble."""
    return size(text) <= MOST


def bubbles(text: str, choices: Choices) -> list[str]:
    """The text in as few bubbles as it needs; the choices belong under the last."""
    whole = plain(text).strip()
    room = MOST - size(shown("", choices), beside=whole) - 3
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
    whole = plain(text).strip()
    room = MOST - size(shown(ending, choices), beside=whole) - 6
    return f"{_head(whole, max(room, 0)).strip()}\n{ending}"


def _head(text: str, most: int) -> str:
    """The longest beginning of whole sentences up to that size; of whole characters if there is none."""
    end, taken = 0, 0
    for sentence in _SENTENCE.split(text):
        taken += size(sentence, beside=text)
        if taken > most:
            break
        end += len(sentence)
    return text[:end] if end else _cut(text, most)


def _cut(text: str, most: int) -> str:
    end = taken = 0
    for character in text:
        taken += size(character, beside=text)
        if taken > most and end:
            break
        end += 1
    whole = end
    while 1 < end < len(text) and _belongs(text[end - 1], text[end]):
        end -= 1
    return text[: end if end > 1 else whole]


def _belongs(before: str, after: str) -> bool:
    """Whether two characters are seen as one: accents, emoji joined or coloured."""
    return "\u200d" in (before, after) or unicodedata.combining(after) != 0 or after in "\ufe0f\u20e3" or (
        "\U0001f3fb" <= after <= "\U0001f3ff"
    )  # fmt: skip
