"""What the search index counts of a text: its characters, pairs of them, Latin words, and how the pairs sound."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pypinyin import lazy_pinyin

_RUN = re.compile(r"[\u4e00-\u9fff]+|[a-z0-9.]+")


@dataclass(frozen=True)
class HouseWords:
    """Words that say nothing, and lines of words of which each means the first; policy ``search``."""

    silent: Sequence[str]
    same: Sequence[Sequence[str]]

    def plain(self, text: str) -> str:
        """The text in lower case, in the house's words, without what says nothing."""
        text = self._others.sub(lambda found: self._first[found[0]], text.lower())
        return self._silence.sub(" ", text)

    @cached_property
    def _first(self) -> dict[str, str]:
        return {word.lower(): line[0].lower() for line in self.same for word in line}

    @cached_property
    def _others(self) -> re.Pattern[str]:
        return _any_of(self._first)

    @cached_property
    def _silence(self) -> re.Pattern[str]:
        return _any_of(self.silent)


def _any_of(words: Sequence[str] | dict[str, str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or "(?!)")


def terms(text: str, words: HouseWords) -> list[str]:
    """The terms of a text, as the index and a question to it both use them."""
    found: list[str] = []
    for run in _RUN.findall(words.plain(text)):
        found += _of_chinese(run) if "\u4e00" <= run[0] <= "\u9fff" else [run]
    return found


def _of_chinese(run: str) -> list[str]:
    sounds = lazy_pinyin(run)
    pairs = [run[i : i + 2] for i in range(len(run) - 1)]
    # A voice or a hurried thumb writes other characters of the same sound: 路油器, 宽带 as 款待.
    sounding = ["~" + "".join(sounds[i : i + 2]) for i in range(len(sounds) - 1)]
    return [*run, *pairs, *sounding]
