"""One turn: what must always work first, then the pending question, then the topic of the message."""

import re
from datetime import datetime, timedelta

from core.dialogue.registry import ANSWERS, TOPICS
from core.dialogue.state import Question
from core.dialogue.talk import Talk
from core.dialogue.topics import (
    aside,
    care,
    direct,
    doubt,
    emergency,
    enrol,
    flow,
    foreign,
    give_back,
    intake,
    language,
    late,
    link,
    link_code,
    nearest,
    person,
    qa_link,
    question,
    resume,
    role,
    sign_in,
    small,
    status,
    supplement,
    training_review,
)

# An answer to these is never mistaken for an interruption: they were asked by us, out of the blue or not.
_INTERRUPTIONS = {
    "ask_ticket_status", "ask_warranty_or_fee", "ask_contact", "ask_howto", "ask_training_question", "thanks",
    "greet", "give_suggestion", "file_complaint", "reschedule_visit",
}  # fmt: skip
_ASIDES = ("ask_warranty_or_fee", "ask_contact", "ask_howto")
# Somebody whose trouble goes on must not be told 好的.
_STILL = re.compile(r"还是|不行|没用|没好|不管用|没反应")
_OPT_OUT = re.compile(r"^(?:退订|取消订阅|td|t d|unsubscribe)[。.!！]*$", re.IGNORECASE)
_RESTART = re.compile(
    r"^(?:重新开始|重来|从头来|主菜单|菜单|返回|首页|帮助|help|menu)[。.!！]*$", re.IGNORECASE
)


def respond(talk: Talk) -> None:
    """Answer one message. Everything said is in ``talk.said``; what is remembered is in ``talk.state``."""
    language.guess(talk)
    small.introduce(talk)
    _expire(talk)
    talk.outcome = _route(talk)
    if not talk.said:
        small.misunderstood(talk)
    aside.go_on(talk)
    if talk.outcome not in ("misunderstood", "near"):
        talk.state.misses = 0


def _route(talk: Talk) -> str:
    if talk.intent == "emergency":
        emergency.alarm(talk)
        return "emergency"
    if _OPT_OUT.match(talk.text):
        care.opt_out(talk)
        return "opt_out"
    if role.wanted(talk):
        return "role_line"
    if person.wanted(talk):
        person.hand_over(talk)
        return "talk_to_human"
    if language.asked(talk):
        return "language"
    if _RESTART.match(talk.text):
        small.menu(talk)
        return "menu"
    if link.wish(talk) or link_code.late_code(talk):
        return "link"
    if enrol.wish(talk) or sign_in.said(talk):
        return "training"
    if qa_link.wish(talk):
        return "group_link"
    if resume.abandoned(talk):
        resume.offer_resume(talk)
        return "resume"
    return _answer_or_topic(talk)


def _answer_or_topic(talk: Talk) -> str:
    if foreign.number(talk):
        return "not_theirs"
    if give_back.wish(talk):
        return "return"
    if aside.training(talk):
        return "training"
    pending = talk.state.question
    if pending is not None:
        if talk.intent in _ASIDES and pending.slot in talk.facts.slots:
            # 海尔的，过保了修要多少钱: the answer we asked for, and a question of theirs
            TOPICS[talk.intent](talk)
        if nearest.answer_beside(talk):
            return "nearest"
        if ANSWERS[pending.kind](talk):
            return pending.kind
    return _told_unasked(talk) or _topic(talk, pending)


def _told_unasked(talk: Talk) -> str | None:
    """What is known by its words, whatever the intent; None when the message is none of these."""
    if status.by_phone(talk):
        return "ask_ticket_status"
    if intake.another(talk):
        return "report_fault"
    if training_review.wanted(talk):
        return "training_score"
    if late.answer(talk):
        return "late_answer"
    if direct.wish(talk):
        return "report_fault"
    if supplement.add(talk):
        return "provide_info"
    return None


def _topic(talk: Talk, pending: Question | None) -> str:
    """The topic of the intent; after an interruption the question that was open is asked once more."""
    if question.known(talk):
        if pending is not None and talk.state.question is pending:
            flow.ask_again(talk)
        return "ask_howto"
    topic = TOPICS.get(talk.intent)
    lost = talk.intent in ("affirm", "deny") and not small.nothing_pending(talk)
    lost |= talk.intent == "deny" and _STILL.search(talk.text) is not None
    if topic is None or lost or not talk.text:
        return _in_doubt(talk)
    topic(talk)
    if pending is not None and talk.state.question is pending and talk.intent in _INTERRUPTIONS:
        flow.ask_again(talk)
    return talk.intent


def _in_doubt(talk: Talk) -> str:
    asks = question.asks(talk.text)
    if asks and nearest.guess(talk, asks=True):
        return "near"
    if doubt.offer(talk):
        return "doubt"
    if intake.gather(talk):
        return "provide_info"
    if not asks and nearest.guess(talk, asks=False):
        return "near"
    small.misunderstood(talk)
    return "misunderstood"


def _expire(talk: Talk) -> None:
    """Forget a question too old for a bare digit to be its answer."""
    question = talk.state.question
    if question is None or question.asked_at is None:
        return
    age = talk.at - datetime.fromisoformat(question.asked_at)
    if age > timedelta(hours=talk.house.book.policy("question_expiry_hours")):
        talk.drop_question()
