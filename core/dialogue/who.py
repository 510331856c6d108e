"""Who and where: the name and the address in a message, as people really write them."""

import re

from core.dialogue.lexicon import surnames
from core.dialogue.meaning import Meaning

_TITLE = "先生|女士|小姐|老师|阿姨|大爷|大叔|师傅|总"
_NAME_END = r"(?=$|[\s,，。.;；!！、\d]|电话|手机|地址|住|号码|联系|就行|就好|就可以|即可|吧|啊|呀)"
_NAME_LABEL = re.compile(
    rf"(?:我叫|叫我|(?<=[\s,，])叫|姓名|名字|联系人|称呼)(?:是|叫|为|:|改成|改为)?\s*([\u4e00-\u9fff·]{{1,4}}?(?:{_TITLE})?){_NAME_END}"
)
_NAME_SELF = re.compile(rf"(?:我是|这里是|本人)([\u4e00-\u9fff]{{2,4}}?){_NAME_END}")
_NAME_SURNAME = re.compile(rf"(?:我姓|免贵姓|姓)(?!名)([\u4e00-\u9fff]){_NAME_END}")
_ADDRESS_LABEL = re.compile(
    r"(?:地址|住址|家住|住在|我家在|家在|我在|搬到)(?:改成|改为|是|为|在|:)?\s*([\u4e00-\u9fff][^,，。;；\n]{3,60})"
)
_LEVEL, _ROAD = "省市区县州旗", "路街道巷村镇乡号栋幢座室组苑园楼弄里屯社"
_ADDRESS_AREA = re.compile(
    rf"[\u4e00-\u9fff]{{2,}}?[{_LEVEL}][^,，。;；\n\s]*?[{_ROAD}](?:[^,，。;；\n\s]*[{_ROAD}\d])?[^,，。;；\n\s]{{0,12}}"
)
_ADDRESS_ROAD = re.compile(
    r"[\u4e00-\u9fff]{2,}?(?:路|街|大道|巷|村|弄|小区|苑|花园)[\u4e00-\u9fff\w-]{0,8}?"
    r"[\d一二三四五六七八九十百]+(?:号|栋|幢|弄|组|室|单元|楼)[^,，。;；\n\s]{0,20}"
)
_ADDRESS_LEAD = re.compile(
    r"^(?:(?:对了|哦|噢|那个|不对|错了|我们?家?(?:是)?住?在|我们?家?住?|住在?|在|地址|家里?在?|改成|改为|应该)(?:是|为|:)?)*"
)
# An address is a place; these tell that something happens there, or that it is asked about.
_NOT_PLACE = re.compile(
    r"[吗?？了没不等买坏]|怎么|什么|哪|师傅|网点|附近|信号|型号|编号|维修点|上门|希望|上午|下午|晚上"
)
_AFTERWARDS = re.compile(r"(?:,|，)?(?:麻烦|谢谢|快点?来?|请|尽快|帮我|这边|那边|附近)+.*$")
NOT_NAMES = re.compile(
    r"谢谢|高兴|方便|时间|单位|古怪|平时|任何|常|成都|安装|万一|时候|都|和|[的在人来要想]$|[吗呢吧]|我|你|空调|电|机|器|师傅$|客服|^(?:高|常|成|安|全|那|白|应|何|满意|明白|明天|后天|昨天|周[一二三四五六日末])$"
)
_ENGLISH_NAME = re.compile(
    r"(?:my name is|my name's|name[:：]|i am|i'm|this is|call me)\s+(?!not|very|still|at\b|in\b|from\b|here|sorry|a\b|the\b|my\b)"
    r"([A-Za-z][A-Za-z'-]+(?: [A-Za-z][A-Za-z'-]+){0,2}?)(?=$|[,.;]|\s+(?:and|my|phone|tel|address|live)\b)",
    re.IGNORECASE,
)


_ENGLISH_ADDRESS = re.compile(
    r"(?:address(?: is)?[:：]?|live (?:at|in)|i'?m (?:at|in))\s+(.{6,80})|"
    r"((?:no\.?\s*)?\d[\w-]*,?\s+[a-z ]{2,40}(?:road|street|avenue|lane|district|ave|rd|st)\b.{0,60})",
    re.IGNORECASE,
)


def address_in(text: str, meaning: Meaning) -> tuple[str | None, str]:
    """The address a message gives, and the message without it."""
    labelled = _ADDRESS_LABEL.search(text)
    match = _ADDRESS_AREA.search(text) or _ADDRESS_ROAD.search(text)
    value = match[0] if match else None
    if labelled and re.search(f"[{_LEVEL}{_ROAD}]", labelled[1]) and not _NOT_PLACE.search(labelled[1]):
        value = labelled[1]
    said = meaning.first("address")
    value = value or (said if said and (re.search(f"[{_LEVEL}{_ROAD}]", said) or said.isascii()) else None)
    english = None if value else _ENGLISH_ADDRESS.search(text)
    if english:
        said = (english[1] or english[2]).strip(" .")
        return said, text.replace(said, ",")
    if value is None or len(value) < 4:
        return None, text
    start = text.find(value)
    address = _AFTERWARDS.sub("", _ADDRESS_LEAD.sub("", value)).strip(" ,，:：")
    if len(address) < 4 or _NOT_PLACE.search(address):
        return None, text
    return address, text if start < 0 else text[:start] + "," + text[start + len(value) :]


def name_in(text: str, meaning: Meaning, *, among_facts: bool) -> str | None:
    """The customer's name; a bare one only beside a phone number or an address (``among_facts``)."""
    english = _ENGLISH_NAME.search(text)
    if english:
        return english[1]
    for read in (_introduced, _titled, _bare if among_facts else None, _surname):
        name = read(text) if read else None
        if name:
            return name
    # The model also marks people who are talked about; only a provided fact is the customer's own name.
    person = meaning.first("person")
    mine = meaning.intent == "provide_info" and person and person[0] in surnames()
    return person if mine and person and is_name(person) else None


def is_name(text: str) -> bool:
    """A Chinese name or a name with a title: 王芳, 欧阳修文, 李女士, 小王."""
    if not re.fullmatch(r"[\u4e00-\u9fff·]{1,6}", text) or NOT_NAMES.search(text):
        return False
    return text.lstrip("小老阿")[:1] != "" and text.lstrip("小老阿")[0] in surnames()


def _introduced(text: str) -> str | None:
    for pattern in (_NAME_LABEL, _NAME_SELF):
        match = pattern.search(text)
        if match and len(match[1]) >= 2 and is_name(match[1]):
            return match[1]
    return None


def _titled(text: str) -> str | None:
    pattern = rf"(?<![\u4e00-\u9fff])(?:我是|我叫|联系)?([{surnames()}][\u4e00-\u9fff]{{0,2}}?(?:{_TITLE})){_NAME_END}"
    match = re.search(pattern, text)
    return match[1] if match else None


def _bare(text: str) -> str | None:
    match = re.search(rf"(?:^|[,，\s])([{surnames()}][\u4e00-\u9fff]{{1,2}})(?=$|[,，\s。])", text)
    return match[1] if match and is_name(match[1]) else None


def _surname(text: str) -> str | None:
    match = _NAME_SURNAME.search(text)
    if match is None:
        return None
    return match[1] + ("女士" if "女" in text else "先生" if "先生" in text else "")
