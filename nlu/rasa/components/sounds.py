"""How characters sound, with what southern speakers and recognisers confuse taken as one."""

from functools import lru_cache
from typing import Dict, List

from pypinyin import Style, lazy_pinyin


def syllables(text: str) -> List[str]:
    """One toneless syllable a character, with the sounds that southern speakers and recognisers confuse merged."""
    return [_merged(_SYLLABLES.get(c) or _SYLLABLES.setdefault(c, lazy_pinyin(c, style=Style.NORMAL)[0]))
            for c in text]


@lru_cache(maxsize=1)
def _all_syllables() -> Dict[str, str]:
    """Every toneless syllable of the common characters → its merged sound."""
    plain = set(lazy_pinyin("".join(map(chr, range(0x4E00, 0x8000))), style=Style.NORMAL))
    return {syllable: _merged(syllable) for syllable in plain if syllable.isascii() and syllable.isalpha()}


@lru_cache(maxsize=4096)
def as_syllables(letters: str) -> List[str]:
    """The syllables of a pinyin word typed in letters, longest first; nothing where it is not one."""
    known, found, at = _all_syllables(), [], 0
    while at < len(letters):
        size = next((n for n in range(min(6, len(letters) - at), 0, -1) if letters[at:at + n] in known), 0)
        if not size:
            return []
        found.append(known[letters[at:at + size]])
        at += size
    return found


_SYLLABLES: Dict[str, str] = {"调": "tiao"}  # the dictionary would read 空调 as kong diao
_MERGE = (("zh", "z"), ("ch", "c"), ("sh", "s"))


def _merged(syllable: str) -> str:
    for long, short in _MERGE:
        if syllable.startswith(long):
            syllable = short + syllable[2:]
    if syllable.endswith(("ang", "eng", "ing")):
        syllable = syllable[:-1]
    return syllable
