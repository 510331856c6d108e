"""What one look at a text finds: its normalised spelling, known words, shapes and concepts."""

from dataclasses import dataclass
from typing import Dict, List

from language.concepts import find_concepts
from language.normalise import Normalised, normalise
from language.patterns import find_shapes
from language.words import Hit, Words
from pypinyin import Style, lazy_pinyin
from rasa.shared.nlu.training_data.training_data import TrainingData

READING = "reading"


@dataclass
class Reading:
    """Spans are in the normalised text; ``words`` has kinds like ``brand``, ``part``, ``product_tv``."""

    norm: Normalised
    words: List[Hit]
    shapes: List[Hit]
    concepts: List[Hit]
    pinyin: List[str]


class Reader:
    """Makes readings with the lookup tables of the training data."""

    def __init__(self, tables: Dict[str, List[str]]):
        self.tables = tables
        self._words = Words({word: kind for kind, words in tables.items() for word in words})

    @classmethod
    def of(cls, data: TrainingData) -> "Reader":
        """A reader with the lookup tables of a Rasa project."""
        return cls({table["name"]: table["elements"] for table in data.lookup_tables})

    def read(self, text: str) -> Reading:
        """Reads one text."""
        norm = normalise(text)
        return Reading(norm, self._words.find(norm.text), find_shapes(norm.text),
                       find_concepts(norm.text), syllables(norm.text))


def syllables(text: str) -> List[str]:
    """One toneless syllable a character, with the sounds that southern speakers and recognisers confuse merged."""
    return [_merged(_SYLLABLES.get(c) or _SYLLABLES.setdefault(c, lazy_pinyin(c, style=Style.NORMAL)[0]))
            for c in text]


_SYLLABLES: Dict[str, str] = {}
_MERGE = (("zh", "z"), ("ch", "c"), ("sh", "s"))


def _merged(syllable: str) -> str:
    for long, short in _MERGE:
        if syllable.startswith(long):
            syllable = short + syllable[2:]
    if syllable.endswith(("ang", "eng", "ing")):
        syllable = syllable[:-1]
    return syllable
