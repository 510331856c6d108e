"""Reading an order of staff: #2611220001 预约 11-28 14:00. A pure function; what is not clear is not an order."""

import re
import unicodedata
from dataclasses import dataclass

# Verb → the words for it. The longest word that fits counts.
WORDS = {
    "accept": ("接单", "接", "受理", "accept", "take"),
    "hand_up": ("转上级", "转领导", "上报", "升级", "hand up", "escalate"),
    "later": ("30分钟后", "三十分钟后", "半小时后", "稍后", "later", "snooze", "in 30 minutes", "30 min", "30min", "30m"),
    "dispatch": ("派工", "派单", "dispatch"),
    "appoint": ("预约", "改约", "约", "appointment", "appoint", "book"),
    "arrive": ("到场", "到达", "已到", "arrived", "arrive", "on site"),
    "wait_parts": ("等件", "等配件", "等待配件", "wait parts", "waiting for parts", "parts"),
    "to_centre": ("送修", "送维修中心", "to centre", "to center", "workshop"),
    "revisit": ("再次上门", "二次上门", "revisit"),
    "done": ("完成", "完工", "done", "finished"),
    "assign": ("改派", "转派", "转给", "reassign", "assign"),
    "sign": ("签收", "signed", "sign"),
    "cancel": ("取消", "cancel"),
    "close": ("关闭", "结案", "close"),
    "reopen": ("重新打开", "重开", "reopen"),
    "quote": ("报价", "quote"),
    "answer": ("回答", "答复", "answer"),
    "hand_over": ("转交", "hand over", "pass to"),
    "no_answer": ("不用答", "不用回答", "无需回答", "no answer"),
    "no_keep": ("不收录", "do not keep"),
    "keep": ("确认收录", "收录", "keep"),
}  # fmt: skip
HELP = ("帮助", "help", "?", "？", "怎么用")
LANGUAGES = {"english": "en", "en": "en", "中文": "zh", "chinese": "zh", "zh": "zh"}
MINE = ("我的工单", "mine", "my tickets")
# Verbs that are followed by a number or a name, so that no space is needed: 报价280, 改派李工.
_OBJECT = {
    "appoint": r"\d|明|今|后|大后",
    "quote": r"[\d¥￥]",
    "dispatch": r"\d",
    "assign": r"[^\s]",
    "answer": r"[^\s]",
    "hand_over": r"[^\s]",
}
_WORDS_FOLLOW = ("answer", "keep")  # what stands behind these is for a customer, as it was written
_NUMBER = re.compile(r"#?\s*(\d{10,14})(?!\d)")
_GAP = " \t\n,，。.、:：;；!！-—"
_WIDE = re.compile(r"[＃０-９Ａ-Ｚａ-ｚ\u3000\u00a0]")
_QUESTION = re.compile(r"[?？]\s*$|[吗么嘛呢]\s*[?？。.]*$")
_ALL = sorted(((word, verb) for verb, words in WORDS.items() for word in words), key=lambda p: -len(p[0]))


@dataclass(frozen=True)
class Command:
    """``verb`` is one of WORDS, or show, help, mine, language, unclear. ``rest`` is what follows it."""

    verb: str
    number: str = ""
    rest: str = ""


def folded(text: str) -> str:
    """＃２６ as #26, without what cannot be seen. Chinese punctuation stays: a note is read by customers."""
    narrow = ("".join(unicodedata.normalize("NFKC", c) if _WIDE.match(c) else c for c in text)).strip()
    return "".join(
        c for c in narrow if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co")
    ).strip()


def is_command(text: str) -> bool:
    """Whether this is meant as an order where customers' words arrive as well: it begins with #, ＃ or is a keyword."""
    words = folded(text)
    return words.startswith("#") or _keyword(words) in (Command("help"), Command("mine"))


def read(text: str) -> Command:
    """The order in a message. What cannot be read with certainty has the verb ``unclear``."""
    words = folded(text)
    if keyword := _keyword(words):
        return keyword
    match = _NUMBER.match(words)
    if match is None:
        return _verb_first(words)
    return _order(match[1], words[match.end() :].lstrip(_GAP))


def _keyword(words: str) -> Command | None:
    bare = words.lstrip("#").strip(" 。.!！").lower()
    if bare in LANGUAGES:
        return Command("language", rest=LANGUAGES[bare])
    return Command("help") if bare in HELP else Command("mine") if bare in MINE else None


def _verb_first(words: str) -> Command:
    """接单 #2611220001: a verb and nothing but the number."""
    match = re.fullmatch(r"(.{1,20}?)[\s,，:：]*#?\s*(\d{10,14})", words)
    command = _order(match[2], match[1].strip(_GAP)) if match else Command("unclear")
    return command if command.verb != "unclear" and not command.rest else Command("unclear", command.number)


def _order(number: str, written: str) -> Command:
    rest = written.strip(_GAP)
    if not rest:
        return Command("show", number)
    low = rest.lower()
    word, verb = next(((w, v) for w, v in _ALL if low.startswith(w)), ("", ""))
    tail = rest[len(word) :]
    asks = _QUESTION.search(rest) is not None and verb not in _WORDS_FOLLOW
    if not verb or asks or not _ends(verb, word, tail):
        return Command("unclear", number)
    if verb in _WORDS_FOLLOW:
        return Command(verb, number, written[len(word) :].strip(" \t\n:：,，"))
    tail = tail.removeprefix("了").strip(_GAP if verb not in ("quote", "appoint") else " \t\n,，:：")
    if tail.lower() in (one for one, _ in _ALL):  # 到场 完成: two orders in one
        return Command("unclear", number)
    return Command(verb, number, tail)


def _ends(verb: str, word: str, tail: str) -> bool:
    """Whether the verb's word ends here; 完成不了 is no order, 完成了 and 报价280 are."""
    if not tail or tail == "了" or tail[0] in _GAP or (tail[0] == "了" and tail[1:2] in tuple(_GAP)):
        return True
    return verb in _OBJECT and not word.isascii() and re.match(_OBJECT[verb], tail) is not None
