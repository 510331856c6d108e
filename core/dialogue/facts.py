"""The facts in one message, whatever was asked: several may come in one sentence, in any order."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import phonenumbers

from core.dialogue.choices import plain
from core.dialogue.dates import Purchase, mentions_date, purchase_date
from core.dialogue.english import CATEGORIES
from core.dialogue.english import found as found_in
from core.dialogue.lexicon import brand_of, category_of
from core.dialogue.meaning import Meaning
from core.dialogue.who import address_in, name_in

_SPOKEN = {"幺": "1", "一": "1", "二": "2", "两": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7"}
_SPOKEN |= {"八": "8", "九": "9", "零": "0", "〇": "0", "洞": "0", "拐": "7", "勾": "9"}
MOST_DIGITS = 11
_SPOKEN_RUN = re.compile(r"(?:[幺一二两三四五六七八九零〇洞拐勾\d][ -]?){7,}")
_PHONE_LIKE = re.compile(
    r"(?<![\dA-Za-z])(?:\+?86[\s-]?)?(1[\s-]?\d(?:[\s-]?\d){7,13}|0\d{2,3}[\s-]?\d{7,8})(?![\dA-Za-z])"
)
_LABELLED_PHONE = re.compile(
    r"(?:电话|手机号?|号码|联系方式)(?:码)?(?:是|为|:|改成|改为)?\s*(\d[\d\s-]{5,16}\d)"
)
_TICKET = re.compile(r"(?<!\d)(\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{4,6})(?!\d)")
_MODEL = re.compile(r"(?:型号|机型)(?:是|为|:)?\s*([A-Za-z0-9][A-Za-z0-9\-/().]{2,30})")
_MODEL_SHAPE = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Za-z0-9\-/().]*\d)(?=[A-Za-z0-9\-/().]*[A-Za-z])[A-Za-z][A-Za-z0-9\-/().]{4,30}"
)
_ERROR = re.compile(
    r"(?:代码|故障码?|报错?|显示|跳|出现|错误)[^A-Za-z0-9]{0,6}([A-Za-z]{1,2}-?\d{1,3}|\d{2,4})(?![A-Za-z0-9])"
)
_ANY_BRAND = re.compile(r"(?:^|的|是|家|[,，\s])([\u4e00-\u9fff]{2,4})牌(?![子照号])")
_WANTS = re.compile(
    r"退货退款|退货|退款|退机|换货|换新机|换(?:一)?台新的?|换个新的?|(?:给我|要求|想|要)换一台"
)
_DAY = "今天|明天|后天|大后天|今晚|明晚|(?:这|下)?(?:周|星期|礼拜)[一二三四五六日天末]|周末"
_PART = "早上|上午|中午|下午|傍晚|晚上"
_VISIT = re.compile(
    rf"(?:{_DAY})(?:的)?(?:{_PART})?(?:\d{{1,2}}[点:：]\d{{0,2}}(?:分|半)?)?|(?:{_PART})(?:\d{{1,2}}[点:：]\d{{0,2}}(?:分|半)?)?(?=来|上门|有空|在家|方便)"
)
# A day is a wish only beside words of coming; "今天突然不冷了" is not one.
_SUITS = re.compile(r"来|上门|有空|在家|方便|约|安排|派|改|推迟|提前|换|装|修(?!好|过|了)")
_INVOICE = re.compile(r"(?:发票|订单|小票|凭证)(?:号码?|编号)?(?:是|为|:)?\s*([A-Za-z0-9][A-Za-z0-9-]{5,30})")
CORRECTION = re.compile(
    r"不对|错了|不是(?!很|太|怎么)|改成|改为|更正|应该是|换成|改一下|搞错|写错|说错|弄错|打错|更改|\bwrong\b|\bshould be\b|\bnot\b.*\bbut\b"
)
# "不是格力是美的", "不是138…是139…": what is denied must not be read as said.
_DENIED = re.compile(r"不是(?:什么)?([^,，。;；是]{1,20}?)[,，]?(?:而是|应该是|应是|是)")


@dataclass
class Facts:
    """Slots read from a message, and what was said but cannot be right (``problems``: slot → key)."""

    slots: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    correction: bool = False


def read(meaning: Meaning, *, today: date) -> Facts:
    """Everything we can tell from one message; rules first, the model's entities where rules see nothing."""
    text = plain(meaning.text)[:2000]
    facts = Facts(correction=CORRECTION.search(text) is not None)
    rest = _phone(_DENIED.sub("是", text), facts)
    rest = _labelled(rest, facts)
    found, rest = address_in(rest, meaning)
    if found:
        facts.slots["address"] = found
    _purchase(rest, meaning, facts, today)
    name = name_in(rest, meaning, among_facts=bool({"phone", "address"} & set(facts.slots)))
    if name:
        facts.slots["name"] = name
    _device(rest, meaning, facts)
    _wishes(rest, meaning, facts)
    return facts


