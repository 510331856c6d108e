"""One spelling for every way of writing, with offsets that always point into the original text."""

import re
import unicodedata
from functools import lru_cache
from typing import List, NamedTuple, Tuple

# 著 is kept by OpenCC where Taiwan means 着; only these words really mean 著.
_REAL_ZHU = re.compile(r"(?<![名显土原专巨])著(?![名作称者])")
_SPOKEN = {c: d for c, d in zip("零〇一二三四五六七八九幺洞", "001234567891" + "0")}
_SPOKEN_RUN = re.compile("[0-9%s]{4,}" % "".join(_SPOKEN))
_HAN = [chr(c) for c in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]


class Normalised(NamedTuple):
    """``text`` in one spelling; ``offsets[i]`` is where its character i stands in the original."""

    text: str
    offsets: List[int]

    def original_span(self, start: int, end: int) -> Tuple[int, int]:
        """The span of the original that ``text[start:end]`` came from."""
        return self.offsets[start], self.offsets[end - 1] + 1


@lru_cache(maxsize=1)
def _simplified() -> dict:
    """Traditional → simplified, character by character so that no offset moves."""
    from opencc import OpenCC

    converted = OpenCC("t2s").convert("\n".join(_HAN)).split("\n")
    table = {a: b for a, b in zip(_HAN, converted) if a != b and len(b) == 1}
    return {**table, "妳": "你", "牠": "它", "麽": "么", "嚒": "么", "裏": "里", "喺": "在"}


def _one(char: str) -> str:
    """One original character as zero or more normalised ones."""
    category = unicodedata.category(char)
    if category in ("Cf", "Cc", "Cs", "Co", "Cn", "Mn"):
        return " " if char in "\n\r\t" else ""
    folded = unicodedata.normalize("NFKC", char).lower()
    return "".join(_simplified().get(c, c) for c in folded)


@lru_cache(maxsize=8192)
def _cached(char: str) -> str:
    return _one(char)


def normalise(text: str) -> Normalised:
    """Half width, lower case, simplified; blanks and repeated marks once; spoken digit runs as digits."""
    chars, offsets = [], []
    for at, char in enumerate(text):
        for c in _cached(char):
            if chars and c == chars[-1] and not c.isalnum():
                continue
            chars.append(c)
            offsets.append(at)
    plain = "".join(chars).replace("甚么", "什么")
    plain = _REAL_ZHU.sub("着", plain) if "著" in plain else plain
    return Normalised(_SPOKEN_RUN.sub(_digits, plain), offsets)


def _digits(run: "re.Match") -> str:
    """The digits of a spoken run; in M7400一台 the last character is no digit but how many."""
    text = run.group()
    kept = len(text) < 8 and text[:-1].isascii() and not text[-1].isascii()
    return text if kept else "".join(_SPOKEN.get(c, c) for c in text)
