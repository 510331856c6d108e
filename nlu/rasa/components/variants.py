"""Generated training variants: other slot values, misheard characters, fillers, sentences run together."""

import random
import re
from typing import List

from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from .folds import fold_of, folds
from .noise import THINGS, misheard, spoken
from .slots import refilled

FAMILY, FOLD = "family", "fold"
MISHEARD = "misheard"  # a product or part is written otherwise than it sounds
# When sentences are run together the first of these that occurs is the primary intent.
PRIMARY = ("emergency", "file_complaint", "report_fault")
_AROUND = ("greet", "thanks", "provide_info", "goodbye")


def with_variants(examples: List[Message], count: int, seed: int) -> List[Message]:
    """The written examples and ``count`` variants of each; the same seed gives the same list."""
    chance = random.Random(seed)
    examples = sorted(examples, key=lambda e: (e.get(INTENT) or "", e.get(TEXT)))
    known = folds()
    for family, example in enumerate(examples):
        example.set(FAMILY, family)
        example.set(FOLD, fold_of(example.get(TEXT), known))
    fillers = [e for e in examples if e.get(INTENT) in _AROUND]
    made = [_variant(example, fillers, chance) for example in examples for _ in range(count)]
    return examples + made


def _variant(example: Message, fillers: List[Message], chance: random.Random) -> Message:
    made = refilled(example, chance)
    if made.get(INTENT) in PRIMARY and chance.random() < 0.3:
        made = _run_together(made, chance.choice(fillers), chance)
    text = misheard(made.get(TEXT), made.get(ENTITIES) or [], chance)
    changed = [e for e in made.get(ENTITIES) or [] if e["entity"] in THINGS and _cut(text, e) != _cut(made.get(TEXT), e)]
    text, shift = spoken(text, chance)
    made = _copy(made, text, [_moved(e, shift) for e in made.get(ENTITIES) or []])
    made.set(MISHEARD, bool(changed))
    return made


def _cut(text: str, entity: dict) -> str:
    return text[entity["start"]:entity["end"]]


def _run_together(first: Message, second: Message, chance: random.Random) -> Message:
    """Both sentences in either order with ``first``'s labels."""
    before, after = (first, second) if chance.random() < 0.5 else (second, first)
    mark = chance.choice(["，", "。", " ", ""]) if not re.search(r"\W$", before.get(TEXT)) else ""
    text = before.get(TEXT) + mark + after.get(TEXT)
    shift = len(before.get(TEXT) + mark)
    spans = [dict(e) for e in before.get(ENTITIES) or []] + [_moved(e, shift) for e in after.get(ENTITIES) or []]
    return _copy(first, text, spans)


def _moved(entity: dict, shift: int) -> dict:
    return {**entity, "start": entity["start"] + shift, "end": entity["end"] + shift}


def _copy(example: Message, text: str, entities: List[dict]) -> Message:
    return Message({**example.data, TEXT: text, ENTITIES: entities})
