"""Reading a choice: 1, １, 一, 第一个, 选1, 1. and ① all mean the first one."""

import re
import unicodedata

_HAN = {
    "一": "1",
    "二": "2",
    "两": "2",
    "三": "3",
    "四": "4",
    "五": "5",
    "六": "6",
    "七": "7",
    "八": "8",
    "九": "9",
}
_HAN |= {"零": "0", "〇": "0", "幺": "1"}
_CHOICE = re.compile(
    r"^(?:我?选(?:择)?|按|第|回复?|答)?\s*([0-9一二两三四五六七八九零〇幺])\s*(?:个|项|条|号|种|分|星|颗星)?"
    r"(?:吧|啊|呢|哈|了)?[\s.。、,，!！)）]*$"
)


def plain(text: str) -> str:
    """Text as people mean it: full-width forms folded, invisible and control characters gone, trimmed."""
    return typed(unicodedata.normalize("NFKC", text))


def typed(text: str) -> str:
    """Text as it was written, for words that are kept and read again: only what nobody sees is gone, and it is trimmed."""
    kept = (c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    return "".join(kept).strip()


def digit(text: str) -> str | None:
    """The digit that a short answer stands for, or None when it is not a bare choice."""
    match = _CHOICE.match(plain(text))
    if match is None:
        return None
    return _HAN.get(match[1], match[1])
