"""What typing fingers and speech recognisers do to a sentence; no change moves an offset inside it."""

import random
from collections import defaultdict
from functools import lru_cache
from typing import Dict, List, Tuple

from .sounds import syllables

_OPENERS = ["嗯，", "那个，", "喂，", "你好，", "就是说", "呃", "请问一下，", "麻烦问下，", "师傅，", "哎呀，", "亲，", "那个那个",
            "我说，", "您好，", "啊，", "唉，", "客服，", "是这样的，", "我想问哈，", "帮我看哈，"]
# Characters that phones and recognisers put for each other; only sounds matter, so common ones will do.
_COMMON = ("的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所"
           "然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机"
           "十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话"
           "合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电"
           "数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光"
           "放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笔漏楼露修"
           "休秀坏怀冷愣热惹风疯封响想箱滴敌店点垫屏瓶平苹亮量凉凉按暗案调掉吊跳条挑网往忘望洗喜戏系烟言盐严研遥摇要药控空孔典殿淀缩锁鸡基饮银影脑恼净镜扇山善卓桌灶造躁膜磨芯新辛")

THINGS = ("product", "part")
OF_THINGS = 0.12  # so that the tagger meets 典视 and 空条 as products


@lru_cache(maxsize=1)
def _twins() -> Dict[str, List[str]]:
    """Character → other common characters that sound the same."""
    chars = sorted(set(_COMMON))
    groups = defaultdict(list)
    for char, sound in zip(chars, syllables("".join(chars))):
        groups[sound].append(char)
    return {c: [o for o in group if o != c] for group in groups.values() for c in group if len(group) > 1}


def misheard(text: str, entities: List[dict], chance: random.Random, share: float = 0.05) -> str:
    """Some characters outside names and numbers replaced by ones that sound the same; in products and parts more often."""
    if chance.random() < 0.45:
        return text
    shares = {at: OF_THINGS if e["entity"] in THINGS else 0.0 for e in entities for at in range(e["start"], e["end"])}
    twins = _twins()
    return "".join(chance.choice(twins[c]) if c in twins and chance.random() < shares.get(at, share) else c
                   for at, c in enumerate(text))


def spoken(text: str, chance: random.Random) -> Tuple[str, int]:
    """Perhaps with an opener, perhaps without marks; tells by how much everything moved right."""
    if chance.random() < 0.3:
        text = "".join(" " if c in "，。、！？；,!?" else c for c in text)
    opener = chance.choice(_OPENERS) if chance.random() < 0.2 and len(text) > 4 else ""
    return opener + text, len(opener)
