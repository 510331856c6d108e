"""The commonest ways to name a month or a year, read without the big date parser, which takes milliseconds."""

import re
from datetime import date

from core.service.warranty import add_months

Read = tuple[date, str]  # the first day it can mean, and how exactly it was said: month or year

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_ENGLISH = re.compile(
    r"\b(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?,?\s+(?:of\s+)?(\d{4}|last year|this year)"
    r"|(last|this) year|(\d+|one|two|three|four|five|six|a)\s+(year|month)s?\s+ago|(?:in|since|from)\s+(\d{4})\b",
    re.IGNORECASE,
)
_COUNT = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}

_YEARS_BACK = {"今年": 0, "去年": 1, "前年": 2, "大前年": 3}
_MONTH = r"(十[一二]?|[一二三四五六七八九]|\d{1,2})月份?"
_YEAR_MONTH = re.compile(
    rf"(大前年|前年|去年|今年|(?<![\dA-Za-z-])(?:19|20)\d{{2}}(?:年|(?![\dA-Za-z号栋])))(?:的)?(?:{_MONTH})?"
)
_MONTH_ONLY = re.compile(rf"(?<![\d个年]){_MONTH}")
# A feast or a season is for the parser, and so is a day of the month.
_FINER = re.compile(
    r"国庆|春节|元旦|五一|六一|双|618|六一八|底|初|[春夏秋冬]|半年|月(?:份)?[\d一二三四五六七八九十]|[日号天]"
)
_HAN = "零一二三四五六七八九十"


def english_date(text: str, today: date) -> Read | None:
    """May 2024, last year, two years ago, in 2021."""
    match = _ENGLISH.search(text)
    if match is None:
        return None
    month, year, which, count, unit, bare = (group.lower() if group else None for group in match.groups())
    if count and unit:
        months = (_COUNT.get(count) or int(count)) * (12 if unit == "year" else 1)
        return add_months(today, -months), "month" if months < 24 else "year"
    said = year or bare or f"{which} year"
    number = int(said) if said.isdigit() else today.year - said.startswith("last")
    if month is None:
        return date(number, 1, 1), "year"
    return date(number, _MONTHS.index(month[:3]) + 1, 1), "month"


def year_and_month(text: str, today: date) -> Read | None:
    """去年五月, 2023年, 前年, and a bare 三月, which is the last one gone by."""
    if _FINER.search(text):
        return None
    match = _YEAR_MONTH.search(text)
    if match is None:
        bare = _MONTH_ONLY.search(text)
        month = _month(bare[1]) if bare else None
        return None if month is None else (date(today.year - (month > today.month), month, 1), "month")
    year = today.year - _YEARS_BACK[match[1]] if match[1] in _YEARS_BACK else int(match[1][:4])
    if match[2] is None:
        return date(year, 1, 1), "year"
    month = _month(match[2])
    return None if month is None else (date(year, month, 1), "month")


def _month(text: str) -> int | None:
    number = int(text) if text.isdigit() else sum(_HAN.index(character) for character in text)
    return number if 1 <= number <= 12 else None
