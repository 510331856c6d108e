"""Rasa's lookup tables of brands and products, written from the reference tables of ``core``."""

import csv
from collections import defaultdict
from pathlib import Path

REFERENCE = Path(__file__).resolve().parents[1] / "core" / "reference"
LOOKUPS = Path(__file__).with_name("rasa") / "data" / "lookup"
HEAD = (
    'version: "3.1"\n# Written by `python -m nlu.lookups` from core/reference; edit the tables there.\nnlu:\n'
)


def products() -> dict[str, str]:
    """Word → product category."""
    with (REFERENCE / "products.csv").open(encoding="utf-8", newline="") as file:
        return {row["word"]: row["category"] for row in csv.DictReader(file)}


def brands() -> dict[str, str]:
    """Every spelling → the brand's house name."""
    with (REFERENCE / "brands.csv").open(encoding="utf-8", newline="") as file:
        return {
            word: row["brand"]
            for row in csv.DictReader(file)
            for word in (row["brand"], *row["aliases"].split("|"))
            if word
        }


def rendered() -> dict[str, str]:
    """File name → what it must hold."""
    by_category = defaultdict(list)
    for word, category in products().items():
        by_category[f"product_{category}"].append(word)
    tables = "".join(_table(name, words) for name, words in sorted(by_category.items()))
    return {"brands.yml": HEAD + _table("brand", list(brands())), "products.yml": HEAD + tables}


def _table(name: str, words: list[str]) -> str:
    return f"- lookup: {name}\n  examples: |\n" + "".join(f"    - {word}\n" for word in words)


if __name__ == "__main__":
    for name, text in rendered().items():
        (LOOKUPS / name).write_text(text, encoding="utf-8")
