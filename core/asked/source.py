"""How the source of an answer is named to who reads it."""

import re

from sqlalchemy.orm import Session

from core.knowledge.model import Article

_ARTICLE = re.compile(r"\S+\s([a-z0-9-]+)")


def source_name(session: Session, source: str) -> str:
    """The title where a pair comes from a self-help article and names it by its slug, else the source as it is."""
    slug = _ARTICLE.fullmatch(source)
    article = session.get(Article, slug[1]) if slug else None
    return f"{source.split()[0]}《{article.title}》" if article else source
