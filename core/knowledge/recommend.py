"""Which self-help article is offered first (H2)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.knowledge.model import Article


def recommend(
    session: Session,
    *,
    category: str | None,
    symptom: str | None,
    error_code: str | None = None,
    brand: str | None = None,
    model: str | None = None,
) -> Article | None:
    """The best article for a fault, or None. Pinned first, then the closest fit, then measured success."""
    if category is None or symptom is None:
        return None
    query = select(Article).where(Article.category == category, Article.active)
    fitting = [a for a in session.scalars(query) if _fits(a, symptom, error_code, brand, model)]

    def worth(article: Article) -> tuple[float, ...]:
        code = error_code is not None and error_code.upper() in article.error_codes
        close = 2 * code + bool(article.brands) + bool(article.models)
        main = bool(article.symptoms) and article.symptoms[0] == symptom
        # Laplace: one success in two tries is assumed, so that a new article gets its chance.
        return (article.pinned, close, main, (article.solved + 1) / (article.offered + 2))

    return max(fitting, key=worth, default=None)


def _fits(article: Article, symptom: str, code: str | None, brand: str | None, model: str | None) -> bool:
    if article.brands and brand not in article.brands:
        return False
    if article.models and not any((model or "").upper().startswith(m.upper()) for m in article.models):
        return False
    if article.error_codes:
        return code is not None and code.upper() in article.error_codes
    return symptom in article.symptoms
