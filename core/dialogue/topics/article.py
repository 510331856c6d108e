"""Self-help, one step at a time: beginning an article and showing its next step."""

from sqlalchemy import Update, update
from sqlalchemy.orm import InstrumentedAttribute

from core.dialogue.talk import Talk
from core.knowledge.model import Article
from core.knowledge.recommend import recommend


def begin(talk: Talk) -> bool:
    """Offer the best article for the fault in the form; False when there is none. One round at most (A4)."""
    state = talk.state
    state.helped = True
    article = (
        None
        if talk.language != "zh"
        else recommend(  # the articles are in Chinese
            talk.session,
            category=state.slots.get("category"),
            symptom=state.slots.get("symptom"),
            error_code=state.slots.get("error_code"),
            brand=state.slots.get("brand"),
            model=state.slots.get("model"),
            nearly=state.slots.get("_nearly") or (),
        )
    )
    if article is None or not article.steps:
        return False
    state.article, state.step = article.slug, 0
    state.slots["article"] = article.slug
    talk.session.execute(_count(article.slug, Article.offered))
    talk.say("help.offer", title=article.title)
    for warning in article.warnings:
        talk.say("help.warning", warning=warning)
    show(talk, article)
    return True


def show(talk: Talk, article: Article) -> None:
    step = talk.state.step
    talk.say("help.step", step=step + 1, steps=len(article.steps), text=article.steps[step])
    talk.ask("help", ("1", "solved"), ("2", "not_solved"))


def counted(talk: Talk, *, solved: bool) -> None:
    """Keep the score of the article that was tried (H2)."""
    column = Article.solved if solved else Article.not_solved
    talk.session.execute(_count(talk.state.article or "", column))


def _count(slug: str, column: InstrumentedAttribute[int]) -> Update:
    return update(Article).where(Article.slug == slug).values({column: column + 1})
