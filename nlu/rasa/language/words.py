"""Longest-match lookup of known words (brands, products, parts) in normalised text."""

from collections import defaultdict
from typing import Dict, List, NamedTuple

from .normalise import normalise


class Hit(NamedTuple):
    """A known word at ``start:end`` of the normalised text and what the table says of it."""

    start: int
    end: int
    kind: str


class Words:
    """A table word → kind that finds its words in a text, longest first, without overlaps."""

    def __init__(self, table: Dict[str, str]):
        self._by_first = defaultdict(list)
        for word, kind in sorted(table.items(), key=lambda item: -len(item[0])):
            spelled = normalise(word).text
            if spelled:
                self._by_first[spelled[0]].append((spelled, kind))

    def find(self, text: str) -> List[Hit]:
        """All hits in order; a Latin word is only hit as a whole word."""
        hits, at = [], 0
        while at < len(text):
            hit = self._at(text, at)
            if hit:
                hits.append(hit)
            at = hit.end if hit else at + 1
        return hits

    def _at(self, text: str, at: int):
        for word, kind in self._by_first.get(text[at], ()):
            end = at + len(word)
            if text.startswith(word, at) and whole(text, at, end):
                return Hit(at, end, kind)
        return None


def whole(text: str, start: int, end: int) -> bool:
    """False where a Latin word would be cut out of a longer one (``hp`` in ``https``, ``mi`` in ``mic``)."""
    before = start > 0 and _latin(text[start - 1]) and _latin(text[start])
    after = end < len(text) and _latin(text[end]) and _latin(text[end - 1])
    return not (before or after)


def _latin(char: str) -> bool:
    return char.isascii() and char.isalpha()
