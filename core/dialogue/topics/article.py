"""Self-help, one step at a time: beginning an article and showing its next step."""

from sqlalchemy import Update, update
from sqlalchemy.orm import InstrumentedAttribute

from core.dialogue.talk import Talk
from core.knowledge.model import Article
from core.knowledge.pictures import picture_of
from core.knowledge.recommend import recommend
from core.knowledge.telling import Telling, telling


def begin(talk: Talk) -> bool:
    """Offer the best article for the fault in the form; False when there is none. One round at most (A4)."""
    state = talk.state
    state.helped = True
    article = recommend(
        talk.session,
        category=state.slots.get("category"),
        symptom=state.slots.get("symptom"),
        error_code=state.slots.get("error_code"),
        brand=state.slots.get("brand"),
        model=state.slots.get("model"),
        nearly=state.slots.get("_nearly") or (),
        language=talk.language,
    )
    told = telling(article, talk.language) if article else None
    if article is None or told is None or not told.steps:
        return False
    state.article, state.step = article.slug, 0
    state.slots["article"] = article.slug
    talk.session.execute(_count(article.slug, Article.offered))
    if talk.channel == "voice" and told.voice:
        _tell_aloud(talk, told)
        return True
    talk.say("help.offer", title=told.title)
    for warning in told.warnings:
        talk.say("help.warning", warning=warning)
    show(talk, article, told)
    return True


def _tell_aloud(talk: Talk, told: Telling) -> None:
    """On the phone all of it in the sentence made for the ear: step after step takes minutes to listen to."""
    talk.state.step = len(told.steps) - 1  # "it did not help" goes on to the report
    talk.say("help.aloud", advice=told.voice)
    if told.warnings:
        between = " " if talk.language == "en" else ""
        talk.say("help.warning", warning=between.join(told.warnings))
    _ask(talk)


def show(talk: Talk, article: Article, told: Telling) -> None:
    """The step that the conversation has come to, with its picture, and whether it helped."""
    step = talk.state.step
    if talk.channel != "voice" and (picture := picture_of(talk.session, article, step + 1)):
        talk.extra["picture"] = picture
    talk.say("help.step", step=step + 1, steps=len(told.steps), text=told.steps[step])
    _ask(talk)


def show_again(talk: Talk) -> bool:
    """The step once more, after something else was spoken of; False when the article is gone."""
    article, step = talk.session.get(Article, talk.state.article or ""), talk.state.step
    told = telling(article, talk.language) if article else None
    if told is None or step >= len(told.steps):
        return False
    talk.say("help.again", step=step + 1, steps=len(told.steps), text=told.steps[step])
    return True


def _ask(talk: Talk) -> None:
    talk.ask("help", ("1", "solved"), ("2", "not_solved"))


def counted(talk: Talk, *, solved: bool) -> None:
    """Keep the score of the article that was tried (H2)."""
    column = Article.solved if solved else Article.not_solved
    talk.session.execute(_count(talk.state.article or "", column))


def _count(slug: str, column: InstrumentedAttribute[int]) -> Update:
    return update(Article).where(Article.slug == slug).values({column: column + 1})
