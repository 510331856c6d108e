"""Word lists of the trade: which noun means which category, which spelling which brand."""

import re
from functools import cache

from core.knowledge.book import REFERENCE, table


@cache
def _products() -> tuple[re.Pattern[str], dict[str, str]]:
    words = {row["word"].lower(): row["category"] for row in table("products")}
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))), words


@cache
def _brands() -> tuple[re.Pattern[str], dict[str, str]]:
    names: dict[str, str] = {}
    for row in table("brands"):
        for spelling in (row["brand"], *filter(None, row["aliases"].split("|"))):
            names[spelling.lower()] = row["brand"]
    longest_first = sorted(names, key=len, reverse=True)
    # Latin spellings count as whole words only, or "aux" would be found in "auxiliary".
    alternatives = [
        f"(?<![a-z]){re.escape(n)}(?![a-z])" if n.isascii() else re.escape(n) for n in longest_first
    ]
    return re.compile("|".join(alternatives)), names


@cache
def surnames() -> str:
    return (REFERENCE / "surnames.txt").read_text("utf-8").strip()


def category_of(text: str) -> str | None:
    """The category of the first product noun in a text."""
    pattern, words = _products()
    match = pattern.search(text.lower())
    return words[match[0]] if match else None


def brand_of(text: str) -> str | None:
    """The house spelling of the first brand in a text."""
    pattern, names = _brands()
    match = pattern.search(text.lower())
    return names[match[0]] if match else None
