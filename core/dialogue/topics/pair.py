"""An answer that the house knows, said with its source, and whether it helped."""

from sqlalchemy import update

from core.asked.places import KIND, NEXT
from core.asked.source import source_name
from core.dialogue.state import SOFT
from core.dialogue.talk import Talk
from core.knowledge.model import Article
from core.knowledge.questions import Pair
from core.knowledge.telling import telling

WIDTH = 40  # columns of a label, as wide as a button may be; a Chinese character takes two


def say(talk: Talk, pair: Pair, source: str) -> None:
    """An article is counted as offered; on the phone it is said as it was made for the ear."""
    kind, _, name = pair.key.partition(":")
    said = pair.answer
    if kind == "article":
        offered = update(Article).where(Article.slug == name).values(offered=Article.offered + 1)
        talk.session.execute(offered)
        told = telling(talk.session.get_one(Article, name), talk.language)
        said = told.voice if told and talk.channel == "voice" and told.voice else said
    talk.state.about = pair.category if pair.category != "other" else talk.state.about
    talk.say("asked.known", question=pair.question, answer=said, source=source_name(talk.session, source))


def ask_whether_it_helped(talk: Talk, slot: str) -> None:
    """``slot``: the question asked; behind it what was shown, and what else may be (nearest.py)."""
    if is_free(talk):
        talk.ask(KIND, *NEXT[:-1], slot=slot)


def is_free(talk: Talk) -> bool:
    """In a chat where nothing is asked that matters; on the phone the call goes on with its menu."""
    pending = talk.state.question
    busy = talk.state.form is not None or (pending is not None and pending.kind not in (*SOFT, KIND))
    return not busy and talk.channel != "voice"


def count(talk: Talk, key: str | None, *, solved: bool) -> None:
    """What helped comes first the next time (H2)."""
    kind, _, name = (key or "").partition(":")
    if kind == "article":
        column = Article.solved if solved else Article.not_solved
        talk.session.execute(update(Article).where(Article.slug == name).values({column: column + 1}))


def label(question: str) -> str:
    """Cut to the width of a button; English between two words."""
    if _columns(question) <= WIDTH:
        return question
    end = next(end for end in range(len(question), 0, -1) if _columns(question[:end]) < WIDTH)
    shown = question[:end]
    return f"{shown.rpartition(' ')[0] or shown if shown.isascii() else shown}…"


def _columns(text: str) -> int:
    return sum(1 if character.isascii() else 2 for character in text)
