"""A self-help article as it is told to somebody: in Chinese, or in English where all of it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.knowledge.model import Article


@dataclass(frozen=True)
class Telling:
    """The words of an article in one language; ``voice`` is the whole advice for the ear, or empty."""

    title: str
    steps: Sequence[str]
    warnings: Sequence[str]
    voice: str


def telling(article: Article, language: str) -> Telling | None:
    """None where it is not told in this language. A step or a warning that is missing would be a wrong advice, so none
    of it is said then."""
    if language == "zh":
        return Telling(article.title, article.steps, article.warnings, article.voice)
    if not article.title_en or unlike(article.steps, article.steps_en, article.warnings, article.warnings_en):
        return None
    return Telling(article.title_en, article.steps_en, article.warnings_en, article.voice_en)


def unlike(
    steps: Sequence[str], steps_en: Sequence[str], warnings: Sequence[str], warnings_en: Sequence[str]
) -> bool:
    """Whether the English differs in the number of its steps or of its warnings."""
    return len(steps) != len(steps_en) or len(warnings) != len(warnings_en)
