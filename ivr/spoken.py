"""Text for the ear: numbers digit by digit in groups, nothing that only eyes can read, pieces of at most 15 seconds."""

import re
import unicodedata

from ivr.rules import MOST_SECONDS, seconds

_GROUPS = {10: (4, 3, 3), 11: (3, 4, 4), 8: (4, 4), 7: (3, 4), 6: (3, 3), 12: (4, 4, 4)}
# Long numbers are read one digit after another; a year, a price or a hotline's short form is not.
_NUMBER = re.compile(r"(?<![A-Za-z\d.])\+?\d[\d-]{4,}\d(?![A-Za-z\d]|[.-]\d)")
_DATE = re.compile(r"\d{4}-\d{2}(?:-\d{2})?|\d{2}-\d{2} \d{2}:\d{2}")
_ENDS = re.compile(r"(?<=[。！？!?；;])|(?<=\. )")
_PAUSES = re.compile(r"(?<=[，,、：:])")
_SILENT = ("So", "Sk", "Cn", "Cc", "Cf", "Cs", "Co")
# What a chat asks for in writing is pressed or said here.
_ON_THE_PHONE = (
    (re.compile(r"(?:回复|发送)\s*“?(\d)”?(?!\d)"), r"按\1"),
    (re.compile(r"回复|发送"), "说"),
    (re.compile(r"\b[Rr]eply (?:with )?(\d)(?!\d)"), r"press \1"),
    (re.compile(r"\b[Rr]eply (?:with )?"), "say "),
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
# 09:00–11:30; the dash alone is silent.
_SPAN = re.compile(r"(\d\d:\d\d)–(\d\d:\d\d)")
MOST_CHARACTERS = 3000  # of one answer: a document must stay below 64 KB


def spoken(text: str) -> str:
    """``text`` as it is read aloud. Control characters would make the document invalid, and ticket text may hold any."""
    end = "。" if _HAN.search(text) else ". "
    text = text.replace("\n", end).replace("】", end)[:MOST_CHARACTERS]
    text = _SPAN.sub(r"\1到\2" if _HAN.search(text) else r"\1 to \2", text)
    for written, said in _ON_THE_PHONE:
        text = written.sub(said, text)
    kept = "".join(c for c in text if unicodedata.category(c) not in _SILENT and c not in "【】*_`#<>|•·—–“”")
    kept = _NUMBER.sub(lambda found: found[0] if _DATE.fullmatch(found[0]) else digits(found[0]), kept)
    kept = re.sub(r"([。！？!?，,；;：:])[。，,；;]+", r"\1", kept)
    kept = re.sub(r"([.!?,;:])(?:\s*\.)+(?=\s|$)", r"\1", kept)
    kept = re.sub(r"\s{2,}", " ", kept).strip()
    return kept if not kept or kept[-1] in "。！？!?.:：" else kept + ("." if kept.isascii() else "。")


def digits(number: str) -> str:
    """2611260001 → 2 6 1 1，2 6 0，0 0 1; a number written in groups keeps them."""
    if re.fullmatch(r"\d+(?:-\d+)+", number):
        return "，".join(" ".join(group) for group in number.split("-"))
    only = re.sub(r"\D", "", number)
    if number.startswith("+86") and len(only) == 13:
        only = only[2:]
    groups, rest = [], only
    for size in _GROUPS.get(len(only), (4,) * (len(only) // 4 + 1)):
        if rest:
            groups.append(" ".join(rest[:size]))
            rest = rest[size:]
    return "，".join(groups)


def pieces(text: str) -> tuple[str, ...]:
    """``text`` cut at the ends of sentences, then at commas, into pieces that are short enough."""
    found: list[str] = []
    for sentence in filter(str.strip, _ENDS.split(text)):
        parts = [sentence] if seconds(sentence) <= MOST_SECONDS else _PAUSES.split(sentence)
        for short in (piece for part in parts for piece in _short(part)):
            if found and seconds(found[-1] + short) <= MOST_SECONDS:
                found[-1] += short
            else:
                found.append(short)
    return tuple(found)


def _short(part: str) -> list[str]:
    if seconds(part) <= MOST_SECONDS:
        return [part]
    size = int(MOST_SECONDS * 4)
    return [part[start : start + size] for start in range(0, len(part), size)]
