"""Understanding without the model: tables of words and weights. Never raises, a few milliseconds at most."""

from collections import defaultdict
from functools import lru_cache
from pathlib import Path

from core.dialogue.meaning import Meaning
from nlu.keyword_entities import Found, find_entities
from nlu.rasa.language.concepts import find_concepts
from nlu.rasa.language.normalise import normalise

_SURE = 10.0  # a sum of weights from which on a keyword verdict is as sure as it gets
_LITTLE = 4  # characters beside the entities: too few to tell of a fault
_KINDS = {"s": "s_", "p": "p_", "e": "e_"}


@lru_cache(maxsize=1)
def _rules() -> list[tuple[str, float, tuple[str, ...]]]:
    """(intent, weight, conditions) in file order."""
    lines = (
        Path(__file__).with_name("tables").joinpath("intents.txt").read_text(encoding="utf-8").splitlines()
    )
    split = [line.split() for line in lines if line and not line.startswith("#")]
    return [(intent, float(weight), tuple(conditions.split("+"))) for intent, weight, conditions in split]


def understand(text: str) -> Meaning:
    """The meaning of ``text`` as far as words alone tell it."""
    try:
        return _understand(text)
    except Exception:  # the last line of defence: a message must be filed even if a table is broken
        return Meaning(text, "out_of_scope", 0.0, source="keywords")


def _understand(text: str) -> Meaning:
    norm = normalise(text)
    concepts = [hit.kind for hit in find_concepts(norm.text)]
    found = find_entities(norm, text)
    intent, confidence = _intent(_facts(concepts, found, norm.text))
    fault = intent == "report_fault"
    return Meaning(
        text,
        intent,
        confidence,
        tuple(f.entity for f in found),
        _symptom(concepts) if fault else None,
        _users_side(concepts) if fault else None,
        "keywords",
    )


def _facts(concepts: list[str], found: list[Found], text: str) -> set[str]:
    """Everything a condition can ask for: concepts, entity kinds, their families ``s_ p_ e_``."""
    facts = set(concepts) | {f"e_{f.kind}" for f in found} | {f"e_{f.entity.type}" for f in found}
    facts |= {"p_"} if "e_product" in facts else set()
    said = sum(f.entity.end - f.entity.start for f in found)
    facts |= {"e_bare"} if found and len(text) - said <= _LITTLE else set()
    return facts | {name[:2] for name in facts if name[0] in _KINDS and name[1] == "_"}


def _intent(facts: set[str]) -> tuple[str, float]:
    sums: dict[str, float] = defaultdict(float)
    for intent, weight, conditions in _rules():
        if all((c[1:] not in facts) if c[0] == "!" else (c in facts) for c in conditions):
            sums[intent] += weight
    best = max(sums, key=lambda intent: sums[intent], default="out_of_scope")
    if sums.get(best, 0.0) <= 0:
        return "out_of_scope", 0.3
    second = max((s for intent, s in sums.items() if intent != best), default=0.0)
    return best, round(min(0.9, 0.35 + sums[best] / _SURE / 2 + (sums[best] - max(second, 0)) / _SURE / 4), 3)


def _symptom(concepts: list[str]) -> str:
    """An error code wins, then the symptom named most, then the first named."""
    named = [c[2:] for c in concepts if c.startswith("s_") and c != "s_flood"]
    if "error_code" in named:
        return "error_code"
    return max(named, key=lambda n: (n != "other", _PLAIN.get(n, 1), named.count(n)), default="other")


# Wordings of these are narrow, so where two match the narrow one is meant.
_PLAIN = dict.fromkeys(("no_power", "wont_start_cycle", "other", "slow_or_freeze", "electric_shock"), 0) | {
    "screen_damage": 3,
    "trips_breaker": 3,
    "remote_unresponsive": 2,
    "consumable_or_filter": 2,
    "no_sound": 2,
}


def _users_side(concepts: list[str]) -> bool:
    """True where the wording names a cause the customer can mend."""
    mild = {"s_consumable_or_filter", "s_setting_or_mode", "s_no_signal_or_network"}
    cue = any(c.startswith("u_") and c != "u_damage" for c in concepts)
    return (cue or bool(mild & set(concepts))) and "u_damage" not in concepts
