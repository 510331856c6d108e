"""Entities without the model: look-ups, shapes, and the few words that introduce names and addresses."""

import re
from dataclasses import dataclass
from functools import lru_cache

from core.dialogue.meaning import ENTITY_TYPES, Entity
from nlu.lookups import brands, products
from nlu.rasa.language.normalise import Normalised
from nlu.rasa.language.patterns import find_shapes
from nlu.rasa.language.words import Hit, Words

_SURNAMES = ("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范"
             "方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文")
_TITLE = "(?:先生|女士|小姐|老师|师傅|经理|阿姨|大爷|大姐|主任)"
_PERSON = re.compile(rf"(?:我叫|我的名字是|名字叫?|姓名|联系人|我是|称呼|叫我|我姓|免贵姓|姓)[是叫为:]?\s?([{_SURNAMES}]{_TITLE}|[{_SURNAMES}](?!什么)[\u4e00-\u9fff]{{1,2}}?(?=$|[,。;!\s0-9]|电话|手机|住|地址|的|家|,)|(?<=姓)[{_SURNAMES}])")
_BARE_PERSON = re.compile(rf"^([{_SURNAMES}][\u4e00-\u9fff]{{1,2}}|[{_SURNAMES}]{_TITLE})(?=$|[,。\s]\s?\d|[,。\s])")
_TITLED = re.compile(rf"([{_SURNAMES}]{_TITLE})")
_AREA = r"(?:[\u4e00-\u9fff]{2,7}?(?:省|自治区|市|自治州|州))?(?:[\u4e00-\u9fff]{2,6}?(?:区|县|市|旗))?"
_DOOR = (r"(?:[\u4e00-\u9fffa-z0-9-]{1,12}?(?:街道|镇|乡|村|大道|路|街|巷|道|胡同|里弄|社区|小区|花园|苑|城|园|广场|中心|大厦|公寓|家园|府|庭|湾|庄|学校|医院|"
         r"号院|组|段|号|栋|幢|座|单元|楼|室|层|门)){1,9}(?:[0-9a-z-]{1,9}(?:号|室|栋|楼|单元|幢)?)*")
_ADDRESS = re.compile(rf"(?:地址|住在|家住|住|搬到|在|位于|改成|送到|是)?[是为:在]{{0,2}}\s?((?:{_AREA}{_DOOR})|[\u4e00-\u9fff]{{2,6}}(?:市|县)[\u4e00-\u9fff]{{2,6}}(?:区|县|镇))")
_LIKELY = re.compile(r"^(?!.*(?:型号|单号|票号|编号|手机号|代码|几号))(?:.*[0-9一二三四五六七八九十]|.*[区县市镇乡].*[路街道村苑园城])")
_BOUGHT = re.compile(r"买|购|入手|发票|用了|到货|保修|装的|日期")
_AGO = re.compile(r"(?:买|购|用)了?(?:快|有|大概|差不多|刚)?[0-9一二两三四五六七八九十半几]{1,3}(?:年半|个半月|多年|个多月|年|个月|个星期|周|天)多?|(?:[0-9一二两三四五六七八九十半几]{1,3}(?:年|个月|周|天)(?:多)?(?:前|以前|之前))|刚买|上个月|这个月|上周")
_SCORE = re.compile(r"(?:非常|很|十分|比较|不太|不|基本|还算|特别|相当)?满意|[好差中]评|(?:⭐|★|🌟)+|(?<![a-z0-9])[1-5](?=$|[。!,])")
_ASKS_SCORE = re.compile(r"分|星|满意|评")


@dataclass(frozen=True)
class Found:
    """An entity with the shape or table it was found by."""

    kind: str
    entity: Entity


@lru_cache(maxsize=1)
def _words() -> Words:
    return Words(dict.fromkeys(products(), "product") | dict.fromkeys(brands(), "brand"))


def find_entities(norm: Normalised, original: str) -> list[Found]:
    """All entities in order, without overlaps; the first finder that claims a stretch has it."""
    taken, found = [False] * len(norm.text), []
    for hit in _candidates(norm.text):
        if hit.start < hit.end and not any(taken[hit.start : hit.end]):
            taken[hit.start : hit.end] = [True] * (hit.end - hit.start)
            kind = _resolved(hit, norm.text)
            if kind in ENTITY_TYPES:
                start, end = norm.original_span(hit.start, hit.end)
                found.append(Found(hit.kind, Entity(kind, original[start:end], start, end)))
    return sorted(found, key=lambda f: f.entity.start)


def _candidates(text: str) -> list[Hit]:
    shapes = find_shapes(text)
    firm = [h for h in shapes if h.kind in ("phone", "invoice_no", "ticket_no")]
    return [*firm, *_matches(_AGO, text, "purchase_date"), *_matches(_PERSON, text, "person"),
            *_addresses(text), *_words().find(text),
            *(h for h in shapes if h not in firm and h.kind != "number"),
            *_matches(_BARE_PERSON, text, "person"), *_matches(_TITLED, text, "person"),
            *(_matches(_SCORE, text, "score") if _ASKS_SCORE.search(text) or len(text) < 3 else [])]


def _addresses(text: str) -> list[Hit]:
    """Stretches that look like an address and are long enough to be one."""
    return [h for h in _matches(_ADDRESS, text, "address")
            if h.end - h.start >= 5 and _LIKELY.search(text[h.start : h.end])]


def _matches(expression: re.Pattern[str], text: str, kind: str) -> list[Hit]:
    return [Hit(*found.span(found.lastindex or 0), kind) for found in expression.finditer(text)]


def _resolved(hit: Hit, text: str) -> str:
    """Dates and times are of two kinds: when it was bought and when somebody comes."""
    if hit.kind == "date":
        around = text[max(hit.start - 8, 0) : hit.end + 8]
        past = re.match(r"20\d\d|[去前今]年|大前年|[12]\d年", text[hit.start : hit.end])
        return "purchase_date" if past or _BOUGHT.search(around) else "visit_time"
    return "visit_time" if hit.kind == "time" else hit.kind
