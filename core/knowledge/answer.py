"""Which article answers a question put in the customer's own words."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.knowledge.model import Article

ENOUGH = 2  # pairs of characters a question and an article must share beside the everyday ones
_EVERYDAY = re.compile(
    r"怎么|如何|请问|你好|您好|可以|一下|什么|这个|那个|我家|我们|的话|空调|冰箱|洗衣机|热水器|电视机?|电脑|打印机|净水器|投影仪?|路由器|"
    r"理疗仪|[的了吗呢啊呀吧我你]"
)


def answering(session: Session, *, category: str | None, question: str) -> Article | None:
    """The article of the category that shares most with the question, or None when none shares enough."""
    if category is None:
        return None
    asked = _pairs(_EVERYDAY.sub(" ", question))
    best, most = None, ENOUGH - 1
    for article in session.scalars(select(Article).where(Article.category == category, Article.active)):
        shared = 2 * len(asked & _pairs(article.title)) + len(asked & _pairs("".join(article.steps)))
        if shared > most:
            best, most = article, shared
    return best


def _pairs(text: str) -> set[str]:
    """Neighbouring characters, two by two: enough to compare short Chinese texts."""
    return {
        text[i : i + 2]
        for i in range(len(text) - 1)
        if re.fullmatch(r"[\u4e00-\u9fffA-Za-z0-9]{2}", text[i : i + 2])
    }
