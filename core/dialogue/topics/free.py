"""Answers in free words, read for the slot that was asked; what is no answer to it is None."""

import re
import unicodedata
from collections.abc import Callable

from core.dialogue.dates import purchase_date
from core.dialogue.facts import keep_purchase, phone_number
from core.dialogue.talk import Talk
from core.dialogue.who import NOT_NAMES, is_name

_CALLED = re.compile(
    r"^(?:我叫|我是|叫我|叫|我姓|姓|名字是?|姓名是?|my name is|i'm|i am)[:：\s]*|[。.!！,，]+$", re.IGNORECASE
)
# 阿卜杜热合曼·买买提艾力, with whichever dot their keyboard has.
_DOTTED = re.compile(r"[\u4e00-\u9fff]{2,12}(?:[·•・‧∙⋅.][\u4e00-\u9fff]{1,12}){1,3}")
# Whose surname we do not know says so in full: 我叫热依扎.
_SAID_SO = re.compile(
    r"(?:我叫|名字是|姓名是?)[:：\s]*((?!.*(?:什么|[啥谁不没了去过]))[\u4e00-\u9fff]{2,6})[。.!！,，]*"
)
_BETWEEN_HAN = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")  # 王 五, as on lists


def _name(text: str) -> str | None:
    said = _BETWEEN_HAN.sub("", _CALLED.sub("", text).strip())
    if is_name(said):
        return said
    if _DOTTED.fullmatch(said):
        return re.sub(r"[•・‧∙⋅.]", "·", said)
    if (in_full := _SAID_SO.fullmatch(text)) and not NOT_NAMES.search(in_full[1]):
        return in_full[1]
    if re.fullmatch(r"[A-Za-z][A-Za-z .'-]{1,39}", said):
        return said if said.lower() not in _NOT_NAMES else None
    return said if _other_script(said) else None


def _other_script(said: str) -> bool:
    """Letters that are neither Latin nor Chinese: nothing else is asked for in them."""
    letters = [c for c in said if not c.isspace()]
    foreign = all(
        unicodedata.category(c)[0] in "LM" and not unicodedata.name(c, "").startswith(("CJK", "LATIN"))
        for c in letters
    )
    return 2 <= len(letters) <= 40 and foreign


_NOT_NAMES = {
    "hello",
    "hi",
    "ok",
    "okay",
    "help",
    "yes",
    "no",
    "not sure",
    "skip",
    "thanks",
    "thank you",
    "why",
}


def _address(text: str) -> str | None:
    said = re.sub(r"^(?:我?家?的?地址是?|我?家?住?在)[:：\s]*", "", text)
    han = len(re.findall(r"[\u4e00-\u9fff]", said))
    return said[:120] if len(said) >= 4 and (han >= 3 or re.search(r"[A-Za-z]{3,}", said)) else None


def _model(text: str) -> str | None:
    match = re.search(r"(?=[A-Za-z\-/().]*\d)[A-Za-z0-9][A-Za-z0-9\-/().]{2,30}", text)
    return match[0].upper() if match else None


def _invoice(text: str) -> str | None:
    match = re.search(r"[A-Za-z0-9][A-Za-z0-9-]{3,30}", text)
    return match[0] if match else None


def _short(text: str) -> str | None:
    said = re.sub(r"^(?:是|就是|品牌是?|牌子是?)|[的牌。.!！]+$", "", text)
    if re.search(r"[咋怎啥吗呢不没修弄整办搞]|什么|哪", said):
        return None
    return said if 1 <= len(said) <= 12 and re.search(r"[\u4e00-\u9fffA-Za-z]", said) else None


def _words(text: str) -> str | None:
    return text[:1000] if len(re.sub(r"[\W\d_]", "", text)) >= 2 else None


def _phone(text: str) -> str | None:
    return phone_number(re.sub(r"[^\d+]", "", text)) if re.search(r"\d{7,}", text) else None


# A thing we have no word for is an appliance all the same.
_THING = re.compile(
    r"^其[它他]|^别的|(?:机|器|仪|灯|扇|锅|炉|箱|柜|泵|灶|椅|表|秤|机器人|设备)(?:坏|不|有|没|$)|(?:other|machine|device)s?$",
    re.I,
)


FREE: dict[str, Callable[[str], str | None]] = {
    "name": _name,
    "phone": _phone,
    "address": _address,
    "model": _model,
    "brand": _short,
    "invoice_no": _invoice,
    "description": _words,
    "visit_time": lambda text: text[:60] if len(text) >= 2 else None,
    "organisation": lambda text: text[:80] if len(re.sub(r"[\W\d_]", "", text)) >= 2 else None,
    "category": lambda text: "other" if _THING.search(text) else None,
}


def read_date(talk: Talk) -> None:
    """The date of purchase in an answer: 去年三月 needs no 买 where the date is what was asked for."""
    keep_purchase(purchase_date(talk.text, today=talk.house.local(talk.at).date()), talk.facts)


def read_free(name: str, talk: Talk) -> str | None:
    """An answer in free words to the question for this slot."""
    if name == "purchase_date":
        read_date(talk)
        return talk.facts.slots.get(name)
    reader = FREE.get(name)
    return reader(talk.text) if reader else None
