"""What was said of an answer: it helped, it is still not clear, or the thing is broken after all."""

import re

from sqlalchemy import update

from core.asked.model import BY_ARTICLE, AskedQuestion
from core.asked.put import put
from core.dialogue.talk import Talk
from core.dialogue.topics import intake, person
from core.dialogue.topics.question import say_waits
from core.dialogue.topics.self_help import NOT_SOLVED, SOLVED
from core.knowledge.model import Article

LONGEST = 15  # characters; more than that tells or asks something new
_NOT_CLEAR = re.compile(
    r"不懂|不明白|不清楚|没看懂|不对|答非所问|不是这个|没说清|not clear|don.?t understand", re.IGNORECASE
)
_REPAIR = re.compile(r"报修|坏了|repair", re.IGNORECASE)


def answer(talk: Talk) -> bool:
    choice, row = talk.chosen(), _asked(talk)
    if row is None or (choice is None and len(talk.text) > LONGEST):
        return False
    if choice == "repair" or (choice is None and _REPAIR.search(talk.text)):
        _repair(talk, row)
    elif choice == "not_clear" or (choice is None and _denied(talk)):
        _not_clear(talk, row)
    elif choice == "solved" or (choice is None and _helped(talk)):
        _mark(talk, row, solved=True)
        talk.drop_question()
        talk.say("asked.solved")
    else:
        return False
    return True


def _asked(talk: Talk) -> AskedQuestion | None:
    """The question that was answered; nobody speaks of another's."""
    slot = talk.state.question.slot if talk.state.question else None
    row = talk.session.get(AskedQuestion, int(slot)) if slot and slot.isdigit() else None
    return row if row is not None and row.customer_id == talk.customer.id else None


def _denied(talk: Talk) -> bool:
    return bool(_NOT_CLEAR.search(talk.text) or NOT_SOLVED.search(talk.text)) or talk.intent == "deny"


def _helped(talk: Talk) -> bool:
    return SOLVED.search(talk.text) is not None or talk.intent in ("affirm", "thanks")


def _mark(talk: Talk, row: AskedQuestion, *, solved: bool) -> None:
    """What helped comes first the next time (H2)."""
    row.solved = solved
    kind, _, name = (row.found or "").partition(":")
    if kind == "article" and row.state == BY_ARTICLE:
        column = Article.solved if solved else Article.not_solved
        talk.session.execute(update(Article).where(Article.slug == name).values({column: column + 1}))


def _not_clear(talk: Talk, row: AskedQuestion) -> None:
    """Of an article: a person answers. Of a person's answer: somebody calls."""
    _mark(talk, row, solved=False)
    talk.drop_question()
    if row.state != BY_ARTICLE:
        person.hand_over(talk)
        return
    say_waits(talk, put(talk.session, talk.house, row, talk.customer, at=talk.at, channel=talk.channel))


def _repair(talk: Talk, row: AskedQuestion) -> None:
    _mark(talk, row, solved=False)
    talk.drop_question()
    if row.category:
        intake.begin_with(talk, {"category": row.category})
    else:
        intake.start_repair(talk)
