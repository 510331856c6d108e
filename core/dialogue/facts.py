"""The facts in one message, whatever was asked: several may come in one sentence, in any order."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import phonenumbers

from core.dialogue.choices import plain
from core.dialogue.dates import Purchase, mentions_date, purchase_date
from core.dialogue.lexicon import brand_of, category_of, surnames
from core.dialogue.meaning import Meaning

_SPOKEN = {"幺": "1", "一": "1", "二": "2", "两": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7"}
_SPOKEN |= {"八": "8", "九": "9", "零": "0", "〇": "0", "洞": "0", "拐": "7", "勾": "9"}
_SPOKEN_RUN = re.compile(r"[幺一二两三四五六七八九零〇洞拐勾\d]{7,}")
_PHONE_LIKE = re.compile(r"(?<![\dA-Za-z])(?:\+?86[\s-]?)?(1[\s-]?\d(?:[\s-]?\d){7,10}|0\d{2,3}[\s-]?\d{7,8})(?![\dA-Za-z])")
_LABELLED_PHONE = re.compile(r"(?:电话|手机号?|号码|联系方式)(?:码)?(?:是|为|:|改成|改为)?\s*(\d[\d\s-]{5,16}\d)")
_TICKET = re.compile(r"(?<!\d)(\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{4,6})(?!\d)")
_MODEL = re.compile(r"(?:型号|机型)(?:是|为|:)?\s*([A-Za-z0-9][A-Za-z0-9\-/().]{2,30})")
_MODEL_SHAPE = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9\-/().]*\d)(?=[A-Za-z0-9\-/().]*[A-Za-z])[A-Za-z][A-Za-z0-9\-/().]{4,30}")
_ERROR = re.compile(r"(?:代码|故障码?|报错?|显示|跳|出现|错误)[^A-Za-z0-9]{0,6}([A-Za-z]{1,2}-?\d{1,3}|\d{2,4})(?![A-Za-z0-9])")
_INVOICE = re.compile(r"(?:发票|订单|小票|凭证)(?:号码?|编号)?(?:是|为|:)?\s*([A-Za-z0-9][A-Za-z0-9-]{5,30})")
_TITLE = "先生|女士|小姐|老师|阿姨|大爷|大叔|师傅|总"
_NAME_END = r"(?=$|[\s,，。.;；!！、\d]|电话|手机|地址|住|号码|联系)"
_NAME_LABEL = re.compile(
    rf"(?:我叫|叫我|姓名|名字|联系人|称呼)(?:是|叫|为|:|改成|改为)?\s*([\u4e00-\u9fff·]{{1,4}}?(?:{_TITLE})?){_NAME_END}"
)
_NAME_SELF = re.compile(rf"(?:我是|这里是|本人)([\u4e00-\u9fff]{{2,4}}?){_NAME_END}")
_NAME_SURNAME = re.compile(rf"(?:我姓|免贵姓|姓)([\u4e00-\u9fff]){_NAME_END}")
_ADDRESS_LABEL = re.compile(r"(?:地址|住址|家住|住在|我家在|家在|我在|搬到)(?:改成|改为|是|为|在|:)?\s*([\u4e00-\u9fff][^,，。;；\n]{3,60})")
_LEVEL, _ROAD = "省市区县州旗", "路街道巷村镇乡号栋幢座室组苑园楼弄里屯社"
_ADDRESS_AREA = re.compile(rf"[\u4e00-\u9fff]{{2,}}?[{_LEVEL}][^,，。;；\n\s]*?[{_ROAD}](?:[^,，。;；\n\s]*[{_ROAD}\d])?[^,，。;；\n\s]{{0,12}}")
_ADDRESS_ROAD = re.compile(
    r"[\u4e00-\u9fff]{2,}?(?:路|街|大道|巷|村|弄|小区|苑|花园)[\u4e00-\u9fff\w-]{0,8}?"
    r"[\d一二三四五六七八九十百]+(?:号|栋|幢|弄|组|室|单元|楼)[^,，。;；\n\s]{0,20}"
)
_ADDRESS_LEAD = re.compile(r"^(?:不对|错了|我们?家?(?:是)?住?在|我们?家?住?|住在?|在|地址|家里?在?|改成|改为|应该)?(?:是|为|:)?")
CORRECTION = re.compile(r"不对|错了|不是|改成|改为|更正|应该是|换成|改一下|搞错|写错|说错|弄错")


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
    rest = _phone(text, facts)
    rest = _labelled(rest, facts)
    rest = _address(rest, meaning, facts)
    _purchase(rest, meaning, facts, today)
    _person(rest, meaning, facts)
    _device(rest, meaning, facts)
    return facts


def spoken_digits(text: str) -> str:
    """幺三八… → 138…, only in runs long enough to be a number."""
    return _SPOKEN_RUN.sub(lambda run: "".join(_SPOKEN.get(c, c) for c in run[0]), text)


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


def _address(text: str, meaning: Meaning, facts: Facts) -> str:
    labelled = _ADDRESS_LABEL.search(text)
    match = _ADDRESS_AREA.search(text) or _ADDRESS_ROAD.search(text)
    value = match[0] if match else None
    if labelled and re.search(f"[{_LEVEL}{_ROAD}]", labelled[1]):
        value = labelled[1]
    if value is None:
        value = meaning.first("address")
        if value is None or len(value) < 4:
            return text
    start = text.find(value)
    address = _ADDRESS_LEAD.sub("", value).strip(" ,，:：")
    if len(address) >= 4 and not re.search(r"[吗?？]|怎么|什么", address):
        facts.slots["address"] = address
        return text if start < 0 else text[:start] + "," + text[start + len(value) :]
    return text


def _purchase(text: str, meaning: Meaning, facts: Facts, today: date) -> None:
    said = meaning.first("purchase_date")
    bought = re.search(r"买|购|装的|用了|购机|入手", text) is not None
    if not (said or (bought and mentions_date(text))):
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


def _person(text: str, meaning: Meaning, facts: Facts) -> None:
    surname = f"[{surnames()}]"
    for pattern in (_NAME_LABEL, _NAME_SELF):
        match = pattern.search(text)
        if match and re.match(surname, match[1]) and len(match[1]) >= 2:
            facts.slots["name"] = match[1]
            return
    titled = re.search(rf"(?<![\u4e00-\u9fff])(?:我是|我叫|联系)?({surname}[\u4e00-\u9fff]{{0,2}}?(?:{_TITLE})){_NAME_END}", text)
    if titled:
        facts.slots["name"] = titled[1]
        return
    bare = re.search(rf"(?:^|[,，\s]){surname}[\u4e00-\u9fff]{{1,2}}(?=$|[,，\s])", text)
    if bare and {"phone", "address"} & set(facts.slots) and "谢谢" not in bare[0]:
        facts.slots["name"] = bare[0].strip(" ,，\n")
        return
    match = _NAME_SURNAME.search(text)
    if match:
        facts.slots["name"] = match[1] + ("女士" if "女" in text else "先生" if "先生" in text else "")
        return
    person = meaning.first("person")
    # The model also marks people who are talked about; only a provided fact is the customer's own name.
    if person and meaning.intent == "provide_info" and re.match(surname, person):
        facts.slots["name"] = person


def _device(text: str, meaning: Meaning, facts: Facts) -> None:
    slots = facts.slots
    category = category_of(meaning.first("product") or "") or category_of(text)
    brand = brand_of(text) or brand_of(meaning.first("brand") or "")
    error = _ERROR.search(text)
    code = meaning.first("error_code") or (error[1] if error else None)
    shape = _MODEL_SHAPE.search(text)
    model = meaning.first("model") or (shape[0] if shape else None)
    if category:
        slots["category"] = category
    if brand:
        slots["brand"] = brand
    if code:
        slots["error_code"] = code.upper().replace("-", "")
    if model and "model" not in slots and model.upper() != (code or "").upper() and brand_of(model) is None:
        slots["model"] = model.upper()
    wanted = meaning.first("visit_time")
    if wanted:
        slots["visit_time"] = wanted
