"""Entities without the model: look-ups, shapes, and the few words that introduce names and addresses."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.dialogue.meaning import ENTITY_TYPES, Entity
from nlu.lookups import brands, products
from nlu.rasa.language.normalise import Normalised
from nlu.rasa.language.patterns import find_shapes
from nlu.rasa.language.words import Hit, Words


@dataclass(frozen=True)
class Found:
    """An entity with the shape or table it was found by."""

    kind: str
    entity: Entity


@lru_cache(maxsize=1)
def _expressions() -> dict[str, re.Pattern[str]]:
    """The table's expressions, earlier ones put in for their «names»."""
    whole: dict[str, str] = {}
    path = Path(__file__).with_name("tables") / "entities.txt"
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            name, expression = line.split(" = ", 1)
            whole[name] = re.sub("«(.+?)»", lambda found: whole[found[1]], expression)
    return {name: re.compile(expression) for name, expression in whole.items()}


@lru_cache(maxsize=1)
def _words() -> Words:
    return Words(dict.fromkeys(products(), "product") | dict.fromkeys(brands(), "brand"))


def find_entities(norm: Normalised, original: str) -> list[Found]:
    """All entities in order, without overlaps; the first finder that claims a stretch has it."""
    taken, found = [False] * len(norm.text), []
    for hit in _candidates(norm.text):
        if hit.start < hit.end and not any(taken[hit.start : hit.end]):
            taken[hit.start : hit.end] = [True] * (hit.end - hit.start)
            kind = _resolved(hit, norm.text)
            if kind in ENTITY_TYPES:
                start, end = norm.original_span(hit.start, hit.end)
                found.append(Found(hit.kind, Entity(kind, original[start:end], start, end)))
    return sorted(found, key=lambda f: f.entity.start)


def _candidates(text: str) -> list[Hit]:
    shapes = find_shapes(text)
    firm = [h for h in shapes if h.kind in ("phone", "invoice_no", "ticket_no")]
    return [
        *firm,
        *_matches("ago", text, "purchase_date"),
        *_matches("person", text, "person"),
        *_addresses(text),
        *(h for h in _words().find(text) if h.kind != "product" or not _in_code(h, text)),
        *(h for h in shapes if h not in firm and h.kind != "number"),
        *_matches("bare_person", text, "person"),
        *_matches("titled", text, "person"),
        *(
            _matches("score", text, "score")
            if _expressions()["asks_score"].search(text) or len(text) < 3
            else []
        ),
    ]


def _in_code(hit: Hit, text: str) -> bool:
    """Whether a Latin product word is a piece of a model's code: AC-35GW, M7400AC. HP1020 is a brand all the same."""
    before, after = text[: hit.start], text[hit.end :]
    latin = text[hit.start].isascii() and text[hit.end - 1].isascii()
    return latin and bool(
        re.search(r"(?:[0-9]|[a-z0-9]-)$", before) or re.match(r"[0-9]|-[a-z0-9]*\d", after)
    )


def _addresses(text: str) -> list[Hit]:
    """Stretches that look like an address and are long enough to be one."""
    return [
        h
        for h in _matches("address", text, "address")
        if h.end - h.start >= 5 and _expressions()["likely"].search(text[h.start : h.end])
    ]


def _matches(name: str, text: str, kind: str) -> list[Hit]:
    return [Hit(*found.span(found.lastindex or 0), kind) for found in _expressions()[name].finditer(text)]


def _resolved(hit: Hit, text: str) -> str:
    """Dates and times are of two kinds: when it was bought and when somebody comes."""
    if hit.kind == "date":
        around = text[max(hit.start - 8, 0) : hit.end + 8]
        past = re.match(r"20\d\d|[去前今]年|大前年|[12]\d年", text[hit.start : hit.end])
        return "purchase_date" if past or _expressions()["bought"].search(around) else "visit_time"
    return "visit_time" if hit.kind == "time" else hit.kind
