"""Answers to the training-effect questionnaire: one score a turn or all at once, remarks at any time, then free words (G4)."""

import re

from core.dialogue.score import score_of, scores_of
from core.dialogue.talk import Talk
from core.training.model import SCORES, TrainingReview, TrainingSession
from core.training.review import (
    CHOICES,
    QUESTION,
    missing,
    push_when_low,
    recent_review,
    remark,
    says_nothing,
    scored,
)

WORDS = "training_words"
_NO_MORE = re.compile(
    r"(?:我|就)?(?:不(?:想|用|愿意?|要)?(?:再)?(?:评价?|打分|回答|填)(?:分)?|算了|没空|没时间)[了吧啊呀。.!！,]*|no,? thanks?\W*",
    re.IGNORECASE,
)
# What a trainee says of a lesson where others would give a number. A bare 好的 or 可以 agrees, it does not rate.
_OF = r"(?:都|也|还|感觉|觉得|整体|总体|内容|老师|讲得?|讲解得?|讲的|组织得?|安排得?|学的|学到的)*"
_END = r"[的了吧啊呀哦。.!！~]*"
_LESSON_WORDS = tuple(
    (re.compile(_OF + words + _END), score)
    for words, score in (
        (r"(?:不好|不太好|不清楚|不太清楚|听不懂|没听懂|没什么用|没用|没收获|太乱|乱)", 2),
        (r"(?:很|非常|特别|十分|超|真|太)(?:好|棒|赞|清楚|有用|实用|专业|负责|细致|到位|有帮助|有收获)", 5),
        (r"(?:挺|蛮|比较)?(?:清楚|有用|实用|专业|到位|有帮助|有收获)", 4),
    )
)
_ABOUT_ELSE = (
    "report_fault", "ask_ticket_status", "cancel_ticket", "request_install", "ask_contact", "file_complaint",
    "ask_warranty_or_fee", "reschedule_visit", "book_training", "greet", "goodbye",
)  # fmt: skip
# 讲得太快了，投影也看不清 names a fault and is still about the lesson.
_ABOUT_LESSON = re.compile(
    r"讲|老师|培训|上课|课程|听课|教室|现场|lesson|trainer|training|teacher", re.IGNORECASE
)
_ASKS = re.compile(r"[?？]|吗|呢$|怎么|为什么|多久|多少|哪里|\bhow\b|\bwhat\b", re.IGNORECASE)
_WANTED = re.compile(
    r"(?:我|要|想|来|继续|接着|给|再|的)*(?:培训|课程|问卷)*(?:评价|评分|打分|填问卷|问卷)(?:一下|培训|课程)*[吧了。.!！]*"
    r"|(?:rate|review) (?:the )?(?:training|course)",
    re.IGNORECASE,
)
_SHORTEST = 4  # characters of a remark


def answer(talk: Talk) -> bool:
    """5, 五分, 很满意 for what was asked, 54545 or 都是五分 for what is left; a remark is kept and the score asked for again."""
    review, name = _asked(talk)
    if review is None:
        return False
    left = missing(review)
    if name not in left:  # it came another way meanwhile: by the telephone, or entered by a person
        return _known(talk, review, left)
    given = _read(talk.text, left[left.index(name) :])
    if given:
        _keep(talk, review, name, given)
    elif _NO_MORE.fullmatch(talk.text):
        talk.drop_question()
        training = talk.session.get_one(TrainingSession, review.session_id)
        push_when_low(talk.session, talk.house, training, at=talk.at)
        talk.say("training.no_more")
    elif talk.digit is not None or re.fullmatch(r"\d{1,5}(?:\.\d+)?分?", talk.text):
        _again(talk, "care.one_to_five", name)
    elif _ASKS.search(talk.text) or (talk.intent in _ABOUT_ELSE and not _ABOUT_LESSON.search(talk.text)):
        return False
    elif len(talk.text) >= _SHORTEST:
        remark(review, talk.typed)
        _again(talk, "training.remarked", name)
    else:
        _again(talk, "care.one_to_five", name)
    return True


def _known(talk: Talk, review: TrainingReview, left: list[str]) -> bool:
    """What is kept stays; what is left is asked for, or there is nothing left to ask."""
    if left:
        _ask(talk, review, left[0])
    else:
        talk.drop_question()
        talk.say("training.reviewed")
    return True


def words(talk: Talk) -> bool:
    """Free words belong to the review unless they are plainly about something else."""
    review, _ = _asked(talk)
    if review is not None and re.fullmatch(r"[\d\s.,]+分?", talk.text):  # the last score once more
        talk.say("training.ask_words")
        return True
    talk.drop_question()
    elsewhere = talk.intent in _ABOUT_ELSE and not _ABOUT_LESSON.search(talk.text)
    if review is None or not talk.text or elsewhere:
        return False
    if not says_nothing(talk.text):
        remark(review, talk.typed)
    talk.say("training.thanks")
    return True


def wanted(talk: Talk) -> bool:
    """评价, by who was asked lately: the questionnaire that was left goes on."""
    return _WANTED.fullmatch(talk.text) is not None and go_on(talk)


def go_on(talk: Talk) -> bool:
    """The questionnaire that something else came between; False where there is none, or another question waits."""
    review = recent_review(talk.session, talk.house, talk.customer, at=talk.at)
    if review is None or talk.state.form is not None:
        return False
    left = missing(review)
    if not left:
        talk.say("training.reviewed")
    elif given := _read(talk.text, left):
        _keep(talk, review, left[0], given)
    else:
        _ask(talk, review, left[0])
    return True


def _read(text: str, left: tuple[str, ...] | list[str]) -> list[int]:
    """The scores that a text gives, from the first of ``left`` on; [] where it gives none."""
    if _ASKS.search(text):
        return []
    if many := scores_of(text, len(left)):
        return many
    of_lesson = next((score for said, score in _LESSON_WORDS if said.fullmatch(text)), None)
    score = of_lesson or score_of(text)
    return [] if score is None else [score]


def _keep(talk: Talk, review: TrainingReview, name: str, given: list[int]) -> None:
    following: str | None = name
    for score in given:
        if following is not None:
            following = scored(talk.session, talk.house, review, following, score, at=talk.at)
    if following is None:
        talk.say("training.ask_words")
        talk.ask(WORDS, slot=f"{review.id}:words")
    else:
        _ask(talk, review, following)


def _ask(talk: Talk, review: TrainingReview, name: str) -> None:
    talk.say(f"training.ask_{name}")
    talk.ask(QUESTION, *((key, value) for key, value in CHOICES), slot=f"{review.id}:{name}", person=False)


def _again(talk: Talk, why: str, name: str) -> None:
    """The same question, after saying why."""
    talk.say(why)
    talk.say(f"training.ask_{name}")
    talk.offer(*((key, value) for key, value in CHOICES))


def _asked(talk: Talk) -> tuple[TrainingReview | None, str]:
    """The review and the score that the question was about; nobody answers another's."""
    number, _, name = (talk.state.question.slot or "" if talk.state.question else "").partition(":")
    review = talk.session.get(TrainingReview, int(number)) if number.isdigit() else None
    theirs = review is not None and review.customer_id == talk.customer.id
    return (review if theirs and (name in SCORES or name == "words") else None), name
