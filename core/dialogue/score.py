"""A score from 1 to 5, as it is typed or said: 5, 五分, 满分, 很满意."""

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


def score_of(text: str) -> int | None:
    """The score a text gives, or None when it gives none."""
    match = _BARE.match(text) or _DIGIT.search(text)
    if match:
        return _HAN.get(match[1]) or int(match[1])
    return next((score for words, score in _WORDS if re.search(words, text)), None)
