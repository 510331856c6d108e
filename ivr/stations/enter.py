"""Numbers by key: read back digit by digit, and used only when the caller has said that they are right."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from core.dialogue.facts import phone_number, spoken_digits
from ivr.callbacks import promise_call
from ivr.heard import Heard
from ivr.line import Line, Words
from ivr.question import answered, asked, everywhere, listening, no_answer, otherwise
from ivr.speak import Gather, Speak
from ivr.spoken import digits
from ivr.station import Missed


@dataclass(frozen=True)
class Entry:
    """``reads`` checks what was keyed, ``words`` makes of it what the dialogue is told."""

    reads: Callable[[Line, str], str | None]
    words: Callable[[Line, str], str]


def _phone(_line: Line, keyed: str) -> str | None:
    number = phone_number(keyed)
    return keyed if number else None


def _ticket(_line: Line, keyed: str) -> str | None:
    return keyed if re.fullmatch(r"\d{2}(?:0[1-9]|1[0-2])\d{6,8}", keyed) else None


def _month(line: Line, keyed: str) -> str | None:
    """202305; 0523 or 2305 could be either, so the year has four digits."""
    match = re.fullmatch(r"(19[89]\d|20\d\d)(0[1-9]|1[0-2])", keyed)
    today = line.house.local(line.at).date()
    if match is None or date(int(match[1]), int(match[2]), 1) > today:
        return None
    return keyed


def _day(line: Line, keyed: str) -> str | None:
    """1203 is the next 3rd of December."""
    match = re.fullmatch(r"(\d\d)(\d\d)", keyed)
    if match is None:
        return None
    today = line.house.local(line.at).date()
    try:
        found = date(today.year, int(match[1]), int(match[2]))
    except ValueError:
        return None
    return keyed if found >= today or found.month < today.month else None


def _code(_line: Line, keyed: str) -> str | None:
    return keyed if re.fullmatch(r"\d{4,8}", keyed) else None


def _training(_line: Line, keyed: str) -> str | None:
    return keyed if re.fullmatch(r"\d{4,6}", keyed) else None


ENTRIES = {
    "code": Entry(_code, lambda line, keyed: keyed),
    "training": Entry(_training, lambda line, keyed: f"PX{keyed}"),
    "phone": Entry(_phone, lambda line, keyed: keyed),
    "ticket": Entry(_ticket, lambda line, keyed: line.text("voice.words.ticket", number=keyed)),
    "month": Entry(
        _month, lambda line, keyed: line.text("voice.words.month", year=keyed[:4], month=int(keyed[4:]))
    ),
    "day": Entry(
        _day, lambda line, keyed: line.text("voice.words.day", month=int(keyed[:2]), day=int(keyed[2:]))
    ),
}


class EnterStation:
    """``data``: what (a key of ENTRIES), choices of the dialogue's question, purpose where it is not for it."""

    def ask(self, line: Line) -> Speak:
        what = line.state.data["what"]
        text = line.text(f"voice.enter.{what}")
        for key, value in line.state.data.get("choices", []):
            text += line.text("voice.enter.choice", label=line.label("choice", value), digit=key)
        gather = listening(line, one=False)
        return asked(line, text, Gather(False, True, gather.timeout, gather.hints))

    def take(self, line: Line, heard: Heard) -> Words | None:
        what = line.state.data["what"]
        if heard.keys in [key for key, _ in line.state.data.get("choices", [])]:
            return Words(heard.keys)
        if len(heard.keys) <= 1:
            meant, words = everywhere(line, heard)
            if meant:
                return words
        spoken = re.sub(r"[^\d]", "", spoken_digits(heard.speech)) if heard.speech else ""
        keyed = heard.keys or spoken
        value = ENTRIES[what].reads(line, keyed) if keyed.isdigit() else None
        if value is None and heard.speech and not spoken:
            return answered(line, heard)
        if value is None:
            if keyed:
                line.say(f"voice.enter.{what}.wrong")
            raise Missed
        line.go("check", **{**line.state.data, "value": value})
        return None


def _use(line: Line, data: dict[str, str]) -> Words | None:
    if data.get("purpose") == "callback":
        promise_call(line, phone_number(data["value"]))
        return None
    return Words(ENTRIES[data["what"]].words(line, data["value"]))


class CheckStation:
    """1 确认, 2 重输."""

    def ask(self, line: Line) -> Speak:
        value = line.state.data["value"]
        text = line.text("voice.check", value=digits(value) if len(value) > 6 else " ".join(value))
        return asked(line, text, listening(line))

    def take(self, line: Line, heard: Heard) -> Words | None:
        data = line.state.data
        if heard.keys == "1" or heard.speech[:2] in ("对", "对的", "是的", "确认", "没错", "ye"):
            return _use(line, data)
        if heard.keys in ("2", "*") or heard.speech[:2] in ("不对", "错了", "重输", "重新", "no"):
            line.go("enter", **{k: v for k, v in data.items() if k != "value"})
            return None
        return otherwise(line, heard, no_answer)
