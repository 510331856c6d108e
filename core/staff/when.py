"""When somebody will come, as staff type it: 11-28 14:00, 11月28日下午2点半, 明天 9:00, tomorrow 2pm. Nothing is guessed."""

import re
from datetime import date, datetime, time, timedelta

FURTHEST = timedelta(days=90)  # a date further off is a slip of the finger
EARLIEST = 6  # o'clock; "2:00" without 下午 is nobody's visit

_DAYS = {"今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2, "大后天": 3, "today": 0, "tomorrow": 1}
_DAY = re.compile(
    r"(?:(?P<word>大后天|后天|明天|明日|今天|今日|today|tomorrow)"
    r"|(?:(?P<year>20\d\d)[-/.年])?(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})(?:[日号]|(?!\d)))",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\s*[,，]?\s*(?:at\s+)?(?P<part>上午|早上|中午|下午|傍晚|晚上)?\s*(?P<hour>\d{1,2})"
    r"(?:(?P<colon>[:：.])(?P<minute>\d\d)|(?P<oclock>[点时])(?:(?P<half>半)|(?P<quarter>\d{1,2})分?)?)?"
    r"\s*(?P<half_day>am|pm)?(?![\d:])",
    re.IGNORECASE,
)
_AFTERNOON = ("下午", "傍晚", "晚上", "pm")
_MORNING = ("上午", "早上", "am")


def read_when(text: str, now: datetime) -> tuple[datetime | None, str]:
    """A moment at the beginning of ``text`` in the zone of ``now``, and what follows it; None when unclear or past."""
    day = _DAY.match(text)
    clock = _TIME.match(text, day.end()) if day else None
    if day is None or clock is None:
        return None, text
    at_day, at_time = _day(day, now.date()), _time(clock)
    if at_day is None or at_time is None:
        return None, text
    when = datetime.combine(at_day, at_time, now.tzinfo)
    if not now < when <= now + FURTHEST:
        return None, text
    return when, text[clock.end() :].strip(" ,，。;；到-~至")


def _day(match: re.Match[str], today: date) -> date | None:
    if match["word"]:
        return today + timedelta(days=_DAYS[match["word"].lower()])
    years = (int(match["year"]),) if match["year"] else (today.year, today.year + 1)
    for year in years:  # 01-05, said in December, and 02-29 are days of the next year
        try:
            found = date(year, int(match["month"]), int(match["day"]))
        except ValueError:
            continue
        if match["year"] or found >= today:
            return found
    return None


def _time(match: re.Match[str]) -> time | None:
    part = (match["part"] or match["half_day"] or "").lower()
    if not (match["colon"] or match["oclock"] or part):
        return None  # "11-28 14" may be anything
    hour = int(match["hour"])
    minute = 30 if match["half"] else int(match["minute"] or match["quarter"] or 0)
    if (part in _AFTERNOON and hour < 12) or (part == "中午" and hour < 3):
        hour += 12
    elif (part in (*_MORNING, "晚上") and hour == 12) or (part in _MORNING and hour > 12):
        return None  # 晚上12点 is the next day to some
    if hour < EARLIEST:
        return None
    return time(hour, minute) if hour < 24 and minute < 60 else None
