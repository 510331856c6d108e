"""Which self-help article is offered first (H2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.knowledge.model import Article
from core.knowledge.telling import telling


@dataclass(frozen=True)
class Fault:
    """What is known of a fault when an article is looked for."""

    symptom: str
    error_code: str | None = None
    brand: str | None = None
    model: str | None = None


def recommend(
    session: Session,
    *,
    category: str | None,
    symptom: str | None,
    error_code: str | None = None,
    brand: str | None = None,
    model: str | None = None,
    nearly: Sequence[str] = (),
    language: str = "zh",
) -> Article | None:
    """The best active article for a fault, else for what it nearly as likely is, that is told in ``language``; or None."""
    if category is None or symptom is None:
        return None
    query = select(Article).where(Article.category == category, Article.active)
    told = [article for article in session.scalars(query) if telling(article, language)]
    return first_best(told, Fault(symptom, error_code, brand, model), nearly)


def first_best(articles: Sequence[Article], fault: Fault, nearly: Sequence[str]) -> Article | None:
    """As ``best``; where a category has nothing for the symptom, the symptoms nearly as likely are tried in turn."""
    tries = (best(articles, replace(fault, symptom=symptom)) for symptom in (fault.symptom, *nearly))
    return next((article for article in tries if article is not None), None)


def best(articles: Iterable[Article], fault: Fault) -> Article | None:
    """Of one category's articles the first to offer: pinned, then the closest fit, then measured success."""

    def worth(article: Article) -> tuple[float, ...]:
        close = 2 * _has_code(article, fault) + bool(article.brands) + bool(article.models)
        main = bool(article.symptoms) and article.symptoms[0] == fault.symptom
        # Laplace: one success in two tries is assumed, so that a new article gets its chance.
        success = ((article.solved or 0) + 1) / ((article.offered or 0) + 2)
        return (article.pinned or False, close, main, success)

    return max((a for a in articles if _fits(a, fault)), key=worth, default=None)


def _fits(article: Article, fault: Fault) -> bool:
    if article.brands and fault.brand not in article.brands:
        return False
    model = (fault.model or "").upper()
    if article.models and not any(model.startswith(m.upper()) for m in article.models):
        return False
    if article.error_codes:
        return _has_code(article, fault)
    return fault.symptom in article.symptoms


def _has_code(article: Article, fault: Fault) -> bool:
    return fault.error_code is not None and fault.error_code.upper() in article.error_codes
