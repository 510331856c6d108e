"""What one look at a text finds: its normalised spelling, known words, shapes and concepts."""

from dataclasses import dataclass
from typing import Dict, List, Sequence

import numpy as np
from language.concepts import find_concepts
from language.normalise import Normalised, normalise
from language.patterns import find_shapes
from language.words import Hit, Words
from rasa.shared.nlu.training_data.training_data import TrainingData

from .echoes import Echoes
from .meaning import Encoder
from .senses import Senses
from .sounds import syllables

READING = "reading"
SINGLE_WORDS = 0.7  # what the words say alone, beside the sentence; found by keeping out one writer at a time


@dataclass
class Reading:
    """Spans are in the normalised text; ``words`` has kinds like ``brand``, ``part``, ``product_tv``."""

    norm: Normalised
    words: List[Hit]
    echoes: List[Hit]  # what only sounds like a product or part
    shapes: List[Hit]
    concepts: List[Hit]
    pinyin: List[str]
    tokens: List[str]
    sense: np.ndarray  # of the words, then of the whole

    def fingerprint(self) -> str:
        """The text says it all; Rasa would print and hash every vector, several times a training."""
        return self.norm.text


class Reader:
    """Makes readings with the lookup tables of the training data, the senses of words and of sentences."""

    def __init__(self, tables: Dict[str, List[str]], senses: Senses):
        self.tables, self.senses, self._encoder = tables, senses, Encoder()
        kinds = {word: kind for kind, words in tables.items() for word in words}
        self._words, self._echoes = Words(kinds), Echoes(kinds, senses)

    @classmethod
    def of(cls, data: TrainingData) -> "Reader":
        """A reader with the lookup tables of a Rasa project."""
        return cls({table["name"]: table["elements"] for table in data.lookup_tables}, Senses.shipped())

    def read(self, texts: Sequence[str]) -> List[Reading]:
        """Reads some texts."""
        norms = [normalise(text) for text in texts]
        return [self._read(norm, sense) for norm, sense in zip(norms, self._encoder.encode([n.text for n in norms]))]

    def _read(self, norm: Normalised, sense: np.ndarray) -> Reading:
        text, tokens = norm.text, self.senses.split(norm.text)
        words, pinyin = self._words.find(text), syllables(text)
        whole = np.concatenate([SINGLE_WORDS * self.senses.of(tokens), sense])
        return Reading(norm, words, self._echoes.find(text, pinyin, words), find_shapes(text), find_concepts(text),
                       pinyin, tokens, whole)
