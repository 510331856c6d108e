"""Whether two questions ask the same: their words as the search sees them (core/knowledge/terms.py). Pure."""

from collections.abc import Iterable

from core.knowledge.terms import HouseWords, terms

LONGEST = 400  # characters that are compared


def plain(text: str, words: HouseWords) -> str:
    """A question without what says nothing; two who ask in the same words at once meet here."""
    return "".join(words.plain(text[:LONGEST]).split()).strip(" ,.?!，。？！、") or text.strip()


def share(one: str, other: str, words: HouseWords) -> float:
    """0 to 1: the part of all terms that both have."""
    mine, theirs = set(terms(one[:LONGEST], words)), set(terms(other[:LONGEST], words))
    return len(mine & theirs) / len(mine | theirs) if mine and theirs else 0.0


def most_alike(text: str, others: Iterable[str], words: HouseWords, *, enough: float) -> int | None:
    """The place of the one among ``others`` that is most like ``text``, or None when none is like enough."""
    shares = [share(text, other, words) for other in others]
    best = max(shares, default=0.0)
    return shares.index(best) if best >= enough else None
