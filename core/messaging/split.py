"""A text longer than a channel takes, in pieces that read well: cut after a sentence, else a comma, else a space."""

import re
import unicodedata
from collections.abc import Callable

Count = Callable[[str], int]

# ASCII marks end something only before white space: 3.5, 1,000 and https://x.cn/?a=1 stay whole.
_CLOSING = "[”’」』）》】\"')]*"
_CUTS = (
    re.compile(rf"(?:[。！？；…]+|[.!?;]+(?=\s)){_CLOSING}|\n"),
    re.compile(rf"(?:[，、：]|[,:](?=\s)){_CLOSING}"),
    re.compile(r"\s"),
)
_JOINER = "\u200d"  # 👨‍👩‍👧 is three characters and two joiners
LEAST = 4  # no character is larger, in bytes or in UTF-16 units


def utf8_bytes(text: str) -> int:
    """How WeChat and WeCom count."""
    return len(text.encode("utf-8", "surrogatepass"))


def utf16_units(text: str) -> int:
    """How Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int, count: Count = len) -> list[str]:
    """Pieces of at most ``limit`` as ``count`` counts; only white space at the cuts is lost. Blank text: none.

    ``count`` of a text is at least its number of characters, and grows with it.
    """
    if limit < LEAST:
        raise ValueError(f"limit {limit} is below {LEAST}")
    pieces, rest = [], text
    while (end := _fitting(rest, limit, count)) < len(rest):
        cut = _cut(rest, end)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    pieces.append(rest)
    return [piece for piece in pieces if piece.strip()]


def _fitting(text: str, limit: int, count: Count) -> int:
    """How many characters from the start fit."""
    low, high = 0, min(len(text), limit)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if count(text[:middle]) <= limit else (low, middle - 1)
    return low


def _cut(text: str, end: int) -> int:
    """Where to cut a text of which ``end`` characters fit."""
    for pattern in _CUTS:
        # One character further, for a mark that must be followed by white space, or white space itself.
        places = [match.end() for match in pattern.finditer(text, 0, end + 1) if match.start() < end]
        places = [place for place in places if place <= end and text[:place].strip()]
        if places:
            return places[-1]
    return _between(text, end)


def _between(text: str, end: int) -> int:
    """The last place not inside what is shown as one sign: an accent, a flag, a family."""
    place = end
    while place > 0 and _inside(text, place):
        place -= 1
    return place or end


def _inside(text: str, place: int) -> bool:
    after, before = text[place], text[place - 1]
    if _JOINER in (after, before) or unicodedata.category(after) in ("Mn", "Me", "Mc"):
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff":  # a colour of skin
        return True
    if not (_letter_of_flag(after) and _letter_of_flag(before)):
        return False
    run = len(text[:place]) - len(text[:place].rstrip("".join(map(chr, range(0x1F1E6, 0x1F200)))))
    return run % 2 == 1


def _letter_of_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