def spoken_digits(text: str) -> str:
    """幺三八… → 138…, only in runs long enough to be a number, and no further than the number goes."""
    return _SPOKEN_RUN.sub(lambda run: _figures(run[0]), text)


def _figures(run: str) -> str:
    """The first eleven of them as figures: in 18623456789四川 the 四 belongs to the province."""
    written, count = "", 0
    for character in run:
        figure = _SPOKEN.get(character, character)
        written += character if count >= MOST_DIGITS else figure
        count += figure.isdigit()
    return written


def phone_number(digits: str) -> str | None:
    """E.164 for a valid number as dialled in China, None otherwise (checked by phonenumbers)."""
    try:
        number = phonenumbers.parse(digits, "CN")
    except phonenumbers.NumberParseException:
        return None
    valid = phonenumbers.is_valid_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if valid else None


def _phone(text: str, facts: Facts) -> str:
    text = spoken_digits(text)
    found = list(_PHONE_LIKE.finditer(text)) or list(_LABELLED_PHONE.finditer(text))
    # "不是138…是139…": the last number is the one that holds.
    for match in reversed(found):
        digits = re.sub(r"[\s-]", "", match[1])
        if _TICKET.fullmatch(digits) and not digits.startswith("1"):
            continue
        number = phone_number(digits)
        if number:
            facts.slots["phone"] = number
            facts.problems.pop("phone", None)
            break
        facts.problems["phone"] = "problem.phone"
    for match in reversed(found):
        text = text[: match.start()] + "," + text[match.end() :]
    return text


def _labelled(text: str, facts: Facts) -> str:
    for slot, pattern in (("invoice_no", _INVOICE), ("model", _MODEL), ("ticket_no", _TICKET)):
        match = pattern.search(text)
        if match:
            facts.slots[slot] = match[1].upper() if slot == "model" else match[1]
            text = text[: match.start()] + "," + text[match.end() :]
    return text


def _purchase(text: str, meaning: Meaning, facts: Facts, today: date) -> None:
    said = meaning.first("purchase_date")
    bought = re.search(r"买|购|装的|用了|购机|入手|bought|purchased", text) is not None
    if not (said or (bought and (mentions_date(text) or text.isascii()))):
        return
    found = purchase_date(text if bought else str(said), today=today)
    keep_purchase(found, facts)


def keep_purchase(found: Purchase, facts: Facts) -> None:
    """Put a read purchase date among the facts, or its problem among the problems."""
    if found.day is not None:
        facts.slots["purchase_date"] = found.day.isoformat()
        facts.slots["purchase_precision"] = found.precision
    elif found.problem in ("future", "too_old"):
        facts.problems["purchase_date"] = f"problem.purchase_{found.problem}"


def _device(text: str, meaning: Meaning, facts: Facts) -> None:
    slots = facts.slots
    category = category_of(text) or category_of(meaning.first("product") or "") or found_in(CATEGORIES, text)
    brand = brand_of(text) or brand_of(meaning.first("brand") or "")
    error = _ERROR.search(text)
    code = meaning.first("error_code") or (error[1] if error else None)
    shape = _MODEL_SHAPE.search(text)
    model = meaning.first("model") or (shape[0] if shape else None)
    unknown = _ANY_BRAND.search(text) if not brand else None
    brand = brand or (unknown[1] if unknown else None)
    if category:
        slots["category"] = category
    if brand:
        slots["brand"] = brand
    if code:
        slots["error_code"] = code.upper().replace("-", "")
    if model and "model" not in slots and model.upper() != (code or "").upper() and brand_of(model) is None:
        slots["model"] = model.upper()


def _wishes(text: str, meaning: Meaning, facts: Facts) -> None:
    """What the customer wants done, and when it would suit."""
    wanted = _WANTS.search(text)
    if wanted:
        facts.slots["wants"] = wanted[0]
    said = _VISIT.search(text)
    time = meaning.first("visit_time") or (said[0] if said else None)
    if time and _SUITS.search(text):
        facts.slots["visit_time"] = time
