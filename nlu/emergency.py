"""Danger words, judged before any model: they must never depend on one."""

import re
from functools import lru_cache
from pathlib import Path

from nlu.rasa.language.normalise import normalise

DANGERS = ("electric_shock", "fire_smoke", "gas_smell", "water_leak")
_TOUCHED = re.compile(
    "[摸碰挨麻咬壳]|手(?![机柄环表动])|被电|电(我|人|到|了)|水里|洗澡|花洒|龙头|把手|危险|打人"
)
_BURNS = re.compile("烟|火|烧|着了|焦|糊|电池|黑|热水器爆")
_CLAUSE = re.compile(r"[^,。!?;\n]+[,。!?;\n]?")


@lru_cache(maxsize=1)
def _table() -> list[tuple[str, re.Pattern[str]]]:
    """(name, expression) in file order; several lines of one name are tried one after another."""
    lines = (
        Path(__file__).with_name("tables").joinpath("emergency.txt").read_text(encoding="utf-8").splitlines()
    )
    pairs = [line.split(" = ", 1) for line in lines if line and not line.startswith("#")]
    return [(name, re.compile(expression)) for name, expression in pairs]


def emergency(text: str) -> str | None:
    """The dangerous symptom a text tells of now, or None where it only mentions, denies or jokes."""
    plain = _plain(text)
    if _hit("fiction_text", plain):
        return None
    told_as_harmless = _hit("harmless_text", plain)
    for clause in _CLAUSE.findall(plain):
        symptom = _danger(_without(clause, "harmless"))
        if symptom and (not told_as_harmless or _hit("present", clause)):
            return _by_water(symptom, plain)
    return None if told_as_harmless else _story(plain)


def _plain(text: str) -> str:
    """One spelling, with commas for every pause; power that is merely there is left out."""
    plain = normalise(text).text.translate({ord("、"): ",", ord("…"): ","})
    return plain if _TOUCHED.search(plain) else _without(plain, "powered")


def _by_water(symptom: str, plain: str) -> str:
    """A bang may be a fire or a pipe; with water it is a pipe."""
    doubtful = symptom == "fire_smoke" and not _BURNS.search(plain)
    return "water_leak" if doubtful and _story(plain) == "water_leak" else symptom


def _story(plain: str) -> str | None:
    """A danger that only several clauses together tell of: dizzy, and the heater is on."""
    rest = "".join(_without(clause, "harmless") for clause in _CLAUSE.findall(plain))
    return next((name[6:] for name, found in _table() if name[:6] == "story_" and found.search(rest)), None)


def excused(text: str) -> bool:
    """True where danger words occur but are denied, joked with or only talked about."""
    plain = normalise(text).text
    talked = _hit("fiction_text", plain) or any(_danger(clause) for clause in _CLAUSE.findall(plain))
    return talked and emergency(text) is None


def _without(clause: str, name: str) -> str:
    """The clause with every harmless wording taken out; what is left may still be dangerous."""
    for kind, expression in _table():
        if kind == name:
            clause = expression.sub("□", clause)
    return clause


def _danger(clause: str) -> str | None:
    return next((name for name, found in _table() if name in DANGERS and found.search(clause)), None)


def _hit(name: str, text: str) -> bool:
    return any(found.search(text) for kind, found in _table() if kind == name)
