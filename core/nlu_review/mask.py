"""Personal data out of a sentence, with a mark in its place that says what stood there."""

import re

from core.dialogue.meaning import Entity, Meaning

PERSONAL = ("phone", "address", "person", "invoice_no", "ticket_no")
MARK = re.compile(f"〔({'|'.join(PERSONAL)})〕")
# What no entity covers: any long run of digits, an e-mail address, and who says "I am called".
_NUMBER = re.compile(r"\+?[\d０-９一二三四五六七八九零〇幺](?:[-\s]?[\d０-９一二三四五六七八九零〇幺]){6,}")
_MAIL = re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.]+")
_NAME = re.compile(
    r"((?:我叫|我是|叫我|联系人|名字是?|姓名)[是:：]?\s?)(?!什么|谁|你|他|说|想|要|不|在|来)[\u4e00-\u9fff]{2,3}(?=$|[,，。;；!！\s\d〔])"
)
# A street with a number, told in a sentence that was not understood.
_STREET = re.compile(
    r"(?:[\u4e00-\u9fff]{2,}?[省市区县旗州])*[\u4e00-\u9fff]{1,8}?[路街道巷弄村镇乡苑园][\u4e00-\u9fffA-Za-z]{0,6}?\d+[号栋幢弄组]?(?:[\dA-Za-z-]+(?:单元|[号栋幢楼层室])?)*"
)


def masked(meaning: Meaning) -> str:
    """The sentence of a meaning without personal data."""
    text = meaning.text
    for entity in sorted(meaning.entities, key=_start, reverse=True):
        if entity.type in PERSONAL:
            text = f"{text[: entity.start]}〔{entity.type}〕{text[entity.end :]}"
    return masked_text(text)


def masked_text(text: str, *known: tuple[str, str | None]) -> str:
    """Any words without personal data; ``known`` are (kind, value) pairs that the ticket holds."""
    for kind, value in known:
        if value and len(value) >= 2:
            text = text.replace(value.removeprefix("+86"), f"〔{kind}〕")
    for found, kind in ((_MAIL, "person"), (_STREET, "address"), (_NUMBER, "phone")):
        text = found.sub(f"〔{kind}〕", text)
    return _NAME.sub(r"\1〔person〕", text)


def _start(entity: Entity) -> int:
    return entity.start
