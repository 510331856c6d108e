"""The answer to 都对吗: confirmed, corrected in a sentence, or item by item."""

import re

from core.dialogue.cues import symptom_of
from core.dialogue.facts import CORRECTION
from core.dialogue.forms import FORMS
from core.dialogue.talk import Talk
from core.dialogue.topics import filed, flow, slot_question, slots
from core.dialogue.topics.items import forget_and_ask, named
from core.dialogue.topics.stop import STOP, stop

YES = re.compile(
    r"(?:是的?|对的?|对了|好的?|嗯+|确认|确定|没错|正确|没问题|可以|行|ok|yes|提交|就这样|无误|确认提交|确认无误|都对|全对)"
    r"[,，。.!！吧啊呀的了呢 ]*",
    re.IGNORECASE,
)
_NO = re.compile(
    r"(?:不对|不是|错了?|有误|修改|改一下|要改|不正确|no|不行)[,，。.!！吧啊呀的了 ]*", re.IGNORECASE
)


def confirmed(talk: Talk) -> bool:
    """Filed, corrected or stopped; False for a message about something else."""
    choice = talk.chosen()
    if choice is None and slots.asks_aside(talk):
        return False
    changes = slots.keep_facts(talk) if choice is None else []
    if choice == "confirm" or (not changes and YES.fullmatch(talk.text)):
        talk.drop_question()
        filed.file_form(talk)
    elif slot_question.complain_about_problems(talk):
        pass
    elif changes:
        talk.say("intake.corrected", what=talk.listed(changes))
        flow.proceed(talk)
    elif choice is None and symptom_of(talk.text) not in (None, "other"):
        before = dict(talk.state.slots)
        slots.keep_fault(talk)
        flow.acknowledge(talk, "", before)
        flow.proceed(talk)
    elif choice is None and CORRECTION.search(talk.text) and named(talk):
        pass
    elif (
        choice == "correct"
        or _NO.fullmatch(talk.text)
        or (CORRECTION.search(talk.text) and talk.intent == "deny")
    ):
        _which_is_wrong(talk)
    elif STOP.fullmatch(talk.text) or talk.intent == "cancel_ticket":
        stop(talk)
    elif talk.intent == "affirm":
        talk.drop_question()
        filed.file_form(talk)
    else:
        return named(talk)
    return True


def _which_is_wrong(talk: Talk) -> None:
    names = [s.name for s in FORMS[talk.state.form or "repair"].slots if s.name in flow.READ_BACK][:9]
    talk.say("intake.which_is_wrong")
    talk.ask("correct", *((str(i), f"slot_{name}") for i, name in enumerate(names, start=1)))


def corrected(talk: Talk) -> bool:
    """A key names the wrong item; a sentence with the right fact is taken as it is."""
    choice = talk.chosen()
    if choice and choice.startswith("slot_"):
        return forget_and_ask(talk, choice.removeprefix("slot_"))
    if slots.keep_facts(talk):
        flow.proceed(talk)
        return True
    return named(talk)
