"""What the search counts of a text: its characters, pairs of them, Latin words, and how the pairs sound."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

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
    """A pattern of words, the longest first; a Latin one is met as a whole word only: the "tv" in "tvoc" is not."""
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(_whole_word, longest_first)) or "(?!)")


def _whole_word(word: str) -> str:
    exact = re.escape(word)
    return rf"(?<![a-z0-9]){exact}(?![a-z0-9])" if word.isascii() else exact


def runs(text: str, words: HouseWords) -> list[str]:
    """The Latin words and the stretches of Chinese in a text, in the house's words."""
    return _RUN.findall(words.plain(text))


def terms(text: str, words: HouseWords) -> Iterator[str]:
    """The terms by which a text is found."""
    for run in runs(text, words):
        if _is_chinese(run):
            yield from run
            for pair in _pairs(run):
                yield pair
                yield _sound(pair)
        else:
            yield run


def singles(text: str, words: HouseWords) -> Iterator[str]:
    """The characters and Latin words of a text alone."""
    for run in runs(text, words):
        yield from run if _is_chinese(run) else (run,)


def asked_terms(text: str, words: HouseWords, known: Collection[str]) -> Iterator[str]:
    """The terms of a question: a pair of characters that nobody wrote so is looked for by its sound.

    A voice and a hurried thumb write other characters of the same sound: 路油器, 宽带 as 款待.
    """
    for run in runs(text, words):
        if _is_chinese(run):
            yield from run
            yield from (pair if pair in known else _sound(pair) for pair in _pairs(run))
        else:
            yield run


def is_single(term: str) -> bool:
    """Whether a term is one character or a Latin word: a pair or a sound missed says little about the matter."""
    return len(term) == 1 or (term.isascii() and not term.startswith("~"))


def _is_chinese(run: str) -> bool:
    return "\u4e00" <= run[0] <= "\u9fff"


def _pairs(run: str) -> Iterator[str]:
    return (run[i : i + 2] for i in range(len(run) - 1))


def _sound(pair: str) -> str:
    return f"~{_reading(pair[0])}{_reading(pair[1])}"


@cache
def _reading(character: str) -> str:
    """The commonest reading without tone. Whichever it is, index and question agree, so no phrases are needed."""
    from pypinyin import lazy_pinyin  # 11 MB, and 45 more if the process asked for its phrases

    return lazy_pinyin(character)[0]
