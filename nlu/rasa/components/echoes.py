"""Product and part words that were heard right and written wrong: 典视 for 电视, 压缩鸡 for 压缩机."""

from collections import defaultdict
from typing import Dict, List, Tuple

from language.normalise import normalise
from language.words import Hit

from .senses import Senses
from .sounds import syllables

SHORTEST, LONGEST = 2, 5


class Echoes:
    """A table of sounds that finds misheard words in a text."""

    def __init__(self, kinds: Dict[str, str], senses: Senses):
        self._senses = senses
        self._table: Dict[Tuple[str, ...], str] = {}
        self._firsts = defaultdict(set)
        for word, kind in kinds.items():
            spelled = normalise(word).text
            if kind != "brand" and SHORTEST <= len(spelled) <= LONGEST and all("\u4e00" <= c <= "\u9fff" for c in spelled):
                sound = tuple(syllables(spelled))
                self._table.setdefault(sound, kind.split("_")[0])
                self._firsts[sound[0]].add(len(sound))

    def find(self, text: str, sounds: List[str], words: List[Hit]) -> List[Hit]:
        """The longest echo at each place, beside what is known by its spelling."""
        taken = {at for hit in words for at in range(hit.start, hit.end)}
        hits, at = [], 0
        while at < len(text):
            hit = None if at in taken else self._at(text, sounds, at, taken)
            if hit:
                hits.append(hit)
            at = hit.end if hit else at + 1
        return hits

    def _at(self, text: str, sounds: List[str], at: int, taken: set):
        for size in sorted(self._firsts.get(sounds[at], ()), reverse=True):
            sound = tuple(sounds[at:at + size])  # shorter at the end of the text
            kind = self._table.get(sound) if len(sound) == size else None
            if kind and not taken.intersection(range(at, at + size)) and not self._means_something(text, at, at + size):
                return Hit(at, at + size, kind)
        return None

    def _means_something(self, text: str, start: int, end: int) -> bool:
        """Whether the characters are a word themselves, or cut one: 点是 in 重点是 is no 电视."""
        if text[start:end] in self._senses:
            return True
        left = start > 0 and text[start - 1:start + 1] in self._senses
        return left or text[end - 1:end + 1] in self._senses and end < len(text)
