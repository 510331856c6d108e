"""The answer to the slot that was asked for: taken, skipped, or found to be about something else."""

import re

from core.dialogue.cues import asks_how, symptom_of
from core.dialogue.facts import CORRECTION
from core.dialogue.talk import Talk
from core.dialogue.topics import flow
from core.dialogue.topics.direct import OUTRIGHT
from core.dialogue.topics.free import FREE, read_date
from core.dialogue.topics.intake import another_device
from core.dialogue.topics.items import named
from core.dialogue.topics.slot_question import is_optional
from core.dialogue.topics.slots import QUESTION_INTENTS, STEADY, keep_facts, keep_fault, longer_address
from core.dialogue.topics.stop import STOP, stop

_WAIT = re.compile(
    r"等(?:一?下|会|我)|稍等|我(?:先)?(?:去|来)?(?:找|看看|看一下|拿|翻|问)(?:看|找|一下|下)?|hold on|wait|let me check"
)
_UNKNOWN = re.compile(
    r"(?i)不知道|不清楚|不太清楚|忘了|忘记|记不|不记得|跳过|没找到|找不到|看不到|看不清|没有了?$|没了|不确定|不晓得|(?:do not|don't) know|not sure|no idea|forgot|skip|不晓得|随便|无$|下一个|不详|丢了|扔了"
)
_REFUSED = re.compile(r"不想|不方便|不愿|不给|保密|不说|凭什么|为什么要|不告诉|干嘛要")
_QUESTION = re.compile(r"[?？]|吗[。!！]?$|呢[。!！]?$|怎么|为什么|什么时候|多少钱|多久")
_POLITE = ("greet", "thanks", "goodbye")


def answer(talk: Talk) -> bool:
    """The answer to the slot that was asked, and whatever else the message tells."""
    question, state = talk.state.question, talk.state
    if question is None or state.form is None:
        return False
    if STOP.fullmatch(talk.text) or (talk.intent == "cancel_ticket" and not talk.facts.slots):
        stop(talk)
        return True
    if not talk.text or (
        talk.intent == "report_fault" and question.slot != "description" and another_device(talk)
    ):
        return False
    if _WAIT.search(talk.text) and not talk.facts.slots:
        talk.say("intake.wait")
        return True
    before = dict(state.slots)
    state.helped |= OUTRIGHT.search(talk.text) is not None
    if not _read(talk, question.slot or ""):
        return _wrong_item(talk)
    talk.drop_question()
    flow.acknowledge(talk, question.slot or "", before)
    flow.proceed(talk)
    return True


def _wrong_item(talk: Talk) -> bool:
    """电话错了, said while something else was asked."""
    return bool(CORRECTION.search(talk.text)) and named(talk)


def _read(talk: Talk, name: str) -> bool:
    """Read the answer to the slot asked for; False when the message is about something else."""
    facts, state = talk.facts, talk.state
    if name == "purchase_date" and name not in facts.slots:
        read_date(talk)
    if talk.intent == "report_fault" and _tells_fault(talk, name):
        keep_fault(talk)
        keep_facts(talk)
        return name != "description" or bool(state.slots.get("description"))
    # A device named in a question (空调保修几年) is no answer to what we asked.
    telling = {slot for slot in facts.slots if slot == name or slot not in (*STEADY, "ticket_no")}
    if _REFUSED.search(talk.text) and not facts.slots:
        return _skip(talk, name)
    if talk.intent in ("ask_contact", "ask_warranty_or_fee", "ask_howto") and name not in telling:
        keep_facts(talk)  # 最近的网点在哪，我在武侯区: both a fact and a question
        return False
    if telling or name in facts.problems or (facts.slots and talk.intent not in QUESTION_INTENTS):
        keep_facts(talk)
        return True
    if talk.chosen() == "skip" or _UNKNOWN.search(talk.text) or _REFUSED.search(talk.text):
        return _skip(talk, name)
    if talk.intent in _POLITE and talk.meaning.confidence >= 0.6:
        return False  # 你好 is no brand, and 谢谢 no organisation
    if talk.intent in QUESTION_INTENTS or (_QUESTION.search(talk.text) and talk.intent != "report_fault"):
        words = name == "description" and talk.intent not in QUESTION_INTENTS and not asks_how(talk.text)
        return words and _free(talk, name)
    return _free(talk, name) or bool(state.slots.get(name) and name in facts.slots)


def _tells_fault(talk: Talk, name: str) -> bool:
    """A fault told while something else was asked; its own words, not those of an answer to the question."""
    told = talk.meaning.symptom not in (None, "other") or name in ("category", "description")
    return (told and name not in talk.facts.slots) or (name == "category" and "category" in talk.facts.slots)


def _skip(talk: Talk, name: str) -> bool:
    """Optional facts are skipped at once, needed ones after we have said why we ask."""
    optional = is_optional(talk, name)
    if name == "description" and talk.state.slots.get("_vague_words"):
        talk.state.slots["description"] = talk.state.slots["_vague_words"]
        return True
    tried = f"_refused_{name}"
    if optional or talk.state.slots.get(tried):
        talk.state.skipped.append(name)
    else:
        talk.state.slots[tried] = True
        talk.say(f"why.{name}" if talk.house.book.has(f"why.{name}") else "why.default")
    return True


def _free(talk: Talk, name: str) -> bool:
    reader = FREE.get(name)
    value = reader(talk.text) if reader else None
    if value is None:
        return False
    talk.state.slots[name] = longer_address(talk, value) if name == "address" else value
    if name == "category":
        keep_fault(talk)
    if name == "description":
        told = symptom_of(talk.text) if talk.meaning.symptom in (None, "other") else talk.meaning.symptom
        if talk.state.slots.get("symptom") in (None, "other"):
            talk.state.slots["symptom"] = told or "other"
        talk.state.slots.setdefault("non_quality", talk.meaning.non_quality)
    return True
