"""The nearest articles to choose from, one of which mostly is it: while somebody waits for a person's answer, or where
nothing was understood, beside the question that is open (beside.py) or with none."""

import re
from dataclasses import dataclass
from typing import Any

from core.asked.ask import chosen, may_be_meant
from core.asked.model import AskedQuestion
from core.asked.places import NEAREST
from core.dialogue.state import Question
from core.dialogue.talk import Talk
from core.dialogue.topics import beside, flow, pair, person
from core.knowledge.questions import Pair, pair_of

_UNASKED = "?"  # before words that nobody was asked
_NOT_UNDERSTOOD = ("out_of_scope", "provide_info")
_LONGEST = 500  # characters of them that are remembered
_MARKS = re.compile(r"[\s?？。.!！]+$")


@dataclass(frozen=True)
class Slot:
    """What the question of a state remembers: the question asked, and the keys of the pairs on offer.

    Where nobody was asked, ``asked`` is 0 and ``words`` are what was not understood.
    """

    asked: int
    keys: tuple[str, ...] = ()
    words: str = ""

    @property
    def shown(self) -> str | None:
        """Once a choice was made: what it showed, and what was on offer beside it."""
        return self.keys[0] if self.keys else None

    def __str__(self) -> str:
        return "\n".join((f"{_UNASKED}{self.words}" if self.words else str(self.asked), *self.keys))


def slot_of(question: Question | None) -> Slot | None:
    number, *keys = (question.near or question.slot or "").split("\n") if question else [""]
    if number.startswith(_UNASKED):
        return Slot(0, tuple(keys), number.removeprefix(_UNASKED))
    return Slot(int(number), tuple(keys)) if number.isdigit() else None


def asked_row(talk: Talk, slot: Slot | None) -> AskedQuestion | None:
    """The question that was asked; nobody speaks of another's."""
    row = talk.session.get(AskedQuestion, slot.asked) if slot else None
    return row if row is not None and row.customer_id == talk.customer.id else None


def offer(talk: Talk, asked: int, pairs: tuple[Pair, ...]) -> None:
    """Show what may be meant, in a private chat where nothing else is asked."""
    if talk.state.question is not None and talk.state.question.kind == NEAREST:
        talk.drop_question()  # that was about another question
    if not pairs or not talk.private or not pair.is_free(talk):
        return
    talk.say("asked.nearest")
    _ask(talk, Slot(asked, tuple(each.key for each in pairs)), pairs)


def guess(talk: Talk, *, asks: bool) -> bool:
    """Nothing was understood: offer what is near, a person beside it. False where nothing is, or it is not the moment.

    ``asks``: the words have the form of a question; beside one of ours only those are offered anything.
    """
    words, free = " ".join(talk.text.split())[:_LONGEST], pair.is_free(talk)
    if talk.intent not in _NOT_UNDERSTOOD or not words or not talk.private:
        return False
    if not free and not (asks and beside.is_moment(talk)):
        return False
    if any(str(word) in words for word in talk.house.book.policy("major_issue_words")):
        return False  # whoever speaks of a lawyer wants no article
    near = may_be_meant(talk.session, talk.house, talk.text, language=talk.language, sense=talk.meaning.sense)
    if not near:
        return False
    talk.state.misses += 1
    often = talk.state.misses >= talk.house.book.policy("misunderstandings_before_person")
    slot = Slot(0, tuple(each.key for each in near), words)
    if free:
        talk.say("near.person" if often else "near")
        _ask(talk, slot, near)
    else:
        beside.offer(talk, str(slot), [_value(each) for each in near], often=often)
    return True


def _ask(talk: Talk, slot: Slot, pairs: tuple[Pair, ...]) -> None:
    choices = [(str(number), _value(each)) for number, each in enumerate(pairs, 1)]
    talk.ask(NEAREST, *choices, slot=str(slot))


def _value(each: Pair) -> str:
    return f"{beside.OFFERED}{pair.label(each.question)}"


def answer(talk: Talk) -> bool:
    """A number, or the words of a choice; False when the message is about something else."""
    question = talk.state.question
    if question is None:
        return False
    key = talk.digit or _named(talk, question)
    if key is None:
        return False
    if key not in dict(question.choices):
        talk.say("question.again")
        talk.offer(*((number, value) for number, value in question.choices))
        return True
    talk.drop_question()
    return _show(talk, question, key)


def answer_beside(talk: Talk) -> bool:
    """One of those offered beside an open question, which is then asked again; its own keys and words are its answers."""
    question = talk.state.question
    if question is None or question.near is None:
        return False
    key = talk.digit or _named(talk, question)
    return key is not None and _show(talk, question, key)


def pressed(talk: Talk, asked: dict[str, Any] | None) -> str | None:
    """A button of an offer, however old: it answers nothing that is asked now. None: it is no such button."""
    question = Question.load(asked) if asked else None
    if question is None or (question.kind != NEAREST and question.near is None):
        return None
    if question.kind == NEAREST and talk.digit == "0":
        person.hand_over(talk)
        return "talk_to_human"
    return NEAREST if _show(talk, question, talk.digit or "") else None


def remaining(talk: Talk, keys: tuple[str, ...]) -> tuple[Pair, ...]:
    """The pairs that are still in use."""
    found = (pair_of(talk.session, key, talk.language) for key in keys)
    return tuple(known[1] for known in found if known is not None)


def _named(talk: Talk, question: Question) -> str | None:
    """Who types what a button says means it."""
    said, slot = _MARKS.sub("", talk.text), slot_of(question)
    for key, name in zip(beside.keys_of(question), slot.keys if slot else (), strict=False):
        known = pair_of(talk.session, name, talk.language)
        if known is not None and said == _MARKS.sub("", known[1].question):
            return key
    return None


def _show(talk: Talk, question: Question, key: str) -> bool:
    """The answer of one pair; what was on offer beside it is remembered, should it not be clear."""
    slot = slot_of(question)
    name = dict(zip(beside.keys_of(question), slot.keys if slot else (), strict=False)).get(key)
    if slot is None or name is None:
        return False
    if not slot.words and asked_row(talk, slot) is None:
        return False
    found = pair_of(talk.session, name, talk.language)
    if found is None:
        talk.say("near.gone" if slot.words else "asked.gone")
        flow.ask_again(talk)
        return True
    source, known = found
    pair.say(talk, known, source)
    pair.ask_whether_it_helped(talk, str(_shown(talk, slot, known)))
    if not talk.choices:
        flow.ask_again(talk)
    return True


def _shown(talk: Talk, slot: Slot, known: Pair) -> Slot:
    """What is remembered once a pair was shown. Words that nobody was asked are a question from now on, and answered."""
    if not slot.words:
        return Slot(slot.asked, (known.key, *(key for key in slot.keys if key != known.key)))
    chat = talk.conversation.id
    row = chosen(
        talk.session,
        talk.house,
        known,
        asker=talk.customer,
        text=slot.words,
        at=talk.at,
        conversation_id=chat,
    )
    return Slot(row.id)
