"""The fault in the customer's own words: what is left when the personal facts are taken out."""

import re

from core.dialogue.cues import symptom_of
from core.dialogue.dates import mentions_date
from core.dialogue.talk import Talk

_CLAUSES = re.compile(r"[,，。;；!！\n]+|\.(?=\s|$)")
_SPACED = re.compile(r"[,，。;；!！\s]+")  # Chinese has no spaces but between one thing and the next
# A number of the customer, with the word before it.
_NUMBER = re.compile(
    r"(?:(?:我的)?(?:联系)?(?:电话|手机号?|号码)(?:码)?(?:是|为)?[:： ]*)?(?<![A-Za-z\d-])(?:[\d幺一二两三四五六七八九零〇][\s-]?){7,}"
)
_WISH = re.compile(
    r"直接报修|(?:帮我|给我|我要|我想|想要|要|请|麻烦)?(?:登记|申请)?报修(?:一下)?|(?:请)?(?:派|叫|喊)(?:个|一?位|一?个)?(?:师傅|人)(?:来|上门)?(?:看|修|瞧)?(?:一下|看看)?|"
    r"^(?:你们?好|您好|喂|在吗|hello|hi|please help|请问|麻烦(?:你|您|一下)*|谢谢|帮帮忙|快点?|急急?)[啊呀哈了]*$",
    re.IGNORECASE,
)
_PERSONAL = re.compile(r"我叫|我是|姓名|联系人|我姓|称呼|名字|my name|i'?m\b|i am\b", re.IGNORECASE)
_BOUGHT = re.compile(r"买|购|入手|bought|purchased", re.IGNORECASE)
_VAGUE = re.compile(
    r"我要|我想|需要|想|请|帮我|帮忙|给我|一下|你好|您好|我们?家?|的|了|个|台|是|有|出|坏|问题|故障|毛病|报修|维修|修理|修|不好使|"
    r"不好用|不能用|用不了|用不成|不行|有点|好像|啊|吧|呀|呢|麻烦|新|买|这|那|刚|又|都|人|快|来|找|叫|派|师傅|上门|直接"
)


def told(talk: Talk) -> str:
    """The clauses that tell of the fault, joined; empty when there are none."""
    split = _SPACED if re.search(r"[\u4e00-\u9fff]", talk.text) else _CLAUSES
    text = _NUMBER.sub("，", talk.text)
    kept = [_WISH.sub("", clause).strip() for clause in split.split(text) if not _personal(talk, clause)]
    return "，".join(clause for clause in kept if len(clause) > 1)


def _personal(talk: Talk, clause: str) -> bool:
    """A clause that gives a phone number, a place, a name or a date, and no fault."""
    known = talk.facts.slots
    name, address = known.get("name"), known.get("address")
    if re.search(r"(?:[\d幺一二两三四五六七八九零〇][\s-]?){7,}", clause) or (
        address and (address in clause or clause in address)
    ):
        return True
    if symptom_of(clause) not in (None, "other"):
        return False
    if name and name in clause and (_PERSONAL.search(clause) or clause.strip() == name):
        return True
    if re.search(r"^\s*(?:发票|订单|小票)|型号|机型", clause):
        return True
    return bool(
        known.get("purchase_date") and _BOUGHT.search(clause) and mentions_date(clause) and len(clause) <= 14
    )


def is_vague(talk: Talk, words: str) -> bool:
    """空调坏了 says that something is wrong but not what."""
    if not words:
        return True
    if talk.meaning.symptom not in (None, "other") or talk.facts.slots.get("error_code"):
        return False
    for entity in talk.meaning.entities:
        words = words.replace(entity.value, "")
    category = talk.facts.slots.get("category")
    for known in (talk.facts.slots.get("brand"), talk.label("category", category) if category else None):
        words = words.replace(known or "\0", "")
    return len(re.sub(r"[\W_]", "", _VAGUE.sub("", words))) < 2
