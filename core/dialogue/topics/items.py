"""The item of a form that a customer names as wrong: 电话错了, 地址不对."""

import re

from core.dialogue.talk import Talk
from core.dialogue.topics import slot_question

_SYNONYMS = {
    "phone": r"电话|手机|号码|phone|number",
    "name": r"姓名|名字|称呼|\bname",
    "address": r"地址|住址|门牌|address",
    "brand": r"品牌|牌子|brand",
    "model": r"型号|model",
    "purchase_date": r"购买时间|购买日期|买的时间|时间|日期|date",
    "description": r"故障|现象|描述|fault",
    "category": r"产品|电器|product|appliance",
}


def named_slot(talk: Talk) -> str | None:
    """The item a sentence names, in the customer's word for it."""
    named = (n for n, pattern in _SYNONYMS.items() if re.search(pattern, talk.text, re.IGNORECASE))
    return next(named, None)


def named(talk: Talk) -> bool:
    """电话错了 names the item without its new value."""
    named = named_slot(talk)
    return named is not None and forget_and_ask(talk, named)


def forget_and_ask(talk: Talk, name: str) -> bool:
    """One item is wrong: forget it, and ask for it as if it had never been told."""
    talk.state.slots.pop(name, None)
    if name in talk.state.skipped:
        talk.state.skipped.remove(name)
    slot_question.ask_for(talk, name)
    return True
