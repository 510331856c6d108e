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
    unlike = len(article.steps) != len(article.steps_en) or len(article.warnings) != len(article.warnings_en)
    if not article.title_en or unlike:
        return None
    return Telling(article.title_en, article.steps_en, article.warnings_en, article.voice_en)
