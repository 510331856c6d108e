"""Most houses of tests have the shipped questions and articles; an index over them takes half a second to build."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from unittest.mock import patch

from core.knowledge.search import Index
from core.knowledge.shelf import Entry
from core.knowledge.terms import HouseWords


@contextmanager
def shared() -> Iterator[None]:
    """Houses with the same words share their index, whose arrays nobody changes once they are built."""
    made: dict[object, Index] = {}

    def once(entries: Sequence[Entry], whole: Mapping[str, str], words: HouseWords) -> Index:
        contents = (repr(words), tuple(entries), tuple(whole.items()))
        if contents not in made:
            made[contents] = Index(entries, whole, words)
        return copy(made[contents])

    with patch("core.knowledge.search.Index", once):
        yield
