"""Word lists of the trade: which noun means which category, which spelling which brand."""

import re
from functools import cache

from core.knowledge.book import REFERENCE, table


@cache
def _products() -> tuple[re.Pattern[str], dict[str, str]]:
    words = {row["word"].lower(): row["category"] for row in table("products")}
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(_whole, longest_first))), words


@cache
def _brands() -> tuple[re.Pattern[str], dict[str, str]]:
    names: dict[str, str] = {}
    for row in table("brands"):
        for spelling in (row["brand"], *filter(None, row["aliases"].split("|"))):
            names[spelling.lower()] = row["brand"]
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile("|".join(map(_whole, longest_first))), names


def _whole(word: str) -> str:
    """Latin spellings count as whole words only, or "ac" would be found in "account"; an s may follow."""
    return f"(?<![a-z]){re.escape(word)}s?(?![a-z])" if word.isascii() else re.escape(word)


@cache
def surnames() -> str:
    return (REFERENCE / "surnames.txt").read_text("utf-8").strip()


def category_of(text: str) -> str | None:
    """The category of the first product noun in a text."""
    pattern, words = _products()
    match = pattern.search(text.lower())
    return (words.get(match[0]) or words[match[0].removesuffix("s")]) if match else None


def categories_of(text: str) -> set[str]:
    """The categories of all product nouns in a text."""
    pattern, words = _products()
    found = (match[0] for match in pattern.finditer(text.lower()))
    return {words.get(word) or words[word.removesuffix("s")] for word in found}


def brand_of(text: str) -> str | None:
    """The house spelling of the first brand in a text."""
    pattern, names = _brands()
    match = pattern.search(text.lower())
    return (names.get(match[0]) or names[match[0].removesuffix("s")]) if match else None
