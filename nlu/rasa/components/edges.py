"""Where an entity ends, for the cases that the random field has seen too seldom."""

import re
from typing import List, Tuple

Span = Tuple[int, int, str]
# 以后 belongs to the time in most of the training data; 之后, 之前 and 前 do not.
_ABOUT = re.compile("以后|左右|前后")
_BETWEEN = re.compile("(?:[,.。 ]*(?:搬|移|迁|挪|转|拆|装)[机家迁装]{0,2})?[到去]|->|→")
_SHORTEST = 3  # characters of an address


def trimmed(text: str, start: int, end: int, kind: str) -> List[Span]:
    """The tagged stretch of a normalised text as one or more spans."""
    if kind == "visit_time":
        after = _ABOUT.match(text, end)
        return [(start, after.end() if after else end, kind)]
    return _places(text, start, end) if kind == "address" else [(start, end, kind)]


def _places(text: str, start: int, end: int) -> List[Span]:
    """Two addresses where one is left for the other: 武侯区簇桥搬到双流航空港."""
    for between in _BETWEEN.finditer(text, start, end):
        if between.start() - start >= _SHORTEST and end - between.end() >= _SHORTEST:
            return [(start, between.start(), "address"), (between.end(), end, "address")]
    return [(start, end, "address")]
