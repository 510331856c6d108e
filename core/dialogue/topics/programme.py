"""Answers to the questions of a follow-up plan: how it is doing, a score, free words; one question a turn."""

import re

from core.care.model import FollowUp
from core.care.notice import device_words
from core.dialogue.score import score_of
from core.dialogue.talk import Talk
from core.dialogue.topics.care import says_fixed, says_not_fixed
from core.programme import answers
from core.programme.words import choices_of
from core.ticket.find import find
from core.ticket.lifecycle import note

WORDS = "plan_words"
_WELL = re.compile(
    r"(?:都|还|一切|用着|挺|很|蛮)*(?:正常|好的?|不错|可以|没有?问题|没毛病|fine|well|good)[了啊呀吧的。.!！]*",
    re.IGNORECASE,
)
_NOTHING = re.compile(r"(?:没有?了?|无|没什么|没意见|不用了?|no|none|nothing)[。.!！]*", re.IGNORECASE)
_ABOUT_ELSE = ("report_fault", "ask_ticket_status", "cancel_ticket", "request_install", "ask_contact")


def answer(talk: Talk) -> bool:
    """A press, a digit or words for what was asked; a new fault is filed as one, and counts as an answer."""
    case, name = _asked(talk)
    if case is None:
        return False
    return _scored(talk, case) if name == "score" else _used(talk, case)


def _used(talk: Talk, case: FollowUp) -> bool:
    choice = talk.chosen()
    if choice == "no_more":
        answers.no_more(talk.session, case, at=talk.at)
        _ends(talk, "plan.no_more")
    elif choice == "not_used":
        answers.not_used(talk.session, case, at=talk.at)
        _ends(talk, "plan.not_used", device=_device(talk, case))
    elif choice == "well" or _WELL.fullmatch(talk.text) or (choice is None and says_fixed(talk.text)):
        answers.well(talk.session, case, at=talk.at)
        _next(talk, case, "usage")
    elif talk.intent == "report_fault" and choice is None:
        answers.commented(talk.session, case, talk.typed[:500], at=talk.at)
        case.outcome = answers.TROUBLE
        talk.drop_question()
        return False  # they describe a fault: it becomes a repair, which is more than a complaint
    elif choice == "trouble" or says_not_fixed(talk.text):
        _trouble(talk, case, "" if choice else talk.typed[:500])
    else:
        return False
    return True


def _scored(talk: Talk, case: FollowUp) -> bool:
    score = score_of(talk.text)
    if score is None:
        if talk.digit is None and not re.fullmatch(r"\d{1,3}分?", talk.text):
            return False
        talk.say("care.one_to_five")
        talk.offer(*choices_of("score", device=False))
        return True
    complaint = answers.scored(talk.session, talk.house, case, score, at=talk.at, actor=talk.actor)
    if complaint is None:
        _next(talk, case, "score")
    else:
        talk.say("plan.trouble", number=complaint.number)
        talk.ask(WORDS, slot=f"words:{case.key}", ticket=complaint.number)
    return True


def words(talk: Talk) -> bool:
    """Free words belong to the case, and to the complaint where there is one, unless they are about something else."""
    case, _ = _asked(talk)
    question = talk.state.question
    talk.drop_question()
    if case is None or not talk.text or talk.intent in _ABOUT_ELSE:
        return False
    number = question.ticket if question else None
    if not _NOTHING.fullmatch(talk.text):
        answers.commented(talk.session, case, talk.typed[:500], at=talk.at)
    elif case.outcome is None:
        answers.well(talk.session, case, at=talk.at)
    if number is None:
        talk.say("plan.thanks")
        return True
    note(talk.session, find(talk.session, number), verb="comment", at=talk.at, actor=talk.actor,
         channel=talk.channel, text=talk.typed[:500])  # fmt: skip
    talk.say("plan.trouble_noted", number=number)
    return True


def _trouble(talk: Talk, case: FollowUp, told: str) -> None:
    ticket = answers.trouble(talk.session, talk.house, case, at=talk.at, actor=talk.actor, words=told)
    talk.say("plan.trouble", number=ticket.number)
    talk.ask(WORDS, slot=f"words:{case.key}", ticket=ticket.number)


def _next(talk: Talk, case: FollowUp, asked: str) -> None:
    following = answers.left_to_ask(talk.session, talk.house, case, asked)
    if following is None:
        _ends(talk, "plan.thanks")
        return
    talk.say(f"plan.ask_{following}")
    if following == "words":
        talk.ask(WORDS, slot=f"words:{case.key}")
    else:
        choices = choices_of(following, device=case.device_id is not None)
        talk.ask("plan", *choices, slot=f"{following}:{case.key}", person=False)


def _ends(talk: Talk, wording: str, **values: str) -> None:
    talk.drop_question()
    talk.say(wording, **values)


def _device(talk: Talk, case: FollowUp) -> str:
    device = answers.device_of(talk.session, case)
    if device is None:
        return talk.house.book.text("word.device", talk.language)
    return device_words(talk.house, device.category, device.brand, talk.language)


def _asked(talk: Talk) -> tuple[FollowUp | None, str]:
    name, _, key = (talk.state.question.slot or "" if talk.state.question else "").partition(":")
    return answers.case_of(talk.session, talk.customer, key), name
