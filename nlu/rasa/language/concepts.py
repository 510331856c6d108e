"""Concepts: groups of wordings that mean one thing, read from ``concepts.txt``."""

import re
from collections import defaultdict
from functools import lru_cache
from pathlib import Path
from typing import Dict, List

from .words import Hit


@lru_cache(maxsize=1)
def expressions() -> Dict[str, "re.Pattern"]:
    """Concept name → one compiled expression."""
    found = defaultdict(list)
    for line in Path(__file__).with_name("concepts.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, expression = line.split(" = ", 1)
            found[name].append(expression)
    return {name: re.compile("|".join(parts)) for name, parts in found.items()}


def find_concepts(text: str, most: int = 3) -> List[Hit]:
    """The concepts of a normalised text in the order they are said, at most ``most`` of each."""
    hits = []
    for name, expression in expressions().items():
        for count, found in enumerate(expression.finditer(text)):
            if count == most:
                break
            if found.end() > found.start():
                hits.append(Hit(found.start(), found.end(), name))
    return sorted(hits)
