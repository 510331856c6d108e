"""Answers to the training-effect questionnaire: one score a turn, then free words (G4)."""

import re

from core.dialogue.score import score_of
from core.dialogue.talk import Talk
from core.training.model import SCORES, TrainingReview
from core.training.review import CHOICES, QUESTION, scored

WORDS = "training_words"
_NOTHING = re.compile(r"(?:没有?了?|无|没什么|跳过|不用了?|no|none|nothing|skip)[。.!！]*", re.IGNORECASE)
_ABOUT_ELSE = ("report_fault", "ask_ticket_status", "cancel_ticket", "request_install", "ask_contact")
# 讲得太快了，投影也看不清 names a fault and is still about the lesson.
_ABOUT_LESSON = re.compile(
    r"讲|老师|培训|上课|课程|听课|教室|现场|lesson|trainer|training|teacher", re.IGNORECASE
)


def answer(talk: Talk) -> bool:
    """5, 五分 or 很满意 for what was asked; a number that is no score is asked for again."""
    review, name = _asked(talk)
    if review is None:
        return False
    score = score_of(talk.text)
    if score is None:
        if talk.digit is None and not re.fullmatch(r"\d{1,3}分?", talk.text):
            return False
        talk.say("care.one_to_five")
        talk.offer(*((key, value) for key, value in CHOICES))
        return True
    following = scored(talk.session, talk.house, review, name, score, at=talk.at)
    if following is None:
        talk.say("training.ask_words")
        talk.ask(WORDS, slot=f"{review.id}:words")
        return True
    talk.say(f"training.ask_{following}")
    talk.ask(
        QUESTION, *((key, value) for key, value in CHOICES), slot=f"{review.id}:{following}", person=False
    )
    return True


def words(talk: Talk) -> bool:
    """Free words belong to the review unless they are plainly about something else."""
    review, _ = _asked(talk)
    talk.drop_question()
    elsewhere = talk.intent in _ABOUT_ELSE and not _ABOUT_LESSON.search(talk.text)
    if review is None or not talk.text or elsewhere:
        return False
    if not _NOTHING.fullmatch(talk.text):
        review.words = talk.text[:1000]
    talk.say("training.thanks")
    return True


def _asked(talk: Talk) -> tuple[TrainingReview | None, str]:
    """The review and the score that the question was about; nobody answers another's."""
    number, _, name = (talk.state.question.slot or "" if talk.state.question else "").partition(":")
    review = talk.session.get(TrainingReview, int(number)) if number.isdigit() else None
    theirs = review is not None and review.customer_id == talk.customer.id
    return (review if theirs and (name in SCORES or name == "words") else None), name
