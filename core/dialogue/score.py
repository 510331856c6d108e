"""A score from 1 to 5, as it is typed or said: 5, 五分, 满分, 很满意; and several in one message."""

import re

_HAN = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
_DIGIT = re.compile(r"(?<![\d.])([1-5一二两三四五])\s*(?:分|星|颗星|个星)(?!钟|之)")
_BARE = re.compile(r"^\s*(?:我?[打给评]|选)?\s*([1-5一二两三四五])\s*[吧啊。.!！]*$")
# Longest cue first: 很不满意 holds 不满意, which holds 满意.
_WORDS = (
    (r"非常不满意|很不满意|极差|太差|非常差|差评|差劲|垃圾|一星", 1),
    (r"不太满意|不满意|不怎么样|较差|比较差", 2),
    (r"非常满意|很满意|十分满意|特别满意|超级满意|满分|五星|完美|百分百|太棒|非常好|很好|十分|100分", 5),
    (r"比较满意|还算满意|挺好|不错|满意|蛮好", 4),
    (r"一般|还行|凑合|马马虎虎|将就|中等", 3),
)
_ALL = re.compile(
    r"^(?:我|觉得|感觉|那|就|五项|5项|各项|每项|后面|其他|其它|剩下|剩余|其余|的)*(?:全都|全部|全|都|五项|5项|each|all)(?:是|给|打|评|选|of them|[:：\s])*(?=\S)",
    re.IGNORECASE,
)
_GAP = 6  # characters of a label between two scores: 组织5 过程4


def score_of(text: str) -> int | None:
    """The score a text gives, or None when it gives none."""
    match = _BARE.match(text) or _DIGIT.search(text)
    if match:
        return _HAN.get(match[1]) or int(match[1])
    return next((score for words, score in _WORDS if re.search(words, text)), None)


def scores_of(text: str, wanted: int) -> list[int]:
    """As many scores as are ``wanted``, given in one message: 都是五分, 5 4 5 4 5, 54545, 组织5 过程4 …; [] for anything else."""
    said = text.strip()
    if every := _ALL.match(said):
        score = score_of(said[every.end() :])
        return [score] * wanted if score is not None else []
    if wanted == 5 and re.fullmatch(r"[1-5]{5}", said):
        return [int(digit) for digit in said]
    numbers, gaps = re.findall(r"\d+(?:\.\d+)?", said), re.split(r"\d+(?:\.\d+)?", said)
    fits = len(numbers) == wanted >= 2 and all(number in tuple("12345") for number in numbers)
    return [int(number) for number in numbers] if fits and max(map(len, gaps)) <= _GAP else []
