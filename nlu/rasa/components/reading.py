"""What one look at a text finds: its normalised spelling, known words, shapes and concepts."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Dict, List, Sequence

import numpy as np
from language.concepts import find_concepts
from language.normalise import Normalised, normalise
from language.patterns import find_shapes
from language.words import Hit, Words
from pypinyin import Style, lazy_pinyin
from rasa.shared.nlu.training_data.training_data import TrainingData

from .meaning import Encoder
from .senses import Senses

READING = "reading"
SINGLE_WORDS = 0.7  # what the words say alone, beside the sentence; found by keeping out one writer at a time


@dataclass
class Reading:
    """Spans are in the normalised text; ``words`` has kinds like ``brand``, ``part``, ``product_tv``."""

    norm: Normalised
    words: List[Hit]
    shapes: List[Hit]
    concepts: List[Hit]
    pinyin: List[str]
    tokens: List[str]
    sense: np.ndarray  # of the words, then of the whole


class Reader:
    """Makes readings with the lookup tables of the training data, the senses of words and of sentences."""

    def __init__(self, tables: Dict[str, List[str]], senses: Senses):
        self.tables, self.senses, self._encoder = tables, senses, Encoder()
        self._words = Words({word: kind for kind, words in tables.items() for word in words})

    @classmethod
    def of(cls, data: TrainingData) -> "Reader":
        """A reader with the lookup tables of a Rasa project."""
        return cls({table["name"]: table["elements"] for table in data.lookup_tables}, Senses.shipped())

    def read(self, texts: Sequence[str]) -> List[Reading]:
        """Reads some texts."""
        norms = [normalise(text) for text in texts]
        return [self._read(norm, sense) for norm, sense in zip(norms, self._encoder.encode([n.text for n in norms]))]

    def _read(self, norm: Normalised, sense: np.ndarray) -> Reading:
        tokens = self.senses.split(norm.text)
        return Reading(norm, self._words.find(norm.text), find_shapes(norm.text), find_concepts(norm.text),
                       syllables(norm.text), tokens, np.concatenate([SINGLE_WORDS * self.senses.of(tokens), sense]))


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


_SYLLABLES: Dict[str, str] = {}
_MERGE = (("zh", "z"), ("ch", "c"), ("sh", "s"))


def _merged(syllable: str) -> str:
    for long, short in _MERGE:
        if syllable.startswith(long):
            syllable = short + syllable[2:]
    if syllable.endswith(("ang", "eng", "ing")):
        syllable = syllable[:-1]
    return syllable
