"""Purchase dates as people say them: 去年三月, 买了两年, 2023.5.1. Always read back before they count."""

import contextlib
import io
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from core.dialogue.easy_dates import english_date, year_and_month
from core.service.warranty import add_months

_HAN = "零一二三四五六七八九十"
_AGO = re.compile(
    r"(?:买了|用了|使用了|装了|购买了|有)?(半|[一二两三四五六七八九十]+|\d{1,2})(个月|个多月|年|年多)(半|多)?"
    r"(?:了|以?前|左右|吧|多)*"
)
_DAYS_AGO = re.compile(r"([一二两三四五六七八九十]+|\d{1,3})\s*(天|周|个?星期|个?礼拜)(?!上门|来)")
_FULL = re.compile(r"(19|20)(\d{2})\s*[-./年]\s*(\d{1,2})(?:\s*[-./月]\s*(\d{1,2})\s*[日号]?)?")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)")
_RELATIVE = {
    "今天": 0,
    "昨天": 1,
    "前天": 2,
    "上周": 7,
    "上星期": 7,
    "上个星期": 7,
    "刚买": 0,
    "才买": 0,
    "上个月": 30,
    "上月": 30,
}
_COMING = re.compile(r"明年|后年|下个?月|下周|下星期|明天|后天|next (?:year|month|week)", re.IGNORECASE)
_SAID = re.compile(
    r"(?:19|20)?\d{2}年|(?:19|20)\d{2}[-./]\d{1,2}|去年|前年|大前年|今年|年前|个月前|上个?月|双十一|双11|国庆|"
    r"五一|六一八|618|年底|年初|[一二三四五六七八九十\d]+月|刚买|才买|昨天|前天|今天|上周|买了|用了"
)


@dataclass(frozen=True)
class Purchase:
    """A date with its precision (day, month, year), or what is wrong with it (future, too_old, unclear)."""

    day: date | None = None
    precision: str = "day"
    problem: str | None = None


def mentions_date(text: str) -> bool:
    """Whether anything in it may be a date."""
    return _SAID.search(text) is not None


def purchase_date(text: str, *, today: date) -> Purchase:
    """Read a purchase date; a date in the future or before 1980 comes back as a problem, never as a date."""
    if _COMING.search(text):
        return Purchase(problem="future")
    try:
        found = _found(text, today)
    except (ValueError, OverflowError):  # 三五年, the year 0, a thousand years ago
        found = None
    if found is None or found.day is None:
        return found or Purchase(problem="unclear")
    if found.day > today:
        return Purchase(problem="future")
    return Purchase(problem="too_old") if found.day.year < 1980 else found


def _found(text: str, today: date) -> Purchase | None:
    """The first reading that fits, the cheap and certain ones first."""
    easy = english_date(text, today) or year_and_month(text, today)
    return (
        _exact(text)
        or (Purchase(*easy) if easy else None)
        or _relative(text, today)
        or _parsed(text, today)
        or _ago(text, today)
    )


def _exact(text: str) -> Purchase | None:
    match = _COMPACT.search(text)
    if match:
        return _make(int(match[1]), int(match[2]), int(match[3]))
    match = _FULL.search(text)
    if match is None:
        return None
    return _make(int(match[1] + match[2]), int(match[3]), int(match[4]) if match[4] else None)


def _make(year: int, month: int, day: int | None) -> Purchase:
    try:
        return Purchase(date(year, month, day or 1), "day" if day else "month")
    except ValueError:
        return Purchase(problem="unclear")


def _relative(text: str, today: date) -> Purchase | None:
    days_ago = _DAYS_AGO.search(text)
    if days_ago:
        count = _number(days_ago[1]) * (1 if days_ago[2] == "天" else 7)
        return Purchase(today - timedelta(days=count))
    for word, days in _RELATIVE.items():
        if word in text and not (days == 0 and _AGO.search(text)):  # 才买半年 is half a year
            return Purchase(today - timedelta(days=days), "month" if days == 30 else "day")
    return None


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, _, ones = text.replace("两", "二").rpartition("十")
    if "十" not in text:
        return _HAN.index(ones) if ones else 0
    return (_HAN.index(tens) if tens else 1) * 10 + (_HAN.index(ones) if ones else 0)


def _ago(text: str, today: date) -> Purchase | None:
    match = _AGO.search(text)
    if match is None:
        return None
    per_unit = 12 if match[2].startswith("年") else 1
    months = per_unit // 2 if match[1] == "半" else _number(match[1]) * per_unit
    months += per_unit // 2 if match[3] == "半" else 0
    day = add_months(today, -months)
    return Purchase(day, "month" if months < 24 else "year")


@cache
def _parser() -> Any:
    with contextlib.redirect_stdout(io.StringIO()):  # jionlp greets on stdout, which is ours for JSON
        import jionlp
    return jionlp.parse_time


def _parsed(text: str, today: date) -> Purchase | None:
    match = re.search(
        r"((?:大?前年|去年|今年|(?:19|20)?\d{2}年)(?:[一二三四五六七八九十\d]{1,3}月份?)?(?:[一二三四五六七八九十\d]{1,3}[日号])?"
        r"(?:的)?(?:国庆|春节|五一|双十一|双11|年底|年初|夏天|冬天|春天|秋天|上半年|下半年)?)",
        text,
    )
    if match is None:
        match = re.search(
            r"(?<![\d个])([一二三四五六七八九十\d]{1,2}月份?(?:[一二三四五六七八九十\d]{1,3}[日号])?)", text
        )
    if match is None:
        return None
    base = {"year": today.year, "month": today.month, "day": today.day}
    try:
        start, end = _parser()(match[1].replace("份", ""), time_base=base)["time"]
    except (ValueError, KeyError, TypeError):
        return None
    first, last = date.fromisoformat(start[:10]), date.fromisoformat(end[:10])
    span = (last - first).days
    if first > today and not re.search(r"年", match[1]):
        first = add_months(first, -12)  # "五月买的" said in March means last May
    return Purchase(first, "day" if span == 0 else "month" if span < 32 else "year")
