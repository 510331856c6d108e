"""Which language the house speaks with this customer: guessed from plain English, or asked for."""

import re

from core.dialogue.english import is_english
from core.dialogue.talk import Talk
from core.dialogue.topics import flow

_ENGLISH = re.compile(
    r"^(?:in |speak |switch to )?english(?: please)?[.!]*$|^(?:说|用|切换)?(?:成|到)?英(?:文|语)[。!！]*$",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    r"^(?:in |speak |switch to )?chinese(?: please)?[.!]*$|^(?:说|用|切换)?(?:成|到)?(?:中文|汉语|普通话)[。!！]*$",
    re.IGNORECASE,
)


def guess(talk: Talk) -> None:
    """Plain English turns the house to English; a Chinese sentence that answers no question turns it back."""
    question = talk.state.question
    if talk.customer.language != "en":
        if is_english(talk.text) and len(talk.text) >= 4:
            talk.customer.language = "en"
    elif _chinese(talk.text) and (question is None or question.kind != "slot"):
        talk.customer.language = "zh"


def _chinese(text: str) -> bool:
    han = len(re.findall(r"[\u4e00-\u9fff]", text))
    return han >= 2 and han > len(re.findall(r"[A-Za-z]", text))


def asked(talk: Talk) -> bool:
    """English, 中文: the wish is granted, and the open question asked again in that language."""
    wish = "en" if _ENGLISH.match(talk.text) else "zh" if _CHINESE.match(talk.text) else None
    if wish is None:
        return False
    talk.customer.language = wish
    talk.say("language.switched")
    flow.ask_again(talk)
    return True
