"""One turn: what must always work first, then the pending question, then the topic of the message."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from core.dialogue.talk import Talk
from core.dialogue.topics import (
    answered,
    aside,
    ask,
    bind,
    care,
    complaint,
    door,
    doubt,
    emergency,
    enrol,
    flow,
    foreign,
    intake,
    language,
    late,
    link,
    manage,
    person,
    programme,
    question,
    readback,
    resume,
    role,
    self_help,
    small,
    supplement,
    training_review,
    unlink,
)
from core.dialogue.topics import status as status_topic

Topic = Callable[[Talk], None]

# Intent → topic, when no question is pending or the message does not answer it.
TOPICS: dict[str, Topic] = {
    "report_fault": intake.report,
    "request_install": intake.install,
    "file_complaint": complaint.file,
    "give_suggestion": complaint.suggest,
    "book_training": enrol.choose,
    "ask_training_question": question.put,
    "ask_ticket_status": status_topic.tell,
    "reschedule_visit": manage.reschedule,
    "cancel_ticket": manage.cancel,
    "ask_warranty_or_fee": ask.fee,
    "ask_contact": ask.contact,
    "ask_howto": question.put,
    "rate_service": care.volunteer,
    "greet": small.greet,
    "thanks": small.thanks,
    "goodbye": small.goodbye,
    "affirm": small.noted,
    "deny": small.noted,
}

# Question kind → who reads the answer; False means the message was about something else.
ANSWERS: dict[str, Callable[[Talk], bool]] = {
    "menu": small.menu_choice,
    "answered": answered.answer,
    "help": self_help.answer,
    "slot": intake.answer,
    "confirm": readback.confirmed,
    "correct": readback.corrected,
    "device": intake.device_chosen,
    "amend": supplement.amended,
    "resume": resume.resumed,
    "fee": manage.fee_answer,
    "cancel": manage.cancel_answer,
    "reschedule": manage.reschedule_answer,
    "signed": care.signed_answer,
    "where": ask.where,
    "rating": care.rating_answer,
    "comment": care.comment,
    "plan": programme.answer,
    "plan_words": programme.words,
    "doubt": doubt.answer,
    "bind": bind.answer,
    "door": door.answer,
    "link_offer": link.offered,
    "link_phone": link.number_told,
    "link_code": link.code_told,
    "unlink": unlink.answer,
    "training_pick": enrol.picked,
    "training_leave": enrol.left,
    "training_score": training_review.answer,
    "training_words": training_review.words,
}

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
    if talk.outcome != "misunderstood":
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
    if link.wish(talk) or link.late_code(talk):
        return "link"
    if enrol.wish(talk):
        return "training"
    if resume.abandoned(talk):
        resume.offer_resume(talk)
        return "resume"
    return _answer_or_topic(talk)


def _answer_or_topic(talk: Talk) -> str:
    if foreign.number(talk):
        return "not_theirs"
    if intake.give_back(talk):
        return "return"
    if aside.training(talk):
        return "training"
    pending = talk.state.question
    if pending is not None and talk.intent in _ASIDES and pending.slot in talk.facts.slots:
        TOPICS[talk.intent](
            talk
        )  # 海尔的，过保了修要多少钱: the answer we asked for, and a question of theirs
    if pending is not None and ANSWERS[pending.kind](talk):
        return pending.kind
    if status_topic.by_phone(talk):
        return "ask_ticket_status"
    if intake.another(talk):
        return "report_fault"
    if late.answer(talk):
        return "late_answer"
    if intake.direct(talk):
        return "report_fault"
    if supplement.add(talk):
        return "provide_info"
    if question.known(talk):
        if pending is not None and talk.state.question is pending:
            flow.ask_again(talk)
        return "ask_howto"
    topic = TOPICS.get(talk.intent)
    lost = talk.intent in ("affirm", "deny") and not small.nothing_pending(talk)
    lost |= talk.intent == "deny" and _STILL.search(talk.text) is not None
    if topic is None or lost or not talk.text:
        if doubt.offer(talk):
            return "doubt"
        if intake.gather(talk):
            return "provide_info"
        small.misunderstood(talk)
        return "misunderstood"
    topic(talk)
    if pending is not None and talk.state.question is pending and talk.intent in _INTERRUPTIONS:
        flow.ask_again(talk)
    return talk.intent


def _expire(talk: Talk) -> None:
    """Forget a question too old for a bare digit to be its answer."""
    question = talk.state.question
    if question is None or question.asked_at is None:
        return
    age = talk.at - datetime.fromisoformat(question.asked_at)
    if age > timedelta(hours=talk.house.book.policy("question_expiry_hours")):
        talk.drop_question()
