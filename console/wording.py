"""The console's own labels; what customers read lives in the house's book, not here."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from console.language import LANGUAGES, language

_HERE = Path(__file__).parent / "wording"


@cache
def labels() -> dict[str, dict[str, str]]:
    """language → key → text."""
    return {name: yaml.safe_load((_HERE / f"{name}.yaml").read_text("utf-8")) for name in LANGUAGES}


def say(key: str, **values: Any) -> str:
    """One label in the language of this request; KeyError when it is unknown, so that tests find it."""
    return labels()[language()][key].format(**values)


class Label(str):
    """A label that is looked up when it is shown: the framework takes its labels once, at start."""

    __slots__ = ()

    def __new__(cls, key: str) -> "Label":
        return super().__new__(cls, key)

    def __str__(self) -> str:
        return say(str.__str__(self))

    def __html__(self) -> str:
        return str(self).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)
