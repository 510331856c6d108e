"""What was said of an answer: it helped, it is still not clear, or the thing is broken after all."""

import re

from core.asked.helped import helped
from core.asked.model import BY_ARTICLE, WAITING, AskedQuestion
from core.asked.put import put, still_waits
from core.dialogue.talk import Talk
from core.dialogue.topics import flow, intake, nearest, pair, person
from core.dialogue.topics.nearest import Slot
from core.dialogue.topics.question import say_waits
from core.dialogue.topics.self_help import NOT_SOLVED, SOLVED

LONGEST = 15  # characters; more than that tells or asks something new
_NOT_CLEAR = re.compile(
    r"不懂|不明白|不清楚|没看懂|不对|答非所问|不是这个|没说清|not clear|don.?t understand", re.IGNORECASE
)
# 好的 or 谢谢 to an article is too little to take the question from the trainer who was asked it.
_CERTAIN = re.compile(
    rf"{SOLVED.pattern}|^(?:是|对|嗯|有用|明白|懂了|清楚了|yes|solved|it (?:did|helped))", re.IGNORECASE
)
_REPAIR = re.compile(r"报修|坏了|repair", re.IGNORECASE)


def answer(talk: Talk) -> bool:
    """Whether an answer helped, or a person is to look at it."""
    slot = nearest.slot_of(talk.state.question)
    choice, row = talk.chosen(), nearest.asked_row(talk, slot)
    if slot is None or row is None or (choice is None and len(talk.text) > LONGEST):
        return False
    if choice == "repair" or (choice is None and _REPAIR.search(talk.text)):
        _repair(talk, row, slot)
    elif choice == "not_clear" or (choice is None and _denied(talk)):
        _not_clear(talk, row, slot)
    elif choice == "solved" or (choice is None and _helped(talk)):
        if choice is None and slot.shown and row.state == WAITING and not _CERTAIN.search(talk.text):
            flow.ask_again(talk)
        else:
            _solved(talk, row, slot)
    else:
        return False
    return True


def _denied(talk: Talk) -> bool:
    return bool(_NOT_CLEAR.search(talk.text) or NOT_SOLVED.search(talk.text)) or talk.intent == "deny"


def _helped(talk: Talk) -> bool:
    return SOLVED.search(talk.text) is not None or talk.intent in ("affirm", "thanks")


def _mark(talk: Talk, row: AskedQuestion, slot: Slot, *, solved: bool) -> None:
    """Of an article that was offered to who waits, or of the answer that the question got."""
    if slot.shown is not None:
        pair.count(talk, slot.shown, solved=solved)
        return
    row.solved = solved
    if row.state == BY_ARTICLE:
        pair.count(talk, row.found, solved=solved)


def _solved(talk: Talk, row: AskedQuestion, slot: Slot) -> None:
    _mark(talk, row, slot, solved=True)
    talk.drop_question()
    ended = slot.shown is not None and helped(
        talk.session,
        talk.house,
        row,
        found=slot.shown,
        at=talk.at,
        actor=talk.actor,
        channel=talk.channel,
    )
    talk.say("asked.found" if ended else "asked.solved")


def _not_clear(talk: Talk, row: AskedQuestion, slot: Slot) -> None:
    """Of an article: a person answers. Of a person's answer: somebody calls."""
    _mark(talk, row, slot, solved=False)
    talk.drop_question()
    if row.state == WAITING:
        rest = nearest.remaining(talk, slot.keys[1:])
        say_waits(talk, still_waits(talk.session, row, rest))
    elif row.state == BY_ARTICLE:
        say_waits(talk, put(talk.session, talk.house, row, talk.customer, at=talk.at, channel=talk.channel))
    else:
        person.hand_over(talk)


def _repair(talk: Talk, row: AskedQuestion, slot: Slot) -> None:
    _mark(talk, row, slot, solved=False)
    talk.drop_question()
    if row.category:
        intake.begin_with(talk, {"category": row.category})
    else:
        intake.start_repair(talk)
